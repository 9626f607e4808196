// All operations of the service; `tagging.cpp` lists them by name.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aws/models/resourcegroupstaggingapi.h"
#include "aws/service.h"
#include "base/result.h"
#include "resourcegroupstaggingapi/tag_source.h"

namespace mastic::resourcegroupstaggingapi {

namespace wire = aws::resourcegroupstaggingapi;
using Context = aws::CallContext;
using Sources = std::vector<std::shared_ptr<TagSource>>;

Result<wire::GetResourcesResponse> get_resources(const wire::GetResourcesRequest&, const Sources&, const Context&);
Result<wire::GetTagKeysResponse> get_tag_keys(const wire::GetTagKeysRequest&, const Sources&, const Context&);
Result<wire::GetTagValuesResponse> get_tag_values(const wire::GetTagValuesRequest&, const Sources&, const Context&);
Result<wire::TagResourcesResponse> tag_resources(const wire::TagResourcesRequest&, const Sources&, const Context&);
Result<wire::UntagResourcesResponse> untag_resources(const wire::UntagResourcesRequest&, const Sources&, const Context&);

Error invalid_parameter(std::string message);

}  // namespace mastic::resourcegroupstaggingapi
