// Whether the caller of an operation may do something else as well, which the operation does for it.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "aws/service.h"
#include "base/result.h"

namespace mastic::glue {

/// Fails with AWS's AccessDenied sentence. Empty: everything is allowed.
using Permission =
    std::function<Result<void>(const aws::CallContext& caller, std::string_view action, const std::string& resource)>;

/// Writes `s3://BUCKET/KEY` with the caller's rights.
using WriteObject = std::function<Result<void>(const aws::CallContext& caller, std::string_view uri, std::string content)>;

}  // namespace mastic::glue
