// Instance profiles: records that carry a role. Nothing here runs instances; tools that make roles make these beside them.
#include <fmt/format.h>

#include <algorithm>

#include "iam/errors.h"
#include "iam/operations/operations.h"

namespace mastic::iam {
namespace {

constexpr auto kind = Store::Kind::instance_profile;
constexpr std::string_view what = "Instance Profile";

/// IAM spells this kind so in its messages.
Result<PrincipalPointer> require(const Store& store, std::string_view name) {
  auto found = store.find<Principal>(kind, lower_case(name));
  if (!found) return fail(Error{"NoSuchEntity", fmt::format("{} {} cannot be found.", what, name), 404});
  return found;
}

wire::InstanceProfile describe(const Principal& profile, const Store& store) {
  wire::InstanceProfile described;
  described.path = profile.path;
  described.instance_profile_name = profile.name;
  described.instance_profile_id = profile.id;
  described.arn = profile.arn;
  described.create_date = profile.created_at;
  if (const auto role = store.find<Principal>(Store::Kind::role, profile.role); role && !profile.role.empty()) {
    described.roles.push_back(describe_role(*role));
  }
  if (!profile.tags.empty()) described.tags = describe_tags(profile.tags);
  return described;
}

Result<wire::CreateInstanceProfileResponse> create(const wire::CreateInstanceProfileRequest& request, const Context& context,
                                                   House house) {
  Principal profile{.name = request.instance_profile_name,
                    .id = make_identifier("AIPA"),
                    .path = request.path.value_or("/"),
                    .created_at = house.clock.now()};
  profile.arn = fmt::format("arn:aws:iam::{}:instance-profile{}{}", context.account_id, profile.path, profile.name);
  if (request.tags) TRY_DO(add_tags(profile.tags, *request.tags));
  TRY(created, house.store.create(kind, profile));
  if (!created) return fail(error::already_exists(what, request.instance_profile_name));
  wire::CreateInstanceProfileResponse response;
  response.instance_profile = describe(profile, house.store);
  return response;
}

Result<wire::GetInstanceProfileResponse> get(const wire::GetInstanceProfileRequest& request, const Context&, House house) {
  TRY(profile, require(house.store, request.instance_profile_name));
  wire::GetInstanceProfileResponse response;
  response.instance_profile = describe(*profile, house.store);
  return response;
}

Result<wire::DeleteInstanceProfileResponse> remove(const wire::DeleteInstanceProfileRequest& request, const Context&,
                                                   House house) {
  TRY(profile, require(house.store, request.instance_profile_name));
  if (!profile->role.empty()) {
    return fail(error::delete_conflict("Cannot delete entity, must remove roles from instance profile first."));
  }
  TRY_DO(house.store.remove(kind, lower_case(request.instance_profile_name)));
  return wire::DeleteInstanceProfileResponse{};
}

Result<wire::AddRoleToInstanceProfileResponse> add_role(const wire::AddRoleToInstanceProfileRequest& request, const Context&,
                                                        House house) {
  TRY_DO(require(house.store, request.instance_profile_name));
  TRY(role, require_principal(house.store, Store::Kind::role, request.role_name));
  TRY_DO(
      house.store.change<Principal>(kind, lower_case(request.instance_profile_name), [&](Principal& profile) -> Result<void> {
        if (!profile.role.empty()) {
          return fail(error::limit_exceeded("Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1"));
        }
        profile.role = lower_case(role->name);
        return {};
      }));
  return wire::AddRoleToInstanceProfileResponse{};
}

Result<wire::RemoveRoleFromInstanceProfileResponse> remove_role(const wire::RemoveRoleFromInstanceProfileRequest& request,
                                                                const Context&, House house) {
  TRY_DO(require(house.store, request.instance_profile_name));
  const auto role = lower_case(request.role_name);
  TRY_DO(
      house.store.change<Principal>(kind, lower_case(request.instance_profile_name), [&](Principal& profile) -> Result<void> {
        if (profile.role != role) return fail(error::no_such_entity("role", request.role_name));
        profile.role.clear();
        return {};
      }));
  return wire::RemoveRoleFromInstanceProfileResponse{};
}

template <typename Response>
Response list(std::vector<PrincipalPointer> all, const auto& request, const Store& store) {
  Response response;
  for (const auto& profile : take_page(std::move(all), request.marker, request.max_items, response,
                                       [](const auto& one) { return lower_case(one->name); })) {
    response.instance_profiles.push_back(describe(*profile, store));
    response.instance_profiles.back().tags.reset();
  }
  return response;
}

Result<wire::ListInstanceProfilesResponse> list_all(const wire::ListInstanceProfilesRequest& request, const Context&,
                                                    House house) {
  auto all = house.store.list<Principal>(kind);
  std::erase_if(all, [&](const auto& one) { return !one->path.starts_with(request.path_prefix.value_or("/")); });
  return list<wire::ListInstanceProfilesResponse>(std::move(all), request, house.store);
}

Result<wire::ListInstanceProfilesForRoleResponse> list_of_role(const wire::ListInstanceProfilesForRoleRequest& request,
                                                               const Context&, House house) {
  TRY(role, require_principal(house.store, Store::Kind::role, request.role_name));
  auto all = house.store.list<Principal>(kind);
  std::erase_if(all, [&](const auto& one) { return one->role != lower_case(role->name); });
  return list<wire::ListInstanceProfilesForRoleResponse>(std::move(all), request, house.store);
}

}  // namespace

void add_instance_profile_operations(aws::Service& service, House house) {
  service.on<wire::CreateInstanceProfile>([=](const auto& request, const Context& c) { return create(request, c, house); });
  service.on<wire::GetInstanceProfile>([=](const auto& request, const Context& c) { return get(request, c, house); });
  service.on<wire::DeleteInstanceProfile>([=](const auto& request, const Context& c) { return remove(request, c, house); });
  service.on<wire::ListInstanceProfiles>([=](const auto& request, const Context& c) { return list_all(request, c, house); });
  service.on<wire::ListInstanceProfilesForRole>(
      [=](const auto& request, const Context& c) { return list_of_role(request, c, house); });
  service.on<wire::AddRoleToInstanceProfile>(
      [=](const auto& request, const Context& c) { return add_role(request, c, house); });
  service.on<wire::RemoveRoleFromInstanceProfile>(
      [=](const auto& request, const Context& c) { return remove_role(request, c, house); });
}

}  // namespace mastic::iam
