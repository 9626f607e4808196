// One task of a worker: the conversation from the task's description to its last result.
//
//   Exchange exchange(context, job, worker);
//   while (true) switch (exchange.next(more)) {
//     case wants_input: exchange.send_batch(…) or exchange.end_input(); break;
//     case batch:       use(exchange.take_batch()); break;
//     case ended:       worker is free again; return;
//   }
//
// Both directions are served at once, so that neither side waits for the other with full buffers; at most one message
// lies ready to be sent. One thread. An exception ends the task, and the worker must be dropped: what the function raised,
// a worker that died, an interrupt of the query, the idle limit.
#pragma once

#include <arrow/buffer.h>
#include <arrow/ipc/reader.h>
#include <arrow/ipc/writer.h>
#include <arrow/record_batch.h>

#include <chrono>
#include <deque>
#include <memory>
#include <string>

#include "engine/python/python_job.h"
#include "engine/python/worker.h"

namespace mastic::engine {

class Exchange {
 public:
  enum class Event : uint8_t { wants_input, batch, ended };

  Exchange(duckdb::ClientContext& context, const PythonJob& job, WorkerPool& pool, int partition);
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  /// Waits until something is to be done. Asks for input only if `may_send`, and never after end_input().
  Event next(bool may_send);

  // Input that is one stream: batches, then end_input().
  // Input by groups: for each begin_group(streams), then for each stream its batches and end_stream(); then end_input().
  void begin_group(int streams);
  void begin_stream(const std::shared_ptr<arrow::Schema>& schema);
  void send_batch(const arrow::RecordBatch& batch);
  void end_stream();
  void end_input(bool grouped);

  [[nodiscard]] std::shared_ptr<arrow::RecordBatch> take_batch();

 private:
  class Listener;
  class Sink;
  enum class Reading : uint8_t {
    mark,
    arrow,
    exception_length,
    exception,
    timing,
    accumulators,
    accumulator_length,
    accumulator,
    last
  };

  void describe_task(int partition);
  bool serve(short events, bool may_wait);  // false: nothing happened (for a while)
  void read_some();
  void write_some();
  void expect(Reading reading, int64_t bytes);
  void take_bytes();
  void take_mark(int32_t mark);
  [[noreturn]] void worker_died();
  void idle_too_long();

  duckdb::ClientContext& context_;
  const PythonJob& job_;
  WorkerPool& pool_;
  std::unique_ptr<Worker> worker_;

  std::string outgoing_;
  std::size_t outgoing_at_ = 0;
  std::shared_ptr<Sink> sink_;
  std::shared_ptr<arrow::ipc::RecordBatchWriter> writer_;
  bool input_ended_ = false;

  Reading reading_ = Reading::mark;
  std::unique_ptr<arrow::ResizableBuffer> incoming_;
  int64_t incoming_have_ = 0;
  int accumulators_left_ = 0;
  std::shared_ptr<Listener> listener_;
  std::unique_ptr<arrow::ipc::StreamDecoder> decoder_;
  std::deque<std::shared_ptr<arrow::RecordBatch>> batches_;
  bool ended_ = false;
  std::chrono::steady_clock::time_point last_sign_;
  bool warned_of_idling_ = false;
};

/// Ends an operator with an Arrow failure.
void check(const arrow::Status& status);

}  // namespace mastic::engine
