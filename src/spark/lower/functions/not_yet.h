// Functions that the registry types but that nothing lowers yet. A call of one fails with an error that names it.
#pragma once

#include <array>
#include <string_view>

namespace mastic::spark {

inline constexpr auto not_yet_lowered = std::to_array<std::string_view>({
    "shiftrightunsigned",
    "luhn_check",
    "quote",
    "try_to_binary",
    "to_char",
    "is_valid_utf8",
    "make_valid_utf8",
    "validate_utf8",
    "try_validate_utf8",
    "try_url_decode",
    "parse_url",
    "try_parse_url",
    "try_make_timestamp_ltz",
    "try_make_timestamp_ntz",
    "make_interval",
    "timestampadd",
    "timestampdiff",
    "from_csv",
    "to_csv",
    "schema_of_csv",
    "input_file_block_length",
    "input_file_block_start",
});

}  // namespace mastic::spark
