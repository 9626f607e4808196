// AWS::Events::Rule.
#pragma once

#include <memory>

#include "cloudformation/resources/resource_type.h"

namespace mastic::cloudformation {

std::unique_ptr<ResourceType> events_rule_type();

}  // namespace mastic::cloudformation
