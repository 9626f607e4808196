// Functions that the registry types but that nothing lowers yet. A call of one fails with an error that names it.
#pragma once

#include <array>
#include <string_view>

namespace mastic::spark {

inline constexpr std::array<std::string_view, 0> not_yet_lowered{};

}  // namespace mastic::spark
