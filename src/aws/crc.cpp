// CRC-32, CRC-32C and CRC-64/NVME: reflected, inverted at both ends. Eight table look-ups take eight bytes at a time;
// CRC-32C uses the processor's instruction where there is one.
#include <array>
#include <bit>
#include <cstring>

#include "aws/digest.h"

namespace mastic::aws {
namespace {

static_assert(std::endian::native == std::endian::little, "the slices below read eight bytes as a little-endian number");

template <typename Crc>
using Tables = std::array<std::array<Crc, 256>, 8>;

template <typename Crc>
constexpr Tables<Crc> make_tables(Crc reflected_polynomial) {
  Tables<Crc> tables{};
  for (std::size_t i = 0; i < 256; ++i) {
    Crc crc = static_cast<Crc>(i);
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? (crc >> 1U) ^ reflected_polynomial : crc >> 1U;
    tables[0][i] = crc;
  }
  for (std::size_t slice = 1; slice < 8; ++slice) {
    for (std::size_t i = 0; i < 256; ++i) {
      const Crc before = tables[slice - 1][i];
      tables[slice][i] = tables[0][before & 0xFFU] ^ (before >> 8U);
    }
  }
  return tables;
}

constexpr auto crc32_tables = make_tables<uint32_t>(0xEDB88320U);
constexpr auto crc32c_tables = make_tables<uint32_t>(0x82F63B78U);
constexpr auto crc64nvme_tables = make_tables<uint64_t>(0x9A6C9329AC4BC9B5ULL);

template <typename Crc>
Crc add_by_tables(Crc crc, std::string_view bytes, const Tables<Crc>& tables) {
  crc = ~crc;
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; left -= 8, at += 8) {
    uint64_t eight = 0;
    std::memcpy(&eight, at, 8);
    eight ^= crc;
    Crc next = 0;
    for (unsigned slice = 0; slice < 8; ++slice) next ^= tables[7 - slice][(eight >> (8 * slice)) & 0xFFU];
    crc = next;
  }
  for (; left > 0; --left, ++at) crc = tables[0][(crc ^ static_cast<unsigned char>(*at)) & 0xFFU] ^ (crc >> 8U);
  return ~crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) uint32_t add_by_instruction(uint32_t crc, std::string_view bytes) {
  uint64_t state = ~crc;
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; left -= 8, at += 8) {
    uint64_t eight = 0;
    std::memcpy(&eight, at, 8);
    state = __builtin_ia32_crc32di(state, eight);
  }
  auto small = static_cast<uint32_t>(state);
  for (; left > 0; --left, ++at) small = __builtin_ia32_crc32qi(small, static_cast<unsigned char>(*at));
  return ~small;
}
#endif

}  // namespace

uint32_t crc32_add(uint32_t crc, std::string_view bytes) { return add_by_tables(crc, bytes, crc32_tables); }

uint32_t crc32c_add(uint32_t crc, std::string_view bytes) {
#if defined(__x86_64__)
  static const bool has_instruction = __builtin_cpu_supports("sse4.2") != 0;
  if (has_instruction) return add_by_instruction(crc, bytes);
#endif
  return add_by_tables(crc, bytes, crc32c_tables);
}

uint64_t crc64nvme_add(uint64_t crc, std::string_view bytes) { return add_by_tables(crc, bytes, crc64nvme_tables); }

}  // namespace mastic::aws
