// AWS::Glue::Classifier
#pragma once

#include <memory>

#include "cloudformation/resources/resource_type.h"

namespace mastic::cloudformation {

std::unique_ptr<ResourceType> glue_classifier_type();

}  // namespace mastic::cloudformation
