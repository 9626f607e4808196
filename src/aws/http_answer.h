// An answer's bytes in front of its body.
#pragma once

#include <string>

#include "aws/exchange.h"
#include "base/clock.h"

namespace mastic::aws {

/// The bytes that the body has, whatever holds them.
uint64_t body_length(const OutgoingCall& answer);

enum class BodyLength : uint8_t { known, unknown };

/// Status line and headers, blank line included, appended to `into`. A body of unknown length comes in chunks.
void write_answer_head(const Exchange& exchange, bool keep_alive, Instant now, std::string& into,
                       BodyLength body = BodyLength::known);

/// A complete answer without a body, for requests that are too broken to belong to a service.
std::string bare_answer(int status);

}  // namespace mastic::aws
