// SET, RESET, SET PATH, session variables, EXECUTE IMMEDIATE.
#include "spark/sql/grammar.h"

namespace mastic::spark::sql {
namespace {

std::string trimmed(std::string_view text, std::string_view blanks) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(blanks) - first + 1));
}

}  // namespace

// SET takes raw text: the key up to `=`, the value to the end of the statement.
SparkResult<Statement> Grammar::set() {
  SetStatement result;
  result.reset = at_word("RESET");
  if (!result.reset) {
    if (at_any_word({"VAR", "VARIABLE"}, 1)) return set_variable();
    if (at_word("PATH", 1) && at_symbol("=", 2)) return set_path();
    if (at_word("CATALOG", 1) && peek(2).kind != TokenKind::end && !at_symbol("=", 2)) {
      at_ += 2;
      if (peek().kind == TokenKind::string) {
        TRY(text, string_text());
        return UseStatement{.name = {std::move(text)}, .catalog = true};
      }
      TRY(parts, identifier());
      return UseStatement{.name = std::move(parts), .catalog = true};
    }
  }
  const std::size_t begin = tokens_[at_++].end;
  if (!result.reset && at_word("TIME") && at_word("ZONE", 1)) {
    at_ += 2;
    if (take_word("LOCAL")) return SetStatement{.key = "spark.sql.session.timeZone", .value = "UTC", .has_value = true};
    if (take_word("INTERVAL")) {
      TRY(value, interval());
      if (!value.has_literal() || !value.literal().has_day_time_interval()) return fail(error_here());
      const int64_t minutes = value.literal().day_time_interval() / 60'000'000;
      const auto digits = [](int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
      const int64_t size = minutes < 0 ? -minutes : minutes;
      return SetStatement{.key = "spark.sql.session.timeZone",
                          .value = (minutes < 0 ? "-" : "+") + digits(size / 60) + ":" + digits(size % 60),
                          .has_value = true};
    }
    TRY(zone, string_text());
    return SetStatement{.key = "spark.sql.session.timeZone", .value = std::move(zone), .has_value = true};
  }
  const std::string rest(text_.substr(begin));
  at_ = tokens_.size() - 1;
  const auto equals = rest.find('=');
  result.has_value = !result.reset && equals != std::string::npos;
  result.key = trimmed(std::string_view(rest).substr(0, equals), result.has_value ? " \t\r\n" : " \t\r\n;");
  if (result.has_value) result.value = trimmed(std::string_view(rest).substr(equals + 1), " \t\r\n;");
  for (auto* text : {&result.key, &result.value})
    if (text->size() >= 2 && text->front() == '`' && text->back() == '`') *text = text->substr(1, text->size() - 2);
  if (result.key == "-v") result.key.clear();
  if (result.key.find_first_of(" \t\n") != std::string::npos)
    return fail(locate(parse_error("INVALID_SET_SYNTAX", {}), text_, 0, text_.size()));
  return result;
}

SparkResult<Statement> Grammar::set_path() {
  at_ += 3;
  SetPathStatement result;
  do {
    if (take_word("DEFAULT_PATH")) {
      result.path.emplace_back();
      continue;
    }
    TRY(parts, identifier());
    result.path.push_back(std::move(parts));
  } while (take_symbol(","));
  return result;
}

SparkResult<Relation> Grammar::one_value() {
  const std::size_t before = pending_subqueries_.size();
  TRY(value, expression());
  Relation relation;
  *relation.mutable_project()->add_expressions() = std::move(value);
  return with_pending_subqueries(std::move(relation), before);
}

SparkResult<Statement> Grammar::set_variable() {
  at_ += 2;
  SetVariableStatement result;
  if (at_symbol("(")) {
    ++at_;
    do {
      TRY(parts, identifier());
      result.targets.push_back(parts.back());
    } while (take_symbol(","));
    TRY_DO(expect_symbol(")"));
    TRY_DO(expect_symbol("="));
    TRY_DO(expect_symbol("("));
    TRY(body, query());
    TRY_DO(expect_symbol(")"));
    result.query = std::move(body);
    return result;
  }
  do {
    TRY(parts, identifier());
    TRY_DO(expect_symbol("="));
    if (take_word("DEFAULT")) {
      result.values.emplace_back(parts.back(), std::nullopt);
      continue;
    }
    TRY(value, one_value());
    result.values.emplace_back(parts.back(), std::move(value));
  } while (take_symbol(","));
  return result;
}

SparkResult<Statement> Grammar::declare() {
  ++at_;
  DeclareStatement result;
  result.replace = take_words({"OR", "REPLACE"});
  if (at_any_word({"VARIABLE", "VAR"}) && peek(1).kind != TokenKind::end) ++at_;
  do {
    TRY(parts, identifier());
    result.names.push_back(parts.back());
  } while (take_symbol(","));
  if (!at_word("DEFAULT") && !at_symbol("=") && peek().kind != TokenKind::end && !at_symbol(";")) {
    TRY(type, data_type());
    result.type = std::move(type);
  }
  if (take_word("DEFAULT") || take_symbol("=")) {
    const std::size_t begin = at_;
    TRY(value, one_value());
    result.initial = std::move(value);
    result.initial_text = text_since(begin);
  }
  if (!result.type && !result.initial) return fail(error_here());
  return result;
}

SparkResult<Statement> Grammar::execute_immediate() {
  at_ += 2;
  ExecuteImmediateStatement result;
  TRY(text, one_value());
  result.text = std::move(text);
  const auto read_into = [&]() -> SparkResult<void> {
    do {
      TRY(parts, identifier());
      result.into.push_back(parts.back());
    } while (take_symbol(","));
    return {};
  };
  if (take_word("INTO")) TRY_DO(read_into());
  if (take_word("USING")) {
    const bool parenthesis = take_symbol("(");
    do {
      TRY(value, one_value());
      std::string argument_name;
      if (take_word("AS")) {
        TRY(given, name());
        argument_name = std::move(given);
      }
      result.arguments.emplace_back(std::move(argument_name), std::move(value));
    } while (take_symbol(","));
    if (parenthesis) TRY_DO(expect_symbol(")"));
  }
  if (take_word("INTO")) TRY_DO(read_into());
  return result;
}

}  // namespace mastic::spark::sql
