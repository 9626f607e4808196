// Entities as the JSON text that the store keeps, and back.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "iam/entities.h"

namespace mastic::iam {

std::string to_text(const Principal& principal);
std::string to_text(const ManagedPolicy& policy);
std::string to_text(const AccessKey& key);
std::string to_text(const Session& session);

Result<void> from_text(std::string_view text, Principal& principal);
Result<void> from_text(std::string_view text, ManagedPolicy& policy);
Result<void> from_text(std::string_view text, AccessKey& key);
Result<void> from_text(std::string_view text, Session& session);

}  // namespace mastic::iam
