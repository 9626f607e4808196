// Conditional requests (RFC 9110, section 13) as S3 reads them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "s3/object_store.h"

namespace mastic::s3 {

struct Conditions {
  std::optional<std::string> if_match;
  std::optional<std::string> if_none_match;
  std::optional<Instant> if_modified_since;
  std::optional<Instant> if_unmodified_since;
};

/// If-Match outranks If-Unmodified-Since, If-None-Match outranks If-Modified-Since; times count in whole seconds.
/// Fails with PreconditionFailed or NotModified.
Result<void> check_read(const Conditions& conditions, const Object& object);
/// The same for the source of a copy, where everything that does not hold is PreconditionFailed.
Result<void> check_copy_source(const Conditions& conditions, const Object& object);

/// What If-Match and If-None-Match ask of a write. S3 takes no other If-None-Match than `*`; If-Match of an object that
/// does not exist is NoSuchKey.
Result<Precondition> write_precondition(const std::optional<std::string>& if_match,
                                        const std::optional<std::string>& if_none_match, std::string_view key);

/// Without the quotation marks that it may or may not have.
std::string_view unquoted_etag(std::string_view etag);
std::string quoted_etag(std::string_view etag);

}  // namespace mastic::s3
