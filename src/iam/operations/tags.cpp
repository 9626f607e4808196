#include "iam/errors.h"
#include "iam/managed.h"
#include "iam/operations/operations.h"

namespace mastic::iam {
namespace {

using Kind = Store::Kind;

template <typename Response>
Response tags_page(const Tags& tags, const std::optional<std::string>& marker, const std::optional<int32_t>& maximum) {
  Response response;
  response.tags = take_page(describe_tags(tags), marker, maximum, response, [](const auto& tag) { return tag.key; });
  return response;
}

Result<void> tag_principal(Kind kind, const std::string& name, const std::vector<wire::Tag>& tags, House house) {
  TRY_DO(change_principal(house.store, kind, name, [&](Principal& one) { return add_tags(one.tags, tags); }));
  return {};
}

Result<void> untag_principal(Kind kind, const std::string& name, const std::vector<std::string>& keys, House house) {
  TRY_DO(change_principal(house.store, kind, name, [&](Principal& one) -> Result<void> {
    for (const auto& key : keys) one.tags.erase(key);
    return {};
  }));
  return {};
}

Result<void> change_policy_tags(const std::string& arn, House house, const std::function<Result<void>(Tags&)>& change) {
  if (find_aws_managed_policy(arn)) return fail(error::unmodifiable(arn));
  TRY(changed, house.store.change<ManagedPolicy>(Kind::policy, arn, [&](ManagedPolicy& one) { return change(one.tags); }));
  if (!changed) return fail(error::no_such_policy(arn));
  return {};
}

}  // namespace

void add_tag_operations(aws::Service& service, House house) {
  service.on<wire::TagUser>([=](const wire::TagUserRequest& r, const Context&) -> Result<wire::TagUserResponse> {
    TRY_DO(tag_principal(Kind::user, r.user_name, r.tags, house));
    return wire::TagUserResponse{};
  });
  service.on<wire::UntagUser>([=](const wire::UntagUserRequest& r, const Context&) -> Result<wire::UntagUserResponse> {
    TRY_DO(untag_principal(Kind::user, r.user_name, r.tag_keys, house));
    return wire::UntagUserResponse{};
  });
  service.on<wire::ListUserTags>([=](const wire::ListUserTagsRequest& r, const Context&) -> Result<wire::ListUserTagsResponse> {
    TRY(user, require_principal(house.store, Kind::user, r.user_name));
    return tags_page<wire::ListUserTagsResponse>(user->tags, r.marker, r.max_items);
  });
  service.on<wire::TagRole>([=](const wire::TagRoleRequest& r, const Context&) -> Result<wire::TagRoleResponse> {
    TRY_DO(tag_principal(Kind::role, r.role_name, r.tags, house));
    return wire::TagRoleResponse{};
  });
  service.on<wire::UntagRole>([=](const wire::UntagRoleRequest& r, const Context&) -> Result<wire::UntagRoleResponse> {
    TRY_DO(untag_principal(Kind::role, r.role_name, r.tag_keys, house));
    return wire::UntagRoleResponse{};
  });
  service.on<wire::ListRoleTags>([=](const wire::ListRoleTagsRequest& r, const Context&) -> Result<wire::ListRoleTagsResponse> {
    TRY(role, require_principal(house.store, Kind::role, r.role_name));
    return tags_page<wire::ListRoleTagsResponse>(role->tags, r.marker, r.max_items);
  });
  service.on<wire::TagPolicy>([=](const wire::TagPolicyRequest& r, const Context&) -> Result<wire::TagPolicyResponse> {
    TRY_DO(change_policy_tags(r.policy_arn, house, [&](Tags& tags) { return add_tags(tags, r.tags); }));
    return wire::TagPolicyResponse{};
  });
  service.on<wire::UntagPolicy>([=](const wire::UntagPolicyRequest& r, const Context&) -> Result<wire::UntagPolicyResponse> {
    TRY_DO(change_policy_tags(r.policy_arn, house, [&](Tags& tags) -> Result<void> {
      for (const auto& key : r.tag_keys) tags.erase(key);
      return {};
    }));
    return wire::UntagPolicyResponse{};
  });
  service.on<wire::ListPolicyTags>(
      [=](const wire::ListPolicyTagsRequest& r, const Context&) -> Result<wire::ListPolicyTagsResponse> {
        TRY(policy, require_policy(house.store, r.policy_arn));
        return tags_page<wire::ListPolicyTagsResponse>(policy->tags, r.marker, r.max_items);
      });
}

}  // namespace mastic::iam
