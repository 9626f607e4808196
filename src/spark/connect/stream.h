// Sends an operation's responses to one gRPC stream.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/sync_stream.h>

#include <memory>

#include "spark/connect/session.h"

namespace mastic::spark_connect {

/// From `position` until the operation ends, the stream breaks or another stream takes over. A query that lasts gets a sign
/// of life (execution_progress) every two seconds.
grpc::Status stream_responses(Session& session, Operation& operation, uint64_t position, grpc::ServerContext& context,
                              grpc::ServerWriter<::spark::connect::ExecutePlanResponse>& writer);

/// How far a query is: one stage of a hundred tasks, of which this share is done.
::spark::connect::ExecutePlanResponse progress_response(double share);

}  // namespace mastic::spark_connect
