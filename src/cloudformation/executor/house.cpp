#include "cloudformation/executor/house.h"

#include <fmt/format.h>

#include "base/identifiers.h"
#include "cloudformation/errors.h"
#include "cloudformation/executor/nested_stack.h"
#include "cloudformation/resources/service_call.h"

namespace mastic::cloudformation {

const ResourceType* House::type(std::string_view name) const {
  return is_nested_stack(name) ? nested_stack : find_resource_type(name);
}

ResourceContext context_of(const House& house, const StackRecord& stack, std::string_view logical_id) {
  return {.calls = house.calls,
          .region = stack.region,
          .account_id = stack.account_id,
          .stack_name = stack.name,
          .stack_id = stack.id,
          .logical_id = std::string(logical_id),
          .stack_tags = stack.current.tags,
          .role_arn = stack.current.role_arn,
          .access_key = stack.access_key,
          .endpoint = stack.endpoint};
}

EventRecord event_of(const House& house, const StackRecord& stack, std::string_view status, std::string_view reason) {
  return {.id = random_uuid(),
          .stack_id = stack.id,
          .stack_name = stack.name,
          .logical_id = stack.name,
          .physical_id = stack.id,
          .type = "AWS::CloudFormation::Stack",
          .status = std::string(status),
          .reason = std::string(reason),
          .token = stack.token,
          .properties = {},
          .time = house.now()};
}

EventRecord event_of(const House& house, const StackRecord& stack, const ResourceRecord& resource) {
  return {.id = fmt::format("{}-{}-{}", resource.logical_id, resource.status, random_uuid()),
          .stack_id = stack.id,
          .stack_name = stack.name,
          .logical_id = resource.logical_id,
          .physical_id = resource.now.physical_id,
          .type = resource.now.type,
          .status = resource.status,
          .reason = resource.reason,
          .token = stack.token,
          .properties = resource.now.properties.dump(-1, ' ', false, Json::error_handler_t::replace),
          .time = house.now()};
}

Result<std::string> read_parameter(const House& house, const StackRecord& stack, std::string_view name, bool decrypt) {
  auto answer = call_json(context_of(house, stack, {}), "ssm", "GetParameter",
                          Json{{"Name", std::string(name)}, {"WithDecryption", decrypt}});
  if (!answer) {
    if (answer.error().code == "ParameterNotFound") {
      return fail(
          error::validation(fmt::format("Unable to fetch parameters [{}] from parameter store for this account.", name)));
    }
    return fail(std::move(answer).error());
  }
  if (!answer->contains("Parameter") || !(*answer)["Parameter"].contains("Value")) {
    return fail(Error::internal(fmt::format("Systems Manager answered without a value for {}", name)));
  }
  return (*answer)["Parameter"]["Value"].get<std::string>();
}

}  // namespace mastic::cloudformation
