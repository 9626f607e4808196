#include "spark/connect/error_status.h"

#include <doctest/doctest.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/support/status.h>
#include <spark/connect/base.pb.h>

using namespace mastic::spark_connect;
using mastic::spark::analysis_error;

TEST_CASE("a status names classes, condition, SQLSTATE and parameters, and an id for the rest") {
  ErrorStore store;
  const grpc::Status status = to_status(analysis_error("PATH_NOT_FOUND", {{"path", "s3://a/\"b\""}}), &store);
  CHECK(status.error_code() == grpc::StatusCode::INTERNAL);
  google::rpc::Status details;
  REQUIRE(details.ParseFromString(status.error_details()));
  google::rpc::ErrorInfo info;
  REQUIRE(details.details(0).UnpackTo(&info));
  CHECK(info.metadata().at("errorClass") == "PATH_NOT_FOUND");
  CHECK(info.metadata().at("sqlState") == "42K03");
  CHECK(info.metadata().at("messageParameters") == R"({"path":"s3://a/\"b\""})");
  CHECK(info.metadata().at("classes").starts_with(R"(["org.apache.spark.sql.AnalysisException",)"));
  const auto kept = store.take(info.metadata().at("errorId"));
  REQUIRE(kept);
  ::spark::connect::FetchErrorDetailsResponse response;
  fill_details(*kept, response);
  CHECK(response.errors(0).spark_throwable().error_class() == "PATH_NOT_FOUND");
  CHECK_FALSE(store.take(info.metadata().at("errorId")));
}

TEST_CASE("a long message is cut so that gRPC's headers hold it") {
  const grpc::Status plain = to_status(analysis_error("PATH_NOT_FOUND", {{"path", std::string(9000, 'x')}}), nullptr);
  CHECK(plain.error_message().size() <= 2048);
  CHECK(plain.error_message().ends_with("..."));
  std::string umlauts;
  for (int i = 0; i < 3000; ++i) umlauts += "ä";
  const grpc::Status encoded = to_status(analysis_error("PATH_NOT_FOUND", {{"path", umlauts}}), nullptr);
  CHECK(encoded.error_message().size() <= 1000);
}

TEST_CASE("text is cut between characters") {
  CHECK(abbreviate("abcdef", 5) == "ab...");
  CHECK(abbreviate("aäöü", 6) == "aä...");
  CHECK(abbreviate("abc", 3) == "abc");
}
