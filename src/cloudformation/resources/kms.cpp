// AWS::KMS::Key and AWS::KMS::Alias
#include <array>

#include "cloudformation/resources/tabled_type.h"
#include "cloudformation/resources/types.h"

namespace mastic::cloudformation {
namespace {

constexpr auto key_properties = std::to_array<Property>({
    {"BypassPolicyLockoutSafetyCheck", On::ignored},
    {"Description"},
    {"EnableKeyRotation"},
    {"Enabled"},
    {"KeyPolicy"},
    {"KeySpec", On::replace},
    {"KeyUsage", On::replace},
    {"MultiRegion", On::replace},
    {"Origin", On::replace},
    {"PendingWindowInDays"},
    {"RotationPeriodInDays"},
    {"Tags"},
});
constexpr auto key_kinds = std::to_array<MemberKind>({
    {"EnableKeyRotation", Kind::boolean},
    {"Enabled", Kind::boolean},
    {"MultiRegion", Kind::boolean},
    {"PendingWindowInDays", Kind::integer},
    {"RotationPeriodInDays", Kind::integer},
    {"KeyPolicy", Kind::document},
});
constexpr TypeTable key_table{"AWS::KMS::Key", key_properties, key_kinds, "Tags{Key,Value}"};

/// KMS's tags have member names of their own.
Json kms_tags(const std::map<std::string, std::string>& tags) {
  auto list = Json::array();
  for (const auto& [key, value] : tags) list.push_back({{"TagKey", key}, {"TagValue", value}});
  return list;
}

bool enabled(const Json& given) { return !given.contains("Enabled") || is_true(given, "Enabled"); }

class Key final : public TabledType {
 public:
  Key() : TabledType(key_table) {}

 private:
  static Made made(const Json& metadata) {
    const auto id = text_of(metadata, "KeyId");
    return {.physical_id = id, .attributes = {{"Arn", text_of(metadata, "Arn")}, {"KeyId", id}}};
  }

  static Result<void> set_states(const ResourceContext& context, const std::string& id, const Json& before, const Json& after) {
    const Json key = {{"KeyId", id}};
    // Rotation of a key is set while it is enabled.
    if (enabled(after) && !enabled(before)) TRY_DO(call_json(context, "kms", "EnableKey", key));
    const bool rotates = is_true(after, "EnableKeyRotation");
    if (rotates != is_true(before, "EnableKeyRotation") || (rotates && differ(before, after, {"RotationPeriodInDays"}))) {
      auto request = key;
      if (rotates)
        request["RotationPeriodInDays"] = after.contains("RotationPeriodInDays") ? after["RotationPeriodInDays"] : Json(365);
      TRY_DO(call_json(context, "kms", rotates ? "EnableKeyRotation" : "DisableKeyRotation", request));
    }
    if (!enabled(after) && enabled(before)) TRY_DO(call_json(context, "kms", "DisableKey", key));
    return {};
  }

  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    auto request = members_of(given, {"Description", "KeySpec", "KeyUsage", "MultiRegion", "Origin"});
    if (given.contains("KeyPolicy")) request["Policy"] = given["KeyPolicy"];
    if (const auto tags = tags_of(context, member_of(given, "Tags")); !tags.empty()) request["Tags"] = kms_tags(tags);
    TRY(answer, call_json(context, "kms", "CreateKey", request));
    const auto& metadata = member_of(answer, "KeyMetadata");
    const auto id = text_of(metadata, "KeyId");
    if (auto set = set_states(context, id, Json::object(), given); !set) {
      (void)erase(context, id, given);
      return fail(std::move(set).error());
    }
    return made(metadata);
  }

  Result<Made> change(const ResourceContext& context, const std::string& id, const Json& before,
                      const Json& after) const override {
    if (differ(before, after, {"Description"})) {
      TRY_DO(
          call_json(context, "kms", "UpdateKeyDescription", {{"KeyId", id}, {"Description", text_of(after, "Description")}}));
    }
    if (differ(before, after, {"KeyPolicy"}) && after.contains("KeyPolicy")) {
      TRY_DO(call_json(context, "kms", "PutKeyPolicy",
                       {{"KeyId", id}, {"PolicyName", "default"}, {"Policy", after["KeyPolicy"]}}));
    }
    TRY_DO(set_states(context, id, before, after));
    const auto tags = tags_of(context, member_of(after, "Tags"));
    const auto gone = tags_gone(tags_before(context, member_of(before, "Tags")), tags);
    if (!gone.empty()) TRY_DO(call_json(context, "kms", "UntagResource", {{"KeyId", id}, {"TagKeys", gone}}));
    if (!tags.empty()) TRY_DO(call_json(context, "kms", "TagResource", {{"KeyId", id}, {"Tags", kms_tags(tags)}}));
    TRY(answer, call_json(context, "kms", "DescribeKey", {{"KeyId", id}}));
    return made(member_of(answer, "KeyMetadata"));
  }

  Result<void> erase(const ResourceContext& context, const std::string& id, const Json& given) const override {
    Json request = {{"KeyId", id}};
    if (given.contains("PendingWindowInDays")) request["PendingWindowInDays"] = given["PendingWindowInDays"];
    // A key that waits for its deletion already is in an invalid state for another.
    return unless_gone(call_json(context, "kms", "ScheduleKeyDeletion", request),
                       {"NotFoundException", "KMSInvalidStateException"});
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    const auto answer = call_json(context, "kms", "DescribeKey", {{"KeyId", id}});
    if (failed_with(answer, "NotFoundException")) return std::nullopt;
    if (!answer) return fail(Error(answer.error()));
    const auto& metadata = member_of(*answer, "KeyMetadata");
    if (text_of(metadata, "KeyState") == "PendingDeletion") return std::nullopt;
    auto found = Json::object();
    for (const auto* name : {"Description", "Enabled", "KeySpec", "KeyUsage", "MultiRegion", "Origin"}) {
      if (given.contains(name) && metadata.contains(name)) found[name] = metadata[name];
    }
    return std::optional<Json>(std::move(found));
  }
};

constexpr auto alias_properties = std::to_array<Property>({
    {"AliasName", On::replace, true},
    {"TargetKeyId", On::update, true},
});
constexpr TypeTable alias_table{"AWS::KMS::Alias", alias_properties, {}};

class Alias final : public TabledType {
 public:
  Alias() : TabledType(alias_table) {}

 private:
  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    TRY_DO(call_json(context, "kms", "CreateAlias", given));
    return Made{.physical_id = text_of(given, "AliasName")};
  }
  Result<Made> change(const ResourceContext& context, const std::string& id, const Json&, const Json& after) const override {
    TRY_DO(call_json(context, "kms", "UpdateAlias", after));
    return Made{.physical_id = id};
  }
  Result<void> erase(const ResourceContext& context, const std::string& id, const Json&) const override {
    return unless_gone(call_json(context, "kms", "DeleteAlias", {{"AliasName", id}}), {"NotFoundException"});
  }
  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    const auto answer = call_json(context, "kms", "DescribeKey", {{"KeyId", id}});
    if (failed_with(answer, "NotFoundException")) return std::nullopt;
    if (!answer) return fail(Error(answer.error()));
    // The template may name the key by its ARN.
    const auto target = text_of(member_of(*answer, "KeyMetadata"), "KeyId");
    const auto named = text_of(given, "TargetKeyId");
    return std::optional<Json>(Json{{"AliasName", id}, {"TargetKeyId", named.ends_with(target) ? named : target}});
  }
};

}  // namespace

std::unique_ptr<ResourceType> kms_key_type() { return std::make_unique<Key>(); }
std::unique_ptr<ResourceType> kms_alias_type() { return std::make_unique<Alias>(); }

}  // namespace mastic::cloudformation
