#include "spark/connect/service.h"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>

#include <optional>

#include "base/identifiers.h"
#include "spark/connect/error_status.h"
#include "spark/connect/execution/execution.h"
#include "spark/connect/rpc/rpc.h"
#include "spark/connect/stream.h"

namespace mastic::spark_connect {
namespace {

using spark::SparkError;
using spark::SparkResult;
using SessionPtr = std::shared_ptr<Session>;

/// The session that a request names; it begins with its first request.
template <typename Request>
SparkResult<SessionPtr> open_session(Sessions& sessions, const Request& request) {
  return sessions.open(request.user_context().user_id(), request.session_id(),
                       request.client_observed_server_side_session_id());
}
template <typename Request>
SparkResult<SessionPtr> find_session(Sessions& sessions, const Request& request) {
  return sessions.find(request.user_context().user_id(), request.session_id(),
                       request.client_observed_server_side_session_id());
}

template <typename MessageResponse>
void stamp(const Session& session, MessageResponse& response) {
  response.set_session_id(session.id());
  response.set_server_side_session_id(session.server_side_id());
}

/// A unary call: the session, the work, the session's ids in the answer.
template <typename Request, typename MessageResponse, typename Work>
grpc::Status answer(Sessions& sessions, const Request& request, MessageResponse& response, Work work) {
  const auto session = open_session(sessions, request);
  if (!session) return to_status(session.error(), nullptr);
  stamp(**session, response);
  try {
    if (const SparkResult<void> done = work(*session); !done) return to_status(done.error(), &(*session)->errors);
  } catch (const std::exception& exception) {
    return to_status(spark::internal_error(exception.what()), &(*session)->errors);
  }
  return grpc::Status::OK;
}

std::string fingerprint_of(const proto::ExecutePlanRequest& request) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  request.plan().SerializeToCodedStream(&coded);
  coded.Trim();
  return fmt::format("{}:{}", bytes.size(), std::hash<std::string>{}(bytes));
}

bool is_reattachable(const proto::ExecutePlanRequest& request) {
  for (const auto& option : request.request_options()) {
    if (option.has_reattach_options() && option.reattach_options().reattachable()) return true;
  }
  return false;
}

/// A new operation that runs already, or the running one that this request asks for again.
SparkResult<std::shared_ptr<Operation>> start_operation(const SessionPtr& session, const proto::ExecutePlanRequest& request) {
  OperationIdentity identity{.session_id = session->id(),
                             .server_side_session_id = session->server_side_id(),
                             .operation_id = request.operation_id().empty() ? random_uuid() : request.operation_id(),
                             .tags = {request.tags().begin(), request.tags().end()},
                             .plan_fingerprint = fingerprint_of(request)};
  const std::string id = identity.operation_id;
  if (session->was_removed(id)) return fail(invalid_handle("OPERATION_ABANDONED", id));
  if (const auto present = session->find_operation(id)) {
    if (present->identity().plan_fingerprint == identity.plan_fingerprint) return present;
    return fail(invalid_handle("OPERATION_ALREADY_EXISTS", id));
  }
  SharedState& shared = session->shared();
  auto operation = std::make_shared<Operation>(std::move(identity), shared.engine, shared.clock);
  if (!session->add_operation(operation)) return fail(invalid_handle("OPERATION_ALREADY_EXISTS", id));
  operation->start(
      [session, plan = request.plan()](Operation& running) -> SparkResult<void> {
        Observations observations(session->shared().engine);
        Execution execution{.session = session, .operation = running, .observations = observations};
        return run_plan(execution, plan);
      },
      shared.threads);
  return operation;
}

/// An upload that comes in chunks.
struct Chunks {
  std::string name;
  std::string content;
  int64_t left = 0;
  bool valid = true;
};

void add_summary(proto::AddArtifactsResponse& response, const std::string& name, bool valid) {
  auto& summary = *response.add_artifacts();
  summary.set_name(name);
  summary.set_is_crc_successful(valid);
}

bool is_intact(const proto::AddArtifactsRequest::ArtifactChunk& chunk) {
  return static_cast<int64_t>(crc32(chunk.data())) == chunk.crc();
}

SparkResult<void> keep(Session& session, proto::AddArtifactsResponse& response, const std::string& name, std::string content,
                       bool valid) {
  // A broken upload is reported by its name and not kept; the client decides.
  if (valid) TRY_DO(session.artifacts.add(name, std::move(content)));
  add_summary(response, name, valid);
  return {};
}

SparkResult<void> take_artifacts(Session& session, const proto::AddArtifactsRequest& request, std::optional<Chunks>& chunks,
                                 proto::AddArtifactsResponse& response) {
  switch (request.payload_case()) {
    case proto::AddArtifactsRequest::kBatch:
      for (const auto& artifact : request.batch().artifacts()) {
        TRY_DO(keep(session, response, artifact.name(), artifact.data().data(), is_intact(artifact.data())));
      }
      return {};
    case proto::AddArtifactsRequest::kBeginChunk: {
      const auto& begin = request.begin_chunk();
      chunks = Chunks{.name = begin.name(),
                      .content = begin.initial_chunk().data(),
                      .left = begin.num_chunks() - 1,
                      .valid = is_intact(begin.initial_chunk())};
      break;
    }
    case proto::AddArtifactsRequest::kChunk:
      if (!chunks) return fail(invalid_input("A chunk of an artifact came before its beginning."));
      chunks->content += request.chunk().data();
      chunks->valid = chunks->valid && is_intact(request.chunk());
      --chunks->left;
      break;
    case proto::AddArtifactsRequest::PAYLOAD_NOT_SET: return {};
  }
  if (chunks->left > 0) return {};
  Chunks whole = *std::move(chunks);
  chunks.reset();
  return keep(session, response, whole.name, std::move(whole.content), whole.valid);
}

}  // namespace

grpc::Status Service::refusal(const Context& context) const {
  if (shared_.token.empty()) return grpc::Status::OK;
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find("authorization");
  const std::string wanted = "Bearer " + shared_.token;
  if (found != metadata.end() && std::string_view(found->second.data(), found->second.size()) == wanted) {
    return grpc::Status::OK;
  }
  return {grpc::StatusCode::UNAUTHENTICATED, "This engine belongs to one job run: the token is missing or wrong."};
}

grpc::Status Service::ExecutePlan(Context* context, const proto::ExecutePlanRequest* request, Writer* writer) {
  if (auto refused = refusal(*context); !refused.ok()) return refused;
  const auto session = open_session(sessions_, *request);
  if (!session) return to_status(session.error(), nullptr);
  const auto operation = start_operation(*session, *request);
  if (!operation) return to_status(operation.error(), &(*session)->errors);
  grpc::Status status = stream_responses(**session, **operation, 0, *context, *writer);
  if (!is_reattachable(*request)) {
    (*operation)->cancel();
    (*session)->remove_operation((*operation)->identity().operation_id);
  }
  return status;
}

grpc::Status Service::ReattachExecute(Context* context, const proto::ReattachExecuteRequest* request, Writer* writer) {
  if (auto refused = refusal(*context); !refused.ok()) return refused;
  const auto session = find_session(sessions_, *request);
  if (!session) return to_status(session.error(), nullptr);
  const auto operation = (*session)->find_operation(request->operation_id());
  if (operation == nullptr) {
    const bool known = (*session)->was_removed(request->operation_id());
    return to_status(invalid_handle(known ? "OPERATION_ABANDONED" : "OPERATION_NOT_FOUND", request->operation_id()), nullptr);
  }
  uint64_t position = 0;
  if (!request->last_response_id().empty()) {
    const auto after = operation->position_after(request->last_response_id());
    if (!after) {
      return to_status(spark::runtime_error("INVALID_CURSOR.POSITION_NOT_FOUND", {{"responseId", request->last_response_id()}},
                                            "org.apache.spark.SparkSQLException"),
                       nullptr);
    }
    position = *after;
  }
  return stream_responses(**session, *operation, position, *context, *writer);
}

grpc::Status Service::ReleaseExecute(Context* context, const proto::ReleaseExecuteRequest* request,
                                     proto::ReleaseExecuteResponse* response) {
  if (auto refused = refusal(*context); !refused.ok()) return refused;
  const auto session = find_session(sessions_, *request);
  if (!session) return to_status(session.error(), nullptr);
  stamp(**session, *response);
  const auto operation = (*session)->find_operation(request->operation_id());
  if (operation == nullptr) return grpc::Status::OK;  // Released before: the answer is the same.
  response->set_operation_id(request->operation_id());
  if (request->has_release_until()) {
    operation->release_until(request->release_until().response_id());
  } else {
    operation->cancel();
    (*session)->remove_operation(request->operation_id());
  }
  return grpc::Status::OK;
}

grpc::Status Service::AnalyzePlan(Context* context, const proto::AnalyzePlanRequest* request,
                                  proto::AnalyzePlanResponse* response) {
  if (auto refused = refusal(*context); !refused.ok()) return refused;
  return answer(sessions_, *request, *response,
                [&](const SessionPtr& session) { return rpc::analyze_plan(session, *request, *response); });
}

grpc::Status Service::Config(Context* context, const proto::ConfigRequest* request, proto::ConfigResponse* response) {
  if (auto refused = refusal(*context); !refused.ok()) return refused;
  return answer(sessions_, *request, *response,
                [&](const SessionPtr& session) { return rpc::config(*session, *request, *response); });
}

grpc::Status Service::AddArtifacts(Context* context, grpc::ServerReader<proto::AddArtifactsRequest>* reader,
                                   proto::AddArtifactsResponse* response) {
  if (auto refused = refusal(*context); !refused.ok()) return refused;
  proto::AddArtifactsRequest request;
  SessionPtr session;
  std::optional<Chunks> chunks;
  while (reader->Read(&request)) {
    if (session == nullptr) {
      auto opened = open_session(sessions_, request);
      if (!opened) return to_status(opened.error(), nullptr);
      session = *opened;
      stamp(*session, *response);
    }
    if (const auto taken = take_artifacts(*session, request, chunks, *response); !taken) {
      return to_status(taken.error(), &session->errors);
    }
  }
  if (chunks) return to_status(invalid_input("An artifact's upload ended before its last chunk."), nullptr);
  return grpc::Status::OK;
}

grpc::Status Service::ArtifactStatus(Context* context, const proto::ArtifactStatusesRequest* request,
                                     proto::ArtifactStatusesResponse* response) {
  if (auto refused = refusal(*context); !refused.ok()) return refused;
  return answer(sessions_, *request, *response, [&](const SessionPtr& session) -> SparkResult<void> {
    for (const std::string& name : request->names()) {
      (*response->mutable_statuses())[name].set_exists(session->artifacts.exists(name));
    }
    return {};
  });
}

grpc::Status Service::Interrupt(Context* context, const proto::InterruptRequest* request, proto::InterruptResponse* response) {
  if (auto refused = refusal(*context); !refused.ok()) return refused;
  return answer(sessions_, *request, *response,
                [&](const SessionPtr& session) { return rpc::interrupt(*session, *request, *response); });
}

grpc::Status Service::GetStatus(Context* context, const proto::GetStatusRequest* request, proto::GetStatusResponse* response) {
  if (auto refused = refusal(*context); !refused.ok()) return refused;
  return answer(sessions_, *request, *response,
                [&](const SessionPtr& session) { return rpc::get_status(*session, *request, *response); });
}

grpc::Status Service::ReleaseSession(Context* context, const proto::ReleaseSessionRequest* request,
                                     proto::ReleaseSessionResponse* response) {
  if (auto refused = refusal(*context); !refused.ok()) return refused;
  response->set_session_id(request->session_id());
  const auto session = sessions_.close(request->user_context().user_id(), request->session_id(), request->allow_reconnect());
  if (session != nullptr) response->set_server_side_session_id(session->server_side_id());
  return grpc::Status::OK;
}

grpc::Status Service::CloneSession(Context* context, const proto::CloneSessionRequest* request,
                                   proto::CloneSessionResponse* response) {
  if (auto refused = refusal(*context); !refused.ok()) return refused;
  return answer(sessions_, *request, *response, [&](const SessionPtr& session) -> SparkResult<void> {
    TRY(copy, sessions_.clone(session, request->new_session_id()));
    response->set_new_session_id(copy->id());
    response->set_new_server_side_session_id(copy->server_side_id());
    return {};
  });
}

grpc::Status Service::FetchErrorDetails(Context* context, const proto::FetchErrorDetailsRequest* request,
                                        proto::FetchErrorDetailsResponse* response) {
  if (auto refused = refusal(*context); !refused.ok()) return refused;
  return answer(sessions_, *request, *response, [&](const SessionPtr& session) -> SparkResult<void> {
    if (const auto error = session->errors.take(request->error_id())) fill_details(*error, *response);
    return {};
  });
}

}  // namespace mastic::spark_connect
