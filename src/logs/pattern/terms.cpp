// Patterns of terms.
#include <algorithm>
#include <vector>

#include "logs/pattern/matcher.h"
#include "logs/pattern/scanner.h"

namespace mastic::logs::pattern {
namespace {

struct Term {
  std::string text;
  std::shared_ptr<const BoundedPattern> expression;

  [[nodiscard]] bool occurs_in(std::string_view message) const {
    return expression ? expression->matches(message) : message.find(text) != std::string_view::npos;
  }
};

class Terms final : public Matcher {
 public:
  std::vector<Term> required, optional, excluded;

  [[nodiscard]] bool matches(std::string_view message) const override {
    const auto occurs = [message](const Term& term) { return term.occurs_in(message); };
    if (std::ranges::any_of(excluded, occurs)) return false;
    if (!required.empty()) return std::ranges::all_of(required, occurs);
    return optional.empty() || std::ranges::any_of(optional, occurs);
  }
  [[nodiscard]] std::map<std::string, std::string> extract(std::string_view) const override { return {}; }
  [[nodiscard]] std::optional<std::string> value(std::string_view, std::string_view) const override { return {}; }
};

}  // namespace

Result<std::shared_ptr<const Matcher>> parse_terms(std::string_view text) {
  auto terms = std::make_shared<Terms>();
  Scanner scanner(text);
  for (scanner.skip_spaces(); !scanner.at_end(); scanner.skip_spaces()) {
    auto* list = &terms->required;
    if (const char mark = scanner.peek(); mark == '?' || mark == '-') {
      list = mark == '?' ? &terms->optional : &terms->excluded;
      scanner.advance(1);
      if (scanner.at_end() || scanner.peek() == ' ') return fail(scanner.wrong("a term is missing behind ? or -"));
    }
    Term term;
    if (scanner.peek() == '%') {
      scanner.advance(1);
      TRY(expression, scanner.expression());
      term.expression = std::move(expression);
    } else if (scanner.peek() == '"') {
      scanner.advance(1);
      TRY(phrase, scanner.phrase());
      term.text = std::move(phrase);
    } else {
      term.text = scanner.until(" \t\r\n");
    }
    list->push_back(std::move(term));
  }
  return terms;
}

}  // namespace mastic::logs::pattern
