#include "spark/plan/collations.h"

#include <algorithm>
#include <cctype>

namespace mastic::spark {
namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

/// language[_Script][_COUNTRY] in its usual letters; empty: no locale looks so.
std::string locale(std::string_view text) {
  std::string out;
  std::size_t part = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('_'), text.size());
    auto word = upper(text.substr(0, end));
    if (!std::ranges::all_of(word, [](unsigned char c) { return std::isalpha(c) != 0; })) return {};
    const bool fits = part == 0 ? word.size() == 2 || word.size() == 3 : word.size() == 3 || word.size() == 4;
    if (!fits) return {};
    for (std::size_t i = 0; i < word.size(); ++i)
      if (part == 0 || (word.size() == 4 && i > 0))
        word[i] = static_cast<char>(std::tolower(static_cast<unsigned char>(word[i])));
    out += (part == 0 ? "" : "_") + word;
    ++part;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace

std::string Collation::name() const {
  return base + (ignores_case ? "_CI" : "") + (ignores_accents ? "_AI" : "") + (ignores_blanks_at_end ? "_RTRIM" : "");
}

std::optional<Collation> parse_collation(std::string_view name) {
  std::string text = upper(name);
  if (text.starts_with("SYSTEM.BUILTIN.")) text.erase(0, 15);
  Collation collation;
  const auto take = [&](std::string_view suffix) {
    if (!text.ends_with(suffix) || text.size() == suffix.size()) return false;
    text.erase(text.size() - suffix.size());
    return true;
  };
  collation.ignores_blanks_at_end = take("_RTRIM");
  const bool bytes = text == "UTF8_BINARY" || text == "UTF8_LCASE";
  if (!bytes) {
    for (int i = 0; i < 2; ++i) {
      if (take("_CI")) collation.ignores_case = true;
      if (take("_AI")) collation.ignores_accents = true;
      take("_CS");
      take("_AS");
    }
  }
  collation.base = bytes || text == "UNICODE" ? text : locale(text);
  if (collation.base.empty()) return std::nullopt;
  return collation;
}

}  // namespace mastic::spark
