// What the room's parts share: the store, the clock, and the way to other services.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "aws/local_call.h"
#include "base/clock.h"
#include "cloudformation/resources/resource_type.h"
#include "cloudformation/store/store.h"
#include "cloudformation/template/evaluate.h"

namespace mastic::cloudformation {

class NestedStackType;

struct House {
  Store& store;
  const Clock& clock;
  ServiceCalls& calls;
  std::function<Result<std::string>(std::string_view url)> read_template_url;
  const NestedStackType* nested_stack = nullptr;

  [[nodiscard]] int64_t now() const { return to_microseconds(clock.now()); }
  [[nodiscard]] const ResourceType* type(std::string_view name) const;
  [[nodiscard]] static bool is_nested_stack(std::string_view type) { return type == "AWS::CloudFormation::Stack"; }
};

ResourceContext context_of(const House& house, const StackRecord& stack, std::string_view logical_id);
EventRecord event_of(const House& house, const StackRecord& stack, std::string_view status, std::string_view reason);
EventRecord event_of(const House& house, const StackRecord& stack, const ResourceRecord& resource);

/// A parameter of Systems Manager, with its value decrypted when asked for.
Result<std::string> read_parameter(const House& house, const StackRecord& stack, std::string_view name, bool decrypt);

}  // namespace mastic::cloudformation
