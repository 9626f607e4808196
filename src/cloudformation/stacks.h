// Stacks as something that begins: creation, update and deletion up to the *_IN_PROGRESS status. Who asks starts the
// executor on what is given back, in the background (the API) or at once (nested stacks).
//
// Thread-safe. Fails with CloudFormation's own errors; nothing has happened then.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cloudformation/executor/house.h"
#include "cloudformation/executor/plan.h"

namespace mastic::cloudformation {

struct Asked {
  Specification wanted;  // without its parameters
  std::vector<GivenParameter> given;
};

/// `draft`: name, region, account and options; gets its ids here.
Result<StackRecord> begin_creation(const House& house, StackRecord draft, const Asked& asked);
/// Nothing when there is nothing to do. Of `stack`, also for a deletion, the access key is the one to act with.
Result<std::optional<StackRecord>> begin_update(const House& house, const StackRecord& stack, const Asked& asked,
                                                const std::string& token, std::optional<bool> disable_rollback);
Result<StackRecord> begin_deletion(const House& house, const StackRecord& stack, const std::string& token,
                                   const std::vector<std::string>& retained);

/// A stack's record before anything is asked of it.
StackRecord new_stack(const House& house, std::string_view name, std::string_view region, std::string_view account_id);
Result<void> check_capabilities(const Template& source, const std::vector<std::string>& granted);
bool may_be_updated(std::string_view status);
/// Whether the plan leaves the stack as it is.
Result<bool> changes_nothing(const House& house, const StackRecord& stack, const Plan& plan, const Specification& wanted,
                             const std::vector<ResourceChangeRecord>& changes);

}  // namespace mastic::cloudformation
