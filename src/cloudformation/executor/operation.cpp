#include "cloudformation/executor/operation.h"

#include "base/log.h"

namespace mastic::cloudformation {

Operation::Operation(const House& house, StackRecord stack, Signals signals)
    : house_(house), stack_(std::move(stack)), stop_(std::move(signals.stop)), cancelled_(std::move(signals.cancelled)) {}

void Operation::run(bool interrupted) {
  if (auto ended = run_steps(interrupted); !ended) {
    log::error("cloudformation", "the operation on stack {} stands still at {}: {}", stack_.id, stack_.status,
               ended.error().message);
  }
}

Result<void> Operation::run_steps(bool interrupted) {
  TRY_DO(load());
  const auto status = stack_.status;
  if (interrupted) log::info("cloudformation", "goes on with stack {}, which was left in {}", stack_.name, status);
  if (status == "DELETE_IN_PROGRESS") return delete_stack();
  if (status == "ROLLBACK_IN_PROGRESS") return roll_back_creation();
  if (status == "UPDATE_ROLLBACK_IN_PROGRESS") return roll_back_update();
  if (status == "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS") return clean_up(false);
  if (status == "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS") return clean_up(true);
  if (status != "CREATE_IN_PROGRESS" && status != "UPDATE_IN_PROGRESS") return {};
  if (!interrupted) return deploy();
  constexpr std::string_view reason = "The server ended while this operation was running.";
  if (status == "CREATE_IN_PROGRESS") {
    TRY_DO(set_status("ROLLBACK_IN_PROGRESS", reason));
    return roll_back_creation();
  }
  TRY_DO(begin_update_rollback(reason));
  return roll_back_update();
}

Result<void> Operation::load() {
  references_ = std::make_unique<StackReferences>(house_, stack_, false);
  TRY(resources, house_.store.resources(stack_.id));
  for (auto& resource : resources) {
    if (!resource.gone()) references_->know(resource.logical_id, resource.now);
    rows_.emplace(resource.logical_id, resource);
  }
  return {};
}

Result<void> Operation::report(ResourceRecord& row, std::string_view status, std::string_view reason) {
  row.status = status;
  row.reason = reason;
  row.time = house_.now();
  keep(row);
  return house_.store.save(row, {event_of(house_, stack_, row)});
}

Result<void> Operation::set_status(std::string_view status, std::string_view reason,
                                   const std::function<void(StackRecord&)>& change) {
  TRY(changed, house_.store.change_stack(stack_.id, [&](StackRecord& stack) -> Result<Store::Events> {
    if (stack.cancelled && status == "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS") {
      return fail(Error{std::string(cancelled_code), "The update was cancelled."});
    }
    stack.status = status;
    stack.reason = reason;
    if (change) change(stack);
    return Store::Events{event_of(house_, stack, status, reason)};
  }));
  stack_ = std::move(changed);
  return {};
}

ResourceRecord Operation::row_of(const std::string& id) {
  const std::scoped_lock lock(mutex_);
  const auto at = rows_.find(id);
  if (at != rows_.end()) return at->second;
  ResourceRecord row;
  row.stack_id = stack_.id;
  row.logical_id = id;
  return row;
}

void Operation::keep(const ResourceRecord& row) {
  const std::scoped_lock lock(mutex_);
  rows_.insert_or_assign(row.logical_id, row);
}

}  // namespace mastic::cloudformation
