// Any bytes as an Avro file: an error or rows, never a crash.
#include <arrow/buffer.h>
#include <arrow/io/memory.h>

#include <cstddef>
#include <cstdint>

#include "spark/lower/avro/avro_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace mastic::spark::avro;
  auto file = std::make_shared<arrow::io::BufferReader>(std::make_shared<arrow::Buffer>(data, static_cast<int64_t>(size)));
  auto reader = FileReader::open(std::move(file));
  if (!reader.ok()) return 0;
  std::vector<int> wanted;
  arrow::FieldVector fields;
  for (const auto& field : (*reader)->type().fields) {
    wanted.push_back(static_cast<int>(wanted.size()));
    fields.push_back(arrow::field(field.name, arrow_type(*field.type)));
  }
  const auto schema = arrow::schema(std::move(fields));
  for (int block = 0; block < 16; ++block) {
    const auto batch = (*reader)->next(wanted, schema);
    if (!batch.ok() || *batch == nullptr) return 0;
  }
  return 0;
}
