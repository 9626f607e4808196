#include "spark/lower/avro/avro_file.h"

#include <arrow/array/util.h>
#include <arrow/buffer.h>

#include <algorithm>
#include <map>

#include "base/identifiers.h"
#include "spark/lower/avro/avro_codec.h"
#include "spark/lower/avro/avro_values.h"

namespace mastic::spark::avro {
namespace {

constexpr std::string_view magic("Obj\1", 4);
constexpr int64_t sync_bytes = 16;
constexpr std::size_t block_bytes = 256 * 1024;

void append_text(std::string& out, std::string_view text) {
  append_long(out, static_cast<int64_t>(text.size()));
  out += text;
}

}  // namespace

arrow::Result<std::unique_ptr<FileReader>> FileReader::open(std::shared_ptr<arrow::io::RandomAccessFile> file,
                                                            TypePtr reader_type) {
  auto reader = std::make_unique<FileReader>();
  ARROW_ASSIGN_OR_RAISE(reader->size_, file->GetSize());
  reader->file_ = std::move(file);
  ARROW_RETURN_NOT_OK(reader->read_header());
  reader->reader_type_ = reader_type == nullptr ? reader->type_ : std::move(reader_type);
  if (reader->reader_type_ != reader->type_) {
    ARROW_ASSIGN_OR_RAISE(reader->resolution_, resolve(*reader->type_, *reader->reader_type_));
    if (reader->resolution_->step != Resolution::Step::record)
      return arrow::Status::NotImplemented("an avroSchema that is no record");
  }
  return reader;
}

arrow::Result<std::string> FileReader::read_bytes(int64_t size) {
  if (size < 0 || size > size_ - at_) return arrow::Status::Invalid("an Avro file is cut short");
  ARROW_ASSIGN_OR_RAISE(const auto buffer, file_->ReadAt(at_, size));
  if (buffer->size() != size) return arrow::Status::Invalid("an Avro file is cut short");
  at_ += size;
  return buffer->ToString();
}

arrow::Result<int64_t> FileReader::read_long() {
  ARROW_ASSIGN_OR_RAISE(const auto buffer, file_->ReadAt(at_, std::min<int64_t>(10, size_ - at_)));
  const auto bytes = buffer->ToString();
  Cursor cursor{bytes};
  ARROW_ASSIGN_OR_RAISE(const auto value, cursor.read_long());
  at_ += static_cast<int64_t>(bytes.size() - cursor.bytes.size());
  return value;
}

arrow::Status FileReader::read_header() {
  ARROW_ASSIGN_OR_RAISE(const auto begin, read_bytes(std::min<int64_t>(size_, magic.size())));
  if (begin != magic) return arrow::Status::Invalid("not an Avro data file");
  std::map<std::string, std::string> metadata;
  while (true) {
    ARROW_ASSIGN_OR_RAISE(auto count, read_long());
    if (count == 0) break;
    if (count < 0) {
      ARROW_RETURN_NOT_OK(read_long().status());
      count = -count;
    }
    for (int64_t i = 0; i < count; ++i) {
      ARROW_ASSIGN_OR_RAISE(const auto key_size, read_long());
      ARROW_ASSIGN_OR_RAISE(auto key, read_bytes(key_size));
      ARROW_ASSIGN_OR_RAISE(const auto value_size, read_long());
      ARROW_ASSIGN_OR_RAISE(metadata[std::move(key)], read_bytes(value_size));
    }
  }
  codec_ = metadata["avro.codec"];
  if (codec_.empty()) codec_ = "null";
  ARROW_ASSIGN_OR_RAISE(sync_, read_bytes(sync_bytes));
  ARROW_ASSIGN_OR_RAISE(type_, parse_schema(metadata["avro.schema"]));
  if (type_->kind != Type::Kind::record) return arrow::Status::NotImplemented("Avro files whose schema is no record");
  return arrow::Status::OK();
}

arrow::Result<std::shared_ptr<arrow::RecordBatch>> FileReader::next(const std::vector<int>& wanted,
                                                                    const std::shared_ptr<arrow::Schema>& schema) {
  if (at_ >= size_) return nullptr;
  ARROW_ASSIGN_OR_RAISE(const auto rows, read_long());
  ARROW_ASSIGN_OR_RAISE(const auto size, read_long());
  ARROW_ASSIGN_OR_RAISE(const auto packed, read_bytes(size));
  ARROW_ASSIGN_OR_RAISE(const auto sync, read_bytes(sync_bytes));
  if (sync != sync_ || rows < 0) return arrow::Status::Invalid("a block of an Avro file is damaged");
  ARROW_ASSIGN_OR_RAISE(const auto bytes, decompress(codec_, packed));

  const auto& fields = reader_type_->fields;
  std::vector<std::unique_ptr<arrow::ArrayBuilder>> builders(fields.size());
  for (const int field : wanted) {
    if (field < 0 || builders[static_cast<std::size_t>(field)] != nullptr) continue;
    ARROW_ASSIGN_OR_RAISE(builders[static_cast<std::size_t>(field)],
                          arrow::MakeBuilder(arrow_type(*fields[static_cast<std::size_t>(field)].type)));
  }
  Cursor cursor{bytes};
  const std::unique_ptr<arrow::ArrayBuilder> nothing;
  for (int64_t row = 0; row < rows; ++row)
    for (std::size_t field = 0; field < type_->fields.size(); ++field) {
      const int target = resolution_ == nullptr ? static_cast<int>(field) : resolution_->targets[field];
      const auto& builder = target < 0 ? nothing : builders[static_cast<std::size_t>(target)];
      const auto& written = *type_->fields[field].type;
      ARROW_RETURN_NOT_OK(builder == nullptr       ? skip(cursor, written)
                          : resolution_ == nullptr ? decode(cursor, written, *builder)
                                                   : decode(cursor, *resolution_->children[field], *builder));
    }
  for (std::size_t field = 0; resolution_ != nullptr && field < fields.size(); ++field) {
    if (!resolution_->defaults[field].used || builders[field] == nullptr) continue;
    for (int64_t row = 0; row < rows; ++row) {
      Cursor value{resolution_->defaults[field].bytes};
      ARROW_RETURN_NOT_OK(decode(value, *fields[field].type, *builders[field]));
    }
  }
  std::vector<std::shared_ptr<arrow::Array>> arrays(fields.size());
  arrow::ArrayVector columns;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] < 0) {
      ARROW_ASSIGN_OR_RAISE(auto absent, arrow::MakeArrayOfNull(schema->field(static_cast<int>(i))->type(), rows));
      columns.push_back(std::move(absent));
      continue;
    }
    const auto field = static_cast<std::size_t>(wanted[i]);
    if (arrays[field] == nullptr) {
      ARROW_ASSIGN_OR_RAISE(arrays[field], builders[field]->Finish());
    }
    columns.push_back(arrays[field]);
  }
  return arrow::RecordBatch::Make(schema, rows, std::move(columns));
}

arrow::Result<std::unique_ptr<FileWriter>> FileWriter::open(std::shared_ptr<arrow::io::OutputStream> sink,
                                                            const std::string& schema, const std::string& codec) {
  auto writer = std::make_unique<FileWriter>();
  writer->sink_ = std::move(sink);
  writer->codec_ = codec;
  ARROW_ASSIGN_OR_RAISE(writer->type_, parse_schema(schema));
  writer->sync_ = random_hex(sync_bytes);
  std::string header(magic);
  append_long(header, 2);
  append_text(header, "avro.schema");
  append_text(header, schema);
  append_text(header, "avro.codec");
  append_text(header, codec);
  append_long(header, 0);
  header += writer->sync_;
  ARROW_RETURN_NOT_OK(writer->sink_->Write(header));
  return writer;
}

arrow::Status FileWriter::write(const arrow::RecordBatch& batch) {
  const auto structure = arrow::struct_(batch.schema()->fields());
  std::vector<int> positions;
  for (const auto& field : type_->fields)
    positions.push_back(field_position(*structure, field.name, static_cast<int>(positions.size())));
  for (int64_t row = 0; row < batch.num_rows(); ++row) {
    for (std::size_t i = 0; i < positions.size(); ++i)
      ARROW_RETURN_NOT_OK(positions[i] < 0 ? encode_null(block_, *type_->fields[i].type)
                                           : encode(block_, *type_->fields[i].type, *batch.column(positions[i]), row));
    ++rows_;
    if (block_.size() >= block_bytes) ARROW_RETURN_NOT_OK(flush());
  }
  return arrow::Status::OK();
}

arrow::Status FileWriter::flush() {
  if (rows_ == 0) return arrow::Status::OK();
  ARROW_ASSIGN_OR_RAISE(const auto packed, compress(codec_, block_));
  std::string head;
  append_long(head, rows_);
  append_long(head, static_cast<int64_t>(packed.size()));
  ARROW_RETURN_NOT_OK(sink_->Write(head));
  ARROW_RETURN_NOT_OK(sink_->Write(packed));
  ARROW_RETURN_NOT_OK(sink_->Write(sync_));
  block_.clear();
  rows_ = 0;
  return arrow::Status::OK();
}

arrow::Status FileWriter::close() { return flush(); }

}  // namespace mastic::spark::avro
