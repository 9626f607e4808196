// Arrays and structs.
#include <duckdb.hpp>
#include <duckdb/parser/expression/list.hpp>

#include "spark/lower/functions/table.h"
#include "spark/lower/types.h"

namespace mastic::spark {
namespace {

ast::Expr array(CallInProgress& call) { return ast::call("list_value", std::move(call.arguments)); }

/// struct(a, b) and named_struct('a', 1, …): the result's type has the names.
ast::Expr structure(CallInProgress& call) {
  const auto names = duckdb_field_names(call.result);
  const std::size_t step = call.call.function == "named_struct" ? 2 : 1;
  ast::Exprs members;
  for (std::size_t i = 0; i < names.size(); ++i) {
    members.push_back(call.take(i * step + step - 1));
    members.back()->SetAlias(names[i]);
  }
  if (members.empty()) return ast::null_of(to_duckdb_type(call.result));
  return ast::call("struct_pack", std::move(members));
}

/// array[i], from 0.
ast::Expr element(CallInProgress& call) {
  if (call.exact()) {
    return ast::fill("list_extract($1, spark_check_index($2::BIGINT, len($1)::BIGINT) + 1)", call.arguments);
  }
  return ast::fill("CASE WHEN $2 >= 0 THEN list_extract($1, $2::BIGINT + 1) END", call.arguments);
}
/// a.f of an array of structs; the field's number is constant.
ast::Expr array_field(CallInProgress& call) {
  const auto name = call.lowering.fresh_name("e");
  auto member = ast::field(ast::column(name), std::stoi(call.literal_text(1).value_or("0")));
  return ast::call("list_transform", call.take(0), ast::lambda({name}, std::move(member)));
}

ast::Expr element_at(CallInProgress& call) {
  if (call.type(0).is(TypeKind::map)) return ast::fill("map_extract_value($1, $2)", call.arguments);
  if (call.exact() && call.call.function == "element_at") {
    return ast::fill("list_extract($1, spark_check_element($2::BIGINT, len($1)::BIGINT))", call.arguments);
  }
  return ast::fill("list_extract($1, spark_check_not_zero($2::BIGINT))", call.arguments);
}

ast::Expr size(CallInProgress& call) {
  const bool legacy = !call.exact();
  const std::string count = call.type(0).is(TypeKind::map) ? "cardinality($1)" : "len($1)";
  return ast::fill(legacy ? "coalesce(" + count + "::INTEGER, -1)" : count, call.arguments);
}

ast::Expr sort_array(CallInProgress& call) {
  const auto order = call.count() < 2 ? std::optional<std::string>("true") : call.literal_text(1);
  if (!order)
    return ast::fill(
        "CASE WHEN $2 THEN list_sort($1, 'ASC', 'NULLS FIRST') WHEN NOT $2 THEN list_sort($1, 'DESC', 'NULLS LAST') END",
        call.arguments);
  const bool ascending = *order == "true";
  ast::Exprs one;
  one.push_back(call.take(0));
  return ast::fill(ascending ? "list_sort($1, 'ASC', 'NULLS FIRST')" : "list_sort($1, 'DESC', 'NULLS LAST')", one);
}
ast::Expr arrays_zip(CallInProgress& call) {
  if (call.count() == 0) return ast::cast(ast::call("list_value", ast::Exprs{}), to_duckdb_type(call.result));
  // list_zip yields structs of the right members; the result's cast gives the names by position.
  const auto names = duckdb_field_names(call.result.element());
  const auto entry = call.lowering.fresh_name("e");
  ast::Exprs members;
  ast::Exprs nulls;
  for (std::size_t i = 0; i < names.size(); ++i) {
    members.push_back(ast::field(ast::column(entry), static_cast<int>(i)));
    members.back()->SetAlias(names[i]);
    nulls.push_back(ast::is_null(call.arguments[i]->Copy()));
  }
  auto zipped = ast::call("list_transform", ast::call("list_zip", std::move(call.arguments)),
                          ast::lambda({entry}, ast::call("struct_pack", std::move(members))));
  return ast::case_when(ast::conjunction(std::move(nulls), false), ast::null_of(to_duckdb_type(call.result)),
                        std::move(zipped));
}

/// sequence: whole numbers, or times in the wall clock (for months) or in instants (for days and shorter).
ast::Expr sequence(CallInProgress& call) {
  const auto& type = call.type(0);
  auto& lowering = call.lowering;
  const auto& element = call.result.element();
  if (type.is_integral()) {
    if (call.count() == 2) {
      return ast::fill("spark_sequence($1::BIGINT, $2::BIGINT, CASE WHEN $1 <= $2 THEN 1::BIGINT ELSE -1::BIGINT END)",
                       call.arguments);
    }
    return ast::fill("spark_sequence($1::BIGINT, $2::BIGINT, $3::BIGINT)", call.arguments);
  }
  const bool months = call.count() > 2 && call.type(2).is(TypeKind::year_month_interval);
  if (call.count() > 2 && call.type(2).is(TypeKind::calendar_interval)) not_lowered("sequence with a calendar interval");
  const bool instants = type.is(TypeKind::timestamp) && !months;
  const auto wall = [&](ast::Expr time) {
    return instants ? ast::cast(std::move(time), duckdb::LogicalType::TIMESTAMP) : lowering.local_time(std::move(time), type);
  };
  ast::Exprs arguments;
  arguments.push_back(wall(call.take(0)));
  arguments.push_back(wall(call.take(1)));
  std::string text = "spark_sequence_time($1, $2, 0::BIGINT, CASE WHEN $1 <= $2 THEN 86400000000 ELSE -86400000000 END)";
  if (call.count() > 2) {
    arguments.push_back(call.take(2));
    text = months ? "spark_sequence_time($1, $2, $3::BIGINT, 0::BIGINT)" : "spark_sequence_time($1, $2, 0::BIGINT, $3::BIGINT)";
    if (type.is(TypeKind::date) && !months) text = "spark_sequence_time($1, $2, 0::BIGINT, spark_whole_days($3::BIGINT))";
  }
  auto series = ast::fill(text, arguments);
  if (type.is(TypeKind::timestamp_ntz)) return series;
  const auto name = lowering.fresh_name("e");
  auto body = instants ? ast::cast(ast::column(name), duckdb::LogicalType::TIMESTAMP_TZ)
                       : lowering.cast(ast::column(name), types::timestamp_ntz(), element, EvalMode::legacy);
  return ast::call("list_transform", std::move(series), ast::lambda({name}, std::move(body)));
}

ast::Expr reverse(CallInProgress& call) {
  if (call.type(0).is(TypeKind::binary)) return ast::call("spark_bytes_reverse", std::move(call.arguments));
  return ast::call(call.type(0).is(TypeKind::array) ? "list_reverse" : "reverse", std::move(call.arguments));
}

constexpr FunctionLowering rows[] = {
    {"array", -1, "", array},
    {"array_append", 2, "CASE WHEN $1 IS NOT NULL THEN list_append($1, $2) END"},
    {"array_compact", 1, "list_filter($1, lambda x: x IS NOT NULL)"},
    {"array_contains", 2,
     "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN list_contains($1, $2) THEN true WHEN len($1) > list_count($1) THEN "
     "NULL ELSE "
     "false END"},
    {"array_distinct", 1, "spark_array_distinct"},
    {"array_except", 2, "spark_array_except"},
    {"array_insert", 3, "spark_array_insert($1, $2::BIGINT, $3)"},
    {"array_intersect", 2, "spark_array_intersect"},
    {"array_join", 2,
     "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE coalesce(array_to_string(list_filter($1, lambda x: x IS NOT NULL), "
     "$2), '') END"},
    {"array_join", 3,
     "CASE WHEN $1 IS NULL OR $2 IS NULL OR $3 IS NULL THEN NULL ELSE coalesce(array_to_string(list_transform($1, lambda x: "
     "coalesce(x, $3)), $2), '') END"},
    {"array_max", 1, "list_max($1)"},
    {"array_min", 1, "list_min($1)"},
    {"array_position", 2, "spark_array_position"},
    {"array_prepend", 2, "CASE WHEN $1 IS NOT NULL THEN list_prepend($2, $1) END"},
    {"array_remove", 2, "spark_array_remove"},
    {"array_repeat", 2, "CASE WHEN $2 IS NULL THEN NULL ELSE list_transform(range(greatest($2, 0)::BIGINT), lambda i: $1) END"},
    {"array_size", 1, "len($1)"},
    {"array_union", 2, "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE spark_array_distinct(list_concat($1, $2)) END"},
    {"arrays_overlap", 2, "spark_arrays_overlap"},
    {"arrays_zip", -1, "", arrays_zip},
    {"cardinality", 1, "", size},
    {"element_at", 2, "", element_at},
    {"try_element_at", 2, "", element_at},
    {"flatten", 1, "CASE WHEN len($1) > list_count($1) THEN NULL ELSE flatten($1) END"},
    {"get", 2, "",
     [](CallInProgress& call) {
       return ast::fill("CASE WHEN $2 >= 0 THEN list_extract($1, $2::BIGINT + 1) END", call.arguments);
     }},
    {"array_item", 2, "", element},
    {"array_field", 2, "", array_field},
    {"named_struct", -1, "", structure},
    {"reverse", 1, "", reverse},
    {"sequence", -1, "", sequence},
    {"size", 1, "", size},
    {"slice", 3, "spark_slice($1, $2::BIGINT, $3::BIGINT)"},
    {"sort_array", -1, "", sort_array},
    {"struct", -1, "", structure},
};

}  // namespace

std::span<const FunctionLowering> collection_lowerings() { return rows; }

}  // namespace mastic::spark
