// Interrupt and GetStatus.
#include <spark/connect/base.pb.h>

#include "spark/connect/error_status.h"
#include "spark/connect/rpc/rpc.h"

namespace mastic::spark_connect::rpc {
namespace {

using Status = proto::GetStatusResponse::OperationStatus;

void add_status(proto::GetStatusResponse& response, const std::string& id, Status::OperationState state) {
  auto& status = *response.add_operation_statuses();
  status.set_operation_id(id);
  status.set_state(state);
}

Status::OperationState state_of(const Operation& operation) {
  switch (operation.state()) {
    case OperationState::running:
      return operation.cancelled() ? Status::OPERATION_STATE_TERMINATING : Status::OPERATION_STATE_RUNNING;
    case OperationState::succeeded: return Status::OPERATION_STATE_SUCCEEDED;
    case OperationState::failed: return Status::OPERATION_STATE_FAILED;
    case OperationState::cancelled: return Status::OPERATION_STATE_CANCELLED;
  }
  return Status::OPERATION_STATE_UNKNOWN;
}

}  // namespace

spark::SparkResult<void> interrupt(Session& session, const proto::InterruptRequest& request,
                                   proto::InterruptResponse& response) {
  const auto chosen = [&](const Operation& operation) {
    switch (request.interrupt_type()) {
      case proto::InterruptRequest::INTERRUPT_TYPE_TAG: return operation.has_tag(request.operation_tag());
      case proto::InterruptRequest::INTERRUPT_TYPE_OPERATION_ID:
        return operation.identity().operation_id == request.operation_id();
      default: return true;
    }
  };
  if (request.interrupt_type() == proto::InterruptRequest::INTERRUPT_TYPE_UNSPECIFIED) {
    return fail(spark::unsupported("an interrupt of no known type"));
  }
  for (const auto& operation : session.operations()) {
    if (chosen(*operation) && operation->cancel()) response.add_interrupted_ids(operation->identity().operation_id);
  }
  return {};
}

spark::SparkResult<void> get_status(Session& session, const proto::GetStatusRequest& request,
                                    proto::GetStatusResponse& response) {
  const auto& wanted = request.operation_status().operation_ids();
  if (wanted.empty()) {
    for (const auto& operation : session.operations()) {
      add_status(response, operation->identity().operation_id, state_of(*operation));
    }
    return {};
  }
  for (const std::string& id : wanted) {
    const auto operation = session.find_operation(id);
    add_status(response, id, operation == nullptr ? Status::OPERATION_STATE_UNKNOWN : state_of(*operation));
  }
  return {};
}

}  // namespace mastic::spark_connect::rpc
