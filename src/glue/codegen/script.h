// The PySpark script of a visual job: what Glue makes of CodeGenConfigurationNodes.
//
//   const auto generated = codegen::generate(nodes);
//   if (!generated.problems.empty()) …
//
// Deterministic: the same nodes give the same text. A pure function of its arguments; the script runs in AWS Glue too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "glue/codegen/graph.h"

namespace mastic::glue::codegen {

struct Generated {
  std::string script;
  std::vector<Problem> problems;  // by node, in the order of the script
};

Generated generate(const Nodes& nodes);

/// The script that computes one node and prints one line, `preview_mark` and then JSON:
/// `{"frames": [{"name", "schema": Spark's schema, "rows": [[…]], "more": whether there are more rows}]}`. Of a target it shows
/// what would be written, and writes nothing. Nodes of which this one is not made are left out, with their problems.
Generated generate_preview(const Nodes& nodes, const std::string& node_id, uint32_t rows);
inline constexpr std::string_view preview_mark = "mastic-preview: ";

/// The kinds that a script can be made for, by their names in the API.
std::vector<NodeKind> supported_kinds();
std::vector<NodeKind> all_kinds();

}  // namespace mastic::glue::codegen
