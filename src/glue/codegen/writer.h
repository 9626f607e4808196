// The script as it grows: functions that nodes ask for, then the nodes' statements in order.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "glue/codegen/graph.h"

namespace mastic::glue::codegen {

/// Functions that a script defines when a node needs them.
enum class Helper : uint8_t { run_sql, as_dynamic_frame, join_frames, drop_null_columns, route };

class Writer {
 public:
  explicit Writer(const Graph& graph) : graph_(graph) {}

  /// A statement, behind a comment that names the node when it is the node's first.
  void statement(const Node& node, std::string text);
  void use(Helper helper) { helpers_.insert(helper); }
  /// A function of the user's own, defined before the statements. The first of one name is the one; false if another text has
  /// it.
  bool define(const std::string& name, std::string text);
  void unsupported(const Node& node, std::string message);
  void wrong(const Node& node, std::string message);

  /// The variable of an input; of one that is not there a name that no script defines (its problem is told already).
  [[nodiscard]] std::string input(const Node& node, std::size_t index = 0) const;
  [[nodiscard]] std::string variable_of(std::string_view node_id) const;

  [[nodiscard]] const std::vector<Problem>& problems() const { return problems_; }
  /// The whole script; `tail` stands in place of the job's commit.
  [[nodiscard]] std::string script(const std::optional<std::string>& tail) const;

 private:
  const Graph& graph_;
  std::set<Helper> helpers_;
  std::vector<std::pair<std::string, std::string>> definitions_;
  std::vector<std::string> statements_;
  std::string last_node_;
  std::vector<Problem> problems_;
};

}  // namespace mastic::glue::codegen
