#include "logs/pattern/condition.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace mastic::logs::pattern {
namespace {

constexpr int depth_max = 30;

/// Whether the text is the pattern, in which `*` stands for anything.
bool fits(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::optional<std::size_t> star;
  std::size_t star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star) {
      p = *star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

Result<Value> parse_value(Scanner& scanner) {
  scanner.skip_spaces();
  Value value;
  if (scanner.take("%")) {
    TRY(expression, scanner.expression());
    value.expression = std::move(expression);
    return value;
  }
  if (scanner.take("\"")) {
    TRY(text, scanner.phrase());
    value.text = std::move(text);
  } else {
    value.text = scanner.until(" \t\r\n)&|}],");
    if (value.text.empty()) return fail(scanner.wrong("a value is missing behind a comparison"));
    value.number = read_number(value.text);
  }
  value.has_wildcards = value.text.find('*') != std::string::npos;
  return value;
}

Result<Condition> parse_part(Scanner& scanner, const std::function<Result<std::string>(Scanner&)>& read_selector, int depth) {
  if (depth > depth_max) return fail(scanner.wrong("it nests too deeply"));
  if (scanner.take("(")) {
    TRY(inner, parse_condition(scanner, read_selector, depth + 1));
    if (!scanner.take(")")) return fail(scanner.wrong("a parenthesis is not closed"));
    return inner;
  }
  Condition condition;
  TRY(selector, read_selector(scanner));
  condition.selector = std::move(selector);
  if (scanner.take_word("NOT")) {
    if (!scanner.take_word("EXISTS")) return fail(scanner.wrong("EXISTS is missing behind NOT"));
    condition.comparison = Comparison::not_exists;
    return condition;
  }
  if (scanner.take_word("IS")) {
    if (scanner.take_word("NULL")) {
      condition.comparison = Comparison::is_null;
    } else if (scanner.take_word("TRUE")) {
      condition.comparison = Comparison::is_true;
    } else if (scanner.take_word("FALSE")) {
      condition.comparison = Comparison::is_false;
    } else {
      return fail(scanner.wrong("NULL, TRUE or FALSE is missing behind IS"));
    }
    return condition;
  }
  struct Row {
    std::string_view symbol;
    Comparison comparison;
  };
  constexpr auto rows = std::to_array<Row>({{"!=", Comparison::not_equal},
                                            {"<=", Comparison::less_or_equal},
                                            {">=", Comparison::greater_or_equal},
                                            {"=", Comparison::equal},
                                            {"<", Comparison::less},
                                            {">", Comparison::greater}});
  const auto found = std::ranges::find_if(rows, [&](const Row& row) { return scanner.take(row.symbol); });
  if (found == rows.end()) return fail(scanner.wrong("a comparison is missing behind a selector"));
  condition.comparison = found->comparison;
  TRY(value, parse_value(scanner));
  condition.value = std::move(value);
  const bool of_order = found->comparison != Comparison::equal && found->comparison != Comparison::not_equal;
  if (of_order && !condition.value.number) return fail(scanner.wrong("<, <=, > and >= compare with numbers"));
  return condition;
}

bool is_equal(const Found& found, const Value& value) {
  if (value.expression) return found.kind == Found::Kind::text && value.expression->matches(found.text);
  if (value.has_wildcards) {
    return (found.kind == Found::Kind::text || found.kind == Found::Kind::number) && fits(value.text, found.text);
  }
  if (found.kind == Found::Kind::number) return value.number && *value.number == found.number;
  return found.kind == Found::Kind::text && found.text == value.text;
}

bool compares(const Found& found, Comparison comparison, const Value& value) {
  switch (comparison) {
    case Comparison::equal: return is_equal(found, value);
    case Comparison::not_equal: return !is_equal(found, value);
    case Comparison::is_null: return found.kind == Found::Kind::null;
    case Comparison::is_true: return found.kind == Found::Kind::boolean && found.flag;
    case Comparison::is_false: return found.kind == Found::Kind::boolean && !found.flag;
    case Comparison::not_exists: return false;
    default: break;
  }
  if (found.kind != Found::Kind::number || !value.number) return false;
  switch (comparison) {
    case Comparison::less: return found.number < *value.number;
    case Comparison::less_or_equal: return found.number <= *value.number;
    case Comparison::greater: return found.number > *value.number;
    default: return found.number >= *value.number;
  }
}

}  // namespace

std::optional<double> read_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || !(text[0] == '-' || text[0] == '.' || (text[0] >= '0' && text[0] <= '9'))) return {};
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size()) return {};
  return number;
}

Result<Condition> parse_condition(Scanner& scanner, const std::function<Result<std::string>(Scanner&)>& read_selector,
                                  int depth) {
  Condition any{.kind = Condition::Kind::any};
  do {
    Condition all{.kind = Condition::Kind::all};
    do {
      TRY(part, parse_part(scanner, read_selector, depth));
      all.parts.push_back(std::move(part));
    } while (scanner.take("&&"));
    any.parts.push_back(all.parts.size() == 1 ? std::move(all.parts[0]) : std::move(all));
  } while (scanner.take("||"));
  if (any.parts.size() > 1) return any;
  auto only = std::move(any.parts[0]);
  return only;
}

bool holds(const Condition& condition, const Lookup& lookup) {
  const auto part_holds = [&](const Condition& part) { return holds(part, lookup); };
  if (condition.kind == Condition::Kind::all) return std::ranges::all_of(condition.parts, part_holds);
  if (condition.kind == Condition::Kind::any) return std::ranges::any_of(condition.parts, part_holds);
  const auto found = lookup(condition.selector);
  if (condition.comparison == Comparison::not_exists) return found.empty();
  return std::ranges::any_of(found, [&](const Found& value) { return compares(value, condition.comparison, condition.value); });
}

void add_selectors(const Condition& condition, std::vector<std::string>& into) {
  if (condition.kind == Condition::Kind::comparison) into.push_back(condition.selector);
  for (const auto& part : condition.parts) add_selectors(part, into);
}

std::string text_of(const Found& found) {
  switch (found.kind) {
    case Found::Kind::null: return "null";
    case Found::Kind::boolean: return found.flag ? "true" : "false";
    default: return std::string(found.text);
  }
}

}  // namespace mastic::logs::pattern
