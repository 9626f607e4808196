// Functions that the registry types but that nothing lowers yet. A call of one fails with an error that names it.
#pragma once

#include <array>
#include <string_view>

namespace mastic::spark {

inline constexpr auto not_yet_lowered = std::to_array<std::string_view>({
    "input_file_block_length",
    "input_file_block_start",
});

}  // namespace mastic::spark
