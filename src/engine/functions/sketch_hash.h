// MurmurHash3 x64 128 as the DataSketches library feeds it: the hash under its sketches.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

namespace mastic::engine {

inline constexpr uint64_t sketch_seed = 9001;

inline std::pair<uint64_t, uint64_t> murmur3_128(std::string_view bytes, uint64_t seed) {
  constexpr uint64_t c1 = 0x87C37B91114253D5ULL;
  constexpr uint64_t c2 = 0x4CF5AD432745937FULL;
  const auto mix1 = [](uint64_t k) { return std::rotl(k * c1, 31) * c2; };
  const auto mix2 = [](uint64_t k) { return std::rotl(k * c2, 33) * c1; };
  const auto final_mix = [](uint64_t h) {
    h = (h ^ h >> 33) * 0xFF51AFD7ED558CCDULL;
    h = (h ^ h >> 33) * 0xC4CEB9FE1A85EC53ULL;
    return h ^ h >> 33;
  };
  uint64_t h1 = seed;
  uint64_t h2 = seed;
  std::size_t at = 0;
  for (; at + 16 <= bytes.size(); at += 16) {
    uint64_t k[2];
    std::memcpy(k, bytes.data() + at, 16);
    h1 = (std::rotl(h1 ^ mix1(k[0]), 27) + h2) * 5 + 0x52DCE729;
    h2 = (std::rotl(h2 ^ mix2(k[1]), 31) + h1) * 5 + 0x38495AB5;
  }
  uint64_t tail[2] = {0, 0};
  const auto rest = bytes.size() - at;
  std::memcpy(tail, bytes.data() + at, rest);
  if (rest > 8) h2 ^= mix2(tail[1]);
  if (rest > 0) h1 ^= mix1(tail[0]);
  h1 ^= bytes.size();
  h2 ^= bytes.size();
  h1 += h2;
  h2 += h1;
  h1 = final_mix(h1);
  h2 = final_mix(h2);
  h1 += h2;
  h2 += h1;
  return {h1, h2};
}

}  // namespace mastic::engine
