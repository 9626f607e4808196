// Conditions, JSON, hashes, and what asks about the query itself.
#include <duckdb.hpp>
#include <duckdb/parser/expression/list.hpp>

#include "spark/lower/functions/table.h"
#include "spark/lower/types.h"

namespace mastic::spark {
namespace {

ast::Expr coalesce(CallInProgress& call) { return ast::coalesce(std::move(call.arguments)); }
ast::Expr if_else(CallInProgress& call) { return ast::case_when(call.take(0), call.take(1), call.take(2)); }

/// DuckDB's structure text for from_json, of types that JSON can hold; the rest is read as text and cast.
std::string json_structure(const DataType& type) {
  switch (type.kind) {
    case TypeKind::array: return "[" + json_structure(type.element()) + "]";
    case TypeKind::struct_: {
      std::string text = "{";
      const auto names = duckdb_field_names(type);
      for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) text += ",";
        std::string name;
        for (const char c : names[i]) name += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
        text += "\"" + name + "\":" + json_structure(type.fields[i].type);
      }
      return text + "}";
    }
    case TypeKind::map: return "\"" + std::string("MAP(VARCHAR, JSON)") + "\"";
    case TypeKind::boolean:
    case TypeKind::byte_:
    case TypeKind::short_:
    case TypeKind::integer:
    case TypeKind::long_:
    case TypeKind::float_:
    case TypeKind::double_: return "\"" + to_duckdb_type(type).ToString() + "\"";
    default: return "\"VARCHAR\"";
  }
}

ast::Expr from_json(CallInProgress& call) {
  const auto& type = call.result;
  if (type.is(TypeKind::map)) {
    ast::Exprs one;
    one.push_back(call.take(0));
    auto map = ast::fill(
        "CASE WHEN json_valid($1) AND json_type($1) = 'OBJECT' THEN map_from_entries(list_transform(json_keys($1), lambda k: "
        "{'key': k, 'value': "
        "json_extract_string($1, '/' || replace(replace(k, '~', '~0'), '/', '~1'))})) END",
        one);
    return call.lowering.cast(std::move(map), types::map(types::string(), types::string()), type, EvalMode::legacy);
  }
  ast::Exprs arguments;
  arguments.push_back(call.take(0));
  arguments.push_back(ast::text(json_structure(type)));
  auto read = ast::fill("json_transform(CASE WHEN json_valid($1) THEN $1 WHEN $1 IS NOT NULL THEN '{}' END, $2)", arguments);
  return call.lowering.cast(std::move(read), json_read_type(type), type, EvalMode::legacy);
}

ast::Expr to_json(CallInProgress& call) {
  return ast::call("spark_to_json", call.take(0), ast::text(call.lowering.options().session_time_zone), ast::boolean(false));
}

ast::Expr session_text(CallInProgress& call) {
  const auto& options = call.lowering.options();
  const auto& name = call.call.function;
  return ast::text(name == "current_user" || name == "user" || name == "session_user" ? options.user
                   : name == "current_catalog"                                        ? "spark_catalog"
                   : name == "current_path"                                           ? options.path
                   : name == "version"                                                ? "4.0.0"
                                                                                      : options.database);
}

/// The literal text with Java-like separators: "DOUBLE" → "double".
ast::Expr type_of(CallInProgress& call) { return ast::text(simple_string(call.type(0))); }

ast::Expr assert_true(CallInProgress& call) {
  if (call.count() < 2) call.arguments.push_back(ast::text("'condition' is not true!"));
  return ast::fill("CASE WHEN $1 THEN NULL ELSE spark_raise_error($2) END", call.arguments);
}

ast::Expr passed_on(CallInProgress& call) { return call.take(0); }

constexpr FunctionLowering rows[] = {
    {"assert_true", -1, "", assert_true},
    {"coalesce", -1, "", coalesce},
    {"nvl", 2, "", coalesce},
    {"ifnull", 2, "", coalesce},
    {"nvl2", 3, "CASE WHEN $1 IS NOT NULL THEN $2 ELSE $3 END"},
    {"nullif", 2, "CASE WHEN $1 = $2 THEN NULL ELSE $1 END"},
    {"nullifzero", 1, "nullif($1, 0)"},
    {"zeroifnull", 1, "coalesce($1, 0)"},
    {"if", 3, "", if_else},
    {"current_catalog", 0, "", session_text},
    {"current_database", 0, "", session_text},
    {"current_path", 0, "", session_text},
    {"current_schema", 0, "", session_text},
    {"current_user", 0, "", session_text},
    {"session_user", 0, "", session_text},
    {"user", 0, "", session_text},
    {"version", 0, "", session_text},
    {"from_json", -1, "", from_json},
    {"get_json_object", 2, "CASE WHEN json_valid($1) THEN json_extract_string($1, $2) END"},
    {"hash", -1, "spark_hash"},
    {"json_array_length", 1, "CASE WHEN json_valid($1) AND json_type($1) = 'ARRAY' THEN json_array_length($1) END"},
    {"json_object_keys", 1, "CASE WHEN json_valid($1) AND json_type($1) = 'OBJECT' THEN json_keys($1) END"},
    {"monotonically_increasing_id", 0, "row_number() OVER () - 1"},
    {"raise_error", 1, "spark_raise_error"},
    {"to_json", -1, "", to_json},
    {"typeof", 1, "", type_of},
    {"unwrap_udt", 1, "", passed_on},
    {"uuid", -1, "uuid()::VARCHAR"},
    {"xxhash64", -1, "spark_xxhash64"},
    {"normalize_nan_and_zero", 1, "", passed_on},
    {"knownnotnull", 1, "", passed_on},
};

}  // namespace

std::span<const FunctionLowering> misc_lowerings() { return rows; }

}  // namespace mastic::spark
