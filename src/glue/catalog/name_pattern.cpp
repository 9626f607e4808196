#include "glue/catalog/name_pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <cctype>
#include <string>

#include "glue/errors.h"

namespace mastic::glue::catalog {
namespace {

/// Turns each shell-like `*` into `.*`.
std::string to_regular_expression(std::string_view text) {
  std::string expression;
  char before = '|';
  bool in_class = false;
  for (const char c : text) {
    const bool repeats_nothing = std::isalnum(static_cast<unsigned char>(before)) != 0 || before == '_' || before == '-' ||
                                 before == '|' || before == '(' || before == '*';
    if (c == '[') in_class = true;
    if (c == ']') in_class = false;
    if (c == '*' && !in_class && repeats_nothing) expression += '.';
    expression += c;
    before = before == '\\' ? '.' : c;  // what is escaped can be repeated
  }
  return expression;
}

}  // namespace

struct NamePattern::Code {
  pcre2_code* compiled = nullptr;
  Code() = default;
  Code(const Code&) = delete;
  Code& operator=(const Code&) = delete;
  ~Code() { pcre2_code_free(compiled); }
};

Result<NamePattern> NamePattern::parse(std::string_view text) {
  NamePattern pattern;
  if (text.empty()) return pattern;
  const auto expression = to_regular_expression(text);
  int error_number = 0;
  PCRE2_SIZE error_offset = 0;
  auto code = std::make_shared<Code>();
  code->compiled =
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(expression.data()), expression.size(),
                    PCRE2_CASELESS | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_UTF, &error_number, &error_offset, nullptr);
  if (code->compiled == nullptr) {
    return fail(error::invalid_input("The expression is not a valid regular expression: " + std::string(text)));
  }
  pattern.code_ = std::move(code);
  return pattern;
}

bool NamePattern::matches(std::string_view name) const {
  if (!code_) return true;
  auto* match = pcre2_match_data_create_from_pattern(code_->compiled, nullptr);
  auto* limits = pcre2_match_context_create(nullptr);
  pcre2_set_match_limit(limits, 100'000);
  const int found = pcre2_match(code_->compiled, reinterpret_cast<PCRE2_SPTR>(name.data()), name.size(), 0, 0, match, limits);
  pcre2_match_context_free(limits);
  pcre2_match_data_free(match);
  return found >= 0;
}

}  // namespace mastic::glue::catalog
