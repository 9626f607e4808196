// Groups and who is in them. A group's policies are attached like a user's: see inline_policies.cpp and attachments.cpp.
#include <fmt/format.h>

#include <algorithm>

#include "iam/errors.h"
#include "iam/operations/operations.h"

namespace mastic::iam {
namespace {

constexpr auto kind = Store::Kind::group;
constexpr std::size_t groups_of_user_max = 10;

std::string arn_of(const std::string& account, const std::string& path, const std::string& name) {
  return fmt::format("arn:aws:iam::{}:group{}{}", account, path, name);
}

wire::Group describe(const Principal& group) {
  wire::Group described;
  described.path = group.path;
  described.group_name = group.name;
  described.group_id = group.id;
  described.arn = group.arn;
  described.create_date = group.created_at;
  return described;
}

bool is_in(const Principal& user, std::string_view group) {
  return std::ranges::find(user.groups, lower_case(group)) != user.groups.end();
}

Result<wire::CreateGroupResponse> create_group(const wire::CreateGroupRequest& request, const Context& context, House house) {
  Principal group{.name = request.group_name,
                  .id = make_identifier("AGPA"),
                  .path = request.path.value_or("/"),
                  .created_at = house.clock.now()};
  group.arn = arn_of(context.account_id, group.path, group.name);
  TRY(created, house.store.create(kind, group));
  if (!created) return fail(error::already_exists("Group", request.group_name));
  wire::CreateGroupResponse response;
  response.group = describe(group);
  return response;
}

Result<wire::GetGroupResponse> get_group(const wire::GetGroupRequest& request, const Context&, House house) {
  TRY(group, require_principal(house.store, kind, request.group_name));
  wire::GetGroupResponse response;
  response.group = describe(*group);
  auto users = house.store.list<Principal>(Store::Kind::user);
  std::erase_if(users, [&](const auto& user) { return !is_in(*user, group->name); });
  for (const auto& user : take_page(std::move(users), request.marker, request.max_items, response,
                                    [](const auto& one) { return lower_case(one->name); })) {
    response.users.push_back(describe_user(*user));
    response.users.back().tags.reset();
  }
  return response;
}

Result<wire::DeleteGroupResponse> delete_group(const wire::DeleteGroupRequest& request, const Context&, House house) {
  TRY(group, require_principal(house.store, kind, request.group_name));
  if (!group->attached.empty()) {
    return fail(error::delete_conflict("Cannot delete entity, must detach all policies first."));
  }
  if (!group->inline_policies.empty()) {
    return fail(error::delete_conflict("Cannot delete entity, must delete policies first."));
  }
  for (const auto& user : house.store.list<Principal>(Store::Kind::user)) {
    if (is_in(*user, group->name)) {
      return fail(error::delete_conflict("Cannot delete entity, must remove users from group first."));
    }
  }
  TRY_DO(house.store.remove(kind, lower_case(request.group_name)));
  return wire::DeleteGroupResponse{};
}

template <typename Response>
Response list(std::vector<PrincipalPointer> all, const auto& request) {
  Response response;
  for (const auto& group : take_page(std::move(all), request.marker, request.max_items, response,
                                     [](const auto& one) { return lower_case(one->name); })) {
    response.groups.push_back(describe(*group));
  }
  return response;
}

Result<wire::ListGroupsResponse> list_groups(const wire::ListGroupsRequest& request, const Context&, House house) {
  auto all = house.store.list<Principal>(kind);
  std::erase_if(all, [&](const auto& group) { return !group->path.starts_with(request.path_prefix.value_or("/")); });
  return list<wire::ListGroupsResponse>(std::move(all), request);
}

Result<wire::ListGroupsForUserResponse> list_groups_of(const wire::ListGroupsForUserRequest& request, const Context&,
                                                       House house) {
  TRY(user, require_principal(house.store, Store::Kind::user, request.user_name));
  auto all = house.store.list<Principal>(kind);
  std::erase_if(all, [&](const auto& group) { return !is_in(*user, group->name); });
  return list<wire::ListGroupsForUserResponse>(std::move(all), request);
}

Result<wire::AddUserToGroupResponse> add_user(const wire::AddUserToGroupRequest& request, const Context&, House house) {
  TRY(group, require_principal(house.store, kind, request.group_name));
  TRY_DO(change_principal(house.store, Store::Kind::user, request.user_name, [&](Principal& user) -> Result<void> {
    if (is_in(user, group->name)) return {};
    if (user.groups.size() >= groups_of_user_max) {
      return fail(error::limit_exceeded("Cannot exceed quota for GroupsPerUser: 10"));
    }
    user.groups.push_back(lower_case(group->name));
    return {};
  }));
  return wire::AddUserToGroupResponse{};
}

Result<wire::RemoveUserFromGroupResponse> remove_user(const wire::RemoveUserFromGroupRequest& request, const Context&,
                                                      House house) {
  TRY(group, require_principal(house.store, kind, request.group_name));
  TRY_DO(change_principal(house.store, Store::Kind::user, request.user_name, [&](Principal& user) -> Result<void> {
    std::erase(user.groups, lower_case(group->name));
    return {};
  }));
  return wire::RemoveUserFromGroupResponse{};
}

Result<wire::UpdateGroupResponse> update_group(const wire::UpdateGroupRequest& request, const Context& context, House house) {
  TRY(before, require_principal(house.store, kind, request.group_name));
  const auto old_name = lower_case(before->name);
  const auto new_name = lower_case(request.new_group_name.value_or(before->name));
  if (new_name != old_name && house.store.find<Principal>(kind, new_name)) {
    return fail(error::already_exists("Group", *request.new_group_name));
  }
  TRY_DO(change_principal(house.store, kind, request.group_name, [&](Principal& group) -> Result<void> {
    if (request.new_path) group.path = *request.new_path;
    if (request.new_group_name) group.name = *request.new_group_name;
    group.arn = arn_of(context.account_id, group.path, group.name);
    return {};
  }));
  if (new_name == old_name) return wire::UpdateGroupResponse{};
  for (const auto& user : house.store.list<Principal>(Store::Kind::user)) {
    if (!is_in(*user, old_name)) continue;
    TRY_DO(change_principal(house.store, Store::Kind::user, user->name, [&](Principal& member) -> Result<void> {
      std::ranges::replace(member.groups, old_name, new_name);
      return {};
    }));
  }
  return wire::UpdateGroupResponse{};
}

}  // namespace

void add_group_operations(aws::Service& service, House house) {
  service.on<wire::CreateGroup>([=](const auto& request, const Context& c) { return create_group(request, c, house); });
  service.on<wire::GetGroup>([=](const auto& request, const Context& c) { return get_group(request, c, house); });
  service.on<wire::DeleteGroup>([=](const auto& request, const Context& c) { return delete_group(request, c, house); });
  service.on<wire::UpdateGroup>([=](const auto& request, const Context& c) { return update_group(request, c, house); });
  service.on<wire::ListGroups>([=](const auto& request, const Context& c) { return list_groups(request, c, house); });
  service.on<wire::ListGroupsForUser>([=](const auto& request, const Context& c) { return list_groups_of(request, c, house); });
  service.on<wire::AddUserToGroup>([=](const auto& request, const Context& c) { return add_user(request, c, house); });
  service.on<wire::RemoveUserFromGroup>([=](const auto& request, const Context& c) { return remove_user(request, c, house); });
}

}  // namespace mastic::iam
