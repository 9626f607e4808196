// No expression, however odd, crashes the parser or the evaluation, and what parses gives an answer.
#include <cstddef>
#include <cstdint>

#include "glue/catalog/partition_expression.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace mastic::glue::catalog;
  static const std::vector<PartitionKey> keys = {
      {"i", "bigint"}, {"s", "string"}, {"d", "date"}, {"t", "timestamp"}, {"n", "decimal(38,9)"}};
  static const std::vector<std::string> values = {"-12", "text", "2024-02-29", "2024-02-29 01:02:03.5", "0.001"};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto expression = PartitionExpression::parse(text, keys)) {
    (void)expression->holds(values);
    (void)expression->holds({});
  }
  return 0;
}
