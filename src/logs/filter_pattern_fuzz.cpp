#include <cstdint>

#include "logs/filter_pattern.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const auto cut = std::min(all.find('\n'), all.size());
  const auto pattern = mastic::logs::FilterPattern::parse(all.substr(0, cut));
  if (!pattern) return 0;
  const auto message = all.substr(cut);
  (void)pattern->matches(message);
  (void)pattern->extract(message);
  return 0;
}
