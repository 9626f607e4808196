// What the room's parts share: the store, the clock, and the way to other services.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "aws/local_call.h"
#include "base/clock.h"
#include "cloudformation/cloudformation.h"
#include "cloudformation/resources/resource_type.h"
#include "cloudformation/store/store.h"
#include "cloudformation/template/evaluate.h"

namespace mastic::cloudformation {

class NestedStackType;

struct House {
  Store& store;
  const Clock& clock;
  ServiceCalls& calls;
  ReadTemplate read_template_url;
  const NestedStackType* nested_stack = nullptr;
  ActAs act_as = {};
  std::function<void(const std::string& access_key)> release = {};

  [[nodiscard]] int64_t now() const { return to_microseconds(clock.now()); }
  [[nodiscard]] const ResourceType* type(std::string_view name) const;
  /// The key that an operation's calls are made with: of a session of the stack's role, else of the caller's rights.
  [[nodiscard]] Result<std::string> acting_key(const aws::CallContext& caller, const std::string& role_arn) const {
    return act_as ? act_as(caller, role_arn) : caller.access_key;
  }
  [[nodiscard]] static bool is_nested_stack(std::string_view type) { return type == "AWS::CloudFormation::Stack"; }
};

ResourceContext context_of(const House& house, const StackRecord& stack, std::string_view logical_id);
EventRecord event_of(const House& house, const StackRecord& stack, std::string_view status, std::string_view reason);
EventRecord event_of(const House& house, const StackRecord& stack, const ResourceRecord& resource);

/// A parameter of Systems Manager, with its value decrypted when asked for.
Result<std::string> read_parameter(const House& house, const StackRecord& stack, std::string_view name, bool decrypt);

}  // namespace mastic::cloudformation
