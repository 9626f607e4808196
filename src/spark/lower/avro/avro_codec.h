// The compression of an Avro file's blocks: null, deflate, snappy, zstandard, bzip2.
#pragma once

#include <arrow/result.h>

#include <string>
#include <string_view>

namespace mastic::spark::avro {

bool is_codec(const std::string& name);
arrow::Result<std::string> compress(const std::string& codec, std::string_view bytes);
arrow::Result<std::string> decompress(const std::string& codec, std::string_view bytes);

}  // namespace mastic::spark::avro
