// Maps. Each is made by spark_map or spark_map_of_entries (engine/functions/maps.cpp), which know what Spark does with NULL
// keys and keys that come twice.
#include <duckdb.hpp>
#include <duckdb/parser/expression/list.hpp>

#include "spark/lower/functions/maps.h"
#include "spark/lower/functions/table.h"
#include "spark/lower/types.h"

namespace mastic::spark {

ast::Expr map_of_entries(const Lowering& lowering, ast::Expr entries) {
  return ast::call("spark_map_of_entries", std::move(entries), ast::boolean(lowering.options().map_key_last_wins));
}

namespace {

ast::Expr map_of_lists(const Lowering& lowering, ast::Expr keys, ast::Expr values) {
  return ast::call("spark_map", std::move(keys), std::move(values), ast::boolean(lowering.options().map_key_last_wins));
}

/// A list of this element type, which its members alone may not say.
ast::Expr typed_list(ast::Exprs members, const DataType& element) {
  return ast::cast(ast::call("list_value", std::move(members)), duckdb::LogicalType::LIST(to_duckdb_type(element)));
}

/// map(k1, v1, …)
ast::Expr map(CallInProgress& call) {
  ast::Exprs keys;
  ast::Exprs values;
  for (std::size_t i = 0; i + 1 < call.count(); i += 2) {
    keys.push_back(call.take(i));
    values.push_back(call.take(i + 1));
  }
  return map_of_lists(call.lowering, typed_list(std::move(keys), call.result.key()),
                      typed_list(std::move(values), call.result.value()));
}

ast::Expr map_concat(CallInProgress& call) {
  if (call.count() == 0)
    return map_of_lists(call.lowering, typed_list({}, call.result.key()), typed_list({}, call.result.value()));
  ast::Exprs nulls;
  ast::Expr entries;
  for (auto& argument : call.arguments) {
    nulls.push_back(ast::is_null(argument->Copy()));
    auto own = ast::call("map_entries", std::move(argument));
    entries = entries ? ast::call("list_concat", std::move(entries), std::move(own)) : std::move(own);
  }
  return ast::case_when(ast::conjunction(std::move(nulls), false), ast::null_of(to_duckdb_type(call.result)),
                        map_of_entries(call.lowering, std::move(entries)));
}

ast::Expr from_arrays(CallInProgress& call) { return map_of_lists(call.lowering, call.take(0), call.take(1)); }
ast::Expr from_entries(CallInProgress& call) { return map_of_entries(call.lowering, call.take(0)); }

ast::Expr text_to_map(CallInProgress& call) {
  if (call.count() < 2) call.arguments.push_back(ast::text(","));
  if (call.arguments.size() < 3) call.arguments.push_back(ast::text(":"));
  auto entries = ast::fill(
      "list_transform(spark_split($1, $2, -1), lambda e: {'key': spark_split(e, $3, 2)[1], 'value': spark_split(e, $3, "
      "2)[2]})",
      call.arguments);
  return map_of_entries(call.lowering, std::move(entries));
}

constexpr FunctionLowering rows[] = {
    {"map", -1, "", map},
    {"map_concat", -1, "", map_concat},
    {"map_contains_key", 2, "list_contains(map_keys($1), $2)"},
    {"map_entries", 1},
    {"map_from_arrays", 2, "", from_arrays},
    {"map_from_entries", 1, "", from_entries},
    {"map_item", 2, "map_extract_value($1, $2)"},
    {"map_keys", 1},
    {"map_values", 1},
    {"str_to_map", -1, "", text_to_map},
};

}  // namespace

std::span<const FunctionLowering> map_lowerings() { return rows; }

}  // namespace mastic::spark
