// The Tagging API for the rest of the house.
//
//   services.push_back(resourcegroupstaggingapi::make_service(std::move(sources)));
//
// The service shares the sources; what they refer to outlives it.
#pragma once

#include <memory>
#include <vector>

#include "resourcegroupstaggingapi/tag_source.h"

namespace mastic::aws {
class Service;
}

namespace mastic::resourcegroupstaggingapi {

aws::Service make_service(std::vector<std::shared_ptr<TagSource>> sources);

}  // namespace mastic::resourcegroupstaggingapi
