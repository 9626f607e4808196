// What the generated operations of a json service share.
#pragma once

#include "aws/call.h"
#include "aws/model.h"
#include "aws/read_context.h"

namespace mastic::aws {

/// Reads the call's body, a JSON object or nothing at all, with `reader` into `into`.
bool read_json_body(const IncomingCall& call, void* into, bool (*reader)(JsonValue&, void*, ReadContext&),
                    ReadContext& context);

}  // namespace mastic::aws
