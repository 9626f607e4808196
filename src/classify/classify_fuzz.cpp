// Whatever the bytes, looking at them ends and neither crashes nor takes memory without bound.
#include <array>

#include "classify/inspect.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace mastic::classify;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  static const std::array<Classifier, 4> custom{GrokClassifier{"g", "words", "%{WORD:first} %{GREEDYDATA:rest}", ""},
                                                XmlClassifier{"x", "rows", "row"}, JsonClassifier{"j", "$.a[*]"},
                                                CsvClassifier{.name = "c", .delimiter = "|", .allows_single_column = true}};
  (void)inspect(Content::of_bytes(bytes), "file", {});
  (void)inspect(Content::of_bytes(bytes), "file.snappy", custom);
  return 0;
}
