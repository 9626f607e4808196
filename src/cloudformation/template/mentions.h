// The names that values mention, without evaluating them. Inside the room's template folder only.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "cloudformation/template/evaluate.h"

namespace mastic::cloudformation {

struct Mentions {
  std::set<std::string> references;  // Ref and Fn::Sub: resources, parameters and pseudo parameters
  std::set<std::string> attributes;  // Fn::GetAtt: resources alone
  std::set<std::string> conditions;  // Fn::If and, in the Conditions section, {"Condition": name}
};

/// With `conditions`, only the branches of Fn::If that are taken; without, all.
void collect_mentions(const Json& json, const Conditions* conditions, Mentions& into);

/// Each condition after those it needs. Fails for circles and for conditions that are not declared.
Result<std::vector<std::string>> condition_order(const Template& source);

}  // namespace mastic::cloudformation
