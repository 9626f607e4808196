#include "engine/python/exchange.h"

#include <arrow/io/interfaces.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "base/log.h"
#include "engine/duckdb_failure.h"
#include "engine/python/wire.h"

namespace mastic::engine {
namespace {

constexpr int poll_milliseconds = 50;  // how soon an interrupt is seen
constexpr int64_t message_bytes_max = int64_t{1} << 31;

[[noreturn]] void fail_worker(const std::string& message) { throw_spark_error("PYTHON_WORKER_FAILED", {{"message", message}}); }

/// What the function raised. What Spark's own unpickler would raise, the worker raises under this name.
[[noreturn]] void fail_with_traceback(const std::string& traceback) {
  constexpr std::string_view unpickling = "mastic.pickled_rows.PickleException: ";
  if (const auto at = traceback.rfind(unpickling); at != std::string::npos) {
    auto message = traceback.substr(at + unpickling.size());
    message.resize(std::min(message.size(), message.find('\n')));
    throw_java_error("net.razorvine.pickle.PickleException", message);
  }
  throw_spark_error("PYTHON_EXCEPTION", {{"traceback", traceback}});
}

}  // namespace

void check(const arrow::Status& status) {
  if (!status.ok()) throw duckdb::InvalidInputException("Arrow: " + status.ToString());
}

/// Puts what a writer makes behind the bytes that wait to be sent.
class Exchange::Sink final : public arrow::io::OutputStream {
 public:
  explicit Sink(std::string& to) : to_(to) {}
  arrow::Status Close() override { return arrow::Status::OK(); }
  [[nodiscard]] bool closed() const override { return false; }
  [[nodiscard]] arrow::Result<int64_t> Tell() const override { return position_; }
  arrow::Status Write(const void* data, int64_t bytes) override {
    to_.append(static_cast<const char*>(data), static_cast<std::size_t>(bytes));
    position_ += bytes;
    return arrow::Status::OK();
  }
  using arrow::io::OutputStream::Write;
  void start_over() { position_ = 0; }

 private:
  std::string& to_;
  int64_t position_ = 0;
};

class Exchange::Listener final : public arrow::ipc::Listener {
 public:
  explicit Listener(Exchange& exchange) : exchange_(exchange) {}
  arrow::Status OnRecordBatchDecoded(std::shared_ptr<arrow::RecordBatch> batch) override {
    exchange_.batches_.push_back(std::move(batch));
    return arrow::Status::OK();
  }
  arrow::Status OnEOS() override {
    ended = true;
    return arrow::Status::OK();
  }
  bool ended = false;

 private:
  Exchange& exchange_;
};

Exchange::Exchange(duckdb::ClientContext& context, const PythonJob& job, WorkerPool& pool, int partition)
    : context_(context),
      job_(job),
      pool_(pool),
      worker_(pool.take(job.environment)),
      sink_(std::make_shared<Sink>(outgoing_)),
      last_sign_(std::chrono::steady_clock::now()) {
  auto buffer = arrow::AllocateResizableBuffer(4);
  check(buffer.status());
  incoming_ = std::move(*buffer);
  describe_task(partition);
}

Exchange::~Exchange() = default;

void Exchange::describe_task(int partition) {
  auto& out = outgoing_;
  wire::add_number(out, partition);
  wire::add_text(out, job_.python_version);
  const std::string_view kind = job_.barrier ? R"("isBarrier":true,"connInfo":null,"secret":null)" : R"("isBarrier":false)";
  wire::add_text(out, fmt::format(R"({{{},"stageId":0,"partitionId":{},"attemptNumber":0,"taskAttemptId":{},)"
                                  R"("cpus":{},"resources":{{}},"localProperties":{{}}}})",
                                  kind, partition, partition, job_.cpus));
  wire::add_text(out, job_.environment.files_folder.empty() ? "." : job_.environment.files_folder);
  wire::add_number(out, 0);    // packages beside it: mastic.worker has put them on the path
  wire::add_flag(out, false);  // no broadcast variables
  wire::add_number(out, 0);
  wire::add_number(out, job_.evaluation_type);
  for (const auto* settings : {&job_.settings, &job_.evaluation_settings}) {
    wire::add_number(out, static_cast<int32_t>(settings->size()));
    for (const auto& [name, value] : *settings) {
      wire::add_text(out, name);
      wire::add_text(out, value);
    }
  }
  if (!job_.table_function.empty()) {
    out += job_.table_function;
    return;
  }
  wire::add_number(out, static_cast<int32_t>(job_.functions.size()));
  for (const auto& function : job_.functions) {
    wire::add_number(out, static_cast<int32_t>(function.arguments.size()));
    for (const auto& argument : function.arguments) {
      wire::add_number(out, argument.offset);
      wire::add_flag(out, !argument.name.empty());
      if (!argument.name.empty()) wire::add_text(out, argument.name);
    }
    wire::add_number(out, static_cast<int32_t>(function.commands.size()));
    for (const auto& command : function.commands) wire::add_text(out, command);
    wire::add_long(out, function.result_id);
  }
}

void Exchange::begin_group(int streams) { wire::add_number(outgoing_, streams); }

void Exchange::begin_stream(const std::shared_ptr<arrow::Schema>& schema) {
  sink_->start_over();
  auto writer = arrow::ipc::MakeStreamWriter(sink_, schema);
  check(writer.status());
  writer_ = *writer;
}

void Exchange::send_batch(const arrow::RecordBatch& batch) { check(writer_->WriteRecordBatch(batch)); }

void Exchange::end_stream() {
  check(writer_->Close());
  writer_.reset();
}

void Exchange::end_input(bool grouped) {
  if (grouped) {
    wire::add_number(outgoing_, 0);
  } else {
    end_stream();
  }
  wire::add_number(outgoing_, wire::end_of_stream);
  input_ended_ = true;
}

std::shared_ptr<arrow::RecordBatch> Exchange::take_batch() {
  auto batch = std::move(batches_.front());
  batches_.pop_front();
  return batch;
}

Exchange::Event Exchange::next(bool may_send) {
  while (true) {
    if (!batches_.empty()) return Event::batch;
    if (ended_) return Event::ended;
    const bool to_send = outgoing_at_ < outgoing_.size();
    if (!to_send && !input_ended_ && may_send) {
      // What has come already is looked at before more is asked for.
      if (serve(POLLIN, false)) continue;
      return Event::wants_input;
    }
    serve(static_cast<short>(POLLIN | (to_send ? POLLOUT : 0)), true);
  }
}

bool Exchange::serve(short events, bool may_wait) {
  pollfd wait{.fd = worker_->socket(), .events = events, .revents = 0};
  const int ready = poll(&wait, 1, may_wait ? poll_milliseconds : 0);
  if (context_.IsInterrupted()) throw duckdb::InterruptException();
  if (ready <= 0) {
    const auto limit = std::chrono::seconds(job_.limits.idle_timeout_seconds);
    if (job_.limits.idle_timeout_seconds > 0 && may_wait && std::chrono::steady_clock::now() - last_sign_ > limit)
      idle_too_long();
    return false;
  }
  last_sign_ = std::chrono::steady_clock::now();
  if ((wait.revents & POLLOUT) != 0) write_some();
  if ((wait.revents & (POLLIN | POLLHUP | POLLERR)) != 0) read_some();
  return true;
}

void Exchange::write_some() {
  while (outgoing_at_ < outgoing_.size()) {
    const auto sent = send(worker_->socket(), outgoing_.data() + outgoing_at_, outgoing_.size() - outgoing_at_, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return;  // full; or broken, which reading will tell together with the reason
    outgoing_at_ += static_cast<std::size_t>(sent);
  }
  outgoing_.clear();
  outgoing_at_ = 0;
}

void Exchange::read_some() {
  // Each step says how many bytes it needs; they are read to where they will be used.
  while (!ended_ && batches_.empty()) {
    const auto size = recv(worker_->socket(), incoming_->mutable_data() + incoming_have_,
                           static_cast<std::size_t>(incoming_->size() - incoming_have_), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (size <= 0) worker_died();
    incoming_have_ += size;
    if (incoming_have_ == incoming_->size()) take_bytes();
  }
}

void Exchange::expect(Reading reading, int64_t bytes) {
  if (bytes < 0 || bytes > message_bytes_max) fail_worker("The Python worker does not keep to its protocol");
  reading_ = reading;
  incoming_have_ = 0;
  if (reading == Reading::arrow) {
    // The decoder keeps the buffer that it got.
    auto buffer = arrow::AllocateResizableBuffer(bytes);
    check(buffer.status());
    incoming_ = std::move(*buffer);
  } else {
    check(incoming_->Resize(bytes, false));
  }
}

void Exchange::take_bytes() {
  const auto* bytes = incoming_->data();
  switch (reading_) {
    case Reading::mark: return take_mark(wire::read_number(bytes));
    case Reading::arrow:
      check(decoder_->Consume(std::shared_ptr<arrow::Buffer>(std::move(incoming_))));
      if (!listener_->ended) return expect(Reading::arrow, decoder_->next_required_size());
      {
        auto buffer = arrow::AllocateResizableBuffer(4);
        check(buffer.status());
        incoming_ = std::move(*buffer);
      }
      return expect(Reading::mark, 4);
    case Reading::exception_length: return expect(Reading::exception, wire::read_number(bytes));
    case Reading::exception:
      fail_with_traceback(std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(incoming_->size())));
    case Reading::timing: return expect(Reading::mark, 4);
    case Reading::accumulators: accumulators_left_ = wire::read_number(bytes); [[fallthrough]];
    case Reading::accumulator:
      if (reading_ == Reading::accumulator && job_.accumulated)
        job_.accumulated(std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(incoming_->size())));
      if (accumulators_left_-- > 0) return expect(Reading::accumulator_length, 4);
      return expect(Reading::last, 4);
    case Reading::accumulator_length: return expect(Reading::accumulator, wire::read_number(bytes));
    case Reading::last:
      ended_ = true;
      if (wire::read_number(bytes) == wire::end_of_stream) pool_.give_back(std::move(worker_));
      return;
  }
}

void Exchange::take_mark(int32_t mark) {
  switch (mark) {
    case wire::start_arrow_stream:
      listener_ = std::make_shared<Listener>(*this);
      decoder_ = std::make_unique<arrow::ipc::StreamDecoder>(listener_);
      return expect(Reading::arrow, decoder_->next_required_size());
    case wire::python_exception: return expect(Reading::exception_length, 4);
    // Boot, initialisation and end; time of work; bytes spilled in memory and to disk.
    case wire::timing_data: return expect(Reading::timing, 6 * 8);
    case wire::end_of_data_section: return expect(Reading::accumulators, 4);
    default: fail_worker(fmt::format("The Python worker does not keep to its protocol: it sent {}", mark));
  }
}

void Exchange::worker_died() { throw_worker_died(pool_.fault_folder(), worker_->process(), job_.limits.fault_handler); }

void Exchange::idle_too_long() {
  last_sign_ = std::chrono::steady_clock::now();
  if (job_.limits.kill_on_idle_timeout) {
    worker_->kill();
    throw_idle_too_long(job_.limits.idle_timeout_seconds);
  }
  if (!warned_of_idling_) {
    log::warn("python", "a Python worker has given no sign for {} seconds (spark.sql.execution.pyspark.udf.idleTimeoutSeconds)",
              job_.limits.idle_timeout_seconds);
  }
  warned_of_idling_ = true;
}

}  // namespace mastic::engine
