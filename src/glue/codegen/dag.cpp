#include "glue/codegen/dag.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "glue/codegen/python_text.h"
#include "glue/errors.h"

namespace mastic::glue::codegen {
namespace {

namespace wire = aws::glue;

constexpr std::string_view begin_of_script = R"(import sys

from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.transforms import *
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

)";

constexpr std::string_view begin_of_job = R"(
glueContext = GlueContext(SparkContext.getOrCreate())
spark = glueContext.spark_session
job = Job(glueContext)
job.init(args["JOB_NAME"], args)
)";

/// Classes of awsglue.transforms that are applied to one frame, or to the parameters that the edges name.
constexpr auto transforms = std::to_array<std::string_view>(
    {"ApplyMapping",  "Coalesce",     "DropFields",           "DropNullFields", "Filter",      "FlatMap",
     "Join",          "Map",          "MapToCollection",      "Relationalize",  "RenameField", "Repartition",
     "ResolveChoice", "SelectFields", "SelectFromCollection", "Spigot",         "SplitFields", "SplitRows",
     "Unbox",         "Union",        "UnnestFrame"});

bool has(const wire::CodeGenNode& node, std::string_view name) {
  return std::ranges::any_of(node.args, [&](const auto& argument) { return argument.name == name; });
}

std::string text_of(const wire::CodeGenNodeArg& argument) {
  if (!argument.param.value_or(false)) return fmt::format("{} = {}", argument.name, argument.value);
  return fmt::format("{} = args[{}]", argument.name, python_string(argument.value));
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

/// What the step calls, with the parentheses left open.
Result<std::string> call_of(const wire::CodeGenNode& node) {
  if (node.node_type == "DataSource") {
    if (has(node, "database")) return std::string("glueContext.create_dynamic_frame.from_catalog(");
    if (has(node, "connection_type")) return std::string("glueContext.create_dynamic_frame.from_options(");
    return fail(
        error::invalid_input(fmt::format("Node {}: a DataSource has the argument database or connection_type", node.id)));
  }
  if (node.node_type == "DataSink") {
    if (has(node, "catalog_connection")) return std::string("glueContext.write_dynamic_frame.from_jdbc_conf(");
    if (has(node, "database")) return std::string("glueContext.write_dynamic_frame.from_catalog(");
    if (has(node, "connection_type")) return std::string("glueContext.write_dynamic_frame.from_options(");
    return fail(error::invalid_input(
        fmt::format("Node {}: a DataSink has the argument database, connection_type or catalog_connection", node.id)));
  }
  if (std::ranges::find(transforms, node.node_type) != transforms.end()) return node.node_type + ".apply(";
  return fail(error::invalid_input(fmt::format("Node {}: {} is no kind of node", node.id, node.node_type)));
}

Result<std::string> step_of(const wire::CodeGenNode& node, const std::vector<wire::CodeGenEdge>& edges) {
  std::vector<std::string> inputs;
  for (const auto& edge : edges)
    if (edge.target == node.id) inputs.push_back(edge.target_parameter.value_or("frame") + " = " + edge.source);
  std::vector<std::string> arguments;
  for (const auto& argument : node.args) {
    if (argument.value.find_first_of("\r\n") != std::string::npos)
      return fail(error::invalid_input(fmt::format("Node {}: the argument {} is longer than a line", node.id, argument.name)));
    if (!is_python_identifier(argument.name))
      return fail(error::invalid_input(fmt::format("Node {}: {} is no name of an argument", node.id, argument.name)));
    arguments.push_back(text_of(argument));
  }
  if (!has(node, "transformation_ctx")) arguments.push_back("transformation_ctx = " + python_string(node.id));
  TRY(call, call_of(node));
  auto all = inputs;
  all.insert(all.end(), arguments.begin(), arguments.end());
  return fmt::format("\n## @type: {}\n## @args: [{}]\n## @return: {}\n## @inputs: [{}]\n{} = {}{})\n", node.node_type,
                     joined(arguments), node.id, joined(inputs), node.id, call, joined(all));
}

/// Every node behind those that it reads; else in the order given.
Result<std::vector<const wire::CodeGenNode*>> in_order(const Dag& dag) {
  std::vector<const wire::CodeGenNode*> order;
  std::set<std::string> done;
  while (order.size() < dag.nodes.size()) {
    const auto before = order.size();
    for (const auto& node : dag.nodes) {
      if (done.contains(node.id)) continue;
      const bool waits = std::ranges::any_of(
          dag.edges, [&](const auto& edge) { return edge.target == node.id && !done.contains(edge.source); });
      if (waits) continue;
      order.push_back(&node);
      done.insert(node.id);
    }
    if (order.size() == before) return fail(error::invalid_input("The graph has a circle, or two nodes have one id"));
  }
  return order;
}

Result<void> check(const Dag& dag) {
  std::set<std::string> ids;
  for (const auto& node : dag.nodes) {
    if (!is_python_identifier(node.id)) return fail(error::invalid_input(node.id + " is no name of a node"));
    if (!ids.insert(node.id).second) return fail(error::invalid_input("Two nodes have the id " + node.id));
  }
  for (const auto& edge : dag.edges) {
    for (const auto& end : {edge.source, edge.target})
      if (!ids.contains(end)) return fail(error::invalid_input("An edge names the node " + end + ", which is not there"));
    if (edge.target_parameter && !is_python_identifier(*edge.target_parameter))
      return fail(error::invalid_input(*edge.target_parameter + " is no name of a parameter"));
  }
  return {};
}

// --- reading

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

/// `[a = 1, b = [2, 3]]` at its outer commas.
std::vector<std::string_view> entries_of(std::string_view list) {
  list = trimmed(list);
  if (list.starts_with('[')) list.remove_prefix(1);
  if (list.ends_with(']')) list.remove_suffix(1);
  std::vector<std::string_view> entries;
  int depth = 0;
  char quote = 0;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= list.size(); ++at) {
    const char c = at < list.size() ? list[at] : ',';
    if (quote != 0 && at < list.size()) {
      if (c == '\\') ++at;
      if (c == quote) quote = 0;
      continue;
    }
    if (c == '"' || c == '\'') quote = c;
    if (c == '[' || c == '(' || c == '{') ++depth;
    if (c == ']' || c == ')' || c == '}') --depth;
    if (c != ',' || (depth > 0 && at < list.size())) continue;
    if (const auto entry = trimmed(list.substr(begin, at - begin)); !entry.empty()) entries.push_back(entry);
    begin = at + 1;
  }
  return entries;
}

/// `name = value`; without a name the value alone.
std::pair<std::string, std::string> halves_of(std::string_view entry) {
  const auto equals = entry.find('=');
  if (equals == std::string_view::npos) return {"", std::string(entry)};
  return {std::string(trimmed(entry.substr(0, equals))), std::string(trimmed(entry.substr(equals + 1)))};
}

wire::CodeGenNodeArg argument_of(std::string_view entry) {
  auto [name, value] = halves_of(entry);
  const bool is_parameter =
      value.size() > 8 && (value.starts_with("args[\"") || value.starts_with("args['")) && value.ends_with(']');
  auto made = argument(std::move(name), is_parameter ? value.substr(6, value.size() - 8) : value);
  made.param = is_parameter;
  return made;
}

struct Comment {
  std::string_view key;
  std::string_view value;
};
std::optional<Comment> comment_of(std::string_view line) {
  constexpr std::string_view mark = "## @";
  if (!line.starts_with(mark)) return std::nullopt;
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return Comment{line.substr(mark.size(), colon - mark.size()), trimmed(line.substr(colon + 1))};
}

}  // namespace

wire::CodeGenNodeArg argument(std::string name, std::string value) {
  wire::CodeGenNodeArg made;
  made.name = std::move(name);
  made.value = std::move(value);
  return made;
}

Result<std::string> script_of(const Dag& dag) {
  TRY_DO(check(dag));
  TRY(order, in_order(dag));
  std::vector<std::string> parameters{"JOB_NAME"};
  for (const auto& node : dag.nodes) {
    for (const auto& argument : node.args) {
      if (!argument.param.value_or(false)) continue;
      if (!is_python_identifier(argument.value))
        return fail(error::invalid_input(fmt::format("Node {}: {} is no name of a parameter", node.id, argument.value)));
      if (std::ranges::find(parameters, argument.value) == parameters.end()) parameters.push_back(argument.value);
    }
  }
  std::string script(begin_of_script);
  script += fmt::format("## @params: [{}]\nargs = getResolvedOptions(sys.argv, {})\n{}", joined(parameters),
                        python_list(parameters), begin_of_job);
  for (const auto* node : order) {
    TRY(step, step_of(*node, dag.edges));
    script += step;
  }
  return script + "\njob.commit()\n";
}

Dag dag_of(std::string_view script) {
  Dag dag;
  wire::CodeGenNode node;
  std::string_view inputs;
  int32_t number = 0;
  while (!script.empty()) {
    const auto end = std::min(script.find('\n'), script.size());
    const auto line = trimmed(script.substr(0, end));
    script.remove_prefix(std::min(end + 1, script.size()));
    ++number;
    if (const auto comment = comment_of(line)) {
      if (comment->key == "type") node.node_type = comment->value;
      if (comment->key == "return") node.id = comment->value;
      if (comment->key == "inputs") inputs = comment->value;
      if (comment->key == "args")
        for (const auto entry : entries_of(comment->value)) node.args.push_back(argument_of(entry));
      continue;
    }
    if (line.empty() || line.starts_with('#') || node.id.empty() || node.node_type.empty()) continue;
    for (const auto entry : entries_of(inputs)) {
      auto [parameter, source] = halves_of(entry);
      wire::CodeGenEdge edge;
      edge.source = std::move(source);
      edge.target = node.id;
      if (!parameter.empty()) edge.target_parameter = std::move(parameter);
      dag.edges.push_back(std::move(edge));
    }
    node.line_number = number;
    dag.nodes.push_back(std::move(node));
    node = {};
    inputs = {};
  }
  return dag;
}

}  // namespace mastic::glue::codegen
