// Tags: as a header (`key=value&…`), as a structure, and their rules.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "s3/object.h"

namespace mastic::s3 {

constexpr std::size_t object_tags_max = 10;
constexpr std::size_t bucket_tags_max = 50;

/// The header x-amz-tagging; none: no tags.
Result<Tags> parse_tagging_header(const std::optional<std::string>& header);

/// Keys of 1 to 128 bytes, values of up to 256, no key twice, not more than `most`.
Result<void> check_tags(const Tags& tags, std::size_t most);

/// Decodes %XX; leaves alone what is no such escape.
std::string percent_decode(std::string_view text, bool plus_is_space);

}  // namespace mastic::s3
