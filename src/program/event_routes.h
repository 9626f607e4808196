// How events go through the house: what S3 tells becomes an EventBridge event; what EventBridge delivers goes to Glue's
// workflows and to log groups.
#pragma once

#include <functional>
#include <string_view>

#include "base/result.h"
#include "events/events.h"
#include "s3/s3.h"

namespace mastic::glue {
class Glue;
}
namespace mastic::logs {
class Logs;
}

namespace mastic::program {

/// Whether something of this ARN can be a target.
bool is_event_target(std::string_view arn);

Result<void> deliver_event(glue::Glue& glue, logs::Logs& logs, std::string_view arn, std::string_view event_id,
                           std::string_view event);

/// "Object Created", as S3 sends it to EventBridge.
events::Event object_created(const s3::CreatedObject& object);

}  // namespace mastic::program
