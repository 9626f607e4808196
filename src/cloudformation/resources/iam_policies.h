// What roles and users share: inline policies, attached policies, tags.
#pragma once

#include <string>

#include "cloudformation/resources/tabled_type.h"

namespace mastic::cloudformation {

/// "Role" or "User" with its name: the operations are PutRolePolicy, AttachUserPolicy, ….
struct Principal {
  std::string_view kind;
  std::string name;

  [[nodiscard]] Json member() const { return {{std::string(kind) + "Name", name}}; }
  [[nodiscard]] std::string operation(std::string_view verb, std::string_view noun) const;
};

/// Brings `Policies`, `ManagedPolicyArns` and `Tags` from `before` to `after`. Tags of a new principal came with its creation.
Result<void> apply_policies(const ResourceContext& context, const Principal& principal, const Json& before, const Json& after);
Result<void> apply_principal_tags(const ResourceContext& context, const Principal& principal, const Json& before,
                                  const Json& after);

/// Takes everything off, whoever put it there, so that the principal can be deleted. Gone is fine.
Result<void> take_policies_off(const ResourceContext& context, const Principal& principal, const Json& given);

/// `Policies` and `ManagedPolicyArns` as they are, of those that `given` has.
Result<void> read_policies(const ResourceContext& context, const Principal& principal, const Json& given, Json& into);

/// A policy document of an answer: URL-encoded JSON.
Json decoded_document(const Json& text);

}  // namespace mastic::cloudformation
