// Scripts as graphs, the classic way: CreateScript's nodes and edges become a script, GetDataflowGraph reads them back.
//
// Each step of such a script stands under four comments that say what it is (`## @type: …`, `@args`, `@return`, `@inputs`):
// those are the graph. A script without them has none. Argument values are Python source of whoever asks, as in Glue; they
// must fit on a line. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aws/models/glue.h"
#include "base/result.h"

namespace mastic::glue::codegen {

struct Dag {
  std::vector<aws::glue::CodeGenNode> nodes;
  std::vector<aws::glue::CodeGenEdge> edges;
};

/// Fails with InvalidInputException for a circle, an edge to a node that is not there, a kind of step that awsglue has not.
Result<std::string> script_of(const Dag& dag);
Dag dag_of(std::string_view script);

/// `name` and `value` as an argument; the value is Python source.
aws::glue::CodeGenNodeArg argument(std::string name, std::string value);

}  // namespace mastic::glue::codegen
