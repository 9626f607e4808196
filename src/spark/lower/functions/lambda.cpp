// Higher-order functions.
#include <duckdb.hpp>
#include <duckdb/parser/expression/list.hpp>
#include <duckdb/parser/parsed_expression_iterator.hpp>
#include <functional>

#include "spark/lower/functions/maps.h"
#include "spark/lower/functions/table.h"
#include "spark/lower/types.h"

namespace mastic::spark {
namespace {

/// transform, filter…: Spark's index is from 0, DuckDB's from 1.
const Lambda* lambda_of(const CallInProgress& call, std::size_t argument) {
  return std::get_if<Lambda>(&call.call.arguments.at(argument)->node);
}
ast::Expr with_index(CallInProgress& call, const char* function) {
  const auto* lambda = lambda_of(call, 1);
  if (lambda == nullptr || lambda->parameters.size() < 2) return ast::call(function, std::move(call.arguments));
  auto& lowered = call.arguments[1]->Cast<duckdb::LambdaExpression>();
  // The body sees an index that counts from 0: v → (v − 1).
  const auto index = "v" + std::to_string(lambda->parameters[1]);
  const std::function<void(ast::Expr&)> shift = [&](ast::Expr& node) {
    if (node->GetExpressionClass() == duckdb::ExpressionClass::COLUMN_REF && node->ToString() == index) {
      ast::Exprs one;
      one.push_back(std::move(node));
      node = ast::fill("($1 - 1)::INTEGER", one);
      return;
    }
    duckdb::ParsedExpressionIterator::EnumerateChildren(*node, shift);
  };
  shift(lowered.expr);
  return ast::call(function, std::move(call.arguments));
}
ast::Expr transform(CallInProgress& call) { return with_index(call, "list_transform"); }
ast::Expr filter(CallInProgress& call) { return with_index(call, "list_filter"); }

/// exists, forall: three-valued over the list of the predicate's answers.
ast::Expr exists(CallInProgress& call) {
  ast::Exprs one;
  one.push_back(ast::call("list_transform", std::move(call.arguments)));
  return ast::fill(
      "CASE WHEN $1 IS NULL THEN NULL WHEN list_contains($1, true) THEN true WHEN len(list_filter($1, lambda x: x IS NULL)) > "
      "0 THEN NULL ELSE false END",
      one);
}
ast::Expr forall(CallInProgress& call) {
  ast::Exprs one;
  one.push_back(ast::call("list_transform", std::move(call.arguments)));
  return ast::fill(
      "CASE WHEN $1 IS NULL THEN NULL WHEN list_contains($1, false) THEN false WHEN len(list_filter($1, lambda x: x IS NULL)) "
      "> 0 THEN NULL ELSE true END",
      one);
}

using Replacements = std::vector<std::pair<ColumnId, ast::Expr>>;

/// The lambda's body with these expressions for its parameters.
ast::Expr body_with(ast::Expr& lambda, const Replacements& replacements) {
  auto body = std::move(lambda->Cast<duckdb::LambdaExpression>().expr);
  const std::function<void(ast::Expr&)> replace = [&](ast::Expr& node) {
    if (node->GetExpressionClass() == duckdb::ExpressionClass::COLUMN_REF) {
      const auto text = node->ToString();
      for (const auto& [id, with] : replacements) {
        if (text != "v" + std::to_string(id)) continue;
        auto copy = with->Copy();
        copy->SetAlias(node->GetAlias());
        node = std::move(copy);
        return;
      }
    }
    duckdb::ParsedExpressionIterator::EnumerateChildren(*node, replace);
  };
  replace(body);
  return body;
}

ast::Expr part(const std::string& structure, int index) { return ast::field(ast::column(structure), index); }

bool is_identity(const Lambda& lambda) {
  const auto* variable = std::get_if<LambdaVariable>(&lambda.body->node);
  return variable != nullptr && variable->id == lambda.parameters.at(0);
}

/// aggregate(list, start, merge, finish). DuckDB's list_reduce wants the accumulator in the elements' type, so both become
/// one struct: (accumulator, element).
ast::Expr aggregate(CallInProgress& call) {
  const auto* merge = lambda_of(call, 2);
  if (merge == nullptr) not_lowered(call.call.function + " without a lambda");
  const auto accumulator = to_duckdb_type(call.type(1));
  const auto element = to_duckdb_type(call.type(0).element());
  const auto pair = [](ast::Expr first, ast::Expr second) {
    first->SetAlias("a");
    second->SetAlias("x");
    return ast::call("struct_pack", std::move(first), std::move(second));
  };
  const auto item = call.lowering.fresh_name("e");
  const auto left = call.lowering.fresh_name("l");
  const auto right = call.lowering.fresh_name("r");
  auto items =
      ast::call("list_transform", call.take(0), ast::lambda({item}, pair(ast::null_of(accumulator), ast::column(item))));
  Replacements replacements;
  replacements.emplace_back(merge->parameters.at(0), part(left, 0));
  replacements.emplace_back(merge->parameters.at(1), part(right, 1));
  auto body = ast::cast(body_with(call.arguments[2], replacements), accumulator);
  auto step = ast::lambda({left, right}, pair(std::move(body), ast::null_of(element)));
  auto start = pair(ast::cast(call.take(1), accumulator), ast::null_of(element));
  auto reduced = ast::field(ast::call("list_reduce", std::move(items), std::move(step), std::move(start)), 0);
  const auto* finish = call.count() > 3 ? lambda_of(call, 3) : nullptr;
  if (finish == nullptr || is_identity(*finish)) return reduced;
  // finish(acc): a lambda over a list of one; not at all where the list is NULL.
  auto given = call.lowering.expression(call.call.arguments[0]);
  auto finished = ast::call(
      "list_extract", ast::call("list_transform", ast::call("list_value", std::move(reduced)), call.take(3)), ast::integer(1));
  return ast::case_when(ast::is_null(std::move(given)), ast::null_of(to_duckdb_type(call.result)), std::move(finished));
}

/// map_filter, transform_keys, transform_values: the lambda's two parameters are an entry's members.
enum class Changes : uint8_t { which, keys, values };

ast::Expr over_entries(CallInProgress& call, Changes what) {
  const auto* lambda = lambda_of(call, 1);
  if (lambda == nullptr) not_lowered(call.call.function + " without a lambda");
  const auto entry = call.lowering.fresh_name("e");
  Replacements members;
  for (int i = 0; i < 2; ++i) members.emplace_back(lambda->parameters.at(static_cast<std::size_t>(i)), part(entry, i));
  auto body = body_with(call.arguments[1], members);
  auto entries = ast::call("map_entries", call.take(0));
  if (what == Changes::which) {
    return map_of_entries(call.lowering, ast::call("list_filter", std::move(entries), ast::lambda({entry}, std::move(body))));
  }
  auto key = what == Changes::keys ? body->Copy() : part(entry, 0);
  auto value = what == Changes::values ? body->Copy() : part(entry, 1);
  key = ast::cast(std::move(key), to_duckdb_type(call.result.key()));
  value = ast::cast(std::move(value), to_duckdb_type(call.result.value()));
  key->SetAlias("key");
  value->SetAlias("value");
  auto pair = ast::call("struct_pack", std::move(key), std::move(value));
  return map_of_entries(call.lowering, ast::call("list_transform", std::move(entries), ast::lambda({entry}, std::move(pair))));
}
ast::Expr map_filter(CallInProgress& call) { return over_entries(call, Changes::which); }
ast::Expr transform_keys(CallInProgress& call) { return over_entries(call, Changes::keys); }
ast::Expr transform_values(CallInProgress& call) { return over_entries(call, Changes::values); }

ast::Expr either_null(const CallInProgress& call, ast::Expr otherwise) {
  ast::Exprs nulls;
  for (std::size_t i = 0; i < 2; ++i) nulls.push_back(ast::is_null(call.arguments[i]->Copy()));
  return ast::case_when(ast::conjunction(std::move(nulls), false), ast::null_of(to_duckdb_type(call.result)),
                        std::move(otherwise));
}

/// zip_with(a, b, f): the shorter list ends in NULLs.
ast::Expr zip_with(CallInProgress& call) {
  const auto* lambda = lambda_of(call, 2);
  if (lambda == nullptr) not_lowered("zip_with without a lambda");
  const auto entry = call.lowering.fresh_name("e");
  Replacements members;
  for (int i = 0; i < 2; ++i) members.emplace_back(lambda->parameters.at(static_cast<std::size_t>(i)), part(entry, i));
  auto body = body_with(call.arguments[2], members);
  auto zipped = ast::call("list_zip", call.arguments[0]->Copy(), call.arguments[1]->Copy());
  return either_null(call, ast::call("list_transform", std::move(zipped), ast::lambda({entry}, std::move(body))));
}

/// map_zip_with(a, b, f): the left map's keys, then those that the right map has alone.
ast::Expr map_zip_with(CallInProgress& call) {
  const auto* lambda = lambda_of(call, 2);
  if (lambda == nullptr) not_lowered("map_zip_with without a lambda");
  const auto key = call.lowering.fresh_name("e");
  Replacements members;
  members.emplace_back(lambda->parameters.at(0), ast::column(key));
  for (std::size_t i = 0; i < 2; ++i) {
    members.emplace_back(lambda->parameters.at(i + 1),
                         ast::call("map_extract_value", call.arguments[i]->Copy(), ast::column(key)));
  }
  auto value = ast::cast(body_with(call.arguments[2], members), to_duckdb_type(call.result.value()));
  auto name = ast::column(key);
  name->SetAlias("key");
  value->SetAlias("value");
  auto pair = ast::call("struct_pack", std::move(name), std::move(value));
  ast::Exprs maps;
  for (std::size_t i = 0; i < 2; ++i) maps.push_back(call.arguments[i]->Copy());
  auto keys = ast::fill("spark_array_distinct(list_concat(map_keys($1), map_keys($2)))", maps);
  return either_null(
      call, map_of_entries(call.lowering, ast::call("list_transform", std::move(keys), ast::lambda({key}, std::move(pair)))));
}

/// array_sort: without a comparator NULLs come last; with one, its answer for each pair of elements decides.
ast::Expr array_sort(CallInProgress& call) {
  if (call.count() < 2) return ast::fill("list_sort($1, 'ASC', 'NULLS LAST')", call.arguments);
  const auto* lambda = lambda_of(call, 1);
  if (lambda == nullptr) not_lowered("array_sort with a comparator that is no lambda");
  const auto left = call.lowering.fresh_name("l");
  const auto right = call.lowering.fresh_name("r");
  Replacements members;
  members.emplace_back(lambda->parameters.at(0), ast::column(left));
  members.emplace_back(lambda->parameters.at(1), ast::column(right));
  auto answer = ast::cast(body_with(call.arguments[1], members), duckdb::LogicalType::INTEGER);
  auto line = ast::call("list_transform", call.arguments[0]->Copy(), ast::lambda({right}, std::move(answer)));
  auto matrix = ast::call("list_transform", call.arguments[0]->Copy(), ast::lambda({left}, std::move(line)));
  return ast::call("spark_sort_by", call.take(0), std::move(matrix));
}

constexpr FunctionLowering rows[] = {
    {"aggregate", -1, "", aggregate},
    {"array_sort", -1, "", array_sort},
    {"exists", 2, "", exists},
    {"filter", 2, "", filter},
    {"forall", 2, "", forall},
    {"map_filter", 2, "", map_filter},
    {"map_zip_with", 3, "", map_zip_with},
    {"transform", 2, "", transform},
    {"transform_keys", 2, "", transform_keys},
    {"transform_values", 2, "", transform_values},
    {"zip_with", 3, "", zip_with},
};

}  // namespace

std::span<const FunctionLowering> lambda_lowerings() { return rows; }

}  // namespace mastic::spark
