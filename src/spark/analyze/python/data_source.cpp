#include "spark/analyze/python/data_source.h"

#include <algorithm>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/python/analysis_answer.h"
#include "spark/analyze/python/pushed_filters.h"
#include "spark/analyze/relations/relations.h"

namespace mastic::spark {
namespace {

/// What Spark shows of a failure in a source's own code.
SparkError source_error(const std::string& provider, const char* action, const std::string& message) {
  return analysis_error("PYTHON_DATA_SOURCE_ERROR", {{"action", action}, {"type", provider}, {"msg", message}});
}

struct Created {
  std::string instance;  // pickled
  DataType schema;
};

SparkResult<Created> create(AnalyzerState& state, const proto::PythonDataSource& source, const std::string& provider,
                            const std::map<std::string, std::string>& options, const std::optional<DataType>& schema) {
  PythonRequest request;
  request.add_text(source.command());
  request.add_text(provider);
  request.add_flag(schema.has_value());
  if (schema) request.add_text(json_string(*schema));
  request.add_number(static_cast<int32_t>(options.size()));
  for (const auto& [name, value] : options) {
    request.add_text(name);
    request.add_text(value);
  }
  TRY(bytes, state.context.ask_python("pyspark.sql.worker.create_data_source", source.python_ver(), request.bytes()));
  PythonAnswer answer(bytes);
  if (const auto raised = answer.exception()) return fail(source_error(provider, "create", *raised));
  Created created;
  created.instance = answer.text();
  (void)answer.number();  // 1: the schema is DDL, else JSON; the text tells it, too
  const auto text = answer.text();
  if (!answer.complete()) return fail(source_error(provider, "create", "The Python worker ended before it had answered"));
  state.context.python_ended(answer.rest());
  TRY(type, parse_schema_text(text));
  created.schema = type;
  return created;
}

struct Planned {
  std::string function;                 // pickled: reads one partition
  std::vector<std::string> partitions;  // pickled
  std::vector<int> taken;               // the filters that the source takes over
};

SparkResult<Planned> plan(AnalyzerState& state, const PythonCall& source, const std::string& instance,
                          const std::string& schema, const std::vector<PushedFilter>& filters) {
  const auto flag = [&](const char* key, bool otherwise) { return state.setting(key, otherwise); };
  PythonRequest request;
  request.add_text(instance);
  if (filters.empty()) {
    request.add_text(json_string(types::structure({{"partition", types::binary(), false, {}}})));
    request.add_text(schema);
  } else {
    request.add_text(schema);
    std::string list;
    for (const auto& filter : filters) list += (list.empty() ? "" : ",") + filter.json;
    request.add_text("[" + list + "]");
  }
  const auto batch_rows = state.number("spark.sql.execution.arrow.maxRecordsPerBatch", 10'000);
  request.add_number(batch_rows > 0 && batch_rows < INT32_MAX ? static_cast<int32_t>(batch_rows) : INT32_MAX);
  if (filters.empty()) {
    request.add_flag(flag("spark.sql.python.filterPushdown.enabled", false));
    request.add_flag(false);  // no stream
  }
  request.add_flag(flag("spark.sql.execution.pyspark.binaryAsBytes", true));
  const auto* module =
      filters.empty() ? "pyspark.sql.worker.plan_data_source_read" : "pyspark.sql.worker.data_source_pushdown_filters";
  TRY(bytes, state.context.ask_python(module, source.python_version, request.bytes()));
  PythonAnswer answer(bytes);
  const auto& provider = source.name;
  if (const auto raised = answer.exception()) return fail(source_error(provider, "plan", *raised));
  Planned planned;
  planned.function = answer.text();
  const auto count = answer.number();
  for (int32_t i = 0; i < count && answer.complete(); ++i) planned.partitions.push_back(answer.text());
  const auto taken = filters.empty() ? 0 : answer.number();
  for (int32_t i = 0; i < taken && answer.complete(); ++i) planned.taken.push_back(answer.number());
  if (!answer.complete()) return fail(source_error(provider, "plan", "The Python worker ended before it had answered"));
  state.context.python_ended(answer.rest());
  return planned;
}

/// One row for each partition.
SparkResult<RelationPtr> partition_rows(AnalyzerState& state, const std::vector<std::string>& partitions) {
  std::vector<ExpressionPtr> values;
  for (const auto& partition : partitions) values.push_back(make_expression(types::binary(), false, Literal{partition}));
  TRY(list, call_function(state, "array", std::move(values)));
  TRY(generator, call_function(state, "explode", {list}));
  return generate(state, make_relation({}, OneRow{}), generator, {"partition"}, {});
}

void add_paths(std::map<std::string, std::string>& options, const std::vector<std::string>& paths) {
  if (paths.size() == 1) options["path"] = paths[0];
  if (paths.size() < 2) return;
  std::string list;
  for (const auto& path : paths) {
    list += list.empty() ? "[\"" : ",\"";
    for (const char c : path) {
      if (c == '"' || c == '\\') list += '\\';
      list += c;
    }
    list += '"';
  }
  options["paths"] = list + "]";
}

}  // namespace

std::string asked_for(const std::map<std::string, std::string>& options) {
  for (const auto* name : {"path", "paths", "table", "dbtable", "collection", "topic"}) {
    if (const auto found = options.find(name); found != options.end()) return found->second;
  }
  return {};
}

SparkResult<RelationPtr> read_python_data_source(AnalyzerState& state, const proto::CommonInlineUserDefinedDataSource& source,
                                                 const std::string& provider, std::map<std::string, std::string> options,
                                                 const std::vector<std::string>& paths, const std::optional<DataType>& schema) {
  const auto& python = source.python_data_source();
  add_paths(options, paths);
  TRY(created, create(state, python, provider, options, schema));
  // How its rows are read is asked for when it is known which filters stand over it: extract.cpp.
  PythonTransform node;
  node.input = make_relation({}, OneRow{});
  node.each_row_alone = true;
  constexpr int map_in_arrow = 207;
  node.function.name = provider;
  node.function.python_version = python.python_ver();
  node.function.evaluation_type = map_in_arrow;
  node.function.result_id = state.next_python_result_id();
  node.function.arguments = {make_expression(types::binary(), false, Literal{created.instance}),
                             string_constant(json_string(created.schema)), string_constant(asked_for(options))};
  std::vector<Attribute> output;
  for (const auto& field : created.schema.fields)
    output.push_back({state.next_id(), field.name, field.type, field.nullable, {}, field.metadata_json});
  return make_relation(std::move(output), std::move(node));
}

bool is_unplanned_source(const Relation& relation) {
  const auto* node = std::get_if<PythonTransform>(&relation.node);
  return node != nullptr && node->each_row_alone && node->function.command.empty();
}

SparkResult<RelationPtr> plan_python_data_source(AnalyzerState& state, const Relation& relation,
                                                 const std::vector<ExpressionPtr>& conditions) {
  auto node = std::get<PythonTransform>(relation.node);
  const auto text = [&](std::size_t argument) {
    return std::get<std::string>(std::get<Literal>(node.function.arguments.at(argument)->node).value);
  };
  std::vector<ExpressionPtr> left;
  TRY(filters, filters_for(state, relation, conditions, left));
  TRY(planned, plan(state, node.function, text(0), text(1), filters));
  TRY(rows, partition_rows(state, planned.partitions));
  node.input = rows;
  node.columns = rows->output;
  node.function.command = planned.function;
  // What it was asked for stays, for lineage.
  node.function.arguments.erase(node.function.arguments.begin(), node.function.arguments.end() - 1);
  auto result = make_relation(relation.output, std::move(node));
  for (std::size_t i = 0; i < filters.size(); ++i) {
    if (std::ranges::find(planned.taken, static_cast<int>(i)) == planned.taken.end()) left.push_back(filters[i].condition);
  }
  for (const auto& part : left) result = make_relation(result->output, Filter{result, part});
  return result;
}

}  // namespace mastic::spark
