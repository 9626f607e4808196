// Calls an operation of a service inside this process, exactly as the wire would: the generated reader reads and validates
// the request, the authoriser (if one was given) is asked, the handler runs. No signature, no socket.
//
//   aws::ServiceCalls calls;
//   for (const auto& service : services) calls.add(service);
//   TRY(answer, calls.call({.service = "glue", .operation = "GetJob", .body = R"({"JobName":"a"})"}, context));
//
// Services are added while the process starts, before the first call; after that every member may be used by several
// threads at once. Errors are the service's own: code, message and status as a client would get them. Nothing is retried.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/body.h"
#include "aws/call.h"
#include "aws/service.h"
#include "base/result.h"

namespace mastic::aws {

/// Copyable parts of what a client would send. JSON services: `body` is the JSON object. Query services: `body` is the form
/// without Action and Version (see LocalForm). S3: bucket, key, query parameters, headers and an XML body, or `stream`.
struct LocalRequest {
  std::string_view service;    // botocore's name: "glue", "s3", "iam"
  std::string_view operation;  // "CreateJob"
  std::string body = {};
  std::optional<std::string> bucket = {}, key = {};
  std::vector<Parameter> query = {};
  std::vector<std::pair<std::string, std::string>> headers = {};  // names in lower case
  IncomingBody* stream = nullptr;                                 // of operations that stream: moved from. Not owned.
};

struct LocalAnswer {
  int status = 200;
  std::string body;     // JSON or XML, as the wire would carry it
  std::string headers;  // complete lines, "\r\n" after each
  std::optional<OutgoingBody> stream;

  /// A header's value; names compare without regard to case.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

class ServiceCalls {
 public:
  /// Asked before each handler; fails to refuse the call (AccessDenied).
  using Authorise =
      std::function<Result<void>(const Service&, std::string_view operation, const IncomingCall&, const CallContext&)>;

  /// `service` outlives this object and is not moved.
  void add(const Service& service) { services_.push_back(&service); }
  void authorise_with(Authorise authorise) { authorise_ = std::move(authorise); }

  /// Fails with the service's error, or UnknownOperationException when this process has no such service or operation.
  [[nodiscard]] Result<LocalAnswer> call(LocalRequest request, const CallContext& context) const;
  /// A body to stream into an operation of `service`, with the digests that the wire would have computed.
  [[nodiscard]] Result<IncomingBody> body_of(std::string_view service, std::string_view bytes) const;
  [[nodiscard]] bool offers(std::string_view service, std::string_view operation) const;

 private:
  [[nodiscard]] const Service* find(std::string_view service) const;

  std::vector<const Service*> services_;
  Authorise authorise_;
};

/// A form being written: `Tags.member.1.Key=a&…`.
class LocalForm {
 public:
  void add(std::string_view name, std::string_view value);
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace mastic::aws
