#include "classify/message.h"

#include <poll.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstring>

namespace mastic::classify {
namespace {

class Writer {
 public:
  void number(uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }
  void text(std::string_view value) {
    number(value.size());
    bytes_ += value;
  }
  void texts(const std::vector<std::string>& values) {
    number(values.size());
    for (const auto& value : values) text(value);
  }
  void pairs(const Texts& values) {
    number(values.size());
    for (const auto& [key, value] : values) {
      text(key);
      text(value);
    }
  }
  void schema(const Schema& fields) {
    number(fields.size());
    for (const auto& field : fields) {
      text(field.name);
      number(static_cast<uint64_t>(field.type.kind));
      number(field.type.precision);
      number(field.type.scale);
      schema(field.type.fields);
    }
  }
  std::string take() && { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] bool done() const { return !failed_ && bytes_.empty(); }

  uint64_t number() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64 && !bytes_.empty(); shift += 7) {
      const auto part = static_cast<uint8_t>(bytes_.front());
      bytes_.remove_prefix(1);
      value |= static_cast<uint64_t>(part & 127) << shift;
      if ((part & 128) == 0) return value;
    }
    failed_ = true;
    bytes_ = {};
    return 0;
  }
  /// An element takes a byte at least, so a size beyond what is left is wrong.
  std::size_t size() {
    const auto value = number();
    if (value <= bytes_.size()) return value;
    failed_ = true;
    bytes_ = {};
    return 0;
  }
  std::string text() {
    const auto count = size();
    std::string value(bytes_.substr(0, count));
    bytes_.remove_prefix(count);
    return value;
  }
  std::vector<std::string> texts() {
    std::vector<std::string> values;
    for (auto left = size(); left > 0 && !failed_; --left) values.push_back(text());
    return values;
  }
  Texts pairs() {
    Texts values;
    for (auto left = size(); left > 0 && !failed_; --left) {
      auto key = text();
      values.insert_or_assign(std::move(key), text());
    }
    return values;
  }
  Schema schema(int depth = 0) {
    Schema fields;
    if (depth > type_depth_max + 8) failed_ = true;
    for (auto left = size(); left > 0 && !failed_; --left) {
      Field field;
      field.name = text();
      const auto kind = number();
      if (kind > static_cast<uint64_t>(Kind::struct_)) failed_ = true;
      field.type.kind = static_cast<Kind>(kind);
      field.type.precision = static_cast<uint8_t>(number());
      field.type.scale = static_cast<uint8_t>(number());
      field.type.fields = schema(depth + 1);
      fields.push_back(std::move(field));
    }
    return fields;
  }

 private:
  std::string_view bytes_;
  bool failed_ = false;
};

template <typename T>
std::optional<T> whole(const Reader& reader, T value) {
  if (!reader.done()) return std::nullopt;
  return value;
}

bool send_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::write(descriptor, bytes.data(), bytes.size());
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool receive_all(int descriptor, char* into, std::size_t count, int timeout_milliseconds) {
  while (count > 0) {
    pollfd wanted{.fd = descriptor, .events = POLLIN, .revents = 0};
    const auto ready = ::poll(&wanted, 1, timeout_milliseconds);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    const auto got = ::read(descriptor, into, count);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    into += got;
    count -= static_cast<std::size_t>(got);
  }
  return true;
}

}  // namespace

std::string encode(std::span<const Classifier> classifiers) {
  Writer writer;
  writer.number(classifiers.size());
  for (const auto& classifier : classifiers) {
    writer.number(classifier.index());
    if (const auto* grok = std::get_if<GrokClassifier>(&classifier))
      writer.texts({grok->name, grok->classification, grok->pattern, grok->custom_patterns});
    if (const auto* xml = std::get_if<XmlClassifier>(&classifier)) writer.texts({xml->name, xml->classification, xml->row_tag});
    if (const auto* json = std::get_if<JsonClassifier>(&classifier)) writer.texts({json->name, json->json_path});
    if (const auto* csv = std::get_if<CsvClassifier>(&classifier)) {
      writer.texts({csv->name, csv->delimiter, csv->quote, csv->serde});
      writer.texts(csv->columns);
      writer.texts(csv->datatypes);
      writer.number(static_cast<uint64_t>(csv->header) << 2 | (csv->trims_values ? 2U : 0U) |
                    (csv->allows_single_column ? 1U : 0U));
    }
  }
  return std::move(writer).take();
}

std::optional<std::vector<Classifier>> decode_classifiers(std::string_view message) {
  Reader reader(message);
  std::vector<Classifier> classifiers;
  for (auto left = reader.size(); left > 0; --left) {
    const auto kind = reader.number();
    auto texts = reader.texts();
    texts.resize(4);
    if (kind == 0) classifiers.emplace_back(GrokClassifier{texts[0], texts[1], texts[2], texts[3]});
    if (kind == 1) classifiers.emplace_back(XmlClassifier{texts[0], texts[1], texts[2]});
    if (kind == 2) classifiers.emplace_back(JsonClassifier{texts[0], texts[1]});
    if (kind == 3) {
      CsvClassifier csv{.name = texts[0], .delimiter = texts[1], .quote = texts[2], .serde = texts[3]};
      csv.columns = reader.texts();
      csv.datatypes = reader.texts();
      const auto flags = reader.number();
      csv.header = static_cast<Header>(std::min<uint64_t>(flags >> 2, 2));
      csv.trims_values = (flags & 2) != 0;
      csv.allows_single_column = (flags & 1) != 0;
      classifiers.emplace_back(std::move(csv));
    }
    if (kind > 3) return std::nullopt;
  }
  return whole(reader, std::move(classifiers));
}

std::string encode(const FileToInspect& file) {
  Writer writer;
  writer.text(file.name);
  writer.text(file.path);
  writer.text(file.bytes);
  return std::move(writer).take();
}

std::optional<FileToInspect> decode_file(std::string_view message) {
  Reader reader(message);
  FileToInspect file;
  file.name = reader.text();
  file.path = reader.text();
  file.bytes = reader.text();
  return whole(reader, std::move(file));
}

std::string encode(const Inspection& inspection) {
  Writer writer;
  for (const auto* text : {&inspection.classification, &inspection.compression, &inspection.problem, &inspection.input_format,
                           &inspection.output_format, &inspection.serialization_library})
    writer.text(*text);
  writer.schema(inspection.columns);
  writer.pairs(inspection.serde_parameters);
  writer.pairs(inspection.table_parameters);
  writer.number(inspection.records);
  return std::move(writer).take();
}

std::optional<Inspection> decode_inspection(std::string_view message) {
  Reader reader(message);
  Inspection inspection;
  for (auto* text : {&inspection.classification, &inspection.compression, &inspection.problem, &inspection.input_format,
                     &inspection.output_format, &inspection.serialization_library})
    *text = reader.text();
  inspection.columns = reader.schema();
  inspection.serde_parameters = reader.pairs();
  inspection.table_parameters = reader.pairs();
  inspection.records = reader.number();
  return whole(reader, std::move(inspection));
}

bool write_message(int descriptor, std::string_view message) {
  static_assert(std::endian::native == std::endian::little);
  if (message.size() > message_bytes_max) return false;
  const auto size = static_cast<uint32_t>(message.size());
  std::string framed(sizeof size, '\0');
  std::memcpy(framed.data(), &size, sizeof size);
  return send_all(descriptor, framed.append(message));
}

std::optional<std::string> read_message(int descriptor, int timeout_milliseconds) {
  uint32_t size = 0;
  if (!receive_all(descriptor, reinterpret_cast<char*>(&size), sizeof size, timeout_milliseconds)) return std::nullopt;
  if (size > message_bytes_max) return std::nullopt;
  std::string message(size, '\0');
  if (!receive_all(descriptor, message.data(), size, timeout_milliseconds)) return std::nullopt;
  return message;
}

}  // namespace mastic::classify
