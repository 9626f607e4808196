// The gRPC service: finds the session, calls the work, turns errors into statuses. No decisions of its own.
#pragma once

#include <spark/connect/base.grpc.pb.h>

#include "spark/connect/sessions.h"

namespace mastic::spark_connect {

class Service final : public ::spark::connect::SparkConnectService::Service {
 public:
  Service(SharedState& shared, Sessions& sessions) : shared_(shared), sessions_(sessions) {}

  using Context = grpc::ServerContext;
  using Writer = grpc::ServerWriter<::spark::connect::ExecutePlanResponse>;

  grpc::Status ExecutePlan(Context* context, const ::spark::connect::ExecutePlanRequest* request, Writer* writer) override;
  grpc::Status ReattachExecute(Context* context, const ::spark::connect::ReattachExecuteRequest* request,
                               Writer* writer) override;
  grpc::Status ReleaseExecute(Context* context, const ::spark::connect::ReleaseExecuteRequest* request,
                              ::spark::connect::ReleaseExecuteResponse* response) override;
  grpc::Status AnalyzePlan(Context* context, const ::spark::connect::AnalyzePlanRequest* request,
                           ::spark::connect::AnalyzePlanResponse* response) override;
  grpc::Status Config(Context* context, const ::spark::connect::ConfigRequest* request,
                      ::spark::connect::ConfigResponse* response) override;
  grpc::Status AddArtifacts(Context* context, grpc::ServerReader<::spark::connect::AddArtifactsRequest>* reader,
                            ::spark::connect::AddArtifactsResponse* response) override;
  grpc::Status ArtifactStatus(Context* context, const ::spark::connect::ArtifactStatusesRequest* request,
                              ::spark::connect::ArtifactStatusesResponse* response) override;
  grpc::Status Interrupt(Context* context, const ::spark::connect::InterruptRequest* request,
                         ::spark::connect::InterruptResponse* response) override;
  grpc::Status GetStatus(Context* context, const ::spark::connect::GetStatusRequest* request,
                         ::spark::connect::GetStatusResponse* response) override;
  grpc::Status ReleaseSession(Context* context, const ::spark::connect::ReleaseSessionRequest* request,
                              ::spark::connect::ReleaseSessionResponse* response) override;
  grpc::Status CloneSession(Context* context, const ::spark::connect::CloneSessionRequest* request,
                            ::spark::connect::CloneSessionResponse* response) override;
  grpc::Status FetchErrorDetails(Context* context, const ::spark::connect::FetchErrorDetailsRequest* request,
                                 ::spark::connect::FetchErrorDetailsResponse* response) override;

 private:
  /// Not OK for a client that does not show the server's token.
  [[nodiscard]] grpc::Status refusal(const Context& context) const;

  SharedState& shared_;
  Sessions& sessions_;
};

}  // namespace mastic::spark_connect
