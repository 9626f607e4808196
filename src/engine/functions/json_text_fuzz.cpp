// Any bytes as JSON, and as a variant made of it: no input may crash the readers.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/functions/json_text.h"
#include "engine/functions/variant.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace mastic::engine;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto json = read_json(text)) {
    VariantBuilder builder;
    (void)builder.json(*json);
  }
  const VariantView view(text.substr(0, size / 2), text.substr(size / 2));
  if (view.kind() == VariantView::Kind::object || view.kind() == VariantView::Kind::array) {
    for (std::size_t i = 0; i < view.size() && i < 16; ++i) (void)view.element(i).kind();
  }
  return 0;
}
