// Conditions, hashes, and what asks about the query itself.
#include <duckdb.hpp>
#include <duckdb/parser/expression/list.hpp>

#include "spark/lower/functions/table.h"
#include "spark/lower/types.h"

namespace mastic::spark {
namespace {

ast::Expr coalesce(CallInProgress& call) { return ast::coalesce(std::move(call.arguments)); }
ast::Expr if_else(CallInProgress& call) { return ast::case_when(call.take(0), call.take(1), call.take(2)); }

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
    {"reflect", -1, "spark_reflect"},
    {"try_reflect", -1, "spark_try_reflect"},
    {"spark_partition_id", 0, "(0)"},
    {"input_file_name", 0, "'' || ''"},
    {"input_file_block_start", 0, "(-1)"},
    {"input_file_block_length", 0, "(-1)"},
    {"current_database", 0, "", session_text},
    {"current_path", 0, "", session_text},
    {"current_schema", 0, "", session_text},
    {"current_user", 0, "", session_text},
    {"session_user", 0, "", session_text},
    {"user", 0, "", session_text},
    {"version", 0, "", session_text},
    {"hash", -1, "spark_hash"},
    {"distributed_sequence_id", -1, "row_number() OVER () - 1"},
    {"distributed_id", 0, "row_number() OVER () - 1"},
    {"array_binary_search", 2,
     "CASE WHEN list_contains($1, $2) THEN list_position($1, $2) - 1 ELSE -1 - len(list_filter($1, lambda x: x < $2)) "
     "END::INTEGER"},
    {"timestamp_ntz_to_long", 1, "floor(epoch_us($1) / 1000000)::BIGINT"},
    {"monotonically_increasing_id", 0, "row_number() OVER () - 1"},
    {"spark_partition_id", 0, "(0)::INTEGER"},
    {"raise_error", 1, "spark_raise_error"},
    {"typeof", 1, "", type_of},
    {"unwrap_udt", 1, "", passed_on},
    {"sql_function", 1, "", passed_on},
    {"xxhash64", -1, "spark_xxhash64"},
    {"normalize_nan_and_zero", 1, "", passed_on},
    {"knownnotnull", 1, "", passed_on},
};

}  // namespace

std::span<const FunctionLowering> misc_lowerings() { return rows; }

}  // namespace mastic::spark
