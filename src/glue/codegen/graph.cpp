#include "glue/codegen/graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "glue/codegen/python_text.h"

namespace mastic::glue::codegen {
namespace {

// A few kinds leave open what others require.
template <typename Value>
Value given(const Value& value) {
  return value;
}
template <typename Value>
Value given(const std::optional<Value>& value) {
  return value.value_or(Value{});
}

std::vector<std::string> inputs_of(const auto& value) {
  if constexpr (requires { value.inputs; }) {
    return given(value.inputs);
  } else {
    return {};
  }
}

// Numbers in ids count as numbers.
bool counts_before(std::string_view left, std::string_view right) {
  const auto digits = [](std::string_view text) {
    const auto end = text.find_last_not_of("0123456789");
    return end == std::string_view::npos ? text : text.substr(end + 1);
  };
  const auto one = digits(left);
  const auto other = digits(right);
  const auto one_rest = left.substr(0, left.size() - one.size());
  const auto other_rest = right.substr(0, right.size() - other.size());
  if (one_rest != other_rest || one.size() == other.size()) return left < right;
  return one.size() < other.size();
}

class Reader {
 public:
  explicit Reader(const Nodes& nodes) : nodes_(nodes) {}

  Graph read() {
    std::vector<Node> unplaced;
    for (const auto& [id, value] : nodes_) read_node(id, value, unplaced);
    std::ranges::sort(unplaced, counts_before, &Node::id);
    for (auto& node : unplaced) name_variable(node);
    check_inputs(unplaced);
    place(std::move(unplaced));
    return std::move(graph_);
  }

 private:
  void problem(const std::string& id, std::string message) { graph_.problems.push_back({id, std::move(message)}); }

  void read_node(const std::string& id, const aws::glue::CodeGenConfigurationNode& value, std::vector<Node>& nodes) {
    Node node{.id = id, .kind = {}, .name = {}, .variable = {}, .inputs = {}, .value = &value};
    int kinds = 0;
    visit_members(value, [&](const NodeKind& kind, const auto& member) {
      if (!member) return;
      ++kinds;
      node.kind = kind;
      node.name = given(member->name);
      node.inputs = inputs_of(*member);
    });
    if (kinds == 1) {
      nodes.push_back(std::move(node));
    } else {
      problem(id, kinds == 0 ? "The node says no kind: set one member, such as S3CsvSource."
                             : "The node says several kinds: set one member only.");
    }
  }

  void name_variable(Node& node) {
    auto name = python_name_part(node.name);
    const auto id = python_name_part(node.id);
    auto wanted = (name.empty() ? std::string(node.kind.name) : name) + "_" + (id.empty() ? "node" : id);
    while (!variables_.insert(wanted).second) wanted += "_";
    node.variable = std::move(wanted);
  }

  void check_inputs(const std::vector<Node>& nodes) {
    for (const auto& node : nodes) {
      if (node.kind.role != NodeRole::source && node.inputs.empty()) problem(node.id, "The node has no input: connect one.");
      for (const auto& input : node.inputs) {
        const auto found = std::ranges::find(nodes, input, &Node::id);
        if (found == nodes.end()) {
          problem(node.id, fmt::format("The node's input {} is no node of this job.", input));
        } else if (found->kind.role == NodeRole::target) {
          problem(node.id, fmt::format("The node's input {} is a target, which gives no rows on.", input));
        }
      }
    }
  }

  void place(std::vector<Node> unplaced) {
    std::set<std::string, std::less<>> placed;
    const auto ready = [&](const Node& node) {
      return std::ranges::all_of(node.inputs, [&](const auto& input) { return placed.contains(input); });
    };
    while (true) {
      const auto next = std::ranges::find_if(unplaced, ready);
      if (next == unplaced.end()) break;
      placed.insert(next->id);
      graph_.nodes.push_back(std::move(*next));
      unplaced.erase(next);
    }
    if (!graph_.problems.empty()) return;  // What hangs below a broken node is no circle.
    for (const auto& node : unplaced)
      problem(node.id, "The node is part of a circle, or comes behind one: it needs its own result.");
  }

  const Nodes& nodes_;
  Graph graph_;
  std::set<std::string> variables_;
};

}  // namespace

const Node* Graph::find(std::string_view id) const {
  const auto found = std::ranges::find(nodes, id, &Node::id);
  return found == nodes.end() ? nullptr : &*found;
}

Graph read_graph(const Nodes& nodes) { return Reader(nodes).read(); }

Graph part_until(const Graph& graph, std::string_view id) {
  std::set<std::string, std::less<>> wanted{std::string(id)};
  for (auto node = graph.nodes.rbegin(); node != graph.nodes.rend(); ++node) {
    if (wanted.contains(node->id)) wanted.insert(node->inputs.begin(), node->inputs.end());
  }
  Graph part;
  for (const auto& node : graph.nodes) {
    if (wanted.contains(node.id)) part.nodes.push_back(node);
  }
  for (const auto& problem : graph.problems) {
    if (wanted.contains(problem.node_id)) part.problems.push_back(problem);
  }
  return part;
}

}  // namespace mastic::glue::codegen
