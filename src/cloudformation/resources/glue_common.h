// What the types of Glue share.
#pragma once

#include <string>

#include "cloudformation/resources/tabled_type.h"

namespace mastic::cloudformation {

/// Tags of `arn:aws:glue:…:<resource>` from `before` to `after`.
Result<void> retag_glue(const ResourceContext& context, const std::string& resource, const Json& before, const Json& after);

/// `found` with only those members, at every depth, that `given` has too: services answer more than a template says.
Json as_given(const Json& given, const Json& found);

}  // namespace mastic::cloudformation
