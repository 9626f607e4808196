// Carries out operations on stacks, each in a thread of its own.
//
// Thread-safe. Owner: CloudFormation. `start` returns soon; the stack's status says already what goes on. Ends when the
// process does: steps that run are awaited, no further ones begin, and `resume` of the next process goes on.
#pragma once

#include <atomic>
#include <chrono>
#include <list>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "cloudformation/executor/house.h"

namespace mastic::cloudformation {

class Executor {
 public:
  explicit Executor(const House& house) : house_(house) {}
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  /// In the background. Waits `head_start` for a small operation to end: clients look at once, and then again only
  /// seconds later (the CDK after five).
  void start(const StackRecord& stack, bool interrupted = false,
             std::chrono::milliseconds head_start = std::chrono::milliseconds(40));
  /// In the caller's thread: what nested stacks use.
  void carry_out(const StackRecord& stack, bool interrupted = false);
  /// The stack's update that runs, and those of its children, begin no further steps and go back.
  void cancel(std::string_view stack_id);
  /// Everything that was left in the middle.
  Result<void> resume();
  void stop();

 private:
  struct Task {
    std::thread thread;
    std::atomic<bool> ended = false;
  };
  void collect();
  [[nodiscard]] bool is_cancelled(const StackRecord& stack);

  const House& house_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;  // guards what follows
  std::list<Task> tasks_;
  std::set<std::string, std::less<>> cancelled_;  // stacks whose update runs
};

}  // namespace mastic::cloudformation
