// CreateScript, GetDataflowGraph, GetMapping, GetPlan: scripts from graphs, graphs from scripts, and the script that carries a
// catalog table's columns to a sink.
#include "glue/operations.h"

#include <fmt/format.h>

#include <algorithm>

#include "aws/service.h"
#include "glue/catalog/catalog.h"
#include "glue/codegen/dag.h"
#include "glue/codegen/python_text.h"
#include "glue/errors.h"
#include "glue/names.h"

namespace mastic::glue {
namespace {

namespace wire = aws::glue;
using catalog::Catalog;
using codegen::argument;
using codegen::python_string;

Result<void> check_language(const std::optional<std::string>& language) {
  if (language && *language == "SCALA") return fail(error::unsupported("Language SCALA"));
  return {};
}

Result<wire::CreateScriptResponse> create_script(const wire::CreateScriptRequest& request) {
  TRY_DO(check_language(request.language));
  TRY(script, codegen::script_of({request.dag_nodes.value_or(std::vector<wire::CodeGenNode>{}),
                                  request.dag_edges.value_or(std::vector<wire::CodeGenEdge>{})}));
  wire::CreateScriptResponse response;
  response.python_script = std::move(script);
  return response;
}

Result<wire::GetDataflowGraphResponse> get_graph(const wire::GetDataflowGraphRequest& request) {
  auto dag = codegen::dag_of(request.python_script.value_or(""));
  wire::GetDataflowGraphResponse response;
  response.dag_nodes = std::move(dag.nodes);
  response.dag_edges = std::move(dag.edges);
  return response;
}

Result<std::vector<wire::Column>> columns_of(const wire::CatalogEntry& entry, Catalog& catalog) {
  TRY(table, catalog.find_table(entry.database_name, entry.table_name));
  if (!table) return fail(error::table_not_found(entry.table_name));
  std::vector<wire::Column> columns;
  if (table->storage_descriptor && table->storage_descriptor->columns) columns = *table->storage_descriptor->columns;
  if (table->partition_keys) columns.insert(columns.end(), table->partition_keys->begin(), table->partition_keys->end());
  return columns;
}

wire::MappingEntry entry_of(const std::string& source_table, const wire::Column& from, const std::string& target_table,
                            const wire::Column& to) {
  wire::MappingEntry entry;
  entry.source_table = source_table;
  entry.source_path = from.name;
  entry.source_type = from.type;
  entry.target_table = target_table;
  entry.target_path = to.name;
  entry.target_type = to.type;
  return entry;
}

/// Without a sink every column as it is; with one, those that it has by name, in the sink's types.
Result<wire::GetMappingResponse> get_mapping(const wire::GetMappingRequest& request, Catalog& catalog) {
  TRY(columns, columns_of(request.source, catalog));
  wire::GetMappingResponse response;
  const auto sinks = request.sinks.value_or(std::vector<wire::CatalogEntry>{});
  if (sinks.empty()) {
    for (const auto& column : columns)
      response.mapping.push_back(entry_of(request.source.table_name, column, request.source.table_name, column));
  }
  for (const auto& sink : sinks) {
    TRY(wanted, columns_of(sink, catalog));
    for (const auto& to : wanted) {
      const auto from = std::ranges::find_if(
          columns, [&](const wire::Column& column) { return lower_name(column.name) == lower_name(to.name); });
      if (from != columns.end()) response.mapping.push_back(entry_of(request.source.table_name, *from, sink.table_name, to));
    }
  }
  return response;
}

std::string mappings_of(const std::vector<wire::MappingEntry>& mapping) {
  std::string text;
  for (const auto& entry : mapping) {
    const auto part = [](const std::optional<std::string>& given) { return python_string(given.value_or("")); };
    text += fmt::format("{}({}, {}, {}, {})", text.empty() ? "" : ", ", part(entry.source_path), part(entry.source_type),
                        part(entry.target_path ? entry.target_path : entry.source_path),
                        part(entry.target_type ? entry.target_type : entry.source_type));
  }
  return "[" + text + "]";
}

wire::CodeGenNode node(std::string id, std::string type, std::vector<wire::CodeGenNodeArg> arguments) {
  wire::CodeGenNode made;
  made.id = std::move(id);
  made.node_type = std::move(type);
  made.args = std::move(arguments);
  return made;
}

/// A value of Location, with or without quotes of its own.
std::string bare(std::string_view value) {
  if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
    value = value.substr(1, value.size() - 2);
  return std::string(value);
}

Result<std::vector<wire::CodeGenNodeArg>> sink_of(const wire::Location& location) {
  if (location.jdbc && !location.jdbc->empty()) return fail(error::unsupported("Location.Jdbc"));
  const bool is_items = location.dynamodb && !location.dynamodb->empty();
  const auto& given = is_items ? *location.dynamodb : location.s3.value_or(std::vector<wire::CodeGenNodeArg>{});
  std::string format = "json";
  std::vector<std::pair<std::string, std::string>> options;
  for (const auto& one : given) {
    if (!is_items && one.name == "format")
      format = bare(one.value);
    else if (is_items && (one.name == "tableName" || one.name == "table_name"))
      options.emplace_back("dynamodb.output.tableName", python_string(bare(one.value)));
    else
      options.emplace_back(one.name, python_string(bare(one.value)));
  }
  std::vector<wire::CodeGenNodeArg> arguments{argument("connection_type", python_string(is_items ? "dynamodb" : "s3")),
                                              argument("connection_options", codegen::python_dictionary(options))};
  if (!is_items) arguments.push_back(argument("format", python_string(format)));
  return arguments;
}

Result<wire::GetPlanResponse> get_plan(const wire::GetPlanRequest& request) {
  TRY_DO(check_language(request.language));
  if (request.additional_plan_options_map && !request.additional_plan_options_map->empty())
    return fail(error::unsupported("AdditionalPlanOptionsMap"));
  codegen::Dag dag;
  const auto link = [&](std::string source, std::string target) {
    wire::CodeGenEdge edge;
    edge.source = std::move(source);
    edge.target = std::move(target);
    edge.target_parameter = "frame";
    dag.edges.push_back(std::move(edge));
  };
  dag.nodes.push_back(node("datasource0", "DataSource",
                           {argument("database", python_string(request.source.database_name)),
                            argument("table_name", python_string(request.source.table_name))}));
  dag.nodes.push_back(node("applymapping1", "ApplyMapping", {argument("mappings", mappings_of(request.mapping))}));
  link("datasource0", "applymapping1");
  const auto add_sink = [&](std::vector<wire::CodeGenNodeArg> arguments) {
    auto id = fmt::format("datasink{}", dag.nodes.size());
    link("applymapping1", id);
    dag.nodes.push_back(node(std::move(id), "DataSink", std::move(arguments)));
  };
  for (const auto& sink : request.sinks.value_or(std::vector<wire::CatalogEntry>{}))
    add_sink({argument("database", python_string(sink.database_name)), argument("table_name", python_string(sink.table_name))});
  if (request.location) {
    TRY(sink, sink_of(*request.location));
    add_sink(std::move(sink));
  }
  TRY(script, codegen::script_of(dag));
  wire::GetPlanResponse response;
  response.python_script = std::move(script);
  return response;
}

}  // namespace

void add_codegen_operations(aws::Service& service, Catalog& catalog) {
  service.on<wire::CreateScript>(
      [](const wire::CreateScriptRequest& request, const aws::CallContext&) { return create_script(request); });
  service.on<wire::GetDataflowGraph>(
      [](const wire::GetDataflowGraphRequest& request, const aws::CallContext&) { return get_graph(request); });
  service.on<wire::GetMapping>(
      [&](const wire::GetMappingRequest& request, const aws::CallContext&) { return get_mapping(request, catalog); });
  service.on<wire::GetPlan>([](const wire::GetPlanRequest& request, const aws::CallContext&) { return get_plan(request); });
}

}  // namespace mastic::glue
