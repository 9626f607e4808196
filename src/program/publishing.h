// What one room notices and another tells: alarms as EventBridge's events, what log filters measure as metrics.
#pragma once

#include <vector>

#include "announce/events.h"
#include "cloudwatch/cloudwatch.h"
#include "logs/logs.h"

namespace mastic::program {

/// The event "CloudWatch Alarm State Change", with the detail that EventBridge documents.
void publish(announce::Events& events, const cloudwatch::AlarmChange& change);

/// A measurement that cannot be kept is named in the server's log; whoever logged the line does not wait for it.
void publish(cloudwatch::CloudWatch& metrics, const std::vector<logs::Measurement>& found);

}  // namespace mastic::program
