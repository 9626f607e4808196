// The way back, and the end: rollbacks, what is cleaned up behind an update, and deletion.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/log.h"
#include "cloudformation/executor/nested_stack.h"
#include "cloudformation/executor/operation.h"
#include "cloudformation/resources/names.h"

namespace mastic::cloudformation {
namespace {

Result<void> joined(const GraphOutcome& outcome) {
  if (outcome.failed.empty()) return {};
  return fail(Error(outcome.failed.front().second));
}

std::string names_of(const GraphOutcome& outcome) {
  std::vector<std::string> ids;
  for (const auto& [id, unused] : outcome.failed) ids.push_back(id);
  std::ranges::sort(ids);
  return fmt::format("{}", fmt::join(ids, ", "));
}

std::set<std::string> set_of(const std::vector<std::string>& names) { return {names.begin(), names.end()}; }

}  // namespace

// -------------------------------------------------------------------------------------------------- one resource goes

/// An event about an instance that is not (any more) the resource's own.
Result<void> Operation::note(const ResourceRecord& row, const Instance& instance, std::string_view status,
                             std::string_view reason) {
  ResourceRecord seen = row;
  seen.now = instance;
  seen.status = status;
  seen.reason = reason;
  return house_.store.save(row, {event_of(house_, stack_, seen)});
}

/// Ids that a creation cut short may have used: the names among the properties. A type's physical id is either one that
/// the template gives in a property whose change replaces the resource, or generated.
std::vector<std::string> Operation::half_made_ids(const ResourceRecord& row, const Instance& instance) {
  const auto* const type = house_.type(instance.type);
  if (type == nullptr || type == house_.nested_stack) return {};
  auto ids = type->ids_in(instance.properties);
  for (const auto& [name, value] : instance.properties.items()) {
    if (value.is_string() && type->replaces(name) && !value.get<std::string>().empty()) ids.push_back(value.get<std::string>());
  }
  if (!row.name_seed.empty()) {
    auto here = context(row.logical_id);
    here.name_seed = row.name_seed;
    // The longest names that services allow: a shorter name is the same under each of them.
    std::set<std::string> generated;
    for (const std::size_t length : {63, 64, 128, 255, 512}) {
      generated.insert(generated_name(here, length));
      generated.insert(generated_lower_name(here, length));
    }
    ids.insert(ids.end(), generated.begin(), generated.end());
  }
  std::erase_if(ids, [&](const auto& id) { return std::ranges::find(row.existed, id) != row.existed.end(); });
  return ids;
}

Result<void> Operation::call_remove(const ResourceRecord& row, const Instance& instance) {
  const auto* const type = house_.type(instance.type);
  if (type == nullptr) return {};
  const auto here = context(row.logical_id);
  if (!instance.physical_id.empty() || type == house_.nested_stack) {
    return type->remove(here, instance.physical_id, instance.properties);
  }
  if (row.done) return {};
  for (const auto& id : half_made_ids(row, instance)) {
    const auto there = type->read(here, id, instance.properties);
    if (!there || !*there) continue;
    log::info("cloudformation", "{} {} of stack {} was half made and is removed", instance.type, id, stack_.name);
    TRY_DO(type->remove(here, id, instance.properties));
  }
  return {};
}

Result<void> Operation::remove_instance(const ResourceRecord& row, const Instance& instance, std::string_view policy) {
  if (policy == "Retain" || policy == "Snapshot") return note(row, instance, "DELETE_SKIPPED");
  TRY_DO(note(row, instance, "DELETE_IN_PROGRESS"));
  if (auto removed = call_remove(row, instance); !removed) {
    TRY_DO(note(row, instance, "DELETE_FAILED", removed.error().message));
    return removed;
  }
  return note(row, instance, "DELETE_COMPLETE");
}

// ------------------------------------------------------------------------------------------------ the whole stack goes

Result<void> Operation::delete_row(const std::string& id, bool creation) {
  auto row = row_of(id);
  const bool exists = !row.now.physical_id.empty() || !row.done;
  std::string policy = row.now.deletion_policy;
  if (policy == "RetainExceptOnCreate") policy = creation ? "Delete" : "Retain";
  if (creation && stack_.retain_except_on_create) policy = "Delete";
  if (std::ranges::find(stack_.retained, id) != stack_.retained.end()) policy = "Retain";
  if ((policy == "Retain" || policy == "Snapshot") && exists) return report(row, "DELETE_SKIPPED");
  if (row.change == change::replaced || row.change == change::leftover) {
    // Both are there after an update that was to keep what it had done.
    TRY_DO(call_remove(row, row.other));
  }
  if (exists) {
    TRY_DO(report(row, "DELETE_IN_PROGRESS"));
    if (auto removed = call_remove(row, row.now); !removed) {
      TRY_DO(report(row, "DELETE_FAILED", removed.error().message));
      return removed;
    }
  }
  row.change = change::none;
  row.done = true;
  return report(row, "DELETE_COMPLETE");
}

GraphOutcome Operation::delete_rows(bool creation) {
  Needs needs;
  for (const auto& [id, row] : rows_) {
    if (!row.gone()) needs[id] = set_of(row.now.depends_on);
  }
  return run_graph(reversed(needs), [&](const std::string& id) { return delete_row(id, creation); }, true, stop_);
}

Result<void> Operation::delete_stack() {
  if (auto unexported = house_.store.set_exports(stack_, {}); !unexported) {
    return set_status("DELETE_FAILED", unexported.error().message);
  }
  const auto outcome = delete_rows(false);
  if (stop_()) return {};
  if (!outcome.failed.empty()) {
    return set_status("DELETE_FAILED", fmt::format("The following resource(s) failed to delete: [{}]. ", names_of(outcome)));
  }
  TRY_DO(house_.store.set_imports(stack_, {}));
  TRY_DO(house_.store.erase_change_sets(stack_.id));
  return set_status("DELETE_COMPLETE", {}, [&](StackRecord& stack) { stack.deleted = house_.now(); });
}

Result<void> Operation::roll_back_creation() {
  const auto outcome = delete_rows(true);
  if (stop_()) return {};
  TRY_DO(house_.store.set_exports(stack_, {}));
  TRY_DO(house_.store.set_imports(stack_, {}));
  if (outcome.failed.empty()) return set_status("ROLLBACK_COMPLETE");
  return set_status("ROLLBACK_FAILED", fmt::format("The following resource(s) failed to delete: [{}]. ", names_of(outcome)));
}

// ------------------------------------------------------------------------------------------------- an update goes back

Result<void> Operation::begin_update_rollback(std::string_view reason) {
  return set_status("UPDATE_ROLLBACK_IN_PROGRESS", reason, [](StackRecord& stack) {
    stack.current = stack.previous;
    if (stack.outputs_new) std::swap(stack.outputs, stack.previous_outputs);
    stack.outputs_new = false;
    stack.cancelled = false;
  });
}

/// The service gets back what it had.
Result<void> Operation::restore_service(const ResourceRecord& row) {
  auto here = context(row.logical_id);
  here.stack_tags_before = row.now.stack_tags;
  if (House::is_nested_stack(row.now.type)) {
    std::vector<std::string> skipped;
    const auto prefix = row.logical_id + ".";
    for (const auto& name : stack_.retained) {
      if (name.starts_with(prefix)) skipped.push_back(name.substr(prefix.size()));
    }
    return house_.nested_stack->go_back(here, row.other.physical_id, skipped);
  }
  TRY(properties, revealed(row.other.properties));
  TRY_DO(house_.type(row.now.type)->update(here, row.other.physical_id, row.now.properties, properties));
  return {};
}

/// An update that came to its end may have exported its own outputs already.
void Operation::restore_exports() {
  if (auto exported = house_.store.set_exports(stack_, stack_.outputs); !exported) {
    log::warn("cloudformation", "stack {} exports not what it did before: {}", stack_.name, exported.error().message);
  }
}

Result<void> Operation::restore(const std::string& id) {
  auto row = row_of(id);
  const bool skipped = std::ranges::find(stack_.retained, id) != stack_.retained.end();
  if (row.change == change::removed) {
    row.change = change::none;
    keep(row);
    return house_.store.save(row);
  }
  if (row.change == change::replaced) {
    std::swap(row.now, row.other);  // What was made in vain goes when everything is as it was.
    row.change = change::leftover;
    return report(row, "UPDATE_COMPLETE");
  }
  if (row.change != change::updated) return {};
  if (!skipped && (row.now.properties != row.other.properties || tags_changed_ || !row.done)) {
    TRY_DO(report(row, "UPDATE_IN_PROGRESS"));
    if (auto restored = restore_service(row); !restored) {
      TRY_DO(report(row, "UPDATE_FAILED", restored.error().message));
      return restored;
    }
  }
  row.now = row.other;
  row.other = {};
  row.change = change::none;
  row.done = true;
  return report(row, "UPDATE_COMPLETE");
}

Result<void> Operation::roll_back_update() {
  tags_changed_ = true;  // To give a resource the tags that it has already costs a call, to leave wrong ones is a fault.
  Needs needs;
  for (const auto& [id, row] : rows_) {
    if (row.gone() || row.change == change::none || row.change == change::created) continue;
    needs[id] = set_of(row.other.depends_on);
  }
  const auto outcome = run_graph(needs, [&](const std::string& id) { return restore(id); }, true, stop_);
  if (stop_()) return {};
  if (!outcome.failed.empty()) {
    return set_status("UPDATE_ROLLBACK_FAILED",
                      fmt::format("The following resource(s) failed to update: [{}]. ", names_of(outcome)));
  }
  restore_exports();
  TRY_DO(set_status("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"));
  return clean_up(true);
}

// ------------------------------------------------------------------------------------------------ behind an operation

Result<void> Operation::clean_row(const std::string& id) {
  auto row = row_of(id);
  if (row.change == change::replaced || row.change == change::leftover) {
    const std::string policy = row.change == change::replaced ? row.now.update_replace_policy : "Delete";
    auto removed = remove_instance(row, row.other, policy);
    if (!removed) log::warn("cloudformation", "{} of stack {} is left behind: {}", id, stack_.name, removed.error().message);
    row.other = {};
    row.change = change::none;
    row.done = true;
    keep(row);
    return house_.store.save(row);
  }
  std::string policy = row.now.deletion_policy;
  if (policy == "RetainExceptOnCreate") policy = row.change == change::created ? "Delete" : "Retain";
  if (row.change == change::created && stack_.retain_except_on_create) policy = "Delete";
  if (row.change == change::created && row.now.physical_id.empty() && row.done) policy = "Delete";
  if (auto removed = remove_instance(row, row.now, policy); !removed) {
    log::warn("cloudformation", "{} of stack {} is left behind: {}", id, stack_.name, removed.error().message);
  }
  row.status = "DELETE_COMPLETE";
  keep(row);
  return house_.store.erase(row);
}

Result<void> Operation::clean_up(bool rolled_back) {
  Needs needs;
  for (const auto& [id, row] : rows_) {
    const bool whole = row.change == (rolled_back ? change::created : change::removed);
    const bool other = row.change == (rolled_back ? change::leftover : change::replaced);
    if (whole || other) needs[id] = set_of(whole ? row.now.depends_on : row.other.depends_on);
  }
  const auto outcome = run_graph(reversed(needs), [&](const std::string& id) { return clean_row(id); }, true, stop_);
  if (stop_()) return {};
  TRY_DO(joined(outcome));
  for (const auto& [id, row] : Rows(rows_)) {
    if (rolled_back || row.gone() || row.change != change::updated || !House::is_nested_stack(row.now.type)) continue;
    if (auto concluded = house_.nested_stack->conclude(context(id), row.now.physical_id); !concluded) {
      log::warn("cloudformation", "what {} of stack {} replaced is left behind: {}", id, stack_.name,
                concluded.error().message);
    }
  }
  for (const auto& [id, row] : Rows(rows_)) {
    if (row.gone() || row.change == change::none) continue;
    auto settled = row;
    settled.change = change::none;
    settled.other = {};
    keep(settled);
    TRY_DO(house_.store.save(settled));
  }
  return set_status(rolled_back ? "UPDATE_ROLLBACK_COMPLETE" : "UPDATE_COMPLETE", {}, [](StackRecord& stack) {
    stack.previous = {};
    stack.previous_outputs.clear();
    stack.outputs_new = false;
    stack.retained.clear();
    stack.retain_except_on_create = false;
    stack.cancelled = false;
  });
}

}  // namespace mastic::cloudformation
