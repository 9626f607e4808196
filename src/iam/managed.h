// The policies that AWS itself offers under `arn:aws:iam::aws:policy/…`, as far as users of Glue name them.
//
// The documents are our own wording of what AWS documents each policy to allow, cut down to the services that there are
// here. They are versions `v1` of themselves and nobody can change them.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "iam/entities.h"

namespace mastic::iam {

/// Null when there is no such policy.
std::shared_ptr<const ManagedPolicy> find_aws_managed_policy(std::string_view arn);
const std::vector<std::shared_ptr<const ManagedPolicy>>& aws_managed_policies();

}  // namespace mastic::iam
