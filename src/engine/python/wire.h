// Numbers and texts as the Python worker reads them: big-endian, texts after their length.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mastic::engine::wire {

/// The marks of the worker's protocol, by pyspark/serializers.py.
enum Mark : int32_t {
  end_of_data_section = -1,
  python_exception = -2,
  timing_data = -3,
  end_of_stream = -4,
  start_arrow_stream = -6,
};

inline void add_number(std::string& out, int32_t value) {
  const auto bits = static_cast<uint32_t>(value);
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(bits >> shift);
}
inline void add_long(std::string& out, int64_t value) {
  add_number(out, static_cast<int32_t>(static_cast<uint64_t>(value) >> 32));
  add_number(out, static_cast<int32_t>(static_cast<uint64_t>(value)));
}
inline void add_flag(std::string& out, bool value) { out += static_cast<char>(value ? 1 : 0); }
inline void add_text(std::string& out, std::string_view text) {
  add_number(out, static_cast<int32_t>(text.size()));
  out += text;
}
inline int32_t read_number(const uint8_t* bytes) {
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | bytes[i];
  return static_cast<int32_t>(value);
}

}  // namespace mastic::engine::wire
