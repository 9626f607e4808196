// The grammar, loosest first:
//   or   := and { ("||" | OR) and }            and  := cmp { ("&&" | AND) cmp }
//   cmp  := sum [ < <= > >= == != sum ]        sum  := product { + - product }
//   product := unary { * / unary }             unary := "-" unary | power
//   power := primary [ "^" unary ]             primary := number | text | id | NAME(args) | (or) | [or, …]
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "cloudwatch/errors.h"
#include "cloudwatch/math/functions.h"

namespace mastic::cloudwatch {
namespace {

using Operation = double (*)(double, double);

constexpr int depth_max = 50;

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

class Evaluator {
 public:
  Evaluator(std::string_view text, MathScope& scope) : text_(text), scope_(scope) {}

  Result<MathValue> all() {
    TRY(value, either());
    skip();
    if (at_ != text_.size()) return wrong(fmt::format("it cannot be read from position {} on", at_ + 1));
    return value;
  }

 private:
  [[nodiscard]] std::unexpected<Error> wrong(std::string_view why) const {
    return fail(error::validation(fmt::format("Error in expression '{}': {}", text_, why)));
  }

  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n')) ++at_;
  }
  bool take(std::string_view symbol) {
    skip();
    if (!text_.substr(at_).starts_with(symbol)) return false;
    const auto end = at_ + symbol.size();
    if (is_word(symbol.front()) && end < text_.size() && is_word(text_[end])) return false;
    at_ = end;
    return true;
  }

  Result<MathValue> joined(const MathValue& left, Result<MathValue> right, Operation operation) {
    if (!right) return right;
    auto both = combine(left, *right, operation);
    if (!both) return wrong(both.error().message);
    return both;
  }

  Result<MathValue> either() {
    TRY(value, both());
    while (take("||") || take("OR")) {
      TRY(next, joined(value, both(), [](double a, double b) { return a != 0 || b != 0 ? 1.0 : 0.0; }));
      value = std::move(next);
    }
    return value;
  }
  Result<MathValue> both() {
    TRY(value, comparison());
    while (take("&&") || take("AND")) {
      TRY(next, joined(value, comparison(), [](double a, double b) { return a != 0 && b != 0 ? 1.0 : 0.0; }));
      value = std::move(next);
    }
    return value;
  }
  Result<MathValue> comparison() {
    struct Row {
      std::string_view symbol;
      Operation operation;
    };
    static constexpr auto rows = std::to_array<Row>({
        {"<=", [](double a, double b) { return a <= b ? 1.0 : 0.0; }},
        {">=", [](double a, double b) { return a >= b ? 1.0 : 0.0; }},
        {"==", [](double a, double b) { return a == b ? 1.0 : 0.0; }},
        {"!=", [](double a, double b) { return a != b ? 1.0 : 0.0; }},
        {"<", [](double a, double b) { return a < b ? 1.0 : 0.0; }},
        {">", [](double a, double b) { return a > b ? 1.0 : 0.0; }},
    });
    TRY(value, sum());
    for (const auto& row : rows) {
      if (take(row.symbol)) return joined(value, sum(), row.operation);
    }
    return value;
  }
  Result<MathValue> sum() {
    TRY(value, product());
    while (true) {
      Operation operation = nullptr;
      if (take("+")) {
        operation = [](double a, double b) { return a + b; };
      } else if (take("-")) {
        operation = [](double a, double b) { return a - b; };
      } else {
        return value;
      }
      TRY(next, joined(value, product(), operation));
      value = std::move(next);
    }
  }
  Result<MathValue> product() {
    TRY(value, unary());
    while (true) {
      Operation operation = nullptr;
      if (take("*")) {
        operation = [](double a, double b) { return a * b; };
      } else if (take("/")) {
        operation = [](double a, double b) { return a / b; };  // a point that is no number is left out
      } else {
        return value;
      }
      TRY(next, joined(value, unary(), operation));
      value = std::move(next);
    }
  }
  Result<MathValue> unary() {
    if (take("-")) {
      if (++depth_ > depth_max) return wrong("it nests too deeply");
      auto value = joined(MathValue{-1.0}, unary(), [](double a, double b) { return a * b; });
      --depth_;
      return value;
    }
    TRY(value, primary());
    if (take("^")) return joined(value, unary(), [](double a, double b) { return std::pow(a, b); });
    return value;
  }

  Result<std::vector<MathValue>> list_until(std::string_view end) {
    std::vector<MathValue> values;
    if (take(end)) return values;
    while (true) {
      TRY(value, either());
      values.push_back(std::move(value));
      if (take(end)) return values;
      if (!take(",")) return wrong(fmt::format("'{}' is missing", end));
    }
  }

  Result<MathValue> primary() {
    skip();
    if (at_ == text_.size()) return wrong("it ends too early");
    if (++depth_ > depth_max) return wrong("it nests too deeply");
    auto value = primary_here();
    --depth_;
    return value;
  }

  Result<MathValue> primary_here() {
    const char first = text_[at_];
    if (take("(")) {
      TRY(value, either());
      if (!take(")")) return wrong("a parenthesis is not closed");
      return value;
    }
    if (take("[")) {
      TRY(values, list_until("]"));
      SeriesList list;
      for (auto& value : values) {
        if (auto* one = std::get_if<Series>(&value)) {
          list.push_back(std::move(*one));
        } else if (auto* many = std::get_if<SeriesList>(&value)) {
          list.insert(list.end(), many->begin(), many->end());
        } else {
          return wrong("a list holds time series only");
        }
      }
      return MathValue{std::move(list)};
    }
    if (first == '\'' || first == '"') {
      const auto end = text_.find(first, at_ + 1);
      if (end == std::string_view::npos) return wrong("a text is not closed");
      std::string text(text_.substr(at_ + 1, end - at_ - 1));
      at_ = end + 1;
      return MathValue{std::move(text)};
    }
    if ((first >= '0' && first <= '9') || first == '.') {
      double number = 0;
      const auto [end, problem] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), number);
      if (problem != std::errc{}) return wrong("a number cannot be read");
      at_ = static_cast<std::size_t>(end - text_.data());
      return MathValue{number};
    }
    const auto begin = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    if (at_ == begin) return wrong(fmt::format("it cannot be read from position {} on", begin + 1));
    const std::string name(text_.substr(begin, at_ - begin));
    if (!take("(")) {
      // The words that functions take as arguments.
      for (const std::string_view word : {"REPEAT", "LINEAR", "ASC", "DESC", "AVG", "MIN", "MAX", "SUM"}) {
        if (name == word) return MathValue{name};
      }
      return scope_.value_of(name);
    }
    TRY(arguments, list_until(")"));
    auto value = call_function(name, std::move(arguments), scope_);
    if (!value) return wrong(value.error().message);
    return value;
  }

  std::string_view text_;
  MathScope& scope_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Result<MathValue> evaluate(std::string_view expression, MathScope& scope) { return Evaluator(expression, scope).all(); }

}  // namespace mastic::cloudwatch
