// 128-bit integers, which ISO C++ does not know.
#pragma once

namespace mastic::engine {

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

}  // namespace mastic::engine
