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

/// Calls `element` for each element of the blocks of an array or a map.
template <typename Element>
arrow::Status each_element(Cursor& from, Element&& element) {
  while (true) {
    ARROW_ASSIGN_OR_RAISE(auto count, from.read_long());
    if (count == 0) return arrow::Status::OK();
    if (count < 0) {  // the block's size in bytes follows
      ARROW_RETURN_NOT_OK(from.read_long().status());
      count = -count;
    }
    // An element without bytes would let a few bytes ask for any number of them.
    if (count > (int64_t{1} << 31)) return arrow::Status::Invalid("an Avro file with a block that is too long");
    for (int64_t i = 0; i < count; ++i) ARROW_RETURN_NOT_OK(element());
  }
}

arrow::Status decode(Cursor& from, const Type& type, arrow::ArrayBuilder& into);
arrow::Status skip(Cursor& from, const Type& type);

/// A field of a struct by name, without case; `likely` is tried first. -1: none.
int field_position(const arrow::DataType& structure, std::string_view name, int likely);

void append_long(std::string& out, int64_t value);
arrow::Status encode(std::string& out, const Type& type, const arrow::Array& array, int64_t row);
arrow::Status encode_null(std::string& out, const Type& type);

}  // namespace mastic::spark::avro
