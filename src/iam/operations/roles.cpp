#include <fmt/format.h>

#include "iam/errors.h"
#include "iam/operations/operations.h"
#include "iam/policy/document.h"

namespace mastic::iam {
namespace {

constexpr auto kind = Store::Kind::role;

Result<wire::CreateRoleResponse> create_role(const wire::CreateRoleRequest& request, const Context& context, House house) {
  TRY_DO(policy::parse_document(request.assume_role_policy_document, policy::Kind::trust));
  Principal role{.name = request.role_name,
                 .id = make_identifier("AROA"),
                 .path = request.path.value_or("/"),
                 .created_at = house.clock.now(),
                 .boundary = request.permissions_boundary,
                 .trust = request.assume_role_policy_document,
                 .description = request.description,
                 .session_seconds_max = request.max_session_duration.value_or(3600)};
  role.arn = fmt::format("arn:aws:iam::{}:role{}{}", context.account_id, role.path, role.name);
  if (role.boundary) TRY_DO(require_policy(house.store, *role.boundary));
  if (request.tags) TRY_DO(add_tags(role.tags, *request.tags));
  TRY(created, house.store.create(kind, role));
  if (!created) return fail(error::already_exists("Role", request.role_name));
  wire::CreateRoleResponse response;
  response.role = describe_role(role);
  return response;
}

Result<wire::GetRoleResponse> get_role(const wire::GetRoleRequest& request, const Context&, House house) {
  TRY(role, require_principal(house.store, kind, request.role_name));
  wire::GetRoleResponse response;
  response.role = describe_role(*role);
  response.role.role_last_used.emplace();
  return response;
}

Result<wire::DeleteRoleResponse> delete_role(const wire::DeleteRoleRequest& request, const Context&, House house) {
  TRY(role, require_principal(house.store, kind, request.role_name));
  if (!role->attached.empty()) {
    return fail(error::delete_conflict("Cannot delete entity, must detach all policies first."));
  }
  if (!role->inline_policies.empty()) return fail(error::delete_conflict("Cannot delete entity, must delete policies first."));
  for (const auto& profile : house.store.list<Principal>(Store::Kind::instance_profile)) {
    if (profile->role != lower_case(role->name)) continue;
    return fail(error::delete_conflict("Cannot delete entity, must remove roles from instance profile first."));
  }
  TRY_DO(house.store.remove(kind, lower_case(request.role_name)));
  return wire::DeleteRoleResponse{};
}

Result<wire::ListRolesResponse> list_roles(const wire::ListRolesRequest& request, const Context&, House house) {
  auto all = house.store.list<Principal>(kind);
  std::erase_if(all, [&](const auto& role) { return !role->path.starts_with(request.path_prefix.value_or("/")); });
  wire::ListRolesResponse response;
  for (const auto& role : take_page(std::move(all), request.marker, request.max_items, response,
                                    [](const auto& one) { return lower_case(one->name); })) {
    response.roles.push_back(describe_role(*role));
    // AWS leaves these out of lists.
    response.roles.back().tags.reset();
    response.roles.back().permissions_boundary.reset();
  }
  return response;
}

Result<wire::UpdateRoleResponse> update_role(const wire::UpdateRoleRequest& request, const Context&, House house) {
  TRY_DO(change_principal(house.store, kind, request.role_name, [&](Principal& role) -> Result<void> {
    if (request.description) role.description = request.description;
    if (request.max_session_duration) role.session_seconds_max = *request.max_session_duration;
    return {};
  }));
  return wire::UpdateRoleResponse{};
}

Result<wire::UpdateAssumeRolePolicyResponse> update_trust(const wire::UpdateAssumeRolePolicyRequest& request, const Context&,
                                                          House house) {
  TRY_DO(require_principal(house.store, kind, request.role_name));
  TRY_DO(policy::parse_document(request.policy_document, policy::Kind::trust));
  TRY_DO(change_principal(house.store, kind, request.role_name, [&](Principal& role) -> Result<void> {
    role.trust = request.policy_document;
    return {};
  }));
  return wire::UpdateAssumeRolePolicyResponse{};
}

Result<wire::PutRolePermissionsBoundaryResponse> put_boundary(const wire::PutRolePermissionsBoundaryRequest& request,
                                                              const Context&, House house) {
  TRY_DO(require_principal(house.store, kind, request.role_name));
  TRY_DO(require_policy(house.store, request.permissions_boundary));
  TRY_DO(change_principal(house.store, kind, request.role_name, [&](Principal& role) -> Result<void> {
    role.boundary = request.permissions_boundary;
    return {};
  }));
  return wire::PutRolePermissionsBoundaryResponse{};
}

Result<wire::DeleteRolePermissionsBoundaryResponse> delete_boundary(const wire::DeleteRolePermissionsBoundaryRequest& request,
                                                                    const Context&, House house) {
  TRY_DO(change_principal(house.store, kind, request.role_name, [&](Principal& role) -> Result<void> {
    if (!role.boundary) return fail(error::no_boundary(role.name));
    role.boundary.reset();
    return {};
  }));
  return wire::DeleteRolePermissionsBoundaryResponse{};
}

}  // namespace

void add_role_operations(aws::Service& service, House house) {
  service.on<wire::CreateRole>([=](const auto& request, const Context& c) { return create_role(request, c, house); });
  service.on<wire::GetRole>([=](const auto& request, const Context& c) { return get_role(request, c, house); });
  service.on<wire::DeleteRole>([=](const auto& request, const Context& c) { return delete_role(request, c, house); });
  service.on<wire::ListRoles>([=](const auto& request, const Context& c) { return list_roles(request, c, house); });
  service.on<wire::UpdateRole>([=](const auto& request, const Context& c) { return update_role(request, c, house); });
  service.on<wire::UpdateAssumeRolePolicy>(
      [=](const auto& request, const Context& c) { return update_trust(request, c, house); });
  service.on<wire::PutRolePermissionsBoundary>(
      [=](const auto& request, const Context& c) { return put_boundary(request, c, house); });
  service.on<wire::DeleteRolePermissionsBoundary>(
      [=](const auto& request, const Context& c) { return delete_boundary(request, c, house); });
}

}  // namespace mastic::iam
