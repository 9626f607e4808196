#include "cloudformation/resources/glue_common.h"

namespace mastic::cloudformation {

Result<void> retag_glue(const ResourceContext& context, const std::string& resource, const Json& before, const Json& after) {
  const auto tags = tags_of(context, member_of(after, "Tags"));
  const auto gone = tags_gone(tags_before(context, member_of(before, "Tags")), tags);
  const auto arn = arn_of(context, "glue", resource);
  if (!gone.empty()) TRY_DO(call_json(context, "glue", "UntagResource", {{"ResourceArn", arn}, {"TagsToRemove", gone}}));
  if (!tags.empty()) TRY_DO(call_json(context, "glue", "TagResource", {{"ResourceArn", arn}, {"TagsToAdd", tags}}));
  return {};
}

Json as_given(const Json& given, const Json& found) {
  if (given.is_array() && found.is_array() && given.size() == found.size()) {
    auto list = Json::array();
    for (std::size_t at = 0; at < given.size(); ++at) list.push_back(as_given(given[at], found[at]));
    return list;
  }
  if (!given.is_object() || !found.is_object()) return found;
  auto object = Json::object();
  for (const auto& [name, value] : given.items()) {
    if (const auto held = found.find(name); held != found.end()) object[name] = as_given(value, *held);
  }
  return object;
}

}  // namespace mastic::cloudformation
