#include <fmt/format.h>

#include <algorithm>

#include "glue/codegen/python_text.h"
#include "glue/codegen/write_node.h"

namespace mastic::glue::codegen {
namespace {

std::string indented(std::string_view code) {
  std::string text;
  std::size_t at = 0;
  while (at < code.size()) {
    const auto end = std::min(code.find('\n', at), code.size());
    const auto line = code.substr(at, end - at);
    text += line.empty() ? "\n" : fmt::format("    {}\n", line);
    at = end + 1;
  }
  return text;
}

std::string named_inputs(const Node& node, const Writer& writer) {
  std::vector<std::pair<std::string, std::string>> frames;
  for (const auto& input : node.inputs) frames.emplace_back(writer.variable_of(input), writer.variable_of(input));
  return python_dictionary(frames);
}

}  // namespace

void write_node(const Node& node, const wire::SparkSQL& transform, Writer& writer) {
  if (transform.sql_query.empty()) writer.wrong(node, "Write a query.");
  std::vector<std::pair<std::string, std::string>> frames;
  for (const auto& alias : transform.sql_aliases) {
    if (std::ranges::find(node.inputs, alias.from) == node.inputs.end()) {
      writer.wrong(node, fmt::format("The alias {} is of {}, which is none of the node's inputs.", alias.alias, alias.from));
    }
    frames.emplace_back(alias.alias, writer.variable_of(alias.from));
  }
  writer.use(Helper::run_sql);
  writer.statement(node, fmt::format("{0} = run_sql(\n    {1},\n    {2},\n    \"{0}\",\n)", node.variable,
                                     python_string(transform.sql_query), python_dictionary(frames)));
}

// The node's code is a function's body: (glueContext, dfc) → DynamicFrameCollection.
void write_node(const Node& node, const wire::CustomCode& transform, Writer& writer) {
  if (!is_python_identifier(transform.class_name)) {
    writer.wrong(node, fmt::format("The class name is no name of a Python function: {}", transform.class_name));
    return;
  }
  const auto body = indented(transform.code);
  if (!writer.define(transform.class_name, fmt::format("def {}(glueContext, dfc) -> DynamicFrameCollection:\n{}",
                                                       transform.class_name, body.empty() ? "    return dfc\n" : body))) {
    writer.wrong(node, fmt::format("Another node has other code under the class name {}.", transform.class_name));
  }
  writer.statement(node, fmt::format("{} = {}(glueContext, DynamicFrameCollection({}, glueContext))", node.variable,
                                     transform.class_name, named_inputs(node, writer)));
}

void write_node(const Node& node, const wire::SelectFromCollection& transform, Writer& writer) {
  writer.statement(node, fmt::format("{0} = SelectFromCollection.apply(\n    dfc={1},\n    key=list({1}.keys())[{2}],\n"
                                     "    transformation_ctx=\"{0}\",\n)",
                                     node.variable, writer.input(node), transform.index));
}

void write_node(const Node& node, const wire::Spigot& transform, Writer& writer) {
  std::vector<std::pair<std::string, std::string>> options;
  if (transform.topk) options.emplace_back("topk", fmt::format("{}", *transform.topk));
  if (transform.prob) options.emplace_back("prob", fmt::format("{}", *transform.prob));
  writer.statement(
      node, fmt::format("{0} = Spigot.apply(frame={1}, path={2}, options={3}, transformation_ctx=\"{0}\")", node.variable,
                        writer.input(node), python_string(transform.path), python_dictionary(options)));
}

}  // namespace mastic::glue::codegen
