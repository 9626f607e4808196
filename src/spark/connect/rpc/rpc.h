// The unary calls, one function each: a request in, the response filled or Spark's error.
#pragma once

#include "spark/connect/session.h"

namespace spark::connect {
class AnalyzePlanRequest;
class AnalyzePlanResponse;
class ConfigRequest;
class ConfigResponse;
class GetStatusRequest;
class GetStatusResponse;
class InterruptRequest;
class InterruptResponse;
}  // namespace spark::connect

namespace mastic::spark_connect::rpc {

namespace proto = ::spark::connect;

spark::SparkResult<void> analyze_plan(const std::shared_ptr<Session>& session, const proto::AnalyzePlanRequest& request,
                                      proto::AnalyzePlanResponse& response);
spark::SparkResult<void> config(Session& session, const proto::ConfigRequest& request, proto::ConfigResponse& response);
spark::SparkResult<void> interrupt(Session& session, const proto::InterruptRequest& request,
                                   proto::InterruptResponse& response);
spark::SparkResult<void> get_status(Session& session, const proto::GetStatusRequest& request,
                                    proto::GetStatusResponse& response);

}  // namespace mastic::spark_connect::rpc
