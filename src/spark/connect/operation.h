// One ExecutePlan: its thread, the responses that it has made, and who reads them.
//
//   producer (the operation's thread)      consumer (the gRPC call that streams, one at a time)
//     send(response)  ──▶ [ r1 r2 r3 … ] ──▶ next(position)
//     complete() / fail(error)               release_until(r2): r1 and r2 are dropped
//
// A stream may break: the operation goes on, and a later ReattachExecute reads from the response after the one that the
// client saw last. So responses stay until the client releases them; what was sent but not released is kept up to a bound,
// oldest dropped first. A producer that is too far ahead of the reader waits in send(). An operation that nobody reads for
// long is cancelled by Sessions. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"
#include "spark/plan/spark_error.h"

namespace spark::connect {
class ExecutePlanResponse;
}

namespace mastic::spark_connect {

using Response = ::spark::connect::ExecutePlanResponse;

enum class OperationState : unsigned char { running, succeeded, failed, cancelled };

struct OperationIdentity {
  std::string session_id;
  std::string server_side_session_id;
  std::string operation_id;
  std::vector<std::string> tags;
  std::string plan_fingerprint;  // to tell a repeated request from another with the same operation id
};

/// Counts the threads of operations, so that a server can wait for all before it goes.
class RunningThreads {
 public:
  void add();
  void remove();
  void wait();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

class Operation : public std::enable_shared_from_this<Operation> {
 public:
  Operation(OperationIdentity identity, engine::Engine& engine, const Clock& clock);
  ~Operation();
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;

  /// Runs `body` on a thread of its own; its error becomes the operation's.
  void start(std::function<spark::SparkResult<void>(Operation&)> body, RunningThreads& threads);

  // For the body.
  [[nodiscard]] engine::Connection& connection() { return *connection_; }
  /// Numbers the response and hands it on; waits while the reader is too far behind. False: cancelled, stop.
  bool send(Response&& response);
  [[nodiscard]] bool cancelled() const;

  // For readers.
  struct Next {
    enum class Kind : unsigned char { response, end, failed, timeout, detached, gone };
    Kind kind = Kind::timeout;
    std::shared_ptr<const Response> response;
    std::optional<spark::SparkError> error;
  };
  /// Makes the caller the reader, in place of an earlier one, which gets Next::detached.
  [[nodiscard]] uint64_t attach();
  void detach(uint64_t reader);
  /// The response at `position` (0 is the first); `gone`: dropped already.
  [[nodiscard]] Next next(uint64_t reader, uint64_t position, std::chrono::milliseconds patience);
  /// The position after the response of that id; nothing: no such response (any more).
  [[nodiscard]] std::optional<uint64_t> position_after(const std::string& response_id) const;
  void release_until(const std::string& response_id);

  /// Ends the running query. True: it was running.
  bool cancel();
  [[nodiscard]] OperationState state() const;
  /// Of the running statement, 0 to 1; negative: unknown.
  [[nodiscard]] double progress() const;
  [[nodiscard]] bool finished() const { return state() != OperationState::running; }
  [[nodiscard]] const OperationIdentity& identity() const { return identity_; }
  [[nodiscard]] bool has_tag(const std::string& tag) const;
  /// When it was last read; now while a reader is there.
  [[nodiscard]] Instant last_read() const;

 private:
  struct Kept {
    std::string id;
    std::shared_ptr<const Response> response;
    std::size_t bytes = 0;
  };
  void finish(spark::SparkResult<void> result);
  void push(Response&& response);  // needs the lock
  void drop_first();               // needs the lock

  const OperationIdentity identity_;
  const Clock& clock_;
  std::unique_ptr<engine::Connection> connection_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Kept> kept_;
  uint64_t first_position_ = 0;  // of kept_.front()
  uint64_t sent_until_ = 0;      // positions below were given to a reader
  std::size_t unsent_bytes_ = 0;
  std::size_t sent_bytes_ = 0;
  uint64_t reader_ = 0;
  bool reader_present_ = false;
  Instant last_read_;
  OperationState state_ = OperationState::running;
  bool cancel_asked_ = false;
  std::optional<spark::SparkError> error_;
};

}  // namespace mastic::spark_connect
