// Creation and update: resources in the order of what they need.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/identifiers.h"
#include "cloudformation/executor/operation.h"

namespace mastic::cloudformation {
namespace {

/// The id of what was made before a creation failed, as the type gave it.
std::string physical_id_in(const Error& error) {
  for (const auto& [name, text] : error.members) {
    if (name != "PhysicalResourceId") continue;
    const auto json = Json::parse(text, nullptr, false);
    if (json.is_string()) return json.get<std::string>();
  }
  return {};
}

/// Attributes that an update does not give stay: a service tells a key's secret only once.
void take(Instance& instance, const Made& made) {
  instance.physical_id = made.physical_id;
  if (!instance.attributes.is_object()) instance.attributes = Json::object();
  instance.attributes.update(made.attributes);
  instance.ref = made.ref.value_or(Json());
}

std::string note_of(const Made& made) {
  if (made.ignored_properties.empty()) return {};
  return fmt::format("Nothing acts on: {}", fmt::join(made.ignored_properties, ", "));
}

}  // namespace

Result<void> Operation::deploy() {
  auto plan = make_plan(house_, stack_, stack_.current);
  if (!plan) {
    const auto error = std::move(plan).error();
    return fail_deployment({}, &error);
  }
  plan_ = std::move(*plan);
  tags_changed_ = stack_.status == "UPDATE_IN_PROGRESS" && stack_.current.tags != stack_.previous.tags;
  // What is to be replaced or made again is not known before that is done; values of the present are, in order.
  const bool update = stack_.status == "UPDATE_IN_PROGRESS";
  const std::function<bool()> halted = [&] { return stop_() || (update && cancelled_()); };
  const auto outcome = run_graph(plan_->needs, [&](const std::string& id) { return deploy_resource(id); }, false, halted);
  if (stop_()) return {};
  if (!outcome.failed.empty()) return fail_deployment(outcome, nullptr);
  if (update && cancelled_()) return cancel_update();
  return finish_deployment();
}

/// Whatever its rollback setting: it was asked for.
Result<void> Operation::cancel_update() {
  TRY_DO(begin_update_rollback("User Initiated"));
  return roll_back_update();
}

Result<void> Operation::deploy_resource(const std::string& id) {
  const auto& declaration = plan_->source.resources.at(id);
  auto row = row_of(id);
  if (row.change == change::removed) {  // by an update that stands half done, and wanted again
    row.change = change::none;
    keep(row);
    TRY_DO(house_.store.save(row));
  }
  const bool there = !row.now.physical_id.empty() && !row.gone();
  auto properties = evaluate_properties(*plan_, declaration, *references_);
  if (!properties) {
    row.now.type = declaration.type;
    if (!there) row.change = change::created;
    TRY_DO(report(row, there ? "UPDATE_FAILED" : "CREATE_FAILED", properties.error().message));
    return fail(std::move(properties).error());
  }
  if (!there) return make(std::move(row), declaration, *properties);
  const auto* const type = house_.type(declaration.type);
  const auto changed = differing(row.now.properties, *properties);
  const auto replacing = [&](const std::string& name) {
    return type->replaces(name, row.now.properties.value(name, Json()), properties->value(name, Json()));
  };
  if (std::ranges::any_of(changed, replacing)) {
    return replace(std::move(row), declaration, *properties);
  }
  if (!changed.empty() || tags_changed_ || row.now.metadata != declaration.metadata) {
    return change_in_place(std::move(row), declaration, *properties);
  }
  // Policies and needs act on no service.
  TRY(wanted, wanted_instance(declaration, id, *properties));
  if (wanted.deletion_policy == row.now.deletion_policy && wanted.update_replace_policy == row.now.update_replace_policy &&
      wanted.depends_on == row.now.depends_on) {
    return {};
  }
  if (row.change == change::none) row.other = row.now;
  row.change = change::updated;
  row.now.deletion_policy = wanted.deletion_policy;
  row.now.update_replace_policy = wanted.update_replace_policy;
  row.now.depends_on = wanted.depends_on;
  keep(row);
  return house_.store.save(row);
}

Result<Instance> Operation::wanted_instance(const ResourceDeclaration& declaration, const std::string& id,
                                            const Json& properties) {
  Instance wanted;
  wanted.type = declaration.type;
  wanted.properties = properties;
  wanted.deletion_policy = declaration.deletion_policy;
  wanted.update_replace_policy = declaration.update_replace_policy;
  wanted.metadata = declaration.metadata;
  wanted.stack_tags = stack_.current.tags;
  const auto& needs = plan_->needs.at(id);
  wanted.depends_on.assign(needs.begin(), needs.end());
  return wanted;
}

Result<Json> Operation::revealed(const Json& properties) {
  if (!properties.dump(-1, ' ', false, Json::error_handler_t::replace).contains("{{resolve:")) return properties;
  // Nothing but dynamic references is left in evaluated properties: no template is needed.
  static const Template none;
  static const ParameterValues no_parameters;
  static const Conditions no_conditions;
  const Environment environment;
  Revealing references(*references_);
  TRY(value, Evaluator(none, environment, no_parameters, no_conditions).evaluate(properties, references));
  return value.value_or(Json::object());
}

Result<Made> Operation::call_create(ResourceRecord& row, const Instance& wanted, std::string_view in_progress) {
  const auto* const type = house_.type(wanted.type);
  TRY(properties, revealed(wanted.properties));
  auto here = context(row.logical_id);
  row.name_seed.clear();
  row.existed.clear();
  for (const auto& name : half_made_ids(row, wanted)) {
    const auto taken = type->read(here, name, properties);
    if (taken && *taken) row.existed.push_back(name);
  }
  row.name_seed = random_hex(24);
  here.name_seed = row.name_seed;
  row.done = false;
  TRY_DO(report(row, in_progress, row.reason));
  auto made = type->create(here, properties);
  if (made) {
    take(row.now, *made);
    TRY_DO(report(row, in_progress, "Resource creation Initiated"));
    return made;
  }
  row.now.physical_id = physical_id_in(made.error());
  // Nothing with an id was left behind, says the type.
  row.done = true;
  return made;
}

Result<void> Operation::make(ResourceRecord row, const ResourceDeclaration& declaration, const Json& properties) {
  TRY(wanted, wanted_instance(declaration, row.logical_id, properties));
  row.now = wanted;
  row.other = {};
  row.change = change::created;
  row.reason.clear();
  auto made = call_create(row, wanted, "CREATE_IN_PROGRESS");
  if (!made) {
    TRY_DO(report(row, "CREATE_FAILED", made.error().message));
    return fail(std::move(made).error());
  }
  row.done = true;
  TRY_DO(report(row, "CREATE_COMPLETE", note_of(*made)));
  references_->know(row.logical_id, row.now);
  return {};
}

Result<void> Operation::replace(ResourceRecord row, const ResourceDeclaration& declaration, const Json& properties) {
  TRY(wanted, wanted_instance(declaration, row.logical_id, properties));
  if (row.change == change::created || row.change == change::replaced) {
    TRY_DO(call_remove(row, row.now));  // Made by an update that failed and was not rolled back: nobody goes back to it.
  } else {
    if (row.change == change::none) row.other = row.now;
    row.change = change::replaced;
  }
  row.now = wanted;
  row.reason = "Requested update requires the creation of a new physical resource; hence creating one.";
  auto made = call_create(row, wanted, "UPDATE_IN_PROGRESS");
  if (!made) {
    TRY_DO(report(row, "UPDATE_FAILED", made.error().message));
    return fail(std::move(made).error());
  }
  row.done = true;
  TRY_DO(report(row, "UPDATE_COMPLETE", note_of(*made)));
  references_->know(row.logical_id, row.now);
  return {};
}

Result<void> Operation::change_in_place(ResourceRecord row, const ResourceDeclaration& declaration, const Json& properties) {
  TRY(wanted, wanted_instance(declaration, row.logical_id, properties));
  if (row.change == change::none) {
    row.other = row.now;
    row.change = change::updated;
  }
  const auto before = row.now.properties;
  auto here = context(row.logical_id);
  here.stack_tags_before = row.now.stack_tags;
  row.done = false;
  wanted.physical_id = row.now.physical_id;
  wanted.attributes = row.now.attributes;
  wanted.ref = row.now.ref;
  row.now = wanted;
  TRY_DO(report(row, "UPDATE_IN_PROGRESS"));
  TRY(actual, revealed(properties));
  auto made = house_.type(row.now.type)->update(here, row.now.physical_id, before, actual);
  if (!made) {
    TRY_DO(report(row, "UPDATE_FAILED", made.error().message));
    return fail(std::move(made).error());
  }
  take(row.now, *made);
  row.done = true;
  TRY_DO(report(row, "UPDATE_COMPLETE", note_of(*made)));
  references_->know(row.logical_id, row.now);
  return {};
}

Result<void> Operation::finish_deployment() {
  const bool creation = stack_.status == "CREATE_IN_PROGRESS";
  auto outputs = outputs_of(*plan_, *references_);
  auto exported = outputs ? house_.store.set_exports(stack_, *outputs) : Result<void>(fail(Error(outputs.error())));
  if (!exported) return fail_deployment({}, &exported.error());
  TRY_DO(house_.store.set_imports(stack_, references_->imported()));
  const auto conclude = [&](StackRecord& stack) {
    if (!creation && !stack.outputs_new) stack.previous_outputs = stack.outputs;
    stack.outputs_new = !creation;
    stack.outputs = *outputs;
    stack.drift_status.clear();
  };
  if (creation) {
    for (auto& [id, row] : Rows(rows_)) {
      auto kept = row;
      kept.change = change::none;
      keep(kept);
      TRY_DO(house_.store.save(kept));
    }
    return set_status("CREATE_COMPLETE", {}, conclude);
  }
  for (const auto& [id, row] : Rows(rows_)) {
    if (plan_->needs.contains(id) || row.gone()) continue;
    auto unwanted = row;
    unwanted.change = change::removed;
    keep(unwanted);
    TRY_DO(house_.store.save(unwanted));
  }
  if (auto set = set_status("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", {}, conclude); !set) {
    return set.error().code == cancelled_code ? cancel_update() : set;
  }
  if (!stack_.parent_id.empty()) {
    // What a child replaced stays until its parent has succeeded: until then there is a way back.
    TRY(parent, house_.store.find_stack(stack_.region, stack_.parent_id));
    if (parent && parent->status == "UPDATE_IN_PROGRESS") return {};
  }
  return clean_up(false);
}

Result<void> Operation::fail_deployment(const GraphOutcome& outcome, const Error* error) {
  const bool creation = stack_.status == "CREATE_IN_PROGRESS";
  std::string reason = error != nullptr ? error->message : std::string();
  if (!outcome.failed.empty()) {
    std::vector<std::string> created, updated;
    for (const auto& [id, unused] : outcome.failed) {
      (row_of(id).status == "UPDATE_FAILED" ? updated : created).push_back(id);
    }
    if (!created.empty()) reason += fmt::format("The following resource(s) failed to create: [{}]. ", fmt::join(created, ", "));
    if (!updated.empty()) reason += fmt::format("The following resource(s) failed to update: [{}]. ", fmt::join(updated, ", "));
  }
  if (creation) {
    if (stack_.disable_rollback || stack_.on_failure == "DO_NOTHING") return set_status("CREATE_FAILED", reason);
    if (stack_.on_failure == "DELETE") {
      TRY_DO(set_status("DELETE_IN_PROGRESS", reason + "Delete requested by user."));
      return delete_stack();
    }
    TRY_DO(set_status("ROLLBACK_IN_PROGRESS", reason + (error != nullptr ? "" : "Rollback requested by user.")));
    return roll_back_creation();
  }
  if (stack_.disable_rollback) return set_status("UPDATE_FAILED", reason);
  TRY_DO(begin_update_rollback(reason));
  return roll_back_update();
}

}  // namespace mastic::cloudformation
