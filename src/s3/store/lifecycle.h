// Carries out what lifecycle rules ask for: current objects expire (in a bucket with versions: behind a delete marker),
// noncurrent versions and lone delete markers go, uploads are aborted. Transitions to other storage classes are not made:
// here they would change a label only.
#pragma once

#include <atomic>

#include "base/clock.h"
#include "base/result.h"
#include "s3/object_store.h"

namespace mastic::s3 {

/// One round over all buckets with rules, as of `now`. An object that changes meanwhile stays. Stops early when `stop`
/// becomes true.
Result<void> apply_lifecycle(ObjectStore& store, Instant now, const std::atomic<bool>& stop);

/// S3 counts whole days: an age of `days` is reached at the midnight (UTC) that follows.
[[nodiscard]] bool is_due(Instant since, int64_t days, Instant now);

}  // namespace mastic::s3
