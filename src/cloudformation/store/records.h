// What the store keeps: plain data, written as JSON. Times are microseconds since 1970; 0 and empty mean "not set".
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cloudformation/json.h"

namespace mastic::cloudformation {

/// What a stack was asked to be.
struct Specification {
  std::string template_body;                      // the bytes as they came
  std::map<std::string, std::string> parameters;  // as given
  std::map<std::string, std::string> resolved;    // of those that come from SSM
  std::vector<std::string> masked;                // NoEcho parameters
  std::map<std::string, std::string> tags;
  std::vector<std::string> capabilities;
  std::vector<std::string> notification_arns;
  std::string role_arn;
  std::string description;
};

struct OutputRecord {
  std::string key, value, description, export_name;
};

struct StackRecord {
  std::string id, name, region, account_id;
  std::string status, reason;
  int64_t created = 0, updated = 0, deleted = 0;
  std::string parent_id, root_id, parent_logical_id;
  std::string change_set_id;
  bool termination_protection = false;
  bool disable_rollback = false;
  std::string on_failure;  // of a creation: DELETE, DO_NOTHING or ROLLBACK
  int64_t timeout_minutes = 0;
  std::string policy;
  Specification current;
  Specification previous;  // while an update may still be rolled back
  std::vector<OutputRecord> outputs;
  std::vector<OutputRecord> previous_outputs;
  bool outputs_new = false;              // `outputs` are those of an update that may still be rolled back
  bool retain_except_on_create = false;  // what the operation itself made goes with its rollback, whatever its policy says
  bool cancelled = false;                // the update that runs is to go back
  std::vector<std::string> retained;     // logical ids that a deletion leaves, or that a rollback skips
  std::string token;                     // ClientRequestToken of the operation that runs
  std::string endpoint, access_key;      // of whoever asked for it
  std::string drift_status;
  int64_t drift_time = 0;
};

/// A resource as it exists: what is needed to change it, remove it or refer to it.
struct Instance {
  std::string type, physical_id;
  Json properties = Json::object();
  Json attributes = Json::object();
  Json ref;  // null: the physical id
  std::string deletion_policy = "Delete", update_replace_policy = "Delete";
  std::vector<std::string> depends_on;
  std::map<std::string, std::string> stack_tags;  // that it has from its stack
  Json metadata = Json::object();
};

/// What the operation that runs did to a resource. It is written before the service is called.
namespace change {
inline constexpr std::string_view none = "";
inline constexpr std::string_view created = "created";    // `now` is new
inline constexpr std::string_view updated = "updated";    // `other` is how it was
inline constexpr std::string_view replaced = "replaced";  // `other` is the old one, still there
inline constexpr std::string_view removed = "removed";    // to be removed when the update has succeeded
inline constexpr std::string_view leftover = "leftover";  // `other` was made in vain: rolled back, still to be removed
}  // namespace change

struct ResourceRecord {
  std::string stack_id, logical_id;
  std::string status, reason;
  int64_t time = 0;
  Instance now;
  std::string change;
  bool done = true;  // false: the service was, perhaps, not reached or has not answered
  Instance other;
  std::vector<std::string> existed;  // names that were taken before a creation began: not this stack's
  std::string name_seed;             // of the creation that runs: what a generated name ends in
  std::string drift_status;
  Json drift;
  int64_t drift_time = 0;

  [[nodiscard]] bool gone() const { return status == "DELETE_COMPLETE" || status == "DELETE_SKIPPED"; }
};

struct EventRecord {
  std::string id, stack_id, stack_name, logical_id, physical_id, type, status, reason, token, properties;
  int64_t time = 0;
};

struct PropertyChange {
  std::string attribute;  // Properties, Tags, Metadata, DeletionPolicy …
  std::string name, recreation, before, after;
};

struct ResourceChangeRecord {
  std::string action, logical_id, physical_id, type, replacement;
  std::vector<PropertyChange> details;
  std::string before, after;  // contexts: JSON
};

struct ChangeSetRecord {
  std::string id, name, stack_id, stack_name, region, kind;  // kind: CREATE or UPDATE
  std::string status, reason, execution_status, description, on_failure, token;
  int64_t created = 0;
  bool include_nested = false, import_existing = false;
  Specification wanted;
  std::vector<ResourceChangeRecord> changes;
};

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Specification, template_body, parameters, resolved, masked, tags, capabilities,
                                                notification_arns, role_arn, description)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(OutputRecord, key, value, description, export_name)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(StackRecord, id, name, region, account_id, status, reason, created, updated,
                                                deleted, parent_id, root_id, parent_logical_id, change_set_id,
                                                termination_protection, disable_rollback, on_failure, timeout_minutes, policy,
                                                current, previous, outputs, previous_outputs, outputs_new,
                                                retain_except_on_create, cancelled, retained, token, endpoint, access_key,
                                                drift_status, drift_time)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Instance, type, physical_id, properties, attributes, ref, deletion_policy,
                                                update_replace_policy, depends_on, stack_tags, metadata)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ResourceRecord, stack_id, logical_id, status, reason, time, now, change, done,
                                                other, existed, name_seed, drift_status, drift, drift_time)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(EventRecord, id, stack_id, stack_name, logical_id, physical_id, type, status,
                                                reason, token, properties, time)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(PropertyChange, attribute, name, recreation, before, after)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ResourceChangeRecord, action, logical_id, physical_id, type, replacement,
                                                details, before, after)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ChangeSetRecord, id, name, stack_id, stack_name, region, kind, status, reason,
                                                execution_status, description, on_failure, token, created, include_nested,
                                                import_existing, wanted, changes)

}  // namespace mastic::cloudformation
