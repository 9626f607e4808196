#include "classify/grok.h"

#include <map>

#include "classify/content.h"
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>

namespace mastic::classify {
namespace {

constexpr uint32_t match_limit = 200'000;  // steps a line: some milliseconds
constexpr uint32_t heap_limit_kib = 8 * 1024;
constexpr uint32_t group_depth_limit = 200;
constexpr std::size_t expression_bytes_max = 256UL << 10;
constexpr int name_depth_max = 32;

template <auto function>
struct With {
  template <typename T>
  void operator()(T* made) const {
    function(made);
  }
};

class Expansion {
 public:
  explicit Expansion(std::string_view custom_patterns) {
    while (!custom_patterns.empty()) {
      const auto line = custom_patterns.substr(0, custom_patterns.find('\n'));
      custom_patterns.remove_prefix(std::min(line.size() + 1, custom_patterns.size()));
      const auto begin = line.find_first_not_of(" \t\r");
      if (begin == std::string_view::npos || line[begin] == '#') continue;
      const auto name_end = line.find_first_of(" \t", begin);
      if (name_end == std::string_view::npos) continue;
      const auto pattern_begin = line.find_first_not_of(" \t", name_end);
      if (pattern_begin == std::string_view::npos) continue;
      auto pattern = line.substr(pattern_begin);
      while (pattern.ends_with('\r')) pattern.remove_suffix(1);
      custom_.emplace(line.substr(begin, name_end - begin), pattern);
    }
  }

  Result<std::string> expand(std::string_view pattern, int depth = 0) {
    if (depth > name_depth_max) return fail(unreadable("a grok pattern means itself"));
    std::string expression;
    while (true) {
      const auto begin = pattern.find("%{");
      const auto end = begin == std::string_view::npos ? begin : pattern.find('}', begin);
      if (end == std::string_view::npos) break;
      expression += pattern.substr(0, begin);
      TRY(part, reference(pattern.substr(begin + 2, end - begin - 2), depth));
      expression += part;
      if (expression.size() > expression_bytes_max) return fail(unreadable("a grok pattern is too long"));
      pattern.remove_prefix(end + 1);
    }
    return expression.append(pattern);
  }

  Schema columns;

 private:
  Result<std::string> reference(std::string_view text, int depth) {
    const auto first = text.find(':');
    const auto name = text.substr(0, first);
    std::string_view field;
    std::string_view type_name;
    if (first != std::string_view::npos) {
      const auto second = text.find(':', first + 1);
      field = text.substr(first + 1, second == std::string_view::npos ? second : second - first - 1);
      if (second != std::string_view::npos) type_name = text.substr(second + 1);
    }
    const auto custom = custom_.find(name);
    const auto pattern = custom != custom_.end() ? custom->second : standard_pattern(name);
    if (pattern.empty()) return fail(unreadable("there is no grok pattern of the name " + std::string(name)));
    Type type{Kind::string};
    if (!type_name.empty()) {
      type = type_of_name(type_name);
      if (type.kind == Kind::unknown) return fail(unreadable("grok has no data type " + std::string(type_name)));
    }
    if (!field.empty() && std::ranges::find(columns, field, &Field::name) == columns.end())
      columns.push_back({std::string(field), type});
    TRY(inner, expand(pattern, depth + 1));
    return "(?:" + inner + ")";
  }

  std::map<std::string, std::string, std::less<>> custom_;
};

PCRE2_SPTR units(std::string_view text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

}  // namespace

void Grok::Free::operator()(pcre2_real_code_8* code) const { pcre2_code_free(code); }
Grok::Grok(Grok&&) noexcept = default;
Grok& Grok::operator=(Grok&&) noexcept = default;
Grok::~Grok() = default;

Result<Grok> Grok::compile(std::string_view pattern, std::string_view custom_patterns) {
  Expansion expansion(custom_patterns);
  TRY(expression, expansion.expand(pattern));
  const std::unique_ptr<pcre2_compile_context, With<pcre2_compile_context_free>> settings(
      pcre2_compile_context_create(nullptr));
  pcre2_set_parens_nest_limit(settings.get(), group_depth_limit);
  int error = 0;
  PCRE2_SIZE at = 0;
  constexpr auto options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DUPNAMES;
  Grok grok;
  grok.code_.reset(pcre2_compile(units(expression), expression.size(), options, &error, &at, settings.get()));
  if (!grok.code_) {
    char message[256] = {};
    pcre2_get_error_message(error, reinterpret_cast<PCRE2_UCHAR*>(message), sizeof message);
    return fail(unreadable(std::string("the grok pattern is no regular expression: ") + message));
  }
  grok.columns_ = std::move(expansion.columns);
  make_names_plain(grok.columns_);
  return grok;
}

bool Grok::matches(std::string_view line) const {
  const std::unique_ptr<pcre2_match_data, With<pcre2_match_data_free>> data(pcre2_match_data_create(1, nullptr));
  const std::unique_ptr<pcre2_match_context, With<pcre2_match_context_free>> limits(pcre2_match_context_create(nullptr));
  pcre2_set_match_limit(limits.get(), match_limit);
  pcre2_set_heap_limit(limits.get(), heap_limit_kib);
  return pcre2_match(code_.get(), units(line), line.size(), 0, 0, data.get(), limits.get()) >= 0;
}

}  // namespace mastic::classify
