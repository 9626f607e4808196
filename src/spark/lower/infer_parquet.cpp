#include "spark/lower/infer_parquet.h"

#include <duckdb.hpp>
#include <duckdb/main/prepared_statement.hpp>
#include <duckdb/parser/expression/star_expression.hpp>
#include <duckdb/parser/query_node/select_node.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <duckdb/parser/tableref/table_function_ref.hpp>
#include <set>

#include "engine/duckdb_failure.h"
#include "spark/lower/ast.h"
#include "spark/lower/execute.h"

namespace mastic::spark {
namespace {

using duckdb::LogicalTypeId;

DataType to_spark_type(const duckdb::LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::BOOLEAN: return types::boolean();
    case LogicalTypeId::TINYINT: return types::byte();
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::UTINYINT: return types::short_type();
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::USMALLINT: return types::integer();
    case LogicalTypeId::BIGINT:
    case LogicalTypeId::UINTEGER: return types::long_type();
    case LogicalTypeId::UBIGINT: return types::decimal(20, 0);
    case LogicalTypeId::FLOAT: return types::float_type();
    case LogicalTypeId::DOUBLE: return types::double_type();
    case LogicalTypeId::DECIMAL:
      return types::decimal(duckdb::DecimalType::GetWidth(type), duckdb::DecimalType::GetScale(type));
    case LogicalTypeId::DATE: return types::date();
    case LogicalTypeId::TIMESTAMP_TZ: return types::timestamp();
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_MS:
    case LogicalTypeId::TIMESTAMP_NS:
    case LogicalTypeId::TIMESTAMP_SEC: return types::timestamp_ntz();
    case LogicalTypeId::BLOB: return types::binary();
    case LogicalTypeId::LIST: return types::array(to_spark_type(duckdb::ListType::GetChildType(type)));
    case LogicalTypeId::MAP:
      return types::map(to_spark_type(duckdb::MapType::KeyType(type)), to_spark_type(duckdb::MapType::ValueType(type)));
    case LogicalTypeId::STRUCT: {
      std::vector<StructField> fields;
      for (const auto& field : duckdb::StructType::GetChildTypes(type))
        fields.push_back({field.first, to_spark_type(field.second), true, ""});
      return types::structure(std::move(fields));
    }
    default: return types::string();
  }
}

std::unique_ptr<duckdb::SelectStatement> select_from(const std::string& function, const std::vector<std::string>& paths,
                                                     ast::Exprs columns) {
  duckdb::vector<duckdb::Value> list(paths.begin(), paths.end());
  ast::Exprs arguments;
  arguments.push_back(ast::constant(duckdb::Value::LIST(duckdb::LogicalType::VARCHAR, std::move(list))));
  if (function == "read_parquet") {
    arguments.push_back(ast::constant(duckdb::Value::BOOLEAN(false)));
    arguments.back()->SetAlias("hive_partitioning");
    if (paths.size() > 1) {
      arguments.push_back(ast::constant(duckdb::Value::BOOLEAN(true)));
      arguments.back()->SetAlias("union_by_name");
    }
  }
  auto table = duckdb::make_uniq<duckdb::TableFunctionRef>();
  table->function = ast::call(function, std::move(arguments));
  auto select = duckdb::make_uniq<duckdb::SelectNode>();
  select->select_list = std::move(columns);
  select->from_table = std::move(table);
  auto statement = std::make_unique<duckdb::SelectStatement>();
  statement->node = std::move(select);
  return statement;
}

// The columns that a reader finds, without reading rows.
SparkResult<std::vector<StructField>> columns_of(engine::Connection& connection, const char* reader,
                                                 const std::vector<std::string>& paths) {
  std::vector<StructField> fields;
  try {
    ast::Exprs star;
    star.push_back(duckdb::make_uniq<duckdb::StarExpression>());
    auto prepared = connection.duckdb().Prepare(
        duckdb::unique_ptr<duckdb::SQLStatement>(select_from(reader, paths, std::move(star)).release()));
    if (prepared->HasError()) return fail(to_spark_error(engine::to_failure(prepared->error)));
    for (std::size_t i = 0; i < prepared->GetNames().size(); ++i) {
      fields.push_back({prepared->GetNames()[i], to_spark_type(prepared->GetTypes()[i]), true, ""});
    }
  } catch (const std::exception& exception) {
    return fail(to_spark_error(engine::to_failure(exception)));
  }
  return fields;
}

}  // namespace

SparkResult<std::vector<StructField>> infer_parquet(engine::Connection& connection, const std::vector<std::string>& paths,
                                                    const FileOptions& options) {
  const bool merge = option_is_true(options, "mergeschema");
  const std::vector<std::string> looked_at = merge ? paths : std::vector<std::string>{paths.front()};
  TRY(fields, columns_of(connection, "read_parquet", looked_at));
  // INT96 is Spark's old timestamp: an instant, though DuckDB shows it without a zone.
  ast::Exprs columns;
  columns.push_back(ast::column(std::string("name")));
  columns.push_back(ast::column(std::string("type")));
  auto rows = connection.stream(select_from("parquet_schema", {looked_at.front()}, std::move(columns)));
  if (!rows) return fail(to_spark_error(rows.error()));
  std::set<std::string> legacy;
  while (true) {
    auto chunk = (*rows)->next();
    if (!chunk) return fail(to_spark_error(chunk.error()));
    if (*chunk == nullptr) break;
    for (duckdb::idx_t row = 0; row < (*chunk)->size(); ++row) {
      if ((*chunk)->GetValue(1, row).ToString() == "INT96") legacy.insert((*chunk)->GetValue(0, row).ToString());
    }
  }
  for (auto& field : fields) {
    if (field.type.is(TypeKind::timestamp_ntz) && legacy.contains(field.name)) field.type = types::timestamp();
  }
  return fields;
}

std::string parquet_row_metadata(engine::Connection& connection, const std::string& path) {
  ast::Exprs columns;
  for (const char* name : {"key", "value"}) {
    columns.push_back(ast::cast(ast::column(std::string(name)), duckdb::LogicalType::BLOB));
  }
  auto rows = connection.stream(select_from("parquet_kv_metadata", {path}, std::move(columns)));
  // Only a better schema than the file's own is lost.
  while (rows) {
    auto chunk = (*rows)->next();
    if (!chunk || *chunk == nullptr) break;
    for (duckdb::idx_t row = 0; row < (*chunk)->size(); ++row) {
      const auto text = [&](duckdb::idx_t column) { return duckdb::StringValue::Get((*chunk)->GetValue(column, row)); };
      if (text(0) == parquet_row_metadata_key) return text(1);
    }
  }
  return {};
}

}  // namespace mastic::spark
