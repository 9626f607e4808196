#include "spark/connect/operation.h"

#include <spark/connect/base.pb.h>

#include <algorithm>
#include <thread>

#include "base/identifiers.h"
#include "base/log.h"

namespace mastic::spark_connect {
namespace {

/// How far the producer may be ahead of the reader, and how much of what was read is kept for a reattach.
constexpr std::size_t unsent_bytes_max = 64U << 20U;
constexpr std::size_t sent_bytes_max = 16U << 20U;

spark::SparkError canceled() { return spark::runtime_error("OPERATION_CANCELED", {}, "org.apache.spark.SparkSQLException"); }

}  // namespace

void RunningThreads::add() {
  const std::scoped_lock lock(mutex_);
  ++count_;
}
void RunningThreads::remove() {
  const std::scoped_lock lock(mutex_);
  --count_;
  changed_.notify_all();
}
void RunningThreads::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return count_ == 0; });
}

Operation::Operation(OperationIdentity identity, engine::Engine& engine, const Clock& clock)
    : identity_(std::move(identity)), clock_(clock), connection_(engine.connect()), last_read_(clock.now()) {}

Operation::~Operation() = default;

void Operation::start(std::function<spark::SparkResult<void>(Operation&)> body, RunningThreads& threads) {
  threads.add();
  std::thread([self = shared_from_this(), body = std::move(body), &threads]() mutable {
    spark::SparkResult<void> result = std::unexpected(spark::internal_error("the operation ended without a result"));
    try {
      result = body(*self);
    } catch (const std::exception& exception) {
      log::error("spark", "operation {}: {}", self->identity_.operation_id, exception.what());
      result = std::unexpected(spark::internal_error(exception.what()));
    }
    body = nullptr;
    self->finish(std::move(result));
    self.reset();
    threads.remove();
  }).detach();
}

bool Operation::send(Response&& response) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return unsent_bytes_ < unsent_bytes_max || cancel_asked_; });
  if (cancel_asked_) return false;
  push(std::move(response));
  return true;
}

void Operation::push(Response&& response) {
  response.set_session_id(identity_.session_id);
  response.set_server_side_session_id(identity_.server_side_session_id);
  response.set_operation_id(identity_.operation_id);
  std::string id = random_uuid();
  response.set_response_id(id);
  const std::size_t bytes = response.ByteSizeLong();
  kept_.push_back({std::move(id), std::make_shared<const Response>(std::move(response)), bytes});
  unsent_bytes_ += bytes;
  changed_.notify_all();
}

void Operation::finish(spark::SparkResult<void> result) {
  {
    // The query's memory goes before the client hears that the query is done.
    const std::scoped_lock lock(mutex_);
    connection_.reset();
  }
  const std::scoped_lock lock(mutex_);
  if (cancel_asked_) {
    state_ = OperationState::cancelled;
    error_ = canceled();
  } else if (!result) {
    state_ = OperationState::failed;
    error_ = std::move(result.error());
  } else {
    state_ = OperationState::succeeded;
    Response complete;
    complete.mutable_result_complete();
    push(std::move(complete));
  }
  changed_.notify_all();
}

uint64_t Operation::attach() {
  const std::scoped_lock lock(mutex_);
  ++reader_;
  reader_present_ = true;
  changed_.notify_all();
  return reader_;
}

void Operation::detach(uint64_t reader) {
  const std::scoped_lock lock(mutex_);
  if (reader != reader_) return;
  reader_present_ = false;
  last_read_ = clock_.now();
}

Operation::Next Operation::next(uint64_t reader, uint64_t position, std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  const auto ready = [&] {
    return reader != reader_ || position < first_position_ + kept_.size() || state_ != OperationState::running;
  };
  if (!changed_.wait_for(lock, patience, ready)) {
    // DuckDB forgets an interrupt that comes between two statements: say it again for as long as it takes.
    if (cancel_asked_ && connection_ != nullptr) connection_->interrupt();
    return {.kind = Next::Kind::timeout, .response = nullptr, .error = std::nullopt};
  }
  if (reader != reader_) return {.kind = Next::Kind::detached, .response = nullptr, .error = std::nullopt};
  if (position < first_position_) return {.kind = Next::Kind::gone, .response = nullptr, .error = std::nullopt};
  if (position < first_position_ + kept_.size()) {
    const Kept& kept = kept_[position - first_position_];
    auto response = kept.response;
    if (position >= sent_until_) {
      sent_until_ = position + 1;
      unsent_bytes_ -= kept.bytes;
      sent_bytes_ += kept.bytes;
      while (sent_bytes_ > sent_bytes_max && first_position_ + 1 < sent_until_) drop_first();
      changed_.notify_all();
    }
    return {.kind = Next::Kind::response, .response = std::move(response), .error = std::nullopt};
  }
  if (error_) return {.kind = Next::Kind::failed, .response = nullptr, .error = error_};
  return {.kind = Next::Kind::end, .response = nullptr, .error = std::nullopt};
}

void Operation::drop_first() {
  (first_position_ < sent_until_ ? sent_bytes_ : unsent_bytes_) -= kept_.front().bytes;
  kept_.pop_front();
  ++first_position_;
}

std::optional<uint64_t> Operation::position_after(const std::string& response_id) const {
  const std::scoped_lock lock(mutex_);
  const auto found = std::ranges::find(kept_, response_id, &Kept::id);
  if (found == kept_.end()) return std::nullopt;
  return first_position_ + static_cast<uint64_t>(found - kept_.begin()) + 1;
}

void Operation::release_until(const std::string& response_id) {
  const std::scoped_lock lock(mutex_);
  const auto found = std::ranges::find(kept_, response_id, &Kept::id);
  if (found == kept_.end()) return;
  auto count = found - kept_.begin() + 1;
  while (count-- > 0) drop_first();
  sent_until_ = std::max(sent_until_, first_position_);
  changed_.notify_all();
}

bool Operation::cancel() {
  const std::scoped_lock lock(mutex_);
  if (state_ != OperationState::running || cancel_asked_) return false;
  cancel_asked_ = true;
  if (connection_ != nullptr) connection_->interrupt();
  changed_.notify_all();
  return true;
}

bool Operation::cancelled() const {
  const std::scoped_lock lock(mutex_);
  return cancel_asked_;
}

double Operation::progress() const {
  const std::scoped_lock lock(mutex_);
  return connection_ == nullptr ? -1 : connection_->progress();
}

OperationState Operation::state() const {
  const std::scoped_lock lock(mutex_);
  return state_;
}

bool Operation::has_tag(const std::string& tag) const { return std::ranges::find(identity_.tags, tag) != identity_.tags.end(); }

Instant Operation::last_read() const {
  const std::scoped_lock lock(mutex_);
  return reader_present_ ? clock_.now() : last_read_;
}

}  // namespace mastic::spark_connect
