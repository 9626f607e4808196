#include "spark/lower/infer_json.h"

#include <algorithm>
#include <duckdb.hpp>
#include <duckdb/parser/query_node/select_node.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <duckdb/parser/tableref/subqueryref.hpp>
#include <duckdb/parser/tableref/table_function_ref.hpp>

#include "engine/functions/json_shape.h"
#include "spark/lower/ast.h"
#include "spark/lower/execute.h"
#include "spark/lower/relations/file_scan.h"

namespace mastic::spark {
namespace {

/// Spark leaves fields out whose only values are objects without members.
bool is_empty(const DataType& type) {
  if (type.is(TypeKind::array)) return is_empty(type.element());
  return type.is(TypeKind::struct_) && type.fields.empty();
}

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
        auto member = type();
        if (!is_empty(member)) fields.push_back({std::move(name), std::move(member), true, ""});
        take(',');
      }
      std::ranges::sort(fields, {}, &StructField::name);
      return types::structure(std::move(fields));
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

using engine::JsonShape;

/// nullopt: nothing is known of it but NULLs and empty objects.
std::optional<DataType> type_of(const JsonShape& shape, bool drops_nulls) {
  using Kind = JsonShape::Kind;
  switch (shape.kind) {
    case Kind::none: return drops_nulls ? std::nullopt : std::optional(types::string());
    case Kind::boolean: return types::boolean();
    case Kind::integer: return types::long_type();
    case Kind::decimal: return types::decimal(shape.precision, shape.scale);
    case Kind::real: return types::double_type();
    case Kind::text: return types::string();
    case Kind::array: {
      auto element = type_of(shape.members.at(0).second, drops_nulls);
      return element ? std::optional(types::array(*std::move(element))) : std::nullopt;
    }
    case Kind::object: break;
  }
  std::vector<StructField> fields;
  for (const auto& [name, member] : shape.members)
    if (auto type = type_of(member, drops_nulls)) fields.push_back({name, *std::move(type), true, ""});
  return fields.empty() ? std::nullopt : std::optional(types::structure(std::move(fields)));
}

/// The fields of JSON texts, one a row, as Spark's own parser reads them; with the column for corrupt records if there are.
SparkResult<std::vector<StructField>> fields_of_texts(engine::Connection& connection,
                                                      duckdb::unique_ptr<duckdb::SelectNode> select,
                                                      const FileOptions& options) {
  auto statement = std::make_unique<duckdb::SelectStatement>();
  statement->node = std::move(select);
  auto rows = connection.stream(std::move(statement));
  if (!rows) return fail(to_spark_error(rows.error()));
  const auto reading = engine::json_reading_of(options);
  JsonShape all;
  bool corrupt = false;
  const auto take = [&](const engine::Json& json) {
    const auto shape = engine::json_shape_of(json, options);
    if (shape.kind == JsonShape::Kind::object) {
      all = engine::merged_shape(all, shape);
    } else {
      corrupt = true;
    }
  };
  while (true) {
    auto chunk = (*rows)->next();
    if (!chunk) return fail(to_spark_error(chunk.error()));
    if (*chunk == nullptr) break;
    for (duckdb::idx_t row = 0; row < (*chunk)->size(); ++row) {
      const auto value = (*chunk)->GetValue(0, row);
      if (value.IsNull()) continue;
      const auto& text = duckdb::StringValue::Get(value);
      if (text.find_first_not_of(" \t\r\n") == std::string::npos) continue;
      const auto json = engine::read_json(text, reading);
      if (!json) {
        corrupt = true;
      } else if (json->kind == engine::Json::Kind::array) {
        for (const auto& item : json->items) take(item);
      } else {
        take(*json);
      }
    }
  }
  auto type = type_of(all, option_is_true(options, "dropfieldifallnull"));
  auto fields = type ? type->fields : std::vector<StructField>{};
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

duckdb::vector<duckdb::Value> values_of(const std::vector<std::string>& paths) { return {paths.begin(), paths.end()}; }

bool has_kernel_options(const FileOptions& options) {
  static constexpr const char* names[] = {"allowcomments",
                                          "allowunquotedfieldnames",
                                          "allownumericleadingzeros",
                                          "allowbackslashescapinganycharacter",
                                          "allowunquotedcontrolchars",
                                          "linesep",
                                          "encoding",
                                          "charset",
                                          "dropfieldifallnull",
                                          "prefersdecimal"};
  return std::ranges::any_of(names, [&](const char* name) { return options.contains(name); });
}

/// Whether a line is no JSON to DuckDB.
SparkResult<bool> any_malformed(engine::Connection& connection, const std::vector<std::string>& paths,
                                const FileOptions& options) {
  auto select = duckdb::make_uniq<duckdb::SelectNode>();
  select->select_list.push_back(ast::fill("count(*) FILTER (WHERE NOT json_valid(record) AND trim(record) <> '')", {}));
  select->from_table = record_table("json", options, values_of(paths), "t");
  auto statement = std::make_unique<duckdb::SelectStatement>();
  statement->node = std::move(select);
  auto rows = connection.stream(std::move(statement));
  if (!rows) return fail(to_spark_error(rows.error()));
  auto chunk = (*rows)->next();
  if (!chunk) return fail(to_spark_error(chunk.error()));
  return *chunk != nullptr && (*chunk)->GetValue(0, 0).GetValue<int64_t>() > 0;
}

}  // namespace

DataType type_of_json_structure(std::string_view structure) { return StructureReader(structure).type(); }

SparkResult<std::vector<StructField>> infer_json(engine::Connection& connection, const std::vector<std::string>& paths,
                                                 const FileOptions& options) {
  const bool multi_line = option_is_true(options, "multiline");
  const bool packed = std::ranges::any_of(paths, [](const std::string& path) { return path.ends_with(".bz2"); });
  bool own = has_kernel_options(options) || packed;
  if (!own && !multi_line) {
    TRY(malformed, any_malformed(connection, paths, options));
    own = malformed;
  }
  if (own) {
    auto select = duckdb::make_uniq<duckdb::SelectNode>();
    select->select_list.push_back(ast::column(std::string("record")));
    select->from_table = record_table("json", options, values_of(paths), "t");
    return fields_of_texts(connection, std::move(select), options);
  }
  auto list = values_of(paths);
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
  auto select = duckdb::make_uniq<duckdb::SelectNode>();
  select->select_list.push_back(ast::column(relation.output.at(0).id));
  select->from_table =
      duckdb::make_uniq<duckdb::SubqueryRef>(duckdb::unique_ptr<duckdb::SelectStatement>(query->statement.release()));
  return fields_of_texts(connection, std::move(select), options);
}

}  // namespace mastic::spark
