// An AWS service as its operations' handlers.
//
//   aws::Service service("glue");
//   service.on<aws::glue::GetTable>([&](const aws::glue::GetTableRequest& request, const aws::CallContext& context)
//                                       -> Result<aws::glue::GetTableResponse> { … });
//
// The request was read and validated: required members are there, lengths, ranges, patterns and enums hold. Handlers run
// on several threads at once and may block. An Error becomes the protocol's error answer; `Error::http_status` is kept.
// A request with a streaming body is taken by value, by `Request&&` or by `Request&`, so that the body can be moved out.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "aws/call.h"
#include "aws/model.h"
#include "aws/read_context.h"
#include "base/result.h"

namespace mastic::aws {

/// Who calls, from where. Lives as long as the call.
struct CallContext {
  std::string region = "us-east-1";
  std::string account_id = "000000000000";
  std::string access_key;  // empty: the request was not signed
  std::string request_id;
  std::string endpoint;  // "http://127.0.0.1:4566": as the client spelled it, without a bucket before the host
};

class Service {
 public:
  /// `name` is botocore's: "glue", "dynamodb", "s3", "logs".
  explicit Service(std::string name) : name_(std::move(name)) {}

  /// Answers an operation. One of the same name replaces the earlier.
  template <typename Operation, typename Handler>
  void on(Handler handler) {
    using Request = typename Operation::Request;
    using Response = typename Operation::Response;
    add(Operation::service(), Operation::name,
        [handler = std::move(handler)](IncomingCall& call, const CallContext& context, OutgoingCall& answer) -> Result<void> {
          Request request{};
          ReadContext reading;
          if (!Operation::read(call, request, reading) || reading.violated()) {
            return fail(refused_request(Operation::service(), reading));
          }
          Result<Response> response = invoke<Response>(handler, request, context);
          if (!response) return fail(std::move(response).error());
          Operation::write(*response, answer);
          return {};
        });
  }

  /// Where bodies above 64 KiB are kept while they arrive; on the same file system as their final place, so that they can
  /// be renamed. The folder exists. Without it, large bodies lie in the system's folder for temporary files.
  void spool_into(std::filesystem::path folder) { spool_folder_ = std::move(folder); }

  /// S3 only: whether `name` is a bucket, asked when the first label of a request's host might be one.
  void find_buckets_with(std::function<bool(std::string_view name)> bucket_exists) {
    bucket_exists_ = std::move(bucket_exists);
  }

  /// A checksum ("CRC64NVME", …) to compute of each streaming body even when the client announced none.
  void checksum_with(std::string algorithm) { extra_checksum_ = std::move(algorithm); }

  // For the dispatcher.
  using Call = std::function<Result<void>(IncomingCall&, const CallContext&, OutgoingCall&)>;
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const ServiceModel* model() const { return model_; }
  [[nodiscard]] const Call* find(std::string_view operation) const;
  [[nodiscard]] const std::filesystem::path& spool_folder() const { return spool_folder_; }
  [[nodiscard]] const std::string& extra_checksum() const { return extra_checksum_; }
  [[nodiscard]] bool bucket_exists(std::string_view bucket) const { return bucket_exists_ && bucket_exists_(bucket); }

 private:
  void add(const ServiceModel& model, std::string_view operation, Call call);
  static Error refused_request(const ServiceModel& model, const ReadContext& reading);

  template <typename Response, typename Handler, typename Request>
  static Result<Response> invoke(const Handler& handler, Request& request, const CallContext& context) {
    if constexpr (std::is_invocable_v<const Handler&, Request&&, const CallContext&>) {
      return handler(std::move(request), context);
    } else {
      return handler(request, context);
    }
  }

  std::string name_;
  const ServiceModel* model_ = nullptr;
  std::unordered_map<std::string_view, Call> calls_;
  std::filesystem::path spool_folder_;
  std::string extra_checksum_;
  std::function<bool(std::string_view)> bucket_exists_;
};

}  // namespace mastic::aws
