// DESCRIBE, and SHOW CREATE TABLE's text.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "spark/analyze/analyzer.h"
#include "spark/analyze/table_entry.h"
#include "spark/connect/execution/catalog_lists.h"
#include "spark/connect/execution/describe.h"
#include "spark/connect/execution/functions.h"
#include "spark/connect/execution/names.h"
#include "spark/connect/execution/partitions.h"
#include "spark/connect/execution/statement.h"
#include "spark/connect/execution/statement_runs.h"

namespace mastic::spark_connect {
namespace {

namespace sql = spark::sql;
using spark::SparkResult;

Rows column_table() {
  return {.columns = {text_column("col_name", false), text_column("data_type", false), text_column("comment")}, .rows = {}};
}

void add_line(Rows& rows, std::string name, std::string value = {}) {
  rows.rows.push_back({std::move(name), std::move(value), std::string()});
}

Cell comment_cell(const std::string& comment) { return comment.empty() ? Cell{} : Cell{comment}; }

std::string property_list(const std::map<std::string, std::string>& properties) {
  std::string text;
  for (const auto& [key, value] : properties) text += (text.empty() ? "" : ", ") + key + "=" + value;
  return "[" + text + "]";
}

std::string quoted_text(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string storage_properties(const engine::CatalogTable& table) {
  std::map<std::string, std::string> shown;
  for (const auto& [key, value] : table.serde_parameters)
    if (spark::provider_of(table) == "hive" || (key != "serialization.format" && key != "field.delim")) shown[key] = value;
  return shown.empty() ? std::string() : property_list(shown);
}

SparkResult<Rows> describe_column(Session& session, const sql::DescribeStatement& statement) {
  TRY(columns, list_columns(session, statement.name));
  if (statement.column.size() != 1) return fail(spark::unsupported("DESCRIBE of a field inside a column"));
  for (const auto& column : columns) {
    if (to_lower(column.name) != to_lower(statement.column[0])) continue;
    Rows rows{.columns = {text_column("info_name", false), text_column("info_value", false)}, .rows = {}};
    rows.rows.push_back({std::string("col_name"), column.name});
    rows.rows.push_back({std::string("data_type"), column.type});
    rows.rows.push_back({std::string("comment"), column.comment.empty() ? std::string("NULL") : column.comment});
    return rows;
  }
  std::string known;
  for (const auto& column : columns) known += (known.empty() ? "" : ", ") + quoted({column.name});
  return fail(spark::analysis_error("UNRESOLVED_COLUMN.WITH_SUGGESTION",
                                    {{"objectName", quoted(statement.column)}, {"proposal", known}}));
}

SparkResult<Rows> describe_table(Session& session, const sql::DescribeStatement& statement) {
  if (statement.as_json) return fail(spark::unsupported("DESCRIBE … AS JSON"));
  if (!statement.column.empty()) return describe_column(session, statement);
  TRY(columns, list_columns(session, statement.name));
  Rows rows = column_table();
  const auto add = [&](const ColumnEntry& column) {
    rows.rows.push_back({column.name, column.type, comment_cell(column.comment)});
  };
  bool partitioned = false;
  bool clustered = false;
  for (const ColumnEntry& column : columns) {
    add(column);
    partitioned = partitioned || column.is_partition;
    clustered = clustered || column.is_cluster;
  }
  const auto again = [&](std::string title, bool ColumnEntry::* flag) {
    add_line(rows, std::move(title));
    rows.rows.push_back({std::string("# col_name"), std::string("data_type"), std::string("comment")});
    for (const ColumnEntry& column : columns)
      if (column.*flag) add(column);
  };
  if (partitioned) again("# Partition Information", &ColumnEntry::is_partition);
  if (clustered) again("# Clustering Information", &ColumnEntry::is_cluster);
  const bool temporary = statement.name.size() == 1 && session.views.find(statement.name[0]) != nullptr;
  if (temporary || (statement.name.size() == 2 && to_lower(statement.name[0]) == "global_temp")) return rows;
  TRY(name, table_name(session, statement.name));
  TRY(table, find_table(session, name));
  if (!table) return fail(table_not_found(statement.name));
  if (!statement.partition.empty()) {
    TRY_DO(check_partitioned(*table, "DESC PARTITION"));
    TRY(fixed, fixed_values(*table, statement.partition, true));
    TRY(matching, matching_partitions(session, *table, statement.partition));
    if (matching.empty()) {
      std::vector<std::string> values;
      for (const auto& key : table->partition_keys) values.push_back(fixed[to_lower(key.name)].value_or("null"));
      return fail(spark::analysis_error(
          "PARTITIONS_NOT_FOUND",
          {{"partitionList", "PARTITION (" + partition_text(*table, values) + ")"}, {"tableName", quoted_full(*table)}}));
    }
    if (statement.extended) {
      add_line(rows, "");
      add_line(rows, "# Detailed Partition Information");
      add_line(rows, "Database", table->database);
      add_line(rows, "Table", table->name);
      add_line(rows, "Partition Values", "[" + partition_text(*table, matching.front().values) + "]");
      add_line(rows, "Location", shown_location(matching.front().location));
    }
    return rows;
  }
  if (!statement.extended) return rows;
  add_line(rows, "");
  add_line(rows, "# Detailed Table Information");
  for (auto& [key, value] : table_details(session, *table)) add_line(rows, key, value);
  return rows;
}

SparkResult<Rows> describe_database(Session& session, const sql::DescribeStatement& statement) {
  TRY(name, database_name(session, statement.name));
  TRY(database, get_database(session, name));
  Rows rows{.columns = {text_column("info_name", false), text_column("info_value", false)}, .rows = {}};
  const auto add = [&](std::string key, std::string value) { rows.rows.push_back({std::move(key), std::move(value)}); };
  add("Catalog Name", std::string(session_catalog));
  add("Namespace Name", database.name);
  if (!database.description.empty()) add("Comment", database.description);
  add("Location", shown_location(database.location));
  if (statement.extended) {
    std::string properties;
    for (const auto& [key, value] : database.parameters)
      properties += (properties.empty() ? "" : ", ") + fmt::format("({},{})", key, value);
    add("Properties", properties.empty() ? "" : "(" + properties + ")");
  }
  return rows;
}

// What CREATE FUNCTION … RETURN said.
Rows describe_sql_function(const spark::SqlFunction& function, bool extended) {
  const auto& definition = *function.definition;
  Rows rows{.columns = {text_column("function_desc", false)}, .rows = {}};
  const auto line = [&](std::string_view key, const std::string& value) {
    rows.rows.push_back({fmt::format("{:<{}} {}", key, extended ? 14 : 9, value)});
  };
  std::string name = function.name.size() > 1 ? std::string(session_catalog) : std::string();
  for (const auto& part : function.name) name += (name.empty() ? "" : ".") + part;
  line("Function:", name);
  line("Type:", definition.returns_table ? "TABLE" : "SCALAR");
  std::string key = "Input:";
  for (const auto& parameter : definition.parameters) {
    std::string text = parameter.name + " " + spark::sql_string(parameter.type);
    if (extended && !parameter.default_text.empty()) text += " DEFAULT " + parameter.default_text;
    if (extended && !parameter.comment.empty()) text += " '" + parameter.comment + "'";
    line(key, text);
    key.clear();
  }
  if (definition.parameters.empty()) line(key, "()");
  key = "Returns:";
  if (definition.returns_table) {
    for (const auto& field : definition.returns->fields) {
      line(key, field.name + " " + spark::sql_string(field.type));
      key.clear();
    }
  } else if (definition.returns) {
    line(key, spark::sql_string(*definition.returns));
  }
  if (extended) {
    if (!definition.comment.empty()) line("Comment:", definition.comment);
    line("Deterministic:", definition.deterministic.value_or(true) ? "true" : "false");
    line("Data Access:", definition.reads_data ? "READS SQL DATA" : "CONTAINS SQL");
    line("Body:", definition.body);
  }
  return rows;
}

SparkResult<Rows> describe_function(Session& session, const sql::DescribeStatement& statement) {
  TRY(function, find_function(session, statement.name));
  if (!function) return fail(function_not_found(session, statement.name));
  Rows rows{.columns = {text_column("function_desc", false)}, .rows = {}};
  if (const auto sql = find_sql_function(session, statement.name)) return describe_sql_function(*sql, statement.extended);
  const std::string name = function->database.empty()
                               ? function->name
                               : fmt::format("{}.{}.{}", session_catalog, function->database, function->name);
  rows.rows.push_back({"Function: " + name});
  rows.rows.push_back({"Class: " + function->class_name});
  rows.rows.push_back({"Usage: " + (function->description.empty() ? "N/A." : function->description)});
  if (statement.extended) rows.rows.push_back({std::string("Extended Usage:\n    No example/argument for ") + name + ".\n"});
  return rows;
}

SparkResult<Rows> describe_query(Execution& execution, const sql::DescribeStatement& statement) {
  TRY(plan, resolve(execution, *statement.query));
  Rows rows = column_table();
  for (const auto& attribute : plan->output) {
    const spark::StructField field{attribute.name, attribute.type, attribute.nullable, attribute.metadata_json};
    rows.rows.push_back({attribute.name, spark::simple_string(attribute.type), comment_cell(spark::comment_of(field))});
  }
  return rows;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> table_details(const Session&, const engine::CatalogTable& table) {
  std::vector<std::pair<std::string, std::string>> details;
  const auto add = [&](std::string key, std::string value) { details.emplace_back(std::move(key), std::move(value)); };
  const auto parameter = [&](const char* key) {
    const auto found = table.parameters.find(key);
    return found == table.parameters.end() ? std::string() : found->second;
  };
  const bool is_view = table.table_type == "VIRTUAL_VIEW";
  add("Catalog", std::string(session_catalog));
  add("Database", table.database);
  add("Table", table.name);
  if (!table.owner.empty()) add("Owner", table.owner);
  if (const auto seconds = std::atoll(parameter("transient_lastDdlTime").c_str()); seconds > 0)
    add("Created Time", fmt::format("{:%a %b %d %H:%M:%S} UTC {:%Y}", fmt::gmtime(seconds), fmt::gmtime(seconds)));
  add("Last Access", "UNKNOWN");
  if (const auto version = parameter("spark.sql.create.version"); !version.empty()) add("Created By", "Spark " + version);
  add("Type", is_view ? "VIEW" : table.table_type == "MANAGED_TABLE" ? "MANAGED" : "EXTERNAL");
  if (!is_view) add("Provider", spark::provider_of(table));
  if (const auto buckets = spark::buckets_of(table)) {
    const auto names = [](const std::vector<std::string>& columns) {
      std::string text;
      for (const auto& column : columns) text += (text.empty() ? "" : ", ") + quoted({column});
      return "[" + text + "]";
    };
    add("Num Buckets", std::to_string(buckets->count));
    add("Bucket Columns", names(buckets->columns));
    add("Sort Columns", names(buckets->sorted_by));
  }
  if (!table.description.empty()) add("Comment", table.description);
  if (is_view) {
    add("View Text", table.view_text);
    add("View Original Text", table.view_text);
    add("View Catalog and Namespace", fmt::format("{}.{}", session_catalog, parameter("view.catalogAndNamespace.part.1")));
    std::string columns;
    const auto count = std::atoi(parameter("view.query.out.numCols").c_str());
    for (int i = 0; i < count; ++i)
      columns += (i == 0 ? "" : ", ") + quoted({parameter(("view.query.out.col." + std::to_string(i)).c_str())});
    add("View Query Output Columns", "[" + columns + "]");
  }
  if (const auto properties = spark::user_properties(table); !properties.empty())
    add("Table Properties", property_list(properties));
  if (const auto bytes = parameter("spark.sql.statistics.totalSize"); !bytes.empty()) {
    const auto rows = parameter("spark.sql.statistics.numRows");
    add("Statistics", bytes + " bytes" + (rows.empty() ? "" : ", " + rows + " rows"));
  }
  if (!table.location.empty()) add("Location", shown_location(table.location));
  if (!is_view && spark::provider_of(table) == "hive") {
    add("Serde Library", table.serialization_library);
    add("InputFormat", table.input_format);
    add("OutputFormat", table.output_format);
  }
  if (const auto storage = storage_properties(table); !is_view && !storage.empty()) add("Storage Properties", storage);
  if (!table.partition_keys.empty()) add("Partition Provider", "Catalog");
  return details;
}

SparkResult<std::string> create_table_text(const Session& session, const std::vector<std::string>& name) {
  if (name.size() == 1 && session.views.find(name[0]) != nullptr) {
    return fail(spark::analysis_error("EXPECT_PERMANENT_VIEW_NOT_TEMP",
                                      {{"viewName", quoted(name)}, {"operation", "SHOW CREATE TABLE"}}));
  }
  TRY(full_name, table_name(session, name));
  TRY(table, find_table(session, full_name));
  if (!table) return fail(table_not_found(name));
  TRY(schema, spark::schema_of_table(*table));
  const bool is_view = table->table_type == "VIRTUAL_VIEW";
  const auto plain = [](const std::string& text) {
    const bool word =
        !text.empty() && std::isdigit(static_cast<unsigned char>(text[0])) == 0 &&
        text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == std::string::npos;
    return word ? text : quoted({text});
  };
  const auto names = [&](const std::vector<std::string>& columns) {
    std::string text;
    for (const auto& column : columns) text += (text.empty() ? "" : ", ") + plain(column);
    return text;
  };
  const auto list = [](const std::map<std::string, std::string>& pairs) {
    std::string text;
    for (const auto& [key, value] : pairs)
      text += (text.empty() ? "" : ",\n") + fmt::format("  {} = {}", quoted_text(key), quoted_text(value));
    return "(\n" + text + ")\n";
  };
  std::string columns;
  for (const auto& field : schema.all()) {
    columns += (columns.empty() ? "" : ",\n") + fmt::format("  {}", plain(field.name));
    if (!is_view) columns += " " + spark::sql_string(field.type);
    if (!is_view && !field.nullable) columns += " NOT NULL";
    if (const auto value = spark::metadata_text(field.metadata_json, "CURRENT_DEFAULT")) columns += " DEFAULT " + *value;
    if (const auto comment = spark::comment_of(field); !comment.empty()) columns += " COMMENT " + quoted_text(comment);
  }
  std::string text = fmt::format("CREATE {} {}.{}.{} (\n{})\n", is_view ? "VIEW" : "TABLE", session_catalog,
                                 plain(table->database), plain(table->name), columns);
  const auto properties = spark::user_properties(*table);
  if (is_view) {
    if (!table->description.empty()) text += "COMMENT " + quoted_text(table->description) + "\n";
    if (!properties.empty()) text += "TBLPROPERTIES " + list(properties);
    return text + "WITH SCHEMA COMPENSATION\nAS " + table->view_text + "\n";
  }
  const auto provider = spark::provider_of(*table);
  text += "USING " + (provider == "hive" ? spark::format_of(*table) : provider) + "\n";
  std::map<std::string, std::string> options;
  for (const auto& [key, value] : table->serde_parameters)
    if (key != "serialization.format" && key != "field.delim") options[key] = value;
  if (!options.empty()) text += "OPTIONS " + list(options);
  std::vector<std::string> keys;
  for (const auto& field : schema.partitions) keys.push_back(field.name);
  if (!keys.empty()) text += "PARTITIONED BY (" + names(keys) + ")\n";
  if (const auto buckets = spark::buckets_of(*table)) {
    text += "CLUSTERED BY (" + names(buckets->columns) + ")\n";
    if (!buckets->sorted_by.empty()) text += "SORTED BY (" + names(buckets->sorted_by) + ")\n";
    text += fmt::format("INTO {} BUCKETS\n", buckets->count);
  }
  if (const auto clustering = spark::clustering_of(*table); !clustering.empty())
    text += "CLUSTER BY (" + names(clustering) + ")\n";
  if (!table->description.empty()) text += "COMMENT " + quoted_text(table->description) + "\n";
  if (table->table_type != "MANAGED_TABLE" && !table->location.empty())
    text += "LOCATION " + quoted_text(shown_location(table->location)) + "\n";
  if (!properties.empty()) text += "TBLPROPERTIES " + list(properties);
  return text;
}

StatementResult run(Execution& execution, const sql::DescribeStatement& statement) {
  Session& session = *execution.session;
  using Kind = sql::DescribeStatement::Kind;
  switch (statement.kind) {
    case Kind::table: return describe_table(session, statement);
    case Kind::database: return describe_database(session, statement);
    case Kind::function: return describe_function(session, statement);
    case Kind::query: return describe_query(execution, statement);
  }
  return fail(spark::internal_error("an unknown kind of DESCRIBE"));
}

}  // namespace mastic::spark_connect
