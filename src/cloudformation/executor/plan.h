// A template made ready for one stack: read, its parameters resolved, checked; and what it would change.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "cloudformation/executor/house.h"

namespace mastic::cloudformation {

struct Plan {
  Template source;
  Environment environment;
  ParameterValues parameters;
  Conditions conditions;
  std::map<std::string, std::set<std::string>> needs;  // of the resources whose condition holds
  std::vector<std::string> order;                      // those before what needs them

  [[nodiscard]] Evaluator evaluator() const { return {source, environment, parameters, conditions}; }
};

/// Reads `wanted.template_body`, resolves and checks. Fails with ValidationErrors; unknown types of resources are named.
Result<std::unique_ptr<Plan>> make_plan(const House& house, const StackRecord& stack, const Specification& wanted,
                                        const std::vector<GivenParameter>& given,
                                        const std::map<std::string, std::string>& previous);
/// The same from a specification that was planned before.
Result<std::unique_ptr<Plan>> make_plan(const House& house, const StackRecord& stack, const Specification& wanted);

/// Takes over into `wanted` what resolving found: the texts given, those from SSM, and which are masked.
void take_parameters(const Plan& plan, Specification& wanted);

/// What the plan would do to the stack as it is. `before_tags`: the stack's present tags.
Result<std::vector<ResourceChangeRecord>> changes_of(const House& house, const StackRecord& stack, const Plan& plan,
                                                     const Specification& wanted, const std::vector<ResourceRecord>& present);

/// The outputs with these references.
Result<std::vector<OutputRecord>> outputs_of(const Plan& plan, References& references);

/// The top-level properties in which two objects differ.
std::vector<std::string> differing(const Json& before, const Json& after);

Result<Json> evaluate_properties(const Plan& plan, const ResourceDeclaration& declaration, References& references);

}  // namespace mastic::cloudformation
