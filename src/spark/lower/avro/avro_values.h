// One value of Avro's binary encoding to an Arrow builder, and back from an Arrow array.
#pragma once

#include <arrow/array.h>
#include <arrow/builder.h>

#include <string>
#include <string_view>

#include "spark/lower/avro/avro_schema.h"

namespace mastic::spark::avro {

/// Bytes on their way in.
struct Cursor {
  std::string_view bytes;

  arrow::Result<int64_t> read_long();
  arrow::Result<std::string_view> take(int64_t size);
};

arrow::Status decode(Cursor& from, const Type& type, arrow::ArrayBuilder& into);
arrow::Status skip(Cursor& from, const Type& type);

void append_long(std::string& out, int64_t value);
arrow::Status encode(std::string& out, const Type& type, const arrow::Array& array, int64_t row);

}  // namespace mastic::spark::avro
