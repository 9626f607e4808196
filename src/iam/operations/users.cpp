#include <fmt/format.h>

#include "iam/errors.h"
#include "iam/operations/operations.h"

namespace mastic::iam {
namespace {

constexpr auto kind = Store::Kind::user;

std::string arn_of(const std::string& account, const std::string& path, const std::string& name) {
  return fmt::format("arn:aws:iam::{}:user{}{}", account, path, name);
}

Result<wire::CreateUserResponse> create_user(const wire::CreateUserRequest& request, const Context& context, House house) {
  Principal user{.name = request.user_name,
                 .id = make_identifier("AIDA"),
                 .path = request.path.value_or("/"),
                 .created_at = house.clock.now(),
                 .boundary = request.permissions_boundary};
  user.arn = arn_of(context.account_id, user.path, user.name);
  if (user.boundary) TRY_DO(require_policy(house.store, *user.boundary));
  if (request.tags) TRY_DO(add_tags(user.tags, *request.tags));
  TRY(created, house.store.create(kind, user));
  if (!created) return fail(error::already_exists("User", request.user_name));
  wire::CreateUserResponse response;
  response.user = describe_user(user);
  return response;
}

Result<wire::GetUserResponse> get_user(const wire::GetUserRequest& request, const Context& context, House house) {
  wire::GetUserResponse response;
  const auto name = request.user_name.value_or(calling_user(house.store, context));
  if (name.empty()) {
    // The account itself asks for itself.
    response.user.path = "/";
    response.user.user_name = "root";
    response.user.user_id = context.account_id;
    response.user.arn = fmt::format("arn:aws:iam::{}:root", context.account_id);
    response.user.create_date = Instant{};
    return response;
  }
  TRY(user, require_principal(house.store, kind, name));
  response.user = describe_user(*user);
  return response;
}

Result<wire::DeleteUserResponse> delete_user(const wire::DeleteUserRequest& request, const Context&, House house) {
  TRY(user, require_principal(house.store, kind, request.user_name));
  if (!user->attached.empty()) {
    return fail(error::delete_conflict("Cannot delete entity, must detach all policies first."));
  }
  if (!user->inline_policies.empty()) return fail(error::delete_conflict("Cannot delete entity, must delete policies first."));
  for (const auto& key : house.store.list<AccessKey>(Store::Kind::access_key)) {
    if (key->user == user->name) return fail(error::delete_conflict("Cannot delete entity, must delete access keys first."));
  }
  if (!user->groups.empty()) return fail(error::delete_conflict("Cannot delete entity, must remove users from group first."));
  TRY_DO(house.store.remove(kind, lower_case(request.user_name)));
  return wire::DeleteUserResponse{};
}

Result<wire::ListUsersResponse> list_users(const wire::ListUsersRequest& request, const Context&, House house) {
  auto all = house.store.list<Principal>(kind);
  std::erase_if(all, [&](const auto& user) { return !user->path.starts_with(request.path_prefix.value_or("/")); });
  wire::ListUsersResponse response;
  for (const auto& user : take_page(std::move(all), request.marker, request.max_items, response,
                                    [](const auto& one) { return lower_case(one->name); })) {
    response.users.push_back(describe_user(*user));
    response.users.back().tags.reset();
  }
  return response;
}

Result<wire::UpdateUserResponse> update_user(const wire::UpdateUserRequest& request, const Context& context, House house) {
  if (request.new_user_name && lower_case(*request.new_user_name) != lower_case(request.user_name) &&
      house.store.find<Principal>(kind, lower_case(*request.new_user_name))) {
    return fail(error::already_exists("User", *request.new_user_name));
  }
  TRY(before, require_principal(house.store, kind, request.user_name));
  TRY(after, change_principal(house.store, kind, request.user_name, [&](Principal& user) -> Result<void> {
        if (request.new_path) user.path = *request.new_path;
        if (request.new_user_name) user.name = *request.new_user_name;
        user.arn = arn_of(context.account_id, user.path, user.name);
        return {};
      }));
  for (const auto& key : house.store.list<AccessKey>(Store::Kind::access_key)) {
    if (key->user != before->name) continue;
    TRY_DO(house.store.change<AccessKey>(Store::Kind::access_key, key->id, [&](AccessKey& own) -> Result<void> {
      own.user = after->name;
      return {};
    }));
  }
  return wire::UpdateUserResponse{};
}

}  // namespace

void add_user_operations(aws::Service& service, House house) {
  service.on<wire::CreateUser>([=](const auto& request, const Context& c) { return create_user(request, c, house); });
  service.on<wire::GetUser>([=](const auto& request, const Context& c) { return get_user(request, c, house); });
  service.on<wire::DeleteUser>([=](const auto& request, const Context& c) { return delete_user(request, c, house); });
  service.on<wire::ListUsers>([=](const auto& request, const Context& c) { return list_users(request, c, house); });
  service.on<wire::UpdateUser>([=](const auto& request, const Context& c) { return update_user(request, c, house); });
}

}  // namespace mastic::iam
