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

}  // namespace

Json lifecycle_document(const Json& configuration) {
  auto rules = Json::array();
  for (const auto& rule : as_list(member_of(configuration, "Rules"))) rules.push_back(rule_of(rule));
  return {{"LifecycleConfiguration", {{"Rule", rules}}}};
}

}  // namespace mastic::cloudformation
