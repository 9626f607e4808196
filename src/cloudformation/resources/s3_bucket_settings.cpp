#include "cloudformation/resources/s3_bucket_settings.h"

#include <algorithm>
#include <array>

#include "aws/encoding.h"

namespace mastic::cloudformation {
namespace {

Json public_access_document(const Json& given) { return {{"PublicAccessBlockConfiguration", given}}; }
Json versioning_document(const Json& given) { return {{"VersioningConfiguration", {{"Status", text_of(given, "Status")}}}}; }
Json ownership_document(const Json& given) { return {{"OwnershipControls", {{"Rule", as_list(member_of(given, "Rules"))}}}}; }

Json encryption_document(const Json& given) {
  auto rules = Json::array();
  for (const auto& rule : as_list(member_of(given, "ServerSideEncryptionConfiguration"))) {
    auto document = members_of(rule, {"BucketKeyEnabled"});
    if (const auto& standard = member_of(rule, "ServerSideEncryptionByDefault"); !standard.is_null()) {
      document["ApplyServerSideEncryptionByDefault"] = standard;
    }
    rules.push_back(document);
  }
  return {{"ServerSideEncryptionConfiguration", {{"Rule", rules}}}};
}

Json public_access_property(const Json& document) { return document; }
Json versioning_property(const Json& document) { return members_of(document, {"Status"}); }
Json ownership_property(const Json& document) { return {{"Rules", as_list(member_of(document, "Rule"))}}; }

/// New objects as EventBridge events, unless it says false.
Json notification_document(const Json& property) {
  const auto& asked = member_of(property, "EventBridgeConfiguration");
  auto document = Json::object();
  if (!asked.is_null() && text_of(asked, "EventBridgeEnabled", "true") == "true")
    document["EventBridgeConfiguration"] = Json::object();
  return {{"NotificationConfiguration", document}};
}

Json notification_property(const Json& document) {
  return {{"EventBridgeConfiguration", {{"EventBridgeEnabled", document.contains("EventBridgeConfiguration")}}}};
}

Json encryption_property(const Json& document) {
  auto rules = Json::array();
  for (const auto& rule : as_list(member_of(document, "Rule"))) {
    auto property = members_of(rule, {"BucketKeyEnabled"});
    property["ServerSideEncryptionByDefault"] = member_of(rule, "ApplyServerSideEncryptionByDefault");
    rules.push_back(property);
  }
  return {{"ServerSideEncryptionConfiguration", rules}};
}

struct Setting {
  std::string_view property;
  std::string_view put;
  std::string_view remove;  // empty: the setting goes back by being put otherwise
  std::string_view get;     // empty: not read back
  Json (*document)(const Json& property);
  Json (*property_of)(const Json& document);
};

constexpr auto settings = std::to_array<Setting>({
    {"VersioningConfiguration", "PutBucketVersioning", "", "GetBucketVersioning", versioning_document, versioning_property},
    {"BucketEncryption", "PutBucketEncryption", "DeleteBucketEncryption", "GetBucketEncryption", encryption_document,
     encryption_property},
    {"PublicAccessBlockConfiguration", "PutPublicAccessBlock", "DeletePublicAccessBlock", "GetPublicAccessBlock",
     public_access_document, public_access_property},
    {"OwnershipControls", "PutBucketOwnershipControls", "DeleteBucketOwnershipControls", "GetBucketOwnershipControls",
     ownership_document, ownership_property},
    {"NotificationConfiguration", "PutBucketNotificationConfiguration", "", "GetBucketNotificationConfiguration",
     notification_document, notification_property},
    {"LifecycleConfiguration", "PutBucketLifecycleConfiguration", "DeleteBucketLifecycle", "GetBucketLifecycleConfiguration",
     lifecycle_document, lifecycle_property},
});

/// One moment has many spellings: a date that says the same takes the template's.
void take_dates_as_given(const Json& given, Json& found) {
  if (given.is_array() && found.is_array()) {
    for (std::size_t at = 0; at < std::min(given.size(), found.size()); ++at) take_dates_as_given(given[at], found[at]);
  } else if (given.is_object() && found.is_object()) {
    for (const auto& [name, value] : given.items()) {
      if (!found.contains(name)) continue;
      auto& held = found[name];
      const auto moment =
          value.is_string() && name.ends_with("Date") ? aws::parse_time(value.get<std::string>()) : std::nullopt;
      if (moment && held.is_string() && aws::parse_time(held.get<std::string>()) == moment) held = value;
      take_dates_as_given(value, held);
    }
  }
}

Result<void> remove_setting(const ResourceContext& context, const std::string& bucket, const Setting& setting) {
  // Versioning cannot be taken away any more, only paused.
  if (setting.remove.empty()) {
    TRY_DO(call_bucket(context, setting.put, bucket, setting.document({{"Status", "Suspended"}})));
    return {};
  }
  TRY_DO(call_bucket(context, setting.remove, bucket));
  return {};
}

Result<void> apply_tags(const ResourceContext& context, const std::string& bucket, const Json& before, const Json& after) {
  const auto tags = tags_of(context, member_of(after, "Tags"));
  if (tags.empty()) {
    if (tags_before(context, member_of(before, "Tags")).empty()) return {};
    TRY_DO(call_bucket(context, "DeleteBucketTagging", bucket));
    return {};
  }
  TRY_DO(call_bucket(context, "PutBucketTagging", bucket, {{"Tagging", {{"TagSet", {{"Tag", tag_list(tags)}}}}}}));
  return {};
}

/// "PublicRead" → "public-read".
std::string canned_acl(std::string_view control) {
  std::string text;
  for (const char c : control) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !text.empty()) text += '-';
    text += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return text;
}

Result<void> apply_access_control(const ResourceContext& context, const std::string& bucket, const Json& before,
                                  const Json& after) {
  const auto control = text_of(after, "AccessControl", "Private");
  if (control == text_of(before, "AccessControl", "Private")) return {};
  aws::LocalRequest request{.service = "s3", .operation = "PutBucketAcl", .bucket = bucket};
  request.headers.emplace_back("x-amz-acl", canned_acl(control));
  TRY_DO(call_s3(context, std::move(request)));
  return {};
}

}  // namespace

Result<void> apply_bucket_settings(const ResourceContext& context, const std::string& bucket, const Json& before,
                                   const Json& after) {
  for (const auto& setting : settings) {
    const auto& wanted = member_of(after, setting.property);
    if (wanted == member_of(before, setting.property)) continue;
    if (wanted.is_null()) {
      TRY_DO(remove_setting(context, bucket, setting));
    } else {
      TRY_DO(call_bucket(context, setting.put, bucket, setting.document(wanted)));
    }
  }
  TRY_DO(apply_access_control(context, bucket, before, after));
  return apply_tags(context, bucket, before, after);
}

Result<Json> read_bucket_settings(const ResourceContext& context, const std::string& bucket, const Json& properties) {
  auto found = Json::object();
  for (const auto& setting : settings) {
    if (setting.get.empty() || member_of(properties, setting.property).is_null()) continue;
    const auto answer = call_bucket(context, setting.get, bucket);
    if (!answer) continue;  // The setting is gone: its property is left out.
    TRY(document, from_xml(answer->body));
    auto property = setting.property_of(document);
    take_dates_as_given(member_of(properties, setting.property), property);
    found[std::string(setting.property)] = std::move(property);
  }
  if (!member_of(properties, "Tags").is_null()) {
    if (const auto answer = call_bucket(context, "GetBucketTagging", bucket)) {
      TRY(document, from_xml(answer->body));
      std::map<std::string, std::string> tags;
      for (const auto& tag : as_list(member_of(member_of(document, "TagSet"), "Tag"))) {
        tags[text_of(tag, "Key")] = text_of(tag, "Value");
      }
      found["Tags"] = tags_found(context, properties["Tags"], tags);
    }
  }
  return found;
}

}  // namespace mastic::cloudformation
