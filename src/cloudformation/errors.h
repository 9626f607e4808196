// Every failure CloudFormation answers with besides what a template or a resource's own service says.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mastic::cloudformation::error {

Error validation(std::string message);
/// Clients compare this text: "Stack with id X does not exist".
Error no_stack(std::string_view name);
Error no_stack_for_events(std::string_view name);  // "Stack [X] does not exist"
Error stack_exists(std::string_view name);
Error no_change_set(std::string_view name);
Error no_resource(std::string_view logical_id, std::string_view stack_name);
Error wrong_state(std::string_view stack_id, std::string_view status, std::string_view verb);
Error insufficient_capabilities(const std::vector<std::string>& missing);
Error invalid_change_set_status(std::string_view id, std::string_view status);
Error protected_stack(std::string_view name);
/// `users`: names of the stacks that import it. `removed`: the export would go, not only change.
Error export_in_use(std::string_view name, const std::vector<std::string>& users, bool removed);
Error export_taken(std::string_view name, std::string_view stack_name);
Error no_export(std::string_view name);
Error unrecognized_types(const std::vector<std::string>& types);

}  // namespace mastic::cloudformation::error
