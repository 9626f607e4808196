// The settings that Mastic does not act on. They read as those of a bucket without them: an error of its own name, or an
// empty configuration. To set one is refused by name; to set it to nothing, or to remove it, changes nothing and succeeds.
#include "aws/models/s3.h"
#include "aws/service.h"
#include "s3/operations/checks.h"
#include "s3/operations/operations.h"

namespace mastic::s3 {
namespace {

namespace wire = aws::s3;

/// A setting whose absence is an error.
template <typename Operation>
void add_absent(aws::Service& service, Room room, std::string_view code, std::string_view message) {
  using Request = typename Operation::Request;
  using Response = typename Operation::Response;
  service.on<Operation>([=](const Request& request, const aws::CallContext& context) -> Result<Response> {
    TRY_DO(check_request(request, context));
    TRY_DO(room.store.find_bucket(request.bucket));
    return fail(errors::no_such_setting(code, message, request.bucket));
  });
}

/// A setting that has a value when nobody sets it; and removals, which answer with nothing.
template <typename Operation>
void add_default(aws::Service& service, Room room, typename Operation::Response value) {
  using Request = typename Operation::Request;
  using Response = typename Operation::Response;
  service.on<Operation>([=](const Request& request, const aws::CallContext& context) -> Result<Response> {
    TRY_DO(check_request(request, context));
    TRY_DO(room.store.find_bucket(request.bucket));
    return value;
  });
}

/// `asks_for` names what the request would turn on; empty: nothing.
template <typename Operation>
void add_refused(aws::Service& service, Room room, std::string (*asks_for)(const typename Operation::Request&)) {
  using Request = typename Operation::Request;
  using Response = typename Operation::Response;
  service.on<Operation>([=](const Request& request, const aws::CallContext& context) -> Result<Response> {
    TRY_DO(check_request(request, context));
    TRY_DO(room.store.find_bucket(request.bucket));
    const std::string refused = asks_for(request);
    if (!refused.empty()) return fail(errors::not_implemented(std::string(Operation::name) + ": " + refused));
    return Response{};
  });
}

std::string accelerate(const wire::PutBucketAccelerateConfigurationRequest& request) {
  return request.accelerate_configuration.status == "Enabled" ? "transfer acceleration" : "";
}

std::string logging(const wire::PutBucketLoggingRequest& request) {
  return request.bucket_logging_status.logging_enabled ? "server access logging" : "";
}

std::string notification(const wire::PutBucketNotificationConfigurationRequest& request) {
  const auto& asked = request.notification_configuration;
  const auto any = [](const auto& list) { return list && !list->empty(); };
  if (any(asked.topic_configurations)) return "TopicConfiguration";
  if (any(asked.queue_configurations)) return "QueueConfiguration";
  if (any(asked.lambda_function_configurations)) return "CloudFunctionConfiguration";
  return "";
}

/// The one notification that is acted on: new objects of the bucket as EventBridge events.
void add_notification(aws::Service& service, Room room) {
  service.on<wire::GetBucketNotificationConfiguration>(
      [=](const wire::GetBucketNotificationConfigurationRequest& request,
          const aws::CallContext& context) -> Result<wire::GetBucketNotificationConfiguration::Response> {
        TRY_DO(check_request(request, context));
        TRY(bucket, room.store.find_bucket(request.bucket));
        wire::GetBucketNotificationConfiguration::Response response;
        if (bucket.event_bridge) response.event_bridge_configuration.emplace();
        return response;
      });
  service.on<wire::PutBucketNotificationConfiguration>(
      [=](const wire::PutBucketNotificationConfigurationRequest& request,
          const aws::CallContext& context) -> Result<wire::PutBucketNotificationConfiguration::Response> {
        TRY_DO(check_request(request, context));
        const auto refused = notification(request);
        if (!refused.empty()) return fail(errors::not_implemented("PutBucketNotificationConfiguration: " + refused));
        TRY_DO(room.store.update_bucket(request.bucket, [&](Bucket& bucket) -> Result<void> {
          bucket.event_bridge = request.notification_configuration.event_bridge_configuration.has_value();
          return {};
        }));
        return wire::PutBucketNotificationConfiguration::Response{};
      });
}

std::string request_payment(const wire::PutBucketRequestPaymentRequest& request) {
  return request.request_payment_configuration.payer == "BucketOwner" ? "" : "Requester pays";
}

}  // namespace

void add_bucket_settings(aws::Service& service, Room room) {
  add_default<wire::GetBucketAccelerateConfiguration>(service, room, {});
  add_refused<wire::PutBucketAccelerateConfiguration>(service, room, accelerate);

  add_absent<wire::GetBucketCors>(service, room, "NoSuchCORSConfiguration", "The CORS configuration does not exist");
  add_refused<wire::PutBucketCors>(service, room, [](const auto&) { return std::string("CORS"); });
  add_default<wire::DeleteBucketCors>(service, room, {});

  add_default<wire::GetBucketLogging>(service, room, {});
  add_refused<wire::PutBucketLogging>(service, room, logging);

  add_notification(service, room);

  add_absent<wire::GetBucketReplication>(service, room, "ReplicationConfigurationNotFoundError",
                                         "The replication configuration was not found");
  add_refused<wire::PutBucketReplication>(service, room, [](const auto&) { return std::string("replication"); });
  add_default<wire::DeleteBucketReplication>(service, room, {});

  add_default<wire::GetBucketRequestPayment>(service, room, {.payer = "BucketOwner"});
  add_refused<wire::PutBucketRequestPayment>(service, room, request_payment);

  add_absent<wire::GetBucketWebsite>(service, room, "NoSuchWebsiteConfiguration",
                                     "The specified bucket does not have a website configuration");
  add_refused<wire::PutBucketWebsite>(service, room, [](const auto&) { return std::string("a website"); });
  add_default<wire::DeleteBucketWebsite>(service, room, {});

  add_absent<wire::GetObjectLockConfiguration>(service, room, "ObjectLockConfigurationNotFoundError",
                                               "Object Lock configuration does not exist for this bucket");
  add_refused<wire::PutObjectLockConfiguration>(service, room, [](const auto&) { return std::string("object lock"); });
}

}  // namespace mastic::s3
