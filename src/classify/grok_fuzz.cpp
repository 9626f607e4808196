// Whatever the pattern, compiling it and matching a line with it end.
#include "classify/grok.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using mastic::classify::Grok;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto cut = text.find('\0');
  const auto pattern = text.substr(0, cut);
  const auto rest = cut == std::string_view::npos ? std::string_view() : text.substr(cut + 1);
  if (const auto grok = Grok::compile(pattern, rest)) (void)grok->matches(rest);
  return 0;
}
