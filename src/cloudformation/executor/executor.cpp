#include "cloudformation/executor/executor.h"

#include <future>
#include <memory>

#include "cloudformation/executor/operation.h"

namespace mastic::cloudformation {

Executor::~Executor() { stop(); }

void Executor::stop() {
  stopping_ = true;
  std::list<Task> tasks;
  {
    const std::scoped_lock lock(mutex_);
    tasks.splice(tasks.end(), tasks_);
  }
  for (auto& task : tasks) task.thread.join();
}

void Executor::collect() {
  for (auto at = tasks_.begin(); at != tasks_.end();) {
    if (at->ended) {
      at->thread.join();
      at = tasks_.erase(at);
    } else {
      ++at;
    }
  }
}

void Executor::carry_out(const StackRecord& stack, bool interrupted) {
  Operation(house_, stack,
            {.stop = [this] { return stopping_.load(); }, .cancelled = [this, &stack] { return is_cancelled(stack); }})
      .run(interrupted);
  const std::scoped_lock lock(mutex_);
  if (const auto at = cancelled_.find(stack.id); at != cancelled_.end()) cancelled_.erase(at);
}

void Executor::cancel(std::string_view stack_id) {
  const std::scoped_lock lock(mutex_);
  cancelled_.emplace(stack_id);
}

bool Executor::is_cancelled(const StackRecord& stack) {
  const std::scoped_lock lock(mutex_);
  return cancelled_.contains(stack.id) || (!stack.root_id.empty() && cancelled_.contains(stack.root_id));
}

void Executor::start(const StackRecord& stack, bool interrupted, std::chrono::milliseconds head_start) {
  const auto done = std::make_shared<std::promise<void>>();
  {
    const std::scoped_lock lock(mutex_);
    if (stopping_) return;
    collect();
    auto& task = tasks_.emplace_back();
    task.thread = std::thread([this, stack, interrupted, &task, done] {
      carry_out(stack, interrupted);
      // What was cut short goes on in the next process, with the same key.
      if (house_.release && !stopping_) house_.release(stack.access_key);
      task.ended = true;
      done->set_value();
    });
  }
  done->get_future().wait_for(head_start);
}

Result<void> Executor::resume() {
  TRY(stacks, house_.store.every_stack());
  for (const auto& stack : stacks) {
    if (!stack.status.ends_with("_IN_PROGRESS") || stack.status == "REVIEW_IN_PROGRESS") continue;
    if (!stack.parent_id.empty()) {
      // The parent's own way back or on takes its children along.
      TRY(parent, house_.store.find_stack(stack.region, stack.parent_id));
      if (parent && parent->status.ends_with("_IN_PROGRESS")) continue;
      // A parent whose update failed and stands may still go back, and this child with it.
      if (parent && parent->status == "UPDATE_FAILED" && stack.status == "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS") continue;
    }
    start(stack, true, std::chrono::milliseconds(0));
  }
  return {};
}

}  // namespace mastic::cloudformation
