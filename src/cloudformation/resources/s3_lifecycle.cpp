// CloudFormation names the parts of a lifecycle rule otherwise than S3 does.
#include "cloudformation/resources/s3_bucket_settings.h"

namespace mastic::cloudformation {
namespace {

Json transition_of(const Json& given) {
  auto transition = Json::object();
  if (given.contains("TransitionInDays")) transition["Days"] = given["TransitionInDays"];
  if (given.contains("TransitionDate")) transition["Date"] = given["TransitionDate"];
  transition["StorageClass"] = text_of(given, "StorageClass");
  return transition;
}

Json noncurrent_transition_of(const Json& given) {
  auto transition = Json::object();
  if (given.contains("TransitionInDays")) transition["NoncurrentDays"] = given["TransitionInDays"];
  if (given.contains("NewerNoncurrentVersions")) transition["NewerNoncurrentVersions"] = given["NewerNoncurrentVersions"];
  transition["StorageClass"] = text_of(given, "StorageClass");
  return transition;
}

Json filter_of(const Json& rule) {
  auto parts = members_of(rule, {"Prefix", "ObjectSizeGreaterThan", "ObjectSizeLessThan"});
  const auto tags = as_list(member_of(rule, "TagFilters"));
  if (!tags.empty()) parts["Tag"] = tags;
  if (parts.empty()) return {{"Prefix", ""}};
  if (parts.size() == 1 && tags.size() < 2) return parts;
  return {{"And", parts}};
}

Json rule_of(const Json& rule) {
  auto document = Json::object();
  if (rule.contains("Id")) document["ID"] = rule["Id"];
  document["Status"] = text_of(rule, "Status");
  document["Filter"] = filter_of(rule);
  auto expiration = Json::object();
  if (rule.contains("ExpirationInDays")) expiration["Days"] = rule["ExpirationInDays"];
  if (rule.contains("ExpirationDate")) expiration["Date"] = rule["ExpirationDate"];
  if (rule.contains("ExpiredObjectDeleteMarker")) expiration["ExpiredObjectDeleteMarker"] = rule["ExpiredObjectDeleteMarker"];
  if (!expiration.empty()) document["Expiration"] = expiration;
  auto noncurrent = members_of(member_of(rule, "NoncurrentVersionExpiration"), {"NoncurrentDays", "NewerNoncurrentVersions"});
  if (rule.contains("NoncurrentVersionExpirationInDays"))
    noncurrent["NoncurrentDays"] = rule["NoncurrentVersionExpirationInDays"];
  if (!noncurrent.empty()) document["NoncurrentVersionExpiration"] = noncurrent;
  auto transitions = Json::array();
  for (const auto* name : {"Transition", "Transitions"}) {
    for (const auto& one : as_list(member_of(rule, name))) transitions.push_back(transition_of(one));
  }
  if (!transitions.empty()) document["Transition"] = transitions;
  transitions = Json::array();
  for (const auto* name : {"NoncurrentVersionTransition", "NoncurrentVersionTransitions"}) {
    for (const auto& one : as_list(member_of(rule, name))) transitions.push_back(noncurrent_transition_of(one));
  }
  if (!transitions.empty()) document["NoncurrentVersionTransition"] = transitions;
  if (rule.contains("AbortIncompleteMultipartUpload"))
    document["AbortIncompleteMultipartUpload"] = rule["AbortIncompleteMultipartUpload"];
  return document;
}

void copy(const Json& from, const char* name, Json& into, const char* as) {
  if (const auto& held = member_of(from, name); !held.is_null()) into[as] = held;
}

Json filter_property(const Json& filter) {
  const auto& all = member_of(filter, "And");
  const auto& parts = all.is_null() ? filter : all;
  auto property = members_of(parts, {"Prefix", "ObjectSizeGreaterThan", "ObjectSizeLessThan"});
  if (const auto tags = as_list(member_of(parts, "Tag")); !tags.empty()) property["TagFilters"] = tags;
  return property;
}

/// Transitions are given in a list, a single one also alone, as older templates write it.
void add_transitions(const Json& document, const char* name, const char* days, Json& property, const char* one,
                     const char* many) {
  auto list = Json::array();
  for (const auto& transition : as_list(member_of(document, name))) {
    auto each = members_of(transition, {"StorageClass", "NewerNoncurrentVersions"});
    copy(transition, days, each, "TransitionInDays");
    copy(transition, "Date", each, "TransitionDate");
    list.push_back(std::move(each));
  }
  if (list.empty()) return;
  if (list.size() == 1) property[one] = list.front();
  property[many] = std::move(list);
}

Json rule_property(const Json& rule) {
  auto property = filter_property(member_of(rule, "Filter"));
  property.update(members_of(rule, {"Status", "Prefix", "AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration"}));
  copy(rule, "ID", property, "Id");
  const auto& expiration = member_of(rule, "Expiration");
  copy(expiration, "Days", property, "ExpirationInDays");
  copy(expiration, "Date", property, "ExpirationDate");
  copy(expiration, "ExpiredObjectDeleteMarker", property, "ExpiredObjectDeleteMarker");
  copy(member_of(rule, "NoncurrentVersionExpiration"), "NoncurrentDays", property, "NoncurrentVersionExpirationInDays");
  add_transitions(rule, "Transition", "Days", property, "Transition", "Transitions");
  add_transitions(rule, "NoncurrentVersionTransition", "NoncurrentDays", property, "NoncurrentVersionTransition",
                  "NoncurrentVersionTransitions");
  return property;
}

}  // namespace

Json lifecycle_property(const Json& document) {
  auto rules = Json::array();
  for (const auto& rule : as_list(member_of(document, "Rule"))) rules.push_back(rule_property(rule));
  return {{"Rules", rules}};
}

Json lifecycle_document(const Json& configuration) {
  auto rules = Json::array();
  for (const auto& rule : as_list(member_of(configuration, "Rules"))) rules.push_back(rule_of(rule));
  return {{"LifecycleConfiguration", {{"Rule", rules}}}};
}

}  // namespace mastic::cloudformation
