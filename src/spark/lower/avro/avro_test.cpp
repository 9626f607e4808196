#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <doctest/doctest.h>

#include "spark/lower/avro/avro_codec.h"
#include "spark/lower/avro/avro_file.h"
#include "spark/lower/avro/avro_values.h"

using namespace mastic::spark;
using namespace mastic::spark::avro;

TEST_CASE("whole numbers are zigzag") {
  for (const int64_t value :
       {int64_t{0}, int64_t{-1}, int64_t{1}, int64_t{63}, int64_t{-64}, int64_t{64}, INT64_MAX, INT64_MIN}) {
    std::string bytes;
    append_long(bytes, value);
    Cursor cursor{bytes};
    CHECK(cursor.read_long().ValueOr(7) == value);
    CHECK(cursor.bytes.empty());
  }
  Cursor cut{"\x80"};
  CHECK_FALSE(cut.read_long().ok());
}

TEST_CASE("blocks are what they were after compression") {
  const std::string text(100'000, 'a');
  for (const char* codec : {"null", "deflate", "snappy", "zstandard", "bzip2"}) {
    CAPTURE(codec);
    const auto packed = compress(codec, text);
    REQUIRE(packed.ok());
    CHECK(decompress(codec, *packed).ValueOr("") == text);
    if (std::string(codec) != "null") CHECK_FALSE(decompress(codec, packed->substr(0, packed->size() / 2)).ok());
  }
}

TEST_CASE("schemas are Spark's types") {
  const auto type = parse_schema(R"({"type":"record","name":"r","fields":[
    {"name":"a","type":["null","int"]},{"name":"b","type":{"type":"long","logicalType":"timestamp-millis"}},
    {"name":"c","type":["int","long"]},{"name":"d","type":["int","string","null"]},
    {"name":"e","type":{"type":"enum","name":"k","symbols":["X"]}},{"name":"f","type":"k"},
    {"name":"g","type":{"type":"array","items":{"type":"bytes","logicalType":"decimal","precision":5,"scale":2}}}]})");
  REQUIRE(type.ok());
  CHECK(simple_string(spark_type(**type)) ==
        "struct<a:int,b:timestamp,c:bigint,d:struct<member0:int,member1:string>,e:string,f:string,g:array<decimal(5,2)>>");
  CHECK_FALSE(parse_schema(R"({"type":"record","name":"r","fields":[{"name":"a","type":["null","r"]}]})").ok());
}

TEST_CASE("a file that is cut short is an error") {
  const std::vector<Attribute> columns{{1, "n", types::long_type(), true, {}, {}}};
  const auto schema = schema_text(columns, "topLevelRecord", "");
  REQUIRE(schema.ok());
  CHECK(*schema == R"({"type":"record","name":"topLevelRecord","fields":[{"name":"n","type":["long","null"]}]})");
  auto sink = *arrow::io::BufferOutputStream::Create();
  auto writer = *FileWriter::open(sink, *schema, "null");
  arrow::Int64Builder builder;
  REQUIRE(builder.AppendValues({1, 2, 3}).ok());
  const auto batch_schema = arrow::schema({arrow::field("n", arrow::int64())});
  REQUIRE(writer->write(*arrow::RecordBatch::Make(batch_schema, 3, {*builder.Finish()})).ok());
  REQUIRE(writer->close().ok());
  const auto bytes = (*sink->Finish())->ToString();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    auto reader = FileReader::open(std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(bytes.substr(0, size))));
    if (!reader.ok()) continue;
    const auto batch = (*reader)->next({0}, batch_schema);
    CHECK((!batch.ok() || *batch == nullptr));
  }
  auto reader = *FileReader::open(std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(bytes)));
  const auto batch = reader->next({0}, batch_schema);
  REQUIRE(batch.ok());
  CHECK((*batch)->num_rows() == 3);
}
