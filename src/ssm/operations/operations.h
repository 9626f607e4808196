// The operations by family, and what they share.
#pragma once

#include <string>
#include <string_view>

#include "aws/models/ssm.h"
#include "aws/service.h"
#include "base/clock.h"
#include "base/result.h"
#include "ssm/store.h"

namespace mastic::ssm {

namespace wire = aws::ssm;

void add_reading_operations(aws::Service& service, Store& store);
void add_writing_operations(aws::Service& service, Store& store, const Clock& clock);
void add_history_operations(aws::Service& service, Store& store);
void add_tag_operations(aws::Service& service, Store& store);

/// arn:aws:ssm:REGION:ACCOUNT:parameter/NAME, with one slash between.
std::string arn_of(std::string_view name, const aws::CallContext& context);

/// The version that `NAME`, `NAME:VERSION`, `NAME:LABEL` or an ARN means. ParameterNotFound, ParameterVersionNotFound.
Result<Version> select_version(Store& store, std::string_view selector);

}  // namespace mastic::ssm
