#include "spark/lower/infer_json.h"

#include <algorithm>
#include <duckdb.hpp>
#include <duckdb/parser/query_node/select_node.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <duckdb/parser/tableref/subqueryref.hpp>
#include <duckdb/parser/tableref/table_function_ref.hpp>

#include "spark/lower/ast.h"
#include "spark/lower/execute.h"

namespace mastic::spark {
namespace {

/// Reads the structure text; it comes from DuckDB, so it is well-formed.
class StructureReader {
 public:
  explicit StructureReader(std::string_view text) : text_(text) {}

  DataType type() {
    skip();
    if (take('{')) {
      std::vector<StructField> fields;
      while (!take('}')) {
        auto name = string();
        take(':');
        fields.push_back({std::move(name), type(), true, ""});
        take(',');
      }
      std::ranges::sort(fields, {}, &StructField::name);
      return fields.empty() ? types::string() : types::structure(std::move(fields));
    }
    if (take('[')) {
      auto element = type();
      take(']');
      return types::array(std::move(element));
    }
    const auto name = string();
    if (name == "BOOLEAN") return types::boolean();
    if (name == "BIGINT" || name == "UBIGINT") return types::long_type();
    if (name == "HUGEINT" || name == "UHUGEINT") return types::decimal(38, 0);
    if (name == "DOUBLE") return types::double_type();
    return types::string();
  }

 private:
  void skip() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }
  bool take(char c) {
    skip();
    if (at_ >= text_.size()) return c == '}' || c == ']';
    if (text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string string() {
    std::string out;
    if (!take('"')) {
      ++at_;
      return out;
    }
    for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      out += text_[at_];
    }
    ++at_;
    return out;
  }
  std::string_view text_;
  std::size_t at_ = 0;
};

/// primitivesAsString
DataType with_texts(DataType type) {
  if (!type.is_nested()) return types::string();
  for (auto& child : type.children) child = with_texts(child);
  for (auto& field : type.fields) field.type = with_texts(field.type);
  return type;
}

SparkResult<std::vector<StructField>> fields_of(engine::Connection& connection, const std::string& structure,
                                                duckdb::unique_ptr<duckdb::TableRef> from, const FileOptions& options) {
  auto select = duckdb::make_uniq<duckdb::SelectNode>();
  select->select_list.push_back(ast::fill(structure, {}));
  select->from_table = std::move(from);
  auto statement = std::make_unique<duckdb::SelectStatement>();
  statement->node = std::move(select);
  auto rows = connection.stream(std::move(statement));
  if (!rows) return fail(to_spark_error(rows.error()));
  auto chunk = (*rows)->next();
  if (!chunk) return fail(to_spark_error(chunk.error()));
  if (*chunk == nullptr || (*chunk)->GetValue(0, 0).IsNull()) return std::vector<StructField>{};
  auto type = type_of_json_structure((*chunk)->GetValue(0, 0).ToString());
  if (option_is_true(options, "primitivesasstring")) type = with_texts(type);
  return type.fields;
}

}  // namespace

DataType type_of_json_structure(std::string_view structure) { return StructureReader(structure).type(); }

SparkResult<std::vector<StructField>> infer_json(engine::Connection& connection, const std::vector<std::string>& paths,
                                                 const FileOptions& options) {
  const bool multi_line = option_is_true(options, "multiline");
  duckdb::vector<duckdb::Value> list(paths.begin(), paths.end());
  ast::Exprs arguments;
  arguments.push_back(ast::constant(duckdb::Value::LIST(duckdb::LogicalType::VARCHAR, std::move(list))));
  const auto add = [&](const char* name, duckdb::Value value) {
    arguments.push_back(ast::constant(std::move(value)));
    arguments.back()->SetAlias(name);
  };
  add("format", duckdb::Value(multi_line ? "auto" : "newline_delimited"));
  if (!multi_line) add("ignore_errors", duckdb::Value::BOOLEAN(true));
  add("maximum_object_size", duckdb::Value::UINTEGER(128U << 20));
  auto table = duckdb::make_uniq<duckdb::TableFunctionRef>();
  table->function = ast::call("read_json_objects", std::move(arguments));
  return fields_of(connection, "json_group_structure(json)::VARCHAR", std::move(table), options);
}

SparkResult<std::vector<StructField>> infer_json_rows(engine::Connection& connection, const Relation& relation,
                                                      const FileOptions& options, const LowerOptions& lower_options) {
  TRY(query, lower(relation, lower_options));
  auto table = duckdb::make_uniq<duckdb::SubqueryRef>(duckdb::unique_ptr<duckdb::SelectStatement>(query->statement.release()));
  return fields_of(connection,
                   "json_group_structure(TRY_CAST(" + ast::column_name(relation.output.at(0).id) + " AS JSON))::VARCHAR",
                   std::move(table), options);
}

}  // namespace mastic::spark
