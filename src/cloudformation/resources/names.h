// Names that CloudFormation makes up: `<stack>-<logical id>-<random>`.
#pragma once

#include <string>

#include "cloudformation/resources/resource_type.h"

namespace mastic::cloudformation {

/// At most `length_max` characters: the stack's name and the logical id are cut, never the random end.
std::string generated_name(const ResourceContext& context, std::size_t length_max);
/// As S3 and ECR want it: lower case, of letters, digits and hyphens.
std::string generated_lower_name(const ResourceContext& context, std::size_t length_max);
/// Upper-case letters and digits.
std::string random_letters(std::size_t length);

/// `arn:aws:glue:us-east-1:000000000000:<rest>`.
std::string arn_of(const ResourceContext& context, std::string_view service, std::string_view rest);

}  // namespace mastic::cloudformation
