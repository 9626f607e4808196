// One operation on one stack, from its *_IN_PROGRESS to its end: creation, update, deletion and the way back.
//
// Every step is written before the service is called and after it answered, so that whoever comes after a kill knows what
// may be half made (ResourceRecord::done is false) and goes on: see `resume`. Runs in the caller's thread and in a bounded
// number of its own. Ends by itself only; `stop` (the process ends) keeps further steps from beginning and leaves the stack
// as it is, to be resumed.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "cloudformation/executor/graph.h"
#include "cloudformation/executor/plan.h"
#include "cloudformation/executor/stack_references.h"

namespace mastic::cloudformation {

/// Of the failure with which an update finds at its end that it was cancelled.
inline constexpr std::string_view cancelled_code = "UpdateCancelled";

class Operation {
 public:
  /// What is asked before each step.
  struct Signals {
    std::function<bool()> stop;       // the process ends
    std::function<bool()> cancelled;  // an update is to go back
  };
  Operation(const House& house, StackRecord stack, Signals signals);

  /// Carries out what the stack's status says has begun. `interrupted`: the process that began it is gone.
  void run(bool interrupted);

 private:
  using Rows = std::map<std::string, ResourceRecord>;

  Result<void> run_steps(bool interrupted);
  // Forward (operation_forward.cpp).
  Result<void> deploy();
  Result<void> deploy_resource(const std::string& id);
  Result<void> make(ResourceRecord row, const ResourceDeclaration& declaration, const Json& properties);
  Result<void> change_in_place(ResourceRecord row, const ResourceDeclaration& declaration, const Json& properties);
  Result<void> replace(ResourceRecord row, const ResourceDeclaration& declaration, const Json& properties);
  Result<Made> call_create(ResourceRecord& row, const Instance& wanted, std::string_view in_progress);
  Result<void> finish_deployment();
  Result<void> cancel_update();
  Result<Instance> wanted_instance(const ResourceDeclaration& declaration, const std::string& id, const Json& properties);
  Result<Json> revealed(const Json& properties);
  Result<void> fail_deployment(const GraphOutcome& outcome, const Error* error);
  // Back (operation_back.cpp).
  Result<void> roll_back_creation();
  Result<void> roll_back_update();
  Result<void> restore(const std::string& id);
  Result<void> restore_service(const ResourceRecord& row);
  void restore_exports();
  Result<void> clean_up(bool rolled_back);
  Result<void> delete_stack();
  Result<void> begin_update_rollback(std::string_view reason);
  GraphOutcome delete_rows(bool creation);
  Result<void> delete_row(const std::string& id, bool creation);
  Result<void> clean_row(const std::string& id);
  Result<void> remove_instance(const ResourceRecord& row, const Instance& instance, std::string_view policy);
  Result<void> call_remove(const ResourceRecord& row, const Instance& instance);
  Result<void> note(const ResourceRecord& row, const Instance& instance, std::string_view status, std::string_view reason = {});
  std::vector<std::string> half_made_ids(const ResourceRecord& row, const Instance& instance);

  Result<void> load();
  Result<void> report(ResourceRecord& row, std::string_view status, std::string_view reason = {});
  Result<void> set_status(std::string_view status, std::string_view reason = {},
                          const std::function<void(StackRecord&)>& change = {});
  ResourceRecord row_of(const std::string& id);
  void keep(const ResourceRecord& row);
  [[nodiscard]] ResourceContext context(std::string_view logical_id) const { return context_of(house_, stack_, logical_id); }

  const House& house_;
  StackRecord stack_;
  const std::function<bool()> stop_;
  const std::function<bool()> cancelled_;
  std::unique_ptr<Plan> plan_;
  std::unique_ptr<StackReferences> references_;
  std::mutex mutex_;  // guards rows_
  Rows rows_;
  bool tags_changed_ = false;
};

}  // namespace mastic::cloudformation
