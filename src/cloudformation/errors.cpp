#include "cloudformation/errors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace mastic::cloudformation::error {

Error validation(std::string message) { return {"ValidationError", std::move(message)}; }

Error no_stack(std::string_view name) { return validation(fmt::format("Stack with id {} does not exist", name)); }

Error no_stack_for_events(std::string_view name) { return validation(fmt::format("Stack [{}] does not exist", name)); }

Error stack_exists(std::string_view name) { return {"AlreadyExistsException", fmt::format("Stack [{}] already exists", name)}; }

Error no_change_set(std::string_view name) {
  return {"ChangeSetNotFound", fmt::format("ChangeSet [{}] does not exist", name), 404};
}

Error no_resource(std::string_view logical_id, std::string_view stack_name) {
  return validation(fmt::format("Resource {} does not exist for stack {}", logical_id, stack_name));
}

Error wrong_state(std::string_view stack_id, std::string_view status, std::string_view verb) {
  return validation(fmt::format("Stack:{} is in {} state and can not be {}.", stack_id, status, verb));
}

Error insufficient_capabilities(const std::vector<std::string>& missing) {
  return {"InsufficientCapabilitiesException", fmt::format("Requires capabilities : [{}]", fmt::join(missing, ", "))};
}

Error invalid_change_set_status(std::string_view id, std::string_view status) {
  return {"InvalidChangeSetStatus", fmt::format("ChangeSet [{}] cannot be executed in its current status of [{}]", id, status)};
}

Error protected_stack(std::string_view name) {
  return validation(fmt::format("Stack [{}] cannot be deleted while TerminationProtection is enabled", name));
}

Error export_in_use(std::string_view name, const std::vector<std::string>& users, bool removed) {
  return validation(fmt::format("{} export {} as it is in use by {}", removed ? "Cannot delete" : "Cannot update", name,
                                fmt::join(users, ", ")));
}

Error export_taken(std::string_view name, std::string_view stack_name) {
  return validation(fmt::format("Export with name {} is already exported by stack {}", name, stack_name));
}

Error no_export(std::string_view name) { return validation(fmt::format("No export named {} found.", name)); }

Error unrecognized_types(const std::vector<std::string>& types) {
  return validation(fmt::format("Template format error: Unrecognized resource types: [{}]", fmt::join(types, ", ")));
}

}  // namespace mastic::cloudformation::error
