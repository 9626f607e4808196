#include "ecr/policy_text.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "ecr/errors.h"

namespace mastic::ecr {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::array<std::string_view, 3> tag_states = {"tagged", "untagged", "any"};
constexpr std::array<std::string_view, 4> count_types = {"imageCountMoreThan", "sinceImagePushed", "sinceImagePulled",
                                                         "sinceImageTransitioned"};

Error lifecycle_failure(std::string_view why) {
  return error::invalid_parameter("LifecyclePolicyText", fmt::format("Lifecycle policy validation failure: {}", why));
}

/// Empty when the member is missing or no text.
std::string_view text_of(const object& from, std::string_view member) {
  std::string_view text;
  return from.at_key(member).get(text) == simdjson::SUCCESS ? text : std::string_view{};
}

Result<void> check_selection(const object& rule) {
  object selection;
  if (rule.at_key("selection").get(selection) != simdjson::SUCCESS) return fail(lifecycle_failure("a rule needs a selection"));
  const auto tag_status = text_of(selection, "tagStatus");
  if (std::ranges::find(tag_states, tag_status) == tag_states.end()) {
    return fail(lifecycle_failure("tagStatus must be tagged, untagged or any"));
  }
  simdjson::dom::array unused;
  const bool has_tags = selection.at_key("tagPrefixList").get(unused) == simdjson::SUCCESS ||
                        selection.at_key("tagPatternList").get(unused) == simdjson::SUCCESS;
  if (tag_status == "tagged" && !has_tags) {
    return fail(lifecycle_failure("tagPrefixList or tagPatternList is needed when tagStatus is tagged"));
  }
  if (std::ranges::find(count_types, text_of(selection, "countType")) == count_types.end()) {
    return fail(lifecycle_failure("countType is unknown"));
  }
  int64_t count = 0;
  if (selection.at_key("countNumber").get(count) != simdjson::SUCCESS || count < 1) {
    return fail(lifecycle_failure("countNumber must be a positive number"));
  }
  return {};
}

}  // namespace

Result<void> check_repository_policy(std::string_view text) {
  simdjson::dom::parser parser;
  object policy;
  element statements;
  if (parser.parse(text.data(), text.size()).get(policy) != simdjson::SUCCESS ||
      policy.at_key("Statement").get(statements) != simdjson::SUCCESS || !(statements.is_array() || statements.is_object())) {
    return fail(error::invalid_parameter("PolicyText", "Invalid repository policy provided"));
  }
  return {};
}

Result<void> check_lifecycle_policy(std::string_view text) {
  simdjson::dom::parser parser;
  object policy;
  simdjson::dom::array rules;
  if (parser.parse(text.data(), text.size()).get(policy) != simdjson::SUCCESS) {
    return fail(lifecycle_failure("the text is no JSON object"));
  }
  if (policy.at_key("rules").get(rules) != simdjson::SUCCESS || rules.size() == 0) {
    return fail(lifecycle_failure("rules must be a list with at least one rule"));
  }
  std::set<int64_t> priorities;
  for (const auto given : rules) {
    object rule;
    if (given.get(rule) != simdjson::SUCCESS) return fail(lifecycle_failure("a rule must be an object"));
    int64_t priority = 0;
    if (rule.at_key("rulePriority").get(priority) != simdjson::SUCCESS || priority < 1) {
      return fail(lifecycle_failure("rulePriority must be a positive number"));
    }
    if (!priorities.insert(priority).second) return fail(lifecycle_failure("rulePriority must differ between rules"));
    TRY_DO(check_selection(rule));
    object action;
    if (rule.at_key("action").get(action) != simdjson::SUCCESS || text_of(action, "type").empty()) {
      return fail(lifecycle_failure("a rule needs an action with a type"));
    }
  }
  return {};
}

}  // namespace mastic::ecr
