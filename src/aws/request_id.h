// Ids of requests: unique, not secret, so they need not come from the operating system each time.
#pragma once

#include <string>

namespace mastic::aws {

/// A version-4 UUID's shape, written into `into` (whose memory is reused).
void fill_request_id(std::string& into);

}  // namespace mastic::aws
