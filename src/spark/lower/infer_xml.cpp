#include "spark/lower/infer_xml.h"

#include <algorithm>
#include <duckdb.hpp>
#include <duckdb/parser/query_node/select_node.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <duckdb/parser/tableref/subqueryref.hpp>
#include <duckdb/parser/tableref/table_function_ref.hpp>

#include "engine/duckdb_failure.h"
#include "engine/functions/xml_shape.h"
#include "spark/lower/ast.h"
#include "spark/lower/execute.h"
#include "spark/lower/relations/file_scan.h"

namespace mastic::spark {
namespace {

namespace xml = engine::xml;

DataType type_of(const xml::Shape& shape) {
  DataType type = types::string();
  if (!shape.fields.empty()) {
    std::vector<StructField> fields;
    for (const auto& [name, field] : shape.fields) fields.push_back({name, type_of(field), true, ""});
    type = types::structure(std::move(fields));
  } else if (shape.scalar == "BIGINT") {
    type = types::long_type();
  } else if (shape.scalar == "DOUBLE") {
    type = types::double_type();
  } else if (shape.scalar == "BOOLEAN") {
    type = types::boolean();
  } else if (shape.scalar == "DATE") {
    type = types::date();
  } else if (shape.scalar == "TIMESTAMP") {
    type = types::timestamp();
  } else if (int precision = 0, scale = 0; std::sscanf(shape.scalar.c_str(), "DECIMAL(%d,%d)", &precision, &scale) == 2) {
    type = types::decimal(precision, scale);
  }
  return shape.repeats ? types::array(std::move(type)) : type;
}

SparkResult<std::vector<StructField>> fields_of_texts(engine::Connection& connection,
                                                      duckdb::unique_ptr<duckdb::SelectNode> select,
                                                      const FileOptions& options) {
  auto statement = std::make_unique<duckdb::SelectStatement>();
  statement->node = std::move(select);
  auto rows = connection.stream(std::move(statement));
  if (!rows) return fail(to_spark_error(rows.error()));
  const xml::Inference inference(options);
  const xml::Reading reading(options);
  const xml::Validation validation(option(options, {"rowvalidationxsdpath"}, ""));
  xml::Shape all;
  bool corrupt = false;
  while (true) {
    auto chunk = (*rows)->next();
    if (!chunk) return fail(to_spark_error(chunk.error()));
    if (*chunk == nullptr) break;
    for (duckdb::idx_t row = 0; row < (*chunk)->size(); ++row) {
      const auto value = (*chunk)->GetValue(0, row);
      if (value.IsNull()) continue;
      const auto document = xml::parse(duckdb::StringValue::Get(value));
      auto* root = xml::root_of(document);
      if (root == nullptr || !validation.allows(document)) {
        corrupt = true;
        continue;
      }
      auto shape = inference.shape_of(root);
      if (shape.fields.empty() && !shape.scalar.empty()) {  // a row that is a text
        shape.fields[reading.value_tag].scalar = std::exchange(shape.scalar, "");
      }
      inference.merge(all, std::move(shape));
    }
  }
  auto fields = all.fields.empty() ? std::vector<StructField>{} : type_of(all).fields;
  const auto mode = lower_case(option(options, {"mode"}, "permissive"));
  const auto name = option(options, {"columnnameofcorruptrecord"}, "_corrupt_record");
  if (corrupt && mode == "failfast")
    return fail(runtime_error("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                              {{"badRecord", name}, {"failFastMode", "FAILFAST"}}, "org.apache.spark.SparkException"));
  if (corrupt && mode == "permissive") {
    fields.push_back({name, types::string(), true, ""});
    std::ranges::sort(fields, {}, &StructField::name);
  }
  return fields;
}

}  // namespace

SparkResult<std::vector<StructField>> infer_xml(engine::Connection& connection, const std::vector<std::string>& paths,
                                                const FileOptions& options) {
  auto select = duckdb::make_uniq<duckdb::SelectNode>();
  select->select_list.push_back(ast::column(std::string("record")));
  select->from_table = record_table("xml", options, {paths.begin(), paths.end()}, "t");
  try {
    return fields_of_texts(connection, std::move(select), options);
  } catch (const std::exception& exception) {  // a pattern of dates that is none
    return fail(to_spark_error(engine::to_failure(exception)));
  }
}

SparkResult<std::vector<StructField>> infer_xml_rows(engine::Connection& connection, const Relation& relation,
                                                     const FileOptions& options, const LowerOptions& lower_options) {
  TRY(query, lower(relation, lower_options));
  auto select = duckdb::make_uniq<duckdb::SelectNode>();
  select->select_list.push_back(ast::column(relation.output.at(0).id));
  select->from_table =
      duckdb::make_uniq<duckdb::SubqueryRef>(duckdb::unique_ptr<duckdb::SelectStatement>(query->statement.release()));
  try {
    return fields_of_texts(connection, std::move(select), options);
  } catch (const std::exception& exception) {
    return fail(to_spark_error(engine::to_failure(exception)));
  }
}

}  // namespace mastic::spark
