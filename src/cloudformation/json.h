// JSON values as this room passes them around. Objects keep no order: CloudFormation gives none a meaning.
#pragma once

#include <nlohmann/json.hpp>

namespace mastic::cloudformation {

using Json = nlohmann::json;

}  // namespace mastic::cloudformation
