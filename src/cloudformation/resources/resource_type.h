// A type of resource that a template may name, made through the operations of its own service.
//
// Types are constant and shared: every member may be called by several threads at once, for different resources. Properties
// come evaluated: no intrinsic functions, AWS::NoValue removed. As CloudFormation's callers send them, numbers and booleans
// may be strings; a type converts them by what its service wants. Errors carry the service's own code and message.
// A type keeps nothing: what must be known later is in the physical id, the attributes and the properties.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/local_call.h"
#include "base/result.h"

namespace mastic::cloudformation {

using Json = nlohmann::json;
using ServiceCalls = aws::ServiceCalls;

/// What a resource is made in. Lives as long as the call.
struct ResourceContext {
  ServiceCalls& calls;
  std::string region;
  std::string account_id;
  std::string stack_name;
  std::string stack_id;
  std::string logical_id;
  std::map<std::string, std::string> stack_tags;  // added to those of the resource's own properties
  std::string role_arn;                           // the stack's role; empty: the caller's rights
  std::string access_key = {};                    // of the caller; empty when unsigned
  std::string endpoint = "http://127.0.0.1:4566";
  std::map<std::string, std::string> stack_tags_before = {};  // in an update: those that the resource has from its stack
  std::string name_seed = {};  // 24 hexadecimal digits: names made up for a resource are made of it, so that they are found
};

/// A resource that exists.
struct Made {
  std::string physical_id;
  Json attributes = Json::object();                  // what Fn::GetAtt gives, by name; nested names with their dots
  std::optional<Json> ref = {};                      // what Ref gives; absent: the physical id
  std::vector<std::string> ignored_properties = {};  // accepted, but nothing acts on them
};

class ResourceType {
 public:
  ResourceType() = default;
  ResourceType(const ResourceType&) = delete;
  ResourceType& operator=(const ResourceType&) = delete;
  virtual ~ResourceType() = default;

  /// "AWS::S3::Bucket".
  [[nodiscard]] virtual std::string_view name() const = 0;

  /// Checks the properties' names, not their values. Top-level names only are sure to be known before evaluation.
  /// Fails with CloudFormation's text for unknown and missing ones, without the resource's name in front:
  /// "#: extraneous key [X] is not permitted".
  [[nodiscard]] virtual Result<void> validate(const Json& properties) const = 0;

  /// On failure nothing is left behind, or what is left is removed by `remove` of the physical id in the Error's member
  /// "PhysicalResourceId".
  [[nodiscard]] virtual Result<Made> create(const ResourceContext& context, const Json& properties) const = 0;

  /// Changes in place; called only when no changed property `replaces`. The physical id stays.
  [[nodiscard]] virtual Result<Made> update(const ResourceContext& context, const std::string& physical_id, const Json& before,
                                            const Json& after) const = 0;

  /// Already gone is success.
  [[nodiscard]] virtual Result<void> remove(const ResourceContext& context, const std::string& physical_id,
                                            const Json& properties) const = 0;

  /// The current values of the properties that can be read, for drift; nothing when the resource is gone. A property that
  /// cannot be read is left out.
  [[nodiscard]] virtual Result<std::optional<Json>> read(const ResourceContext& context, const std::string& physical_id,
                                                         const Json& properties) const = 0;

  /// Whether a change of this top-level property makes a new resource.
  [[nodiscard]] virtual bool replaces(std::string_view property) const = 0;

  /// The same for one change: a name may stand inside a structure whose other parts change in place.
  [[nodiscard]] virtual bool replaces(std::string_view property, const Json& /*before*/, const Json& /*after*/) const {
    return replaces(property);
  }

  /// Physical ids that the properties give in other places than a replacing property: where to look for what a creation
  /// that was cut short may have left.
  [[nodiscard]] virtual std::vector<std::string> ids_in(const Json& /*properties*/) const { return {}; }
};

/// The type of this name, or null: Mastic has none. Names of a custom resource that Mastic carries out itself
/// ("Custom::S3AutoDeleteObjects") are types too. AWS::CloudFormation::Stack is not here: stacks are made by stacks.
const ResourceType* find_resource_type(std::string_view name);

}  // namespace mastic::cloudformation
