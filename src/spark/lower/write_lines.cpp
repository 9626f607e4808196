#include "spark/lower/write_lines.h"

#include <arrow/io/compressed.h>
#include <arrow/io/file.h>
#include <arrow/util/compression.h>
#include <iconv.h>

#include <array>
#include <cerrno>
#include <duckdb.hpp>
#include <duckdb/parser/statement/select_statement.hpp>

#include "spark/lower/execute.h"
#include "spark/lower/file_options.h"

namespace mastic::spark {
namespace {

/// From UTF-8; what the encoding lacks becomes `?`, as Java writes it.
class Encoder {
 public:
  explicit Encoder(const std::string& encoding) {
    const auto name = lower_case(encoding);
    if (name == "utf-8" || name == "utf8") return;
    // Java's UTF-16 is big-endian after a byte order mark.
    if (name == "utf-16") mark_ = "\xFE\xFF";
    handle_ = iconv_open(name == "utf-16" ? "UTF-16BE" : name == "utf-32" ? "UTF-32BE" : encoding.c_str(), "UTF-8");
  }
  ~Encoder() {
    if (usable() && !plain()) iconv_close(handle_);
  }
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;

  [[nodiscard]] bool usable() const { return handle_ != reinterpret_cast<iconv_t>(-1); }
  [[nodiscard]] bool plain() const { return handle_ == nullptr; }

  void append(std::string& out, std::string_view text) {
    out += std::exchange(mark_, "");
    if (plain()) {
      out += text;
      return;
    }
    std::array<char, 4096> buffer{};
    auto* from = const_cast<char*>(text.data());
    std::size_t left = text.size();
    while (left > 0) {
      char* to = buffer.data();
      std::size_t room = buffer.size();
      const auto status = iconv(handle_, &from, &left, &to, &room);
      out.append(buffer.data(), buffer.size() - room);
      if (status != static_cast<std::size_t>(-1) || errno == E2BIG) continue;
      do {  // the character's other bytes with it
        ++from;
        --left;
      } while (left > 0 && (static_cast<unsigned char>(*from) & 0xC0) == 0x80);
      append(out, "?");
    }
  }

 private:
  iconv_t handle_ = nullptr;
  std::string mark_;
};

arrow::Result<std::unique_ptr<arrow::util::Codec>> codec_of(const std::string& compression) {
  if (compression == "gzip") return arrow::util::Codec::Create(arrow::Compression::GZIP);
  if (compression == "zstd") return arrow::util::Codec::Create(arrow::Compression::ZSTD);
  if (compression == "bzip2") return arrow::util::Codec::Create(arrow::Compression::BZ2);
  arrow::util::GZipCodecOptions zlib;
  zlib.gzip_format = arrow::util::GZipFormat::ZLIB;
  return arrow::util::Codec::Create(arrow::Compression::GZIP, zlib);
}

/// The file, through the compression if there is one.
struct Sink {
  std::unique_ptr<arrow::util::Codec> codec;  // must outlive the stream
  std::shared_ptr<arrow::io::OutputStream> stream;

  static arrow::Result<Sink> open(const std::string& path, const std::string& compression) {
    Sink sink;
    ARROW_ASSIGN_OR_RAISE(sink.stream, arrow::io::FileOutputStream::Open(path));
    if (compression == "none") return sink;
    ARROW_ASSIGN_OR_RAISE(sink.codec, codec_of(compression));
    ARROW_ASSIGN_OR_RAISE(sink.stream, arrow::io::CompressedOutputStream::Make(sink.codec.get(), sink.stream));
    return sink;
  }
};

}  // namespace

bool is_known_encoding(const std::string& encoding) { return Encoder(encoding).usable(); }

SparkResult<uint64_t> write_lines(engine::Connection& connection, std::unique_ptr<duckdb::SelectStatement> query,
                                  const LineFormat& format, const std::string& path) {
  auto rows = connection.stream(std::move(query));
  if (!rows) return fail(to_spark_error(rows.error()));
  const auto failed = [&](const arrow::Status& status) {
    return fail(internal_error("cannot write " + path + ": " + status.ToString()));
  };
  auto sink = Sink::open(path, format.compression);
  if (!sink.ok()) return failed(sink.status());
  Encoder encoder(format.encoding);
  uint64_t count = 0;
  std::string bytes;
  if (format.has_header && !format.only_around_rows) encoder.append(bytes, format.header + format.separator);
  while (true) {
    auto chunk = (*rows)->next();
    if (!chunk) return fail(to_spark_error(chunk.error()));
    if (*chunk == nullptr) break;
    if (format.only_around_rows && count == 0 && (*chunk)->size() > 0) encoder.append(bytes, format.header + format.separator);
    for (duckdb::idx_t row = 0; row < (*chunk)->size(); ++row) {
      const auto value = (*chunk)->GetValue(0, row);
      encoder.append(bytes, value.IsNull() ? std::string() : duckdb::StringValue::Get(value));
      encoder.append(bytes, format.separator);
    }
    count += (*chunk)->size();
    if (const auto done = sink->stream->Write(bytes.data(), static_cast<int64_t>(bytes.size())); !done.ok())
      return failed(done);
    bytes.clear();
  }
  if (format.only_around_rows && count > 0) encoder.append(bytes, format.footer);
  if (const auto done = sink->stream->Write(bytes.data(), static_cast<int64_t>(bytes.size())); !done.ok()) return failed(done);
  if (const auto done = sink->stream->Close(); !done.ok()) return failed(done);
  return count;
}

}  // namespace mastic::spark
