// FROM: tables, joins, subqueries, table functions, LATERAL VIEW, TABLESAMPLE, PIVOT and UNPIVOT.
#include "spark/sql/grammar.h"

namespace mastic::spark::sql {
namespace {

using Join = proto::Join;

Relation subquery_alias(Relation input, std::string alias) {
  Relation relation;
  relation.mutable_subquery_alias()->set_alias(std::move(alias));
  *relation.mutable_subquery_alias()->mutable_input() = std::move(input);
  return relation;
}

Relation renamed(Relation input, const std::vector<std::string>& columns) {
  Relation relation;
  *relation.mutable_to_df()->mutable_input() = std::move(input);
  for (const auto& column : columns) relation.mutable_to_df()->add_column_names(column);
  return relation;
}

std::optional<DataType> type_of(const Expression::Literal& literal) {
  switch (literal.literal_type_case()) {
    case Expression::Literal::kString: return types::string();
    case Expression::Literal::kInteger: return types::integer();
    case Expression::Literal::kLong: return types::long_type();
    case Expression::Literal::kDouble: return types::double_type();
    case Expression::Literal::kBoolean: return types::boolean();
    case Expression::Literal::kDecimal: return types::decimal(literal.decimal().precision(), literal.decimal().scale());
    default: return std::nullopt;
  }
}

}  // namespace

SparkResult<Relation> Grammar::from() {
  TRY_DO(expect_word("FROM"));
  TRY(left, table_reference());
  while (take_symbol(",")) {
    const bool lateral = take_word("LATERAL");
    TRY(right, table_reference());
    Relation crossed;
    if (lateral) {
      *crossed.mutable_lateral_join()->mutable_left() = std::move(left);
      *crossed.mutable_lateral_join()->mutable_right() = std::move(right);
      crossed.mutable_lateral_join()->set_join_type(Join::JOIN_TYPE_INNER);
    } else {
      *crossed.mutable_join()->mutable_left() = std::move(left);
      *crossed.mutable_join()->mutable_right() = std::move(right);
      crossed.mutable_join()->set_join_type(Join::JOIN_TYPE_INNER);
    }
    left = std::move(crossed);
  }
  while (at_word("LATERAL") && at_word("VIEW", 1)) {
    TRY(viewed, lateral_view(std::move(left)));
    left = std::move(viewed);
  }
  return left;
}

SparkResult<Relation> Grammar::table_reference() {
  TRY(left, table_primary());
  for (bool matched = true; matched;) {
    TRY(next, join(std::move(left), matched));
    left = std::move(next);
  }
  return left;
}

SparkResult<Relation> Grammar::join(Relation left, bool& matched) {
  const std::size_t begin = at_;
  const bool natural = take_word("NATURAL");
  Join::JoinType type = Join::JOIN_TYPE_INNER;
  if (take_word("CROSS")) {
    type = Join::JOIN_TYPE_CROSS;
  } else if (take_word("INNER")) {
    type = Join::JOIN_TYPE_INNER;
  } else if (take_word("LEFT")) {
    type = take_word("SEMI")   ? Join::JOIN_TYPE_LEFT_SEMI
           : take_word("ANTI") ? Join::JOIN_TYPE_LEFT_ANTI
                               : Join::JOIN_TYPE_LEFT_OUTER;
    take_word("OUTER");
  } else if (take_word("RIGHT")) {
    type = Join::JOIN_TYPE_RIGHT_OUTER;
    take_word("OUTER");
  } else if (take_word("FULL")) {
    type = Join::JOIN_TYPE_FULL_OUTER;
    take_word("OUTER");
  } else if (take_word("SEMI")) {
    type = Join::JOIN_TYPE_LEFT_SEMI;
  } else if (take_word("ANTI")) {
    type = Join::JOIN_TYPE_LEFT_ANTI;
  }
  if (!take_word("JOIN")) {
    matched = false;
    if (at_ != begin) return fail(error_here());
    return left;
  }
  const bool lateral = take_word("LATERAL");
  TRY(right, table_primary());
  std::optional<Expression> condition;
  std::vector<std::string> using_columns;
  if (take_word("ON")) {
    TRY(on, expression());
    condition = std::move(on);
  } else if (take_word("USING")) {
    TRY(columns, name_list());
    using_columns = std::move(columns);
  }
  Relation joined;
  if (lateral) {
    auto* target = joined.mutable_lateral_join();
    *target->mutable_left() = std::move(left);
    *target->mutable_right() = std::move(right);
    if (condition) *target->mutable_join_condition() = std::move(*condition);
    target->set_join_type(type == Join::JOIN_TYPE_CROSS ? Join::JOIN_TYPE_INNER : type);
    return joined;
  }
  auto* target = joined.mutable_join();
  *target->mutable_left() = std::move(left);
  *target->mutable_right() = std::move(right);
  if (condition) *target->mutable_join_condition() = std::move(*condition);
  for (auto& column : using_columns) target->add_using_columns(std::move(column));
  target->set_join_type(type);
  if (natural) mark(joined, "natural");
  return joined;
}

SparkResult<Relation> Grammar::table_primary() {
  const std::size_t begin = at_;
  Relation relation;
  if (take_symbol("(")) {
    if (at_any_word({"SELECT", "WITH", "FROM", "VALUES", "TABLE"}) || at_symbol("(")) {
      const std::size_t inner_begin = at_;
      auto inner = query();
      if (inner && at_symbol(")")) {
        relation = std::move(*inner);
      } else {  // ((a JOIN b …)): a parenthesised join, not a query
        if (!inner && !at_symbol("(")) {
          at_ = inner_begin;
          if (!at_symbol("(")) return inner;
        }
        at_ = inner_begin;
        TRY(reference, table_reference());
        relation = std::move(reference);
      }
    } else {
      TRY(reference, table_reference());
      relation = std::move(reference);
    }
    TRY_DO(expect_symbol(")"));
  } else if (at_word("VALUES")) {
    TRY(inline_table, values());
    relation = std::move(inline_table);
  } else {
    TRY(parts, identifier());
    if (at_symbol("(")) {
      std::string function_name;
      for (const auto& part : parts) function_name += (function_name.empty() ? "" : ".") + part;
      TRY(function, table_function(std::move(function_name)));
      relation = placed(std::move(function), begin);
    } else {
      relation.mutable_read()->mutable_named_table()->set_unparsed_identifier(
          attribute(parts).unresolved_attribute().unparsed_identifier());
      TRY(table, time_travel(placed(std::move(relation), begin)));
      relation = std::move(table);
    }
  }
  TRY(part, sampled(std::move(relation)));
  if (at_word("PIVOT") && at_symbol("(", 1)) {
    TRY(pivoted, pivot(std::move(part)));
    part = std::move(pivoted);
  } else if (at_word("UNPIVOT")) {
    TRY(unpivoted, unpivot(std::move(part)));
    part = std::move(unpivoted);
  }
  TRY(named, aliased(std::move(part)));
  if (at_word("PIVOT") && at_symbol("(", 1)) {
    TRY(pivoted, pivot(std::move(named)));
    return aliased(std::move(pivoted));
  }
  if (at_word("UNPIVOT")) {
    TRY(unpivoted, unpivot(std::move(named)));
    return aliased(std::move(unpivoted));
  }
  return named;
}

// t VERSION AS OF 1 · t TIMESTAMP AS OF x · t FOR SYSTEM_TIME AS OF x. Marked "version" or "timestamp"; the time itself is
// the condition of a Filter over the table.
SparkResult<Relation> Grammar::time_travel(Relation table) {
  const std::size_t ahead = at_word("FOR") ? 1 : 0;
  const bool by_version = at_any_word({"VERSION", "SYSTEM_VERSION"}, ahead);
  const bool by_time = at_any_word({"TIMESTAMP", "SYSTEM_TIME"}, ahead);
  if ((!by_version && !by_time) || !at_word("AS", ahead + 1) || !at_word("OF", ahead + 2)) return table;
  at_ += ahead + 3;
  Relation travelled;
  if (by_version) {
    if (peek().kind != TokenKind::integer && peek().kind != TokenKind::string) return fail(error_here());
    *travelled.mutable_filter()->mutable_condition() = string_literal(peek().text);
    ++at_;
  } else {
    TRY(time, bitwise(0));
    *travelled.mutable_filter()->mutable_condition() = std::move(time);
  }
  *travelled.mutable_filter()->mutable_input() = std::move(table);
  mark(travelled, by_version ? "version" : "timestamp");
  return travelled;
}

SparkResult<Relation> Grammar::table_function(std::string name) {
  TRY_DO(expect_symbol("("));
  Relation relation;
  auto* function = relation.mutable_unresolved_table_valued_function();
  function->set_function_name(std::move(name));
  if (!at_symbol(")")) {
    do {
      if (at_table_argument()) {
        TRY(table, table_argument());
        *function->add_arguments() = std::move(table);
        continue;
      }
      TRY(value, argument());
      *function->add_arguments() = std::move(value);
    } while (take_symbol(","));
  }
  TRY_DO(expect_symbol(")"));
  return relation;
}

SparkResult<Relation> Grammar::aliased(Relation input) {
  const bool inserts = at_word("INSERT") && at_any_word({"INTO", "OVERWRITE"}, 1);  // FROM t INSERT INTO …
  const bool explicit_alias = take_word("AS");
  if (!explicit_alias && (inserts || !at_alias())) return input;
  TRY(alias, name());
  if (at_symbol("(")) {
    TRY(columns, name_list());
    return subquery_alias(renamed(std::move(input), columns), std::move(alias));
  }
  return subquery_alias(std::move(input), std::move(alias));
}

// TABLESAMPLE (10 PERCENT) · (5 ROWS) · (BUCKET 1 OUT OF 4), with REPEATABLE (seed)
SparkResult<Relation> Grammar::sampled(Relation input) {
  if (!take_word("TABLESAMPLE")) return input;
  Relation relation;
  TRY_DO(expect_symbol("("));
  if (take_word("BUCKET")) {
    TRY(bucket, integer());
    TRY_DO(expect_word("OUT"));
    TRY_DO(expect_word("OF"));
    TRY(buckets, integer());
    if (buckets <= 0 || bucket <= 0 || bucket > buckets || at_word("ON"))
      return fail(unsupported_here("TABLESAMPLE BUCKET … ON"));
    relation.mutable_sample()->set_upper_bound(1.0 * static_cast<double>(bucket) / static_cast<double>(buckets));
  } else {
    const Token amount = peek();
    if (amount.kind != TokenKind::integer && amount.kind != TokenKind::decimal) return fail(error_here());
    ++at_;
    if (take_word("ROWS")) {
      relation.mutable_limit()->set_limit(static_cast<int32_t>(std::strtol(amount.text.c_str(), nullptr, 10)));
      *relation.mutable_limit()->mutable_input() = std::move(input);
    } else {
      TRY_DO(expect_word("PERCENT"));
      relation.mutable_sample()->set_upper_bound(std::strtod(amount.text.c_str(), nullptr) / 100.0);
    }
  }
  TRY_DO(expect_symbol(")"));
  if (take_word("REPEATABLE")) {
    TRY_DO(expect_symbol("("));
    TRY(seed, integer());
    TRY_DO(expect_symbol(")"));
    if (relation.has_sample()) relation.mutable_sample()->set_seed(seed);
  }
  if (relation.has_sample()) *relation.mutable_sample()->mutable_input() = std::move(input);
  return relation;
}

SparkResult<Relation> Grammar::lateral_view(Relation input) {
  at_ += 2;
  const bool outer = take_word("OUTER");
  TRY(parts, identifier());
  std::string function_name;
  for (const auto& part : parts) function_name += (function_name.empty() ? "" : ".") + part;
  TRY(generated, table_function(outer ? function_name + "_outer" : function_name));
  std::string alias;
  if (at_alias()) {
    TRY(table_alias, name());
    alias = std::move(table_alias);
  }
  std::vector<std::string> columns;
  if (take_word("AS")) {
    do {
      TRY(column, name());
      columns.push_back(std::move(column));
    } while (take_symbol(","));
  }
  if (!columns.empty()) generated = renamed(std::move(generated), columns);
  if (!alias.empty()) generated = subquery_alias(std::move(generated), std::move(alias));
  Relation joined;
  auto* lateral = joined.mutable_lateral_join();
  *lateral->mutable_left() = std::move(input);
  *lateral->mutable_right() = std::move(generated);
  lateral->set_join_type(Join::JOIN_TYPE_INNER);
  return joined;
}

// PIVOT (sum(x) AS s FOR k IN ('a' AS a, 'b')) · … FOR (k, l) IN ((1, 'x') AS one)
//
// A value's alias travels in the mark: "sql", then for each value the unit separator and its alias, or nothing.
SparkResult<Relation> Grammar::pivot(Relation input) {
  at_ += 2;
  Relation relation;
  auto* aggregate = relation.mutable_aggregate();
  aggregate->set_group_type(proto::Aggregate::GROUP_TYPE_PIVOT);
  *aggregate->mutable_input() = std::move(input);
  do {
    TRY(value, named_expression());
    *aggregate->add_aggregate_expressions() = std::move(value);
  } while (take_symbol(","));
  TRY_DO(expect_word("FOR"));
  TRY(column, primary());
  const bool several = column.has_unresolved_function() && column.unresolved_function().function_name() == "struct";
  *aggregate->mutable_pivot()->mutable_col() = std::move(column);
  TRY_DO(expect_word("IN"));
  TRY_DO(expect_symbol("("));
  std::string marked = "sql";
  bool any_alias = false;
  do {
    TRY(value, named_expression());
    marked += '\x1f';
    if (value.has_alias()) {
      marked += value.alias().name(0);
      any_alias = true;
      Expression inner = value.alias().expr();
      value = std::move(inner);
    }
    if (several) {
      // A row of constants is a struct literal.
      auto* structure = aggregate->mutable_pivot()->add_values()->mutable_struct_();
      if (!value.has_unresolved_function() || value.unresolved_function().function_name() != "struct")
        return fail(unsupported_here("PIVOT over values that are not plain literals"));
      auto* type = structure->mutable_struct_type()->mutable_struct_();
      for (const auto& part : value.unresolved_function().arguments()) {
        const auto part_type = part.has_literal() ? type_of(part.literal()) : std::nullopt;
        if (!part_type) return fail(unsupported_here("PIVOT over values that are not plain literals"));
        *structure->add_elements() = part.literal();
        auto* field = type->add_fields();
        field->set_name("col" + std::to_string(structure->elements_size()));
        *field->mutable_data_type() = to_proto(*part_type);
        field->set_nullable(true);
      }
      continue;
    }
    if (!value.has_literal()) return fail(unsupported_here("PIVOT over values that are not plain literals"));
    *aggregate->mutable_pivot()->add_values() = value.literal();
  } while (take_symbol(","));
  TRY_DO(expect_symbol(")"));
  TRY_DO(expect_symbol(")"));
  mark(relation, any_alias ? marked : "sql");
  return relation;
}

// UNPIVOT [INCLUDE|EXCLUDE NULLS] (value FOR name IN (a [AS 'x'], b))
// UNPIVOT ((v1, v2) FOR name IN ((a1, a2) AS 'x', (b1, b2)))
//
// One row for each entry of the list beside all columns that the list does not hold: a lateral join with inline(array(…)).
SparkResult<Relation> Grammar::unpivot(Relation input) {
  ++at_;
  const bool include_nulls = take_words({"INCLUDE", "NULLS"});
  take_words({"EXCLUDE", "NULLS"});
  TRY_DO(expect_symbol("("));
  std::vector<std::string> value_names;
  if (at_symbol("(")) {
    TRY(list, name_list());
    value_names = std::move(list);
  } else {
    TRY(value_name, name());
    value_names.push_back(std::move(value_name));
  }
  TRY_DO(expect_word("FOR"));
  TRY(variable_name, name());
  TRY_DO(expect_word("IN"));
  TRY_DO(expect_symbol("("));
  std::vector<Expression> rows;
  std::vector<Expression> kept;  // star_except(*, a, b, …)
  kept.emplace_back().mutable_unresolved_star();
  do {
    std::vector<std::vector<std::string>> columns;
    if (take_symbol("(")) {
      do {
        TRY(parts, identifier());
        columns.push_back(std::move(parts));
      } while (take_symbol(","));
      TRY_DO(expect_symbol(")"));
    } else {
      TRY(parts, identifier());
      columns.push_back(std::move(parts));
    }
    if (columns.size() != value_names.size())
      return fail(locate(parse_error("UNPIVOT_VALUE_SIZE_MISMATCH", {{"names", std::to_string(value_names.size())}}), text_,
                         peek().begin, peek().end));
    std::string label;
    for (const auto& column : columns) label += (label.empty() ? "" : "_") + column.back();
    const bool has_alias = take_word("AS");
    if (peek().kind == TokenKind::string) {
      TRY(alias, string_text());
      label = std::move(alias);
    } else if (has_alias || at_alias()) {
      TRY(alias, name());
      label = std::move(alias);
    }
    std::vector<Expression> fields;
    fields.push_back(string_literal(variable_name));
    fields.push_back(string_literal(std::move(label)));
    for (std::size_t i = 0; i < columns.size(); ++i) {
      fields.push_back(string_literal(value_names[i]));
      fields.push_back(attribute(columns[i]));
      kept.push_back(attribute(columns[i]));
    }
    rows.push_back(call("named_struct", std::move(fields)));
  } while (take_symbol(","));
  TRY_DO(expect_symbol(")"));
  TRY_DO(expect_symbol(")"));

  Relation joined;
  auto* lateral = joined.mutable_lateral_join();
  *lateral->mutable_left() = std::move(input);
  auto* generated = lateral->mutable_right()->mutable_unresolved_table_valued_function();
  generated->set_function_name("inline");
  *generated->add_arguments() = call("array", std::move(rows));
  lateral->set_join_type(Join::JOIN_TYPE_INNER);
  Relation result;
  *result.mutable_project()->mutable_input() = std::move(joined);
  *result.mutable_project()->add_expressions() = call("star_except", std::move(kept));
  if (include_nulls) return result;
  // A row goes when all of its values are NULL.
  Expression condition;
  for (const auto& value_name : value_names) {
    std::vector<Expression> arguments;
    arguments.push_back(attribute({value_name}));
    Expression test = call("isnotnull", std::move(arguments));
    if (condition.expr_type_case() != Expression::EXPR_TYPE_NOT_SET) {
      std::vector<Expression> both;
      both.push_back(std::move(condition));
      both.push_back(std::move(test));
      test = call("or", std::move(both));
    }
    condition = std::move(test);
  }
  Relation filtered;
  *filtered.mutable_filter()->mutable_input() = std::move(result);
  *filtered.mutable_filter()->mutable_condition() = std::move(condition);
  return filtered;
}

}  // namespace mastic::spark::sql
