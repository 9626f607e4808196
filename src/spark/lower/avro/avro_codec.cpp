#include "spark/lower/avro/avro_codec.h"

#include <arrow/util/compression.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>

namespace mastic::spark::avro {
namespace {

uint32_t crc32(std::string_view bytes) {
  static const auto table = [] {
    std::array<uint32_t, 256> made{};
    for (uint32_t i = 0; i < made.size(); ++i) {
      uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit) value = (value & 1U) != 0 ? value >> 1 ^ 0xEDB88320U : value >> 1;
      made.at(i) = value;
    }
    return made;
  }();
  uint32_t crc = 0xFFFFFFFFU;
  for (const char c : bytes) crc = table.at((crc ^ static_cast<unsigned char>(c)) & 0xFFU) ^ crc >> 8;
  return ~crc;
}

arrow::Result<std::unique_ptr<arrow::util::Codec>> codec_of(const std::string& name) {
  if (name == "snappy") return arrow::util::Codec::Create(arrow::Compression::SNAPPY);
  if (name == "zstandard") return arrow::util::Codec::Create(arrow::Compression::ZSTD);
  if (name == "bzip2") return arrow::util::Codec::Create(arrow::Compression::BZ2);
  if (name != "deflate") return arrow::Status::NotImplemented("Avro files compressed with ", name);
  arrow::util::GZipCodecOptions raw;
  raw.gzip_format = arrow::util::GZipFormat::DEFLATE;
  return arrow::util::Codec::Create(arrow::Compression::GZIP, raw);
}

const uint8_t* data_of(std::string_view bytes) { return reinterpret_cast<const uint8_t*>(bytes.data()); }

/// The length before snappy's bytes.
arrow::Result<std::size_t> snappy_length(std::string_view bytes) {
  uint64_t length = 0;
  for (std::size_t i = 0; i < bytes.size() && i < 5; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    length |= static_cast<uint64_t>(byte & 0x7FU) << (7 * i);
    if ((byte & 0x80U) == 0) return length;
  }
  return arrow::Status::Invalid("a block that is not of snappy");
}

arrow::Result<std::string> unsnap(arrow::util::Codec& codec, std::string_view bytes) {
  if (bytes.size() < 4) return arrow::Status::Invalid("a block of an Avro file is cut short");
  const auto packed = bytes.substr(0, bytes.size() - 4);
  ARROW_ASSIGN_OR_RAISE(const auto length, snappy_length(packed));
  if (length > (uint64_t{1} << 31)) return arrow::Status::Invalid("a block of an Avro file is too large");
  std::string out(length, '\0');
  ARROW_RETURN_NOT_OK(codec.Decompress(static_cast<int64_t>(packed.size()), data_of(packed), static_cast<int64_t>(out.size()),
                                       reinterpret_cast<uint8_t*>(out.data())));
  uint32_t wanted = 0;
  for (const char c : bytes.substr(bytes.size() - 4)) wanted = wanted << 8 | static_cast<unsigned char>(c);
  if (crc32(out) != wanted) return arrow::Status::Invalid("a block of an Avro file is damaged");
  return out;
}

}  // namespace

bool is_codec(const std::string& name) {
  static constexpr std::array<std::string_view, 5> known{"null", "deflate", "snappy", "zstandard", "bzip2"};
  return std::ranges::find(known, name) != known.end();
}

arrow::Result<std::string> compress(const std::string& name, std::string_view bytes) {
  if (name == "null") return std::string(bytes);
  ARROW_ASSIGN_OR_RAISE(auto codec, codec_of(name));
  std::string out;
  if (name == "snappy") {
    out.resize(static_cast<std::size_t>(codec->MaxCompressedLen(static_cast<int64_t>(bytes.size()), data_of(bytes))));
    ARROW_ASSIGN_OR_RAISE(const auto size,
                          codec->Compress(static_cast<int64_t>(bytes.size()), data_of(bytes), static_cast<int64_t>(out.size()),
                                          reinterpret_cast<uint8_t*>(out.data())));
    out.resize(static_cast<std::size_t>(size));
    const auto crc = crc32(bytes);
    for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(crc >> shift & 0xFFU);
    return out;
  }
  ARROW_ASSIGN_OR_RAISE(auto compressor, codec->MakeCompressor());
  std::array<uint8_t, 64 * 1024> buffer{};
  while (!bytes.empty()) {
    ARROW_ASSIGN_OR_RAISE(const auto step, compressor->Compress(static_cast<int64_t>(bytes.size()), data_of(bytes),
                                                                static_cast<int64_t>(buffer.size()), buffer.data()));
    out.append(reinterpret_cast<const char*>(buffer.data()), static_cast<std::size_t>(step.bytes_written));
    bytes.remove_prefix(static_cast<std::size_t>(step.bytes_read));
  }
  for (bool more = true; more;) {
    ARROW_ASSIGN_OR_RAISE(const auto step, compressor->End(static_cast<int64_t>(buffer.size()), buffer.data()));
    out.append(reinterpret_cast<const char*>(buffer.data()), static_cast<std::size_t>(step.bytes_written));
    more = step.should_retry;
  }
  return out;
}

arrow::Result<std::string> decompress(const std::string& name, std::string_view bytes) {
  if (name == "null" || name.empty()) return std::string(bytes);
  ARROW_ASSIGN_OR_RAISE(auto codec, codec_of(name));
  if (name == "snappy") return unsnap(*codec, bytes);
  ARROW_ASSIGN_OR_RAISE(auto decompressor, codec->MakeDecompressor());
  std::string out;
  std::string buffer(256 * 1024, '\0');
  while (!decompressor->IsFinished()) {
    ARROW_ASSIGN_OR_RAISE(const auto step, decompressor->Decompress(static_cast<int64_t>(bytes.size()), data_of(bytes),
                                                                    static_cast<int64_t>(buffer.size()),
                                                                    reinterpret_cast<uint8_t*>(buffer.data())));
    if (step.bytes_read == 0 && step.bytes_written == 0 && !decompressor->IsFinished())
      return arrow::Status::Invalid("a block of an Avro file is cut short");
    out.append(buffer.data(), static_cast<std::size_t>(step.bytes_written));
    bytes.remove_prefix(static_cast<std::size_t>(step.bytes_read));
  }
  return out;
}

}  // namespace mastic::spark::avro
