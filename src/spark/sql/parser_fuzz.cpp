// No text may crash the parser, hang it, or overflow its stack.
#include <cstddef>
#include <cstdint>

#include "spark/sql/parser.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(mastic::spark::sql::parse_statement(text));
  static_cast<void>(mastic::spark::sql::parse_expression(text));
  static_cast<void>(mastic::spark::sql::parse_table_schema(text));
  return 0;
}
