// Custom::S3BucketNotifications, which CDK's `eventBridgeEnabled` and `addEventNotification` put beside a bucket: sets where
// the bucket's events go. S3 here sends them to EventBridge alone, so every other destination is refused by name.
#include <fmt/format.h>

#include <array>

#include "cloudformation/resources/tabled_type.h"
#include "cloudformation/resources/types.h"

namespace mastic::cloudformation {
namespace {

constexpr auto properties = std::to_array<Property>({
    {"BucketName", On::replace, true},
    {"Managed"},
    {"NotificationConfiguration", On::update, true},
    {"ServiceToken", On::replace, true},
    {"SkipDestinationValidation", On::ignored},
});
constexpr TypeTable table{"Custom::S3BucketNotifications", properties, {}};

class BucketNotifications final : public TabledType {
 public:
  BucketNotifications() : TabledType(table) {}

 private:
  static Result<bool> wants_event_bridge(const Json& given) {
    const auto& wanted = member_of(given, "NotificationConfiguration");
    for (const auto* list : {"LambdaFunctionConfigurations", "QueueConfigurations", "TopicConfigurations"}) {
      if (as_list(member_of(wanted, list)).empty()) continue;
      return fail(Error{"ValidationError", fmt::format("NotificationConfiguration: {} are not supported; events of a bucket go "
                                                       "to EventBridge (EventBridgeConfiguration)",
                                                       list)});
    }
    return wanted.contains("EventBridgeConfiguration");
  }

  /// Of a bucket that the stack does not own ("Managed": false) only what the stack asked for is changed, as CDK's provider
  /// does it: there is one destination, so it is put on, or stays as it is.
  static Result<void> set(const ResourceContext& context, const std::string& bucket, bool event_bridge) {
    auto document = Json::object();
    if (event_bridge) document["EventBridgeConfiguration"] = Json::object();
    TRY_DO(call_bucket(context, "PutBucketNotificationConfiguration", bucket, {{"NotificationConfiguration", document}}));
    return {};
  }

  static bool is_managed(const Json& given) { return text_of(given, "Managed", "true") != "false"; }

  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    TRY(wanted, wants_event_bridge(given));
    const auto bucket = text_of(given, "BucketName");
    if (wanted || is_managed(given)) TRY_DO(set(context, bucket, wanted));
    return Made{.physical_id = bucket + "-notifications"};
  }

  Result<Made> change(const ResourceContext& context, const std::string& id, const Json& before,
                      const Json& after) const override {
    TRY(wanted, wants_event_bridge(after));
    // What stood before may have been refused: this is the way back from it then.
    const bool had = wants_event_bridge(before).value_or(false);
    if (wanted || had || is_managed(after)) TRY_DO(set(context, text_of(after, "BucketName"), wanted));
    return Made{.physical_id = id};
  }

  Result<void> erase(const ResourceContext& context, const std::string&, const Json& given) const override {
    const auto had = wants_event_bridge(given);
    if (!had) return {};  // It was refused, so nothing was made.
    if (!*had && !is_managed(given)) return {};
    return unless_gone(set(context, text_of(given, "BucketName"), false), {"NoSuchBucket"});
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string&, const Json& given) const override {
    const auto answer = call_bucket(context, "GetBucketNotificationConfiguration", text_of(given, "BucketName"));
    if (failed_with(answer, "NoSuchBucket")) return std::nullopt;
    if (!answer) return fail(Error(answer.error()));
    TRY(document, from_xml(answer->body));
    auto found = given;
    const bool has = document.is_object() && document.contains("EventBridgeConfiguration");
    auto& held = found["NotificationConfiguration"];
    if (!has) held.erase("EventBridgeConfiguration");
    if (has && !held.contains("EventBridgeConfiguration")) held["EventBridgeConfiguration"] = Json::object();
    return std::optional<Json>(std::move(found));
  }
};

}  // namespace

std::unique_ptr<ResourceType> bucket_notifications_type() { return std::make_unique<BucketNotifications>(); }

}  // namespace mastic::cloudformation
