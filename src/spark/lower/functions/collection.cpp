// Arrays, maps, structs, lambdas.
#include <duckdb.hpp>
#include <duckdb/parser/expression/list.hpp>
#include <duckdb/parser/parsed_expression_iterator.hpp>
#include <functional>

#include "spark/lower/functions/table.h"
#include "spark/lower/types.h"

namespace mastic::spark {
namespace {

ast::Expr array(CallInProgress& call) { return ast::call("list_value", std::move(call.arguments)); }

/// map(k1, v1, …)
ast::Expr map(CallInProgress& call) {
  ast::Exprs keys;
  ast::Exprs values;
  for (std::size_t i = 0; i + 1 < call.count(); i += 2) {
    keys.push_back(call.take(i));
    values.push_back(call.take(i + 1));
  }
  return ast::call("map", ast::call("list_value", std::move(keys)), ast::call("list_value", std::move(values)));
}

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

/// array[i] (from 0), map[key].
ast::Expr element(CallInProgress& call) {
  if (call.type(0).is(TypeKind::map)) return ast::fill("map_extract_value($1, $2)", call.arguments);
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
  return ast::fill("list_extract($1, $2)", call.arguments);
}

ast::Expr size(CallInProgress& call) {
  const bool legacy = !call.exact();
  const std::string count = call.type(0).is(TypeKind::map) ? "cardinality($1)" : "len($1)";
  return ast::fill(legacy ? "coalesce(" + count + "::INTEGER, -1)" : count, call.arguments);
}

ast::Expr sort_array(CallInProgress& call) {
  const bool ascending = call.count() < 2 || call.literal_text(1).value_or("true") == "true";
  ast::Exprs one;
  one.push_back(call.take(0));
  return ast::fill(ascending ? "list_sort($1, 'ASC', 'NULLS FIRST')" : "list_sort($1, 'DESC', 'NULLS LAST')", one);
}
ast::Expr array_sort(CallInProgress& call) {
  if (call.count() > 1) not_lowered("array_sort with a comparator");
  return ast::fill("list_sort($1, 'ASC', 'NULLS LAST')", call.arguments);
}

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

/// aggregate(list, start, merge[, finish])
ast::Expr aggregate(CallInProgress& call) {
  auto start = call.take(1);
  auto reduced = ast::call("list_reduce", call.take(0), call.take(2), std::move(start));
  if (call.count() < 4) return reduced;
  // finish(acc): a lambda over a list of one.
  ast::Exprs both;
  both.push_back(ast::call("list_transform", ast::call("list_value", std::move(reduced)), call.take(3)));
  return ast::fill("list_extract($1, 1)", both);
}

ast::Expr over_entries(CallInProgress& call, const char* what) {
  const auto* lambda = lambda_of(call, 1);
  if (lambda == nullptr) not_lowered(call.call.function);
  const auto entry = call.lowering.fresh_name("e");
  auto body = std::move(call.arguments[1]->Cast<duckdb::LambdaExpression>().expr);
  // The lambda's two parameters are the entry's members.
  const std::function<void(ast::Expr&)> replace = [&](ast::Expr& node) {
    if (node->GetExpressionClass() == duckdb::ExpressionClass::COLUMN_REF) {
      const auto text = node->ToString();
      for (int i = 0; i < 2; ++i) {
        if (text == "v" + std::to_string(lambda->parameters.at(static_cast<std::size_t>(i)))) {
          node = ast::field(ast::column(entry), i);
          return;
        }
      }
    }
    duckdb::ParsedExpressionIterator::EnumerateChildren(*node, replace);
  };
  replace(body);
  auto entries = ast::call("map_entries", call.take(0));
  const std::string kind = what;
  if (kind == "filter") {
    return ast::call("map_from_entries", ast::call("list_filter", std::move(entries), ast::lambda({entry}, std::move(body))));
  }
  ast::Exprs pair;
  auto key = kind == "keys" ? body->Copy() : ast::field(ast::column(entry), 0);
  auto value = kind == "values" ? body->Copy() : ast::field(ast::column(entry), 1);
  key->SetAlias("key");
  value->SetAlias("value");
  pair.push_back(std::move(key));
  pair.push_back(std::move(value));
  return ast::call("map_from_entries", ast::call("list_transform", std::move(entries),
                                                 ast::lambda({entry}, ast::call("struct_pack", std::move(pair)))));
}
ast::Expr map_filter(CallInProgress& call) { return over_entries(call, "filter"); }
ast::Expr transform_keys(CallInProgress& call) { return over_entries(call, "keys"); }
ast::Expr transform_values(CallInProgress& call) { return over_entries(call, "values"); }

ast::Expr arrays_zip(CallInProgress& call) {
  // list_zip yields structs of the right members; the result's cast gives the names by position.
  const auto names = duckdb_field_names(call.result.element());
  const auto entry = call.lowering.fresh_name("e");
  ast::Exprs members;
  for (std::size_t i = 0; i < names.size(); ++i) {
    members.push_back(ast::field(ast::column(entry), static_cast<int>(i)));
    members.back()->SetAlias(names[i]);
  }
  return ast::call("list_transform", ast::call("list_zip", std::move(call.arguments)),
                   ast::lambda({entry}, ast::call("struct_pack", std::move(members))));
}

ast::Expr map_concat(CallInProgress& call) { return ast::call("map_concat", std::move(call.arguments)); }

ast::Expr sequence(CallInProgress& call) {
  const auto& type = call.type(0);
  if (type.is_integral()) {
    if (call.count() == 2) {
      return ast::fill(
          "CASE WHEN $1 <= $2 THEN generate_series($1::BIGINT, $2::BIGINT, 1) ELSE generate_series($1::BIGINT, $2::BIGINT, -1) "
          "END",
          call.arguments);
    }
    return ast::fill("generate_series($1::BIGINT, $2::BIGINT, $3::BIGINT)", call.arguments);
  }
  ast::Exprs arguments;
  for (std::size_t i = 0; i < 2; ++i) arguments.push_back(call.lowering.local_time(call.take(i), type));
  if (call.count() == 2) {
    arguments.push_back(ast::fill("to_days(1)", {}));
  } else {
    ast::Exprs step;
    step.push_back(call.take(2));
    arguments.push_back(
        ast::fill(call.type(2).is(TypeKind::year_month_interval) ? "to_months($1)" : "to_microseconds($1)", step));
  }
  auto series = ast::fill("generate_series($1, $2, $3)", arguments);
  const auto element = call.lowering.fresh_name("e");
  auto body = call.lowering.cast(ast::column(element), types::timestamp_ntz(), type, EvalMode::legacy);
  return ast::call("list_transform", std::move(series), ast::lambda({element}, std::move(body)));
}

ast::Expr reverse(CallInProgress& call) {
  return ast::call(call.type(0).is(TypeKind::array) ? "list_reverse" : "reverse", std::move(call.arguments));
}

ast::Expr shuffle(CallInProgress& call) {
  auto seed = call.count() > 1 ? ast::cast(call.take(1), duckdb::LogicalType::BIGINT)
                               : ast::constant(duckdb::Value::BIGINT(call.lowering.now_microseconds()));
  return ast::call("spark_shuffle", call.take(0), std::move(seed));
}

constexpr FunctionLowering rows[] = {
    {"aggregate", -1, "", aggregate},
    {"reduce", -1, "", aggregate},
    {"array", -1, "", array},
    {"array_append", 2, "CASE WHEN $1 IS NOT NULL THEN list_append($1, $2) END"},
    {"array_compact", 1, "list_filter($1, lambda x: x IS NOT NULL)"},
    {"array_contains", 2,
     "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN list_contains($1, $2) THEN true WHEN len($1) > list_count($1) THEN "
     "NULL ELSE "
     "false END"},
    {"array_distinct", 1,
     "list_filter($1, lambda x, i: CASE WHEN x IS NULL THEN len(list_filter($1[1:i - 1], lambda y: y IS NULL)) = 0 ELSE "
     "list_position($1, x) = i END)"},
    {"array_except", 2,
     "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE list_filter($1, lambda x, i: CASE WHEN x IS NULL THEN len($2) = "
     "list_count($2) "
     "AND len(list_filter($1[1:i - 1], lambda y: y IS NULL)) = 0 ELSE NOT list_contains($2, x) AND list_position($1, x) = i "
     "END) END"},
    {"array_intersect", 2,
     "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE list_filter($1, lambda x, i: CASE WHEN x IS NULL THEN len($2) > "
     "list_count($2) "
     "AND len(list_filter($1[1:i - 1], lambda y: y IS NULL)) = 0 ELSE list_contains($2, x) AND list_position($1, x) = i END) "
     "END"},
    {"array_join", 2,
     "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE coalesce(array_to_string(list_filter($1, lambda x: x IS NOT NULL), "
     "$2), '') END"},
    {"array_join", 3,
     "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE coalesce(array_to_string(list_transform($1, lambda x: coalesce(x, "
     "$3)), $2), '') END"},
    {"array_max", 1, "list_max($1)"},
    {"array_min", 1, "list_min($1)"},
    {"array_position", 2, "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE coalesce(list_position($1, $2), 0)::BIGINT END"},
    {"array_prepend", 2, "CASE WHEN $1 IS NOT NULL THEN list_prepend($2, $1) END"},
    {"array_remove", 2, "CASE WHEN $2 IS NULL THEN NULL ELSE list_filter($1, lambda x: x IS DISTINCT FROM $2) END"},
    {"array_repeat", 2, "CASE WHEN $2 IS NULL THEN NULL ELSE list_transform(range(greatest($2, 0)::BIGINT), lambda i: $1) END"},
    {"array_size", 1, "len($1)"},
    {"array_sort", -1, "", array_sort},
    {"array_union", 2,
     "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE list_filter(list_concat($1, $2), lambda x, i: CASE WHEN x IS NULL THEN "
     "len(list_filter(list_concat($1, $2)[1:i - 1], lambda y: y IS NULL)) = 0 ELSE list_position(list_concat($1, $2), x) = i "
     "END) END"},
    {"arrays_overlap", 2, "spark_arrays_overlap"},
    {"arrays_zip", -1, "", arrays_zip},
    {"cardinality", 1, "", size},
    {"create_map", -1, "", map},
    {"element_at", 2, "", element_at},
    {"try_element_at", 2, "", element_at},
    {"exists", 2, "", exists},
    {"any_match", 2, "", exists},
    {"filter", 2, "", filter},
    {"flatten", 1, "CASE WHEN len($1) > list_count($1) THEN NULL ELSE flatten($1) END"},
    {"forall", 2, "", forall},
    {"get", 2, "",
     [](CallInProgress& call) {
       return ast::fill("CASE WHEN $2 >= 0 THEN list_extract($1, $2::BIGINT + 1) END", call.arguments);
     }},
    {"array_item", 2, "", element},
    {"array_field", 2, "", array_field},
    {"map_item", 2, "", element},
    {"map", -1, "", map},
    {"map_concat", -1, "", map_concat},
    {"map_contains_key", 2, "list_contains(map_keys($1), $2)"},
    {"map_entries", 1},
    {"map_filter", 2, "", map_filter},
    {"map_from_arrays", 2, "map($1, $2)"},
    {"map_from_entries", 1},
    {"map_keys", 1},
    {"map_values", 1},
    {"named_struct", -1, "", structure},
    {"reverse", 1, "", reverse},
    {"sequence", -1, "", sequence},
    {"shuffle", -1, "", shuffle},
    {"size", 1, "", size},
    {"slice", 3,
     "CASE WHEN $2 > 0 THEN $1[$2:$2 + $3 - 1] WHEN len($1) + $2 + 1 < 1 THEN [] ELSE $1[len($1) + $2 + 1:len($1) + $2 + $3] "
     "END"},
    {"sort_array", -1, "", sort_array},
    {"str_to_map", -1, "",
     [](CallInProgress& call) -> ast::Expr {
       if (call.count() < 2) call.arguments.push_back(ast::text(","));
       if (call.count() < 3 && call.arguments.size() < 3) call.arguments.push_back(ast::text(":"));
       return ast::fill(
           "map_from_entries(list_transform(spark_split($1, $2, -1), lambda e: {'key': spark_split(e, $3, 2)[1], 'value': "
           "spark_split(e, $3, 2)[2]}))",
           call.arguments);
     }},
    {"struct", -1, "", structure},
    {"transform", 2, "", transform},
    {"transform_keys", 2, "", transform_keys},
    {"transform_values", 2, "", transform_values},
};

}  // namespace

std::span<const FunctionLowering> collection_lowerings() { return rows; }

}  // namespace mastic::spark
