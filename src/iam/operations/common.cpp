#include <algorithm>

#include "aws/encoding.h"
#include "iam/errors.h"
#include "iam/managed.h"
#include "iam/operations/operations.h"

namespace mastic::iam {
namespace {

constexpr std::size_t tags_max = 50;

}  // namespace

std::string_view kind_name(Store::Kind kind) {
  switch (kind) {
    case Store::Kind::user: return "user";
    case Store::Kind::group: return "group";
    default: return "role";
  }
}

Result<PrincipalPointer> require_principal(const Store& store, Store::Kind kind, std::string_view name) {
  auto found = store.find<Principal>(kind, lower_case(name));
  if (!found) return fail(error::no_such_entity(kind_name(kind), name));
  return found;
}

Result<PrincipalPointer> change_principal(Store& store, Store::Kind kind, std::string_view name,
                                          const std::function<Result<void>(Principal&)>& change) {
  TRY(changed, store.change<Principal>(kind, lower_case(name), change));
  if (!changed) return fail(error::no_such_entity(kind_name(kind), name));
  return changed;
}

Result<PolicyPointer> require_policy(const Store& store, std::string_view arn) {
  auto found = find_aws_managed_policy(arn);
  if (!found) found = store.find<ManagedPolicy>(Store::Kind::policy, arn);
  if (!found) return fail(error::no_such_policy(arn));
  return found;
}

std::vector<PrincipalPointer> entities_with(const Store& store, Store::Kind kind, std::string_view arn, bool as_boundary) {
  auto all = store.list<Principal>(kind);
  std::erase_if(all, [&](const auto& principal) {
    return as_boundary ? principal->boundary != arn : std::ranges::find(principal->attached, arn) == principal->attached.end();
  });
  return all;
}

std::string calling_user(const Store& store, const Context& context) {
  if (const auto key = store.find<AccessKey>(Store::Kind::access_key, context.access_key)) return key->user;
  if (const auto session = store.find<Session>(Store::Kind::session, context.access_key)) return session->user;
  return {};
}

std::optional<wire::AttachedPermissionsBoundary> describe_boundary(const Principal& principal) {
  if (!principal.boundary) return std::nullopt;
  wire::AttachedPermissionsBoundary boundary;
  boundary.permissions_boundary_type = "Policy";
  boundary.permissions_boundary_arn = *principal.boundary;
  return boundary;
}

wire::User describe_user(const Principal& user) {
  wire::User described;
  described.path = user.path;
  described.user_name = user.name;
  described.user_id = user.id;
  described.arn = user.arn;
  described.create_date = user.created_at;
  described.permissions_boundary = describe_boundary(user);
  if (!user.tags.empty()) described.tags = describe_tags(user.tags);
  return described;
}

wire::Role describe_role(const Principal& role) {
  wire::Role described;
  described.path = role.path;
  described.role_name = role.name;
  described.role_id = role.id;
  described.arn = role.arn;
  described.create_date = role.created_at;
  described.assume_role_policy_document = aws::percent_encode(role.trust, false);
  described.description = role.description;
  described.max_session_duration = role.session_seconds_max;
  described.permissions_boundary = describe_boundary(role);
  if (!role.tags.empty()) described.tags = describe_tags(role.tags);
  return described;
}

std::vector<wire::Tag> describe_tags(const Tags& tags) {
  std::vector<wire::Tag> described;
  for (const auto& [key, value] : tags) described.push_back({key, value});
  return described;
}

Result<void> add_tags(Tags& tags, const std::vector<wire::Tag>& added) {
  for (const auto& tag : added) {
    if (lower_case(tag.key).starts_with("aws:")) {
      return fail(error::invalid_input("Tag keys beginning with aws: are reserved: " + tag.key));
    }
    tags[tag.key] = tag.value;
  }
  if (tags.size() > tags_max) {
    return fail(error::limit_exceeded("The number of tags has reached the maximum limit of 50."));
  }
  return {};
}

}  // namespace mastic::iam
