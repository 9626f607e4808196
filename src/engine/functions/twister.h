// The generator behind Spark's shuffle() and uuid(): commons-math's MersenneTwister.
#pragma once

#include <array>
#include <cstdint>

namespace mastic::engine {

/// MT19937 with Matsumoto and Nishimura's initialisation by an array; std::mt19937 has no such.
class Twister {
 public:
  explicit Twister(uint64_t seed) {
    const std::array<uint32_t, 2> key = {static_cast<uint32_t>(seed >> 32), static_cast<uint32_t>(seed)};
    state_[0] = 19650218U;
    for (uint32_t i = 1; i < size; ++i) state_[i] = 1812433253U * (state_[i - 1] ^ state_[i - 1] >> 30) + i;
    uint32_t i = 1;
    uint32_t j = 0;
    const auto advance = [&] {
      if (++i < size) return;
      state_[0] = state_[size - 1];
      i = 1;
    };
    for (uint32_t k = 0; k < size; ++k) {
      state_[i] = (state_[i] ^ (state_[i - 1] ^ state_[i - 1] >> 30) * 1664525U) + key[j] + j;
      advance();
      j = (j + 1) % key.size();
    }
    for (uint32_t k = 1; k < size; ++k) {
      state_[i] = (state_[i] ^ (state_[i - 1] ^ state_[i - 1] >> 30) * 1566083941U) - i;
      advance();
    }
    state_[0] = 0x80000000U;
  }

  /// Even in [0, bound), as java.util.Random.nextInt(bound) takes it from 31 bits.
  uint32_t below(uint32_t bound) {
    if ((bound & (bound - 1)) == 0) return static_cast<uint32_t>(uint64_t{bound} * (next() >> 1) >> 31);
    while (true) {
      const uint32_t bits = next() >> 1;
      const uint32_t value = bits % bound;
      if (uint64_t{bits} - value + (bound - 1) <= INT32_MAX) return value;
    }
  }

  uint64_t next_long() {
    const uint64_t high = next();
    return high << 32 | next();
  }

 private:
  static constexpr uint32_t size = 624;
  static constexpr uint32_t middle = 397;

  uint32_t next() {
    if (at_ == size) {
      for (uint32_t i = 0; i < size; ++i) {
        const uint32_t y = (state_[i] & 0x80000000U) | (state_[(i + 1) % size] & 0x7FFFFFFFU);
        state_[i] = state_[(i + middle) % size] ^ y >> 1 ^ ((y & 1U) != 0 ? 0x9908B0DFU : 0U);
      }
      at_ = 0;
    }
    uint32_t y = state_[at_++];
    y ^= y >> 11;
    y ^= y << 7 & 0x9D2C5680U;
    y ^= y << 15 & 0xEFC60000U;
    return y ^ y >> 18;
  }

  std::array<uint32_t, size> state_{};
  uint32_t at_ = size;
};

}  // namespace mastic::engine
