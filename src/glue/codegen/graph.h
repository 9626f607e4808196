// A visual job's nodes in the order in which a script computes them.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aws/models/glue.h"
#include "glue/codegen/node_members.h"

namespace mastic::glue::codegen {

using Nodes = std::map<std::string, aws::glue::CodeGenConfigurationNode>;

/// What is wrong with a node, for whoever draws it.
struct Problem {
  std::string node_id;
  std::string message;
  bool only_unsupported = false;  // a sound node of a kind that Mastic does not run
};

struct Node {
  std::string id;
  NodeKind kind{};
  std::string name;      // as its author called it
  std::string variable;  // in the script; its own
  std::vector<std::string> inputs;
  const aws::glue::CodeGenConfigurationNode* value = nullptr;
};

/// `nodes`: inputs before those that need them, otherwise by id as people count (node-2 before node-10). With problems of
/// the graph's shape (no kind or two, an unknown input, a circle) only what could be placed is in it.
struct Graph {
  std::vector<Node> nodes;
  std::vector<Problem> problems;

  [[nodiscard]] const Node* find(std::string_view id) const;
};

/// The graph refers to `nodes`.
Graph read_graph(const Nodes& nodes);

/// Only what `id` is made of, and itself.
Graph part_until(const Graph& graph, std::string_view id);

}  // namespace mastic::glue::codegen
