// Queries: WITH, set operations, SELECT with its clauses, and what orders and cuts the result.
#include <algorithm>
#include <utility>

#include "spark/sql/grammar.h"

namespace mastic::spark::sql {
namespace {

using SetOperation = proto::SetOperation;

Relation filter(Relation input, Expression condition, std::string_view source = "") {
  Relation relation;
  *relation.mutable_filter()->mutable_input() = std::move(input);
  *relation.mutable_filter()->mutable_condition() = std::move(condition);
  if (!source.empty()) mark(relation, source);
  return relation;
}

// LIMIT and OFFSET take a constant: the whole numbers that + - * make of such. The protos have no form for more.
std::optional<int64_t> constant_integer(const Expression& expression) {
  using Literal = Expression::Literal;
  if (expression.has_literal()) {
    switch (expression.literal().literal_type_case()) {
      case Literal::kByte: return expression.literal().byte();
      case Literal::kShort: return expression.literal().short_();
      case Literal::kInteger: return expression.literal().integer();
      case Literal::kLong: return expression.literal().long_();
      default: return std::nullopt;
    }
  }
  if (expression.has_cast()) return constant_integer(expression.cast().expr());
  if (!expression.has_unresolved_function()) return std::nullopt;
  const auto& function = expression.unresolved_function();
  const auto& symbol = function.function_name();
  if (function.arguments_size() == 1 && symbol == "negative") {
    const auto value = constant_integer(function.arguments(0));
    return value ? std::optional(-*value) : std::nullopt;
  }
  if (function.arguments_size() != 2) return std::nullopt;
  const auto left = constant_integer(function.arguments(0));
  const auto right = constant_integer(function.arguments(1));
  if (!left || !right) return std::nullopt;
  int64_t result = 0;
  const bool overflow = symbol == "+"   ? __builtin_add_overflow(*left, *right, &result)
                        : symbol == "-" ? __builtin_sub_overflow(*left, *right, &result)
                        : symbol == "*" ? __builtin_mul_overflow(*left, *right, &result)
                                        : true;
  return overflow ? std::nullopt : std::optional(result);
}

}  // namespace

SparkResult<Relation> Grammar::query() {
  const DepthGuard guard(*this);
  TRY_DO(enter());
  return with_query();
}

SparkResult<Relation> Grammar::with_query() {
  if (!at_word("WITH")) {
    TRY(body, set_operation(0));
    TRY(organized, organize(std::move(body)));
    return piped(std::move(organized));
  }
  TRY(result, common_tables());
  TRY(body, set_operation(0));
  TRY(sorted, organize(std::move(body)));
  TRY(organized, piped(std::move(sorted)));
  *result.mutable_with_relations()->mutable_root() = std::move(organized);
  return std::move(result);
}

SparkResult<Relation> Grammar::common_tables() {
  TRY_DO(expect_word("WITH"));
  const bool recursive = take_word("RECURSIVE");
  Relation result;
  auto* with = result.mutable_with_relations();
  do {
    TRY(cte_name, name());
    std::vector<std::string> columns;
    if (at_symbol("(")) {
      TRY(list, name_list());
      columns = std::move(list);
    }
    TRY(limit, recursion_limit());
    take_word("AS");
    TRY_DO(expect_symbol("("));
    const std::size_t begin = at_;
    TRY(body, query());
    body = placed(std::move(body), begin);
    TRY_DO(expect_symbol(")"));
    auto* referenced = with->add_references();
    if (recursive) mark(*referenced, "recursive" + limit);
    auto* alias = referenced->mutable_subquery_alias();
    alias->set_alias(std::move(cte_name));
    if (columns.empty()) {
      *alias->mutable_input() = std::move(body);
    } else {
      auto* renamed = alias->mutable_input()->mutable_to_df();
      *renamed->mutable_input() = std::move(body);
      for (auto& column : columns) renamed->add_column_names(std::move(column));
    }
  } while (take_symbol(","));
  return result;
}

// MAX RECURSION LEVEL 200: `:200`.
SparkResult<std::string> Grammar::recursion_limit() {
  if (!take_words({"MAX", "RECURSION", "LEVEL"})) return std::string();
  TRY(level, integer());
  return ":" + std::to_string(level);
}

// Level 0: UNION, EXCEPT and MINUS from left to right; level 1: INTERSECT, which binds tighter.
SparkResult<Relation> Grammar::set_operation(int level) {
  const std::size_t begin = at_;
  TRY(left, level == 0 ? set_operation(1) : query_primary());
  for (;;) {
    SetOperation::SetOpType type = SetOperation::SET_OP_TYPE_UNSPECIFIED;
    if (level == 0 && at_word("UNION")) type = SetOperation::SET_OP_TYPE_UNION;
    if (level == 0 && at_any_word({"EXCEPT", "MINUS", "SETMINUS"})) type = SetOperation::SET_OP_TYPE_EXCEPT;
    if (level == 1 && at_word("INTERSECT")) type = SetOperation::SET_OP_TYPE_INTERSECT;
    if (type == SetOperation::SET_OP_TYPE_UNSPECIFIED) return left;
    ++at_;
    const bool all = take_word("ALL");
    if (!all) take_word("DISTINCT");
    TRY(right, level == 0 ? set_operation(1) : query_primary());
    Relation combined;
    auto* operation = combined.mutable_set_op();
    operation->set_set_op_type(type);
    operation->set_is_all(all);
    *operation->mutable_left_input() = std::move(left);
    *operation->mutable_right_input() = std::move(right);
    left = placed(std::move(combined), begin);
  }
}

SparkResult<Relation> Grammar::query_primary() {
  if (at_word("SELECT") || at_word("FROM")) return select();
  if (at_word("VALUES")) return values();
  if (take_word("TABLE")) {
    const std::size_t begin = at_;
    TRY(parts, identifier());
    Relation table;
    table.mutable_read()->mutable_named_table()->set_unparsed_identifier(
        attribute(parts).unresolved_attribute().unparsed_identifier());
    return placed(std::move(table), begin);
  }
  TRY_DO(expect_symbol("("));
  TRY(inner, query());
  TRY_DO(expect_symbol(")"));
  return inner;
}

Relation Grammar::with_pending_subqueries(Relation relation, std::size_t from) {
  if (pending_subqueries_.size() == from) return relation;
  Relation wrapped;
  auto* with = wrapped.mutable_with_relations();
  *with->mutable_root() = std::move(relation);
  for (std::size_t i = from; i < pending_subqueries_.size(); ++i) *with->add_references() = std::move(pending_subqueries_[i]);
  pending_subqueries_.resize(from);
  return wrapped;
}

SparkResult<std::vector<std::pair<std::string, std::vector<Expression>>>> Grammar::hints() {
  std::vector<std::pair<std::string, std::vector<Expression>>> hints;
  while (peek().kind == TokenKind::hint) {
    const std::string& hint_text = peek().text;
    TRY(tokens, tokenize(hint_text));
    Grammar inner(hint_text, std::move(tokens), parameters_);
    while (inner.peek().kind != TokenKind::end) {
      auto hint_name = inner.name();
      std::vector<Expression> arguments;
      if (!hint_name) break;  // a hint that cannot be read is ignored, as Spark does
      if (inner.take_symbol("(") && !inner.take_symbol(")")) {
        auto list = inner.expression_list();
        if (!list || !inner.expect_symbol(")")) break;
        arguments = std::move(*list);
      }
      hints.emplace_back(std::move(*hint_name), std::move(arguments));
      inner.take_symbol(",");
    }
    ++at_;
  }
  return hints;
}

// Reads `WINDOW a AS (…), b AS (…)` ahead of its place, since the select list that uses the names stands before it.
SparkResult<void> Grammar::scan_named_windows() {
  int depth = 0;
  for (std::size_t i = at_; i < tokens_.size(); ++i) {
    if (tokens_[i].kind == TokenKind::symbol && tokens_[i].text == "(") ++depth;
    if (tokens_[i].kind == TokenKind::symbol && tokens_[i].text == ")" && --depth < 0) return {};
    const bool is_clause = depth == 0 && tokens_[i].kind == TokenKind::word && equal_ignoring_case(tokens_[i].text, "WINDOW") &&
                           i + 2 < tokens_.size() && equal_ignoring_case(tokens_[i + 2].text, "AS");
    if (!is_clause) continue;
    const std::size_t back = at_;
    at_ = i;
    auto read = named_windows();
    at_ = back;
    return read;
  }
  return {};
}

SparkResult<void> Grammar::named_windows() {
  if (!take_word("WINDOW")) return {};
  do {
    TRY(window_name, name());
    TRY_DO(expect_word("AS"));
    Expression::Window window;
    TRY_DO(window_specification(window));
    named_windows_[to_lower(window_name)] = std::move(window);
  } while (take_symbol(","));
  return {};
}

SparkResult<Relation> Grammar::select() {
  const std::size_t subqueries_before = pending_subqueries_.size();
  auto outer_windows = named_windows_;
  TRY_DO(scan_named_windows());
  std::optional<Relation> input = std::exchange(given_input_, std::nullopt);
  const std::size_t begin = at_;
  if (at_word("FROM")) {  // FROM t SELECT a
    TRY(relation, from());
    input = std::move(relation);
    // FROM t alone is all of it.
    if (at_symbol("|>") || at_symbol(")") || at_symbol(";") || peek().kind == TokenKind::end) {
      named_windows_ = std::move(outer_windows);
      return with_pending_subqueries(std::move(*input), subqueries_before);
    }
  }
  TRY_DO(expect_word("SELECT"));
  if (at_word("TRANSFORM") && at_symbol("(", 1)) {
    // SELECT TRANSFORM (…) USING 'script'; a call of the function transform has no USING.
    for (std::size_t i = at_, depth = 0; i < tokens_.size(); ++i) {
      if (tokens_[i].kind != TokenKind::symbol) continue;
      if (tokens_[i].text == "(") ++depth;
      if (tokens_[i].text != ")" || --depth > 0) continue;
      if (i + 1 < tokens_.size() && equal_ignoring_case(tokens_[i + 1].text, "USING"))
        return fail(unsupported_here("SELECT TRANSFORM … USING"));
      break;
    }
  }
  TRY(hint_list, hints());
  const bool distinct = take_word("DISTINCT");
  if (!distinct) take_word("ALL");
  std::vector<Expression> items;
  do {
    TRY(item, named_expression());
    items.push_back(std::move(item));
  } while (take_symbol(","));
  if (!input && at_word("FROM")) {
    TRY(relation, from());
    input = std::move(relation);
  }
  while (at_word("LATERAL") && at_word("VIEW", 1)) {
    if (!input) {  // beside the one row
      input.emplace();
      input->mutable_project();
    }
    TRY(viewed, lateral_view(std::move(*input)));
    input = std::move(viewed);
  }
  if (take_word("WHERE")) {
    TRY(condition, expression());
    input = filter(input ? std::move(*input) : Relation(), std::move(condition));
    if (!input->filter().input().rel_type_case()) {  // WHERE without FROM filters the one row
      auto* one_row = input->mutable_filter()->mutable_input()->mutable_project();
      *one_row->add_expressions() = integer_literal(1);
    }
  }
  for (auto& [hint_name, arguments] : hint_list) {
    if (!input) break;
    Relation hinted;
    hinted.mutable_hint()->set_name(hint_name);
    for (auto& argument_value : arguments) *hinted.mutable_hint()->add_parameters() = std::move(argument_value);
    *hinted.mutable_hint()->mutable_input() = std::move(*input);
    input = std::move(hinted);
  }
  Relation result;
  if (take_words({"GROUP", "BY"})) {
    TRY(grouped, group_by(input ? std::move(*input) : Relation(), std::move(items)));
    result = std::move(grouped);
  } else {
    auto* project = result.mutable_project();
    if (input) *project->mutable_input() = std::move(*input);
    for (auto& item : items) *project->add_expressions() = std::move(item);
  }
  if (take_word("HAVING")) {
    TRY(condition, expression());
    result = filter(std::move(result), std::move(condition), "having");
  }
  TRY_DO(named_windows());
  if (take_word("QUALIFY")) {
    TRY(condition, expression());
    result = filter(std::move(result), std::move(condition), "qualify");
    TRY_DO(named_windows());
  }
  named_windows_ = std::move(outer_windows);
  if (distinct) {
    Relation deduplicated;
    *deduplicated.mutable_deduplicate()->mutable_input() = std::move(result);
    deduplicated.mutable_deduplicate()->set_all_columns_as_keys(true);
    result = std::move(deduplicated);
  }
  return with_pending_subqueries(placed(std::move(result), begin), subqueries_before);
}

SparkResult<Relation> Grammar::values() {
  const std::size_t begin = at_++;
  std::optional<std::pair<std::size_t, std::size_t>> uneven;  // the first row of another width than the first one
  std::size_t width = 0;
  std::vector<Expression> rows;
  do {
    TRY(row, expression());
    std::vector<Expression> cells;
    if (row.has_unresolved_function() && row.unresolved_function().function_name() == "struct") {
      for (auto& cell : *row.mutable_unresolved_function()->mutable_arguments()) cells.push_back(std::move(cell));
    } else {
      cells.push_back(std::move(row));
    }
    if (rows.empty()) width = cells.size();
    if (cells.size() != width && !uneven) uneven = {rows.size(), cells.size()};
    std::vector<Expression> fields;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      fields.push_back(string_literal("col" + std::to_string(i + 1)));
      fields.push_back(std::move(cells[i]));
    }
    rows.push_back(call("named_struct", std::move(fields)));
  } while (take_symbol(","));
  if (uneven)
    return fail(
        locate(parse_error("INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH", {{"expectedNumCols", std::to_string(width)},
                                                                         {"actualNumCols", std::to_string(uneven->second)},
                                                                         {"rowIndex", std::to_string(uneven->first)}}),
               text_, tokens_[begin].begin, tokens_[at_ - 1].end));
  Relation relation;
  auto* function = relation.mutable_unresolved_table_valued_function();
  function->set_function_name("inline");
  *function->add_arguments() = call("array", std::move(rows));
  return aliased(std::move(relation));
}

SparkResult<std::optional<int32_t>> Grammar::row_count() {
  if (take_word("ALL")) return std::nullopt;
  const Token token = peek();
  const std::size_t begin = at_;
  TRY(count, expression());
  const auto rows = constant_integer(count);
  const auto invalid = [&](std::string_view why, std::map<std::string, std::string> more) {
    more["name"] = to_lower(tokens_[begin - 1].text);
    more["expr"] = "\"" + text_since(begin) + "\"";
    return fail(
        locate(analysis_error("INVALID_LIMIT_LIKE_EXPRESSION." + std::string(why), more), text_, token.begin, token.end));
  };
  if (!rows) {
    if (count.has_literal() && count.literal().has_null()) return invalid("IS_NULL", {});
    if (count.has_literal()) return invalid("DATA_TYPE", {{"dataType", "\"STRING\""}});
    if (count.has_unresolved_attribute()) return invalid("IS_UNFOLDABLE", {});
    return fail(unsupported_here("LIMIT with an expression"));
  }
  if (*rows < 0) return invalid("IS_NEGATIVE", {{"v", std::to_string(*rows)}});
  return static_cast<int32_t>(std::min<int64_t>(*rows, INT32_MAX));
}

SparkResult<Relation> Grammar::organize(Relation input) {
  const std::size_t subqueries_before = pending_subqueries_.size();
  const auto add_sort = [&](std::vector<Expression::SortOrder> orders, bool global) {
    Relation sorted;
    sorted.mutable_sort()->set_is_global(global);
    for (auto& order : orders) *sorted.mutable_sort()->add_order() = std::move(order);
    *sorted.mutable_sort()->mutable_input() = std::move(input);
    input = std::move(sorted);
  };
  const auto add_offset = [&](int32_t rows) {
    Relation offset;
    offset.mutable_offset()->set_offset(rows);
    *offset.mutable_offset()->mutable_input() = std::move(input);
    input = std::move(offset);
  };
  for (;;) {
    if (take_words({"ORDER", "BY"})) {
      if (at_word("ALL") && !at_symbol(".", 1) && !at_symbol("(", 1)) {
        // Every column, in one direction: a star stands for them.
        TRY(order, sort_item());
        order.mutable_child()->mutable_unresolved_star();
        std::vector<Expression::SortOrder> all;
        all.push_back(std::move(order));
        add_sort(std::move(all), true);
        continue;
      }
      TRY(orders, sort_list());
      add_sort(std::move(orders), true);
    } else if (take_words({"SORT", "BY"})) {
      TRY(orders, sort_list());
      add_sort(std::move(orders), false);
    } else if (at_word("DISTRIBUTE") || at_word("CLUSTER")) {
      const bool sorts = at_word("CLUSTER");
      ++at_;
      TRY_DO(expect_word("BY"));
      TRY(keys, expression_list());
      Relation partitioned;
      auto* repartition = partitioned.mutable_repartition_by_expression();
      *repartition->mutable_input() = std::move(input);
      std::vector<Expression::SortOrder> orders;
      for (auto& key : keys) {
        auto& order = orders.emplace_back();
        order.set_direction(Expression::SortOrder::SORT_DIRECTION_ASCENDING);
        order.set_null_ordering(Expression::SortOrder::SORT_NULLS_FIRST);
        *order.mutable_child() = key;
        *repartition->add_partition_exprs() = std::move(key);
      }
      input = std::move(partitioned);
      if (sorts) add_sort(std::move(orders), false);
    } else if (take_word("LIMIT")) {
      TRY(rows, row_count());
      // LIMIT n OFFSET m skips first, then counts.
      if (take_word("OFFSET")) {
        TRY(skipped, row_count());
        add_offset(skipped.value_or(0));
      }
      if (!rows) continue;
      Relation limited;
      limited.mutable_limit()->set_limit(*rows);
      *limited.mutable_limit()->mutable_input() = std::move(input);
      input = std::move(limited);
    } else if (take_word("OFFSET")) {
      TRY(skipped, row_count());
      add_offset(skipped.value_or(0));
    } else {
      return with_pending_subqueries(std::move(input), subqueries_before);
    }
  }
}

}  // namespace mastic::spark::sql
