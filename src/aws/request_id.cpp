#include "aws/request_id.h"

#include <cstdint>
#include <random>
#include <string_view>

namespace mastic::aws {

void fill_request_id(std::string& into) {
  thread_local std::mt19937_64 random = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device()};
    return std::mt19937_64(seed);
  }();
  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::string_view shape = "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx";
  into.assign(shape);
  uint64_t bits = 0;
  int left = 0;
  for (auto& c : into) {
    if (c != 'x') continue;
    if (left == 0) {
      bits = random();
      left = 16;
    }
    c = digits[bits & 15U];
    bits >>= 4U;
    --left;
  }
}

}  // namespace mastic::aws
