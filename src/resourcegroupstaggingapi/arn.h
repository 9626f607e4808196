// What an ARN says of its resource.
#pragma once

#include <string>
#include <string_view>

namespace mastic::resourcegroupstaggingapi {

/// "glue:job" of `arn:aws:glue:REGION:ACCOUNT:job/NAME`; S3's ARNs name no type, theirs is "s3:bucket". Empty for no ARN.
std::string resource_type_of(std::string_view arn);

/// Whether a ResourceTypeFilters entry – "glue" or "glue:job" – takes in the type.
bool type_matches(std::string_view type, std::string_view filter);

}  // namespace mastic::resourcegroupstaggingapi
