// SimulateCustomPolicy, SimulatePrincipalPolicy: what policies would say to requests that nobody makes.
//
// Decided as real requests are, over the documents that the caller names. Statements are told by their policy; where in its
// text they stand is not. A key that a statement asks for and the caller did not give is reported as missing.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "iam/decider.h"
#include "iam/errors.h"
#include "iam/operations/operations.h"
#include "iam/policy/evaluate.h"

namespace mastic::iam {
namespace {

using policy::Outcome;

struct Source {
  std::string id;
  policy::Document document;
};

/// What a simulation decides with.
struct Stage {
  std::vector<Source> identity;
  std::vector<policy::Document> boundaries;
  bool bounded = false;
  std::optional<policy::Document> resource_policy;
  std::string caller_arn;
  std::string account_id;
  policy::Keys keys;
};

Result<std::vector<Source>> read_inputs(const std::optional<std::vector<std::string>>& texts) {
  std::vector<Source> sources;
  for (const auto& text : texts.value_or(std::vector<std::string>{})) {
    auto document = policy::parse_document(text, policy::Kind::identity);
    if (!document) return fail(error::invalid_input(document.error().message));
    sources.push_back({fmt::format("PolicyInputList.{}", sources.size() + 1), std::move(*document)});
  }
  return sources;
}

template <typename Request>
Result<Stage> stage_of(const Request& request, const Context& context) {
  Stage stage;
  stage.account_id = context.account_id;
  TRY(boundaries, read_inputs(request.permissions_boundary_policy_input_list));
  for (auto& boundary : boundaries) stage.boundaries.push_back(std::move(boundary.document));
  stage.bounded = !stage.boundaries.empty();
  if (request.resource_policy) {
    auto document = policy::parse_document(*request.resource_policy, policy::Kind::resource);
    if (!document) return fail(error::invalid_input(document.error().message));
    stage.resource_policy = std::move(*document);
  }
  stage.caller_arn = request.caller_arn.value_or("");
  for (const auto& entry : request.context_entries.value_or(std::vector<wire::ContextEntry>{})) {
    stage.keys[policy::lower(entry.context_key_name.value_or(""))] =
        entry.context_key_values.value_or(std::vector<std::string>{});
  }
  return stage;
}

void add_missing(const policy::Statement& statement, const Stage& stage, std::set<std::string>& missing) {
  for (const auto& condition : statement.conditions) {
    if (!stage.keys.contains(condition.key)) missing.insert(condition.key);
  }
}

struct Verdict {
  std::string decision;
  std::vector<wire::Statement> matched;
  std::set<std::string> missing;
  bool by_boundary = true;
};

Verdict judge(const Stage& stage, const std::string& action, const std::string& resource) {
  const auto lowered = policy::lower(action);
  const std::vector<std::string> arns{stage.caller_arn};
  const policy::Asker asker{.arns = arns, .account_id = stage.account_id, .service = {}};
  const policy::Question question{.action = lowered, .resource = resource, .keys = stage.keys, .asker = &asker};
  Verdict verdict;
  std::vector<wire::Statement> allowing;
  std::vector<wire::Statement> denying;
  const auto look = [&](const policy::Document& document, const std::string& id) {
    for (const auto& statement : document.statements) {
      if (policy::speaks_of(statement, question)) add_missing(statement, stage, verdict.missing);
      if (!policy::applies(statement, question)) continue;
      wire::Statement told;
      told.source_policy_id = id;
      told.source_policy_type = "IAM Policy";
      (statement.allow ? allowing : denying).push_back(std::move(told));
    }
    return policy::evaluate(document, question);
  };
  auto by_identity = Outcome::silent;
  for (const auto& source : stage.identity) by_identity = std::max(by_identity, look(source.document, source.id));
  auto by_resource = Outcome::silent;
  if (stage.resource_policy) by_resource = look(*stage.resource_policy, "ResourcePolicy");
  const auto by_boundary = stage.bounded ? policy::evaluate(stage.boundaries, question) : Outcome::allowed;
  verdict.by_boundary = by_boundary == Outcome::allowed;
  if (std::max({by_identity, by_resource, by_boundary}) == Outcome::denied) {
    verdict.decision = "explicitDeny";
    verdict.matched = std::move(denying);
  } else if (by_resource == Outcome::allowed || (by_identity == Outcome::allowed && verdict.by_boundary)) {
    verdict.decision = "allowed";
    verdict.matched = std::move(allowing);
  } else {
    verdict.decision = "implicitDeny";
  }
  return verdict;
}

wire::EvaluationResult describe(const Stage& stage, const std::string& action, const std::string& resource) {
  auto verdict = judge(stage, action, resource);
  wire::EvaluationResult result;
  result.eval_action_name = action;
  result.eval_resource_name = resource;
  result.eval_decision = std::move(verdict.decision);
  result.matched_statements = std::move(verdict.matched);
  result.missing_context_values.emplace(verdict.missing.begin(), verdict.missing.end());
  if (stage.bounded) {
    result.permissions_boundary_decision_detail.emplace().allowed_by_permissions_boundary = verdict.by_boundary;
  }
  return result;
}

/// One result an action and resource, in pages.
template <typename Response, typename Request>
Response simulate(const Stage& stage, const Request& request) {
  const auto resources =
      request.resource_arns && !request.resource_arns->empty() ? *request.resource_arns : std::vector<std::string>{"*"};
  std::vector<std::pair<std::string, std::pair<std::string, std::string>>> asked;  // by a number that sorts
  for (const auto& action : request.action_names) {
    for (const auto& resource : resources) asked.push_back({fmt::format("{:08}", asked.size()), {action, resource}});
  }
  Response response;
  response.evaluation_results.emplace();
  for (const auto& [number, pair] :
       take_page(std::move(asked), request.marker, request.max_items, response, [](const auto& one) { return one.first; })) {
    response.evaluation_results->push_back(describe(stage, pair.first, pair.second));
  }
  return response;
}

Result<wire::SimulateCustomPolicy::Response> simulate_custom(const wire::SimulateCustomPolicyRequest& request,
                                                             const Context& context) {
  TRY(stage, stage_of(request, context));
  TRY(inputs, read_inputs(request.policy_input_list));
  stage.identity = std::move(inputs);
  return simulate<wire::SimulateCustomPolicy::Response>(stage, request);
}

/// arn:aws:iam::A:user/path/NAME → kind and name.
Result<std::pair<Store::Kind, std::string>> principal_of(std::string_view arn) {
  const auto name = std::string(arn.substr(arn.rfind('/') + 1));
  if (arn.find(":user/") != std::string_view::npos) return std::pair{Store::Kind::user, name};
  if (arn.find(":group/") != std::string_view::npos) return std::pair{Store::Kind::group, name};
  if (arn.find(":role/") != std::string_view::npos) return std::pair{Store::Kind::role, name};
  return fail(error::invalid_input(fmt::format("Invalid Entity Arn: {} does not clearly define entity type and name.", arn)));
}

Result<wire::SimulatePrincipalPolicy::Response> simulate_principal(const wire::SimulatePrincipalPolicyRequest& request,
                                                                   const Context& context, House house) {
  TRY(stage, stage_of(request, context));
  TRY(named, principal_of(request.policy_source_arn));
  const auto policies = house.decider.policies_of(named.first, named.second);
  if (!policies) TRY_DO(require_principal(house.store, named.first, named.second));
  if (stage.caller_arn.empty()) stage.caller_arn = request.policy_source_arn;
  for (std::size_t at = 0; policies && at < policies->identity.size(); ++at) {
    stage.identity.push_back({policies->sources[at], policies->identity[at]});
  }
  TRY(inputs, read_inputs(request.policy_input_list));
  std::ranges::move(inputs, std::back_inserter(stage.identity));
  // The principal's own boundary holds unless the caller tries another.
  if (policies && policies->boundary && !stage.bounded) {
    stage.boundaries.push_back(*policies->boundary);
    stage.bounded = true;
  }
  return simulate<wire::SimulatePrincipalPolicy::Response>(stage, request);
}

}  // namespace

void add_simulation_operations(aws::Service& service, House house) {
  service.on<wire::SimulateCustomPolicy>([](const auto& request, const Context& c) { return simulate_custom(request, c); });
  service.on<wire::SimulatePrincipalPolicy>(
      [=](const auto& request, const Context& c) { return simulate_principal(request, c, house); });
}

}  // namespace mastic::iam
