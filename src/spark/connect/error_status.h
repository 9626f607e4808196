// Spark's errors on the wire.
//
// The status (code INTERNAL, as Spark sends it) carries an ErrorInfo with classes, condition, SQLSTATE and parameters; gRPC
// limits it to a few KiB, so a long message is cut there. The whole error waits under its `errorId` for FetchErrorDetails.
#pragma once

#include <spark/connect/base.pb.h>

#include <deque>
#include <mutex>
#include <optional>
#include <string>

#include "spark/plan/spark_error.h"

namespace grpc {
class Status;
}
namespace mastic::spark_connect {

/// A session's last errors by id. Thread-safe.
class ErrorStore {
 public:
  std::string keep(spark::SparkError error);
  /// Once: the error is forgotten, as Spark does.
  [[nodiscard]] std::optional<spark::SparkError> take(const std::string& id);

 private:
  std::mutex mutex_;
  std::deque<std::pair<std::string, spark::SparkError>> errors_;
};

/// `store` may be null: then there is no id, and what was cut is lost.
grpc::Status to_status(const spark::SparkError& error, ErrorStore* store);

/// How a message shows a place: `== SQL (line 1, position 8) ==` and the text with carets, or `== DataFrame ==`.
std::string context_summary(const spark::QueryContext& context);
void fill_error(const spark::SparkError& error, ::spark::connect::FetchErrorDetailsResponse::Error& out);
void fill_details(const spark::SparkError& error, ::spark::connect::FetchErrorDetailsResponse& response);

// What is wrong with a request's handles. The client reacts to these names.
spark::SparkError invalid_handle(std::string_view kind, std::string_view handle);
spark::SparkError invalid_input(std::string_view message);

/// At most `bytes_max` bytes of the text, cut between characters.
std::string abbreviate(std::string_view text, std::size_t bytes_max);
/// A JSON string literal.
std::string json_string_literal(std::string_view text);

}  // namespace mastic::spark_connect
