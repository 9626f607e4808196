#include "glue/codegen/script.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "glue/codegen/python_text.h"
#include "glue/codegen/write_node.h"

namespace mastic::glue::codegen {
namespace {

template <typename Value>
concept Written = requires(const Node& node, const Value& value, Writer& writer) { write_node(node, value, writer); };

void write(const Node& node, Writer& writer) {
  visit_members(*node.value, [&](const NodeKind& kind, const auto& member) {
    if (!member) return;
    if constexpr (Written<std::remove_cvref_t<decltype(*member)>>) {
      write_node(node, *member, writer);
    } else {
      writer.unsupported(node, fmt::format("Mastic does not run nodes of the kind {} yet.", kind.name));
      writer.statement(node, fmt::format("{} = None", node.variable));
    }
  });
}

Generated written(const Graph& graph, const Writer& writer, const std::optional<std::string>& tail) {
  Generated generated{.script = writer.script(tail), .problems = graph.problems};
  std::ranges::copy(writer.problems(), std::back_inserter(generated.problems));
  return generated;
}

constexpr std::string_view preview_tail = R"(import json

shown = {0}
if not isinstance(shown, DynamicFrameCollection):
    shown = {{"": shown}}
frames = []
for name in shown.keys():
    data = shown[name].toDF() if isinstance(shown[name], DynamicFrame) else shown[name]
    rows = data.limit({1} + 1).collect()
    values = [[row[index] for index in range(len(data.columns))] for row in rows[:{1}]]
    frames.append({{"name": name, "schema": json.loads(data.schema.json()), "rows": values, "more": len(rows) > {1}}})


def plain(value):
    return value.hex() if isinstance(value, (bytes, bytearray)) else str(value)


print("{2}" + json.dumps({{"frames": frames}}, default=plain)))";

std::string first_input_of(const Graph& graph, const Node& node) {
  const auto* input = node.inputs.empty() ? nullptr : graph.find(node.inputs[0]);
  return input == nullptr ? "None" : input->variable;
}

}  // namespace

Generated generate(const Nodes& nodes) {
  const auto graph = read_graph(nodes);
  Writer writer(graph);
  for (const auto& node : graph.nodes) write(node, writer);
  return written(graph, writer, std::nullopt);
}

Generated generate_preview(const Nodes& nodes, const std::string& node_id, uint32_t rows) {
  const auto whole = read_graph(nodes);
  const auto graph = part_until(whole, node_id);
  const auto* shown = graph.find(node_id);
  if (shown == nullptr) {
    Generated none{.script = {}, .problems = graph.problems};
    if (none.problems.empty()) none.problems.push_back({node_id, "The node cannot be shown before its inputs are sound."});
    return none;
  }
  const bool is_target = shown->kind.role == NodeRole::target;
  Writer writer(graph);
  for (const auto& node : graph.nodes) {
    // A sample that a preview writes on its way would be a surprise.
    const auto* spigot = node.value->spigot ? &node : nullptr;
    if (spigot != nullptr) {
      writer.statement(node, fmt::format("{} = {}", node.variable, writer.input(node)));
    } else if (!(is_target && node.id == node_id)) {
      write(node, writer);
    }
  }
  const auto frame = is_target ? first_input_of(graph, *shown) : shown->variable;
  return written(graph, writer, fmt::format(preview_tail, frame, rows, preview_mark));
}

std::vector<NodeKind> supported_kinds() {
  std::vector<NodeKind> kinds;
  visit_members({}, [&](const NodeKind& kind, const auto& member) {
    if constexpr (Written<std::remove_cvref_t<decltype(*member)>>) kinds.push_back(kind);
  });
  return kinds;
}

std::vector<NodeKind> all_kinds() {
  std::vector<NodeKind> kinds;
  visit_members({}, [&](const NodeKind& kind, const auto&) { kinds.push_back(kind); });
  return kinds;
}

}  // namespace mastic::glue::codegen
