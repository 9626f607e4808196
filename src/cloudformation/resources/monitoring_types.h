// The types about monitoring.
#pragma once

#include <memory>

#include "cloudformation/resources/resource_type.h"

namespace mastic::cloudformation {

std::unique_ptr<ResourceType> metric_filter_type();
std::unique_ptr<ResourceType> cloudwatch_alarm_type();

}  // namespace mastic::cloudformation
