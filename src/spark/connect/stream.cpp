#include "spark/connect/stream.h"

#include <spark/connect/base.pb.h>

#include <algorithm>
#include <chrono>

namespace mastic::spark_connect {
namespace {

using std::chrono::milliseconds;

/// How soon a broken stream or a lost interrupt is noticed, and how often the client hears that the query still runs.
constexpr milliseconds patience{100};
constexpr milliseconds progress_interval{2000};

}  // namespace

Response progress_response(double share) {
  constexpr int64_t tasks = 100;
  const auto completed = std::clamp<int64_t>(static_cast<int64_t>(share * tasks), 0, tasks);
  Response response;
  auto& stage = *response.mutable_execution_progress()->add_stages();
  stage.set_num_tasks(tasks);
  stage.set_num_completed_tasks(completed);
  stage.set_done(completed == tasks);
  response.mutable_execution_progress()->set_num_inflight_tasks(completed == tasks ? 0 : 1);
  return response;
}

grpc::Status stream_responses(Session& session, Operation& operation, uint64_t position, grpc::ServerContext& context,
                              grpc::ServerWriter<Response>& writer) {
  const uint64_t reader = operation.attach();
  milliseconds waited{0};
  while (true) {
    const auto next = operation.next(reader, position, patience);
    using Kind = Operation::Next::Kind;
    switch (next.kind) {
      case Kind::response:
        waited = milliseconds{0};
        ++position;
        if (!writer.Write(*next.response)) {
          operation.detach(reader);
          return grpc::Status::CANCELLED;
        }
        break;
      case Kind::timeout:
        if (context.IsCancelled()) {
          operation.detach(reader);
          return grpc::Status::CANCELLED;
        }
        waited += patience;
        session.touch();
        if (waited >= progress_interval) {
          waited = milliseconds{0};
          (void)operation.send(progress_response(operation.progress()));
        }
        break;
      case Kind::end: operation.detach(reader); return grpc::Status::OK;
      case Kind::failed: operation.detach(reader); return to_status(*next.error, &session.errors);
      case Kind::detached:
        return to_status(spark::runtime_error("INVALID_CURSOR.DISCONNECTED", {}, "org.apache.spark.SparkSQLException"),
                         nullptr);
      case Kind::gone:
        operation.detach(reader);
        return to_status(spark::runtime_error("INVALID_CURSOR.POSITION_NOT_AVAILABLE",
                                              {{"responseId", ""}, {"index", std::to_string(position)}},
                                              "org.apache.spark.SparkSQLException"),
                         nullptr);
    }
  }
}

}  // namespace mastic::spark_connect
