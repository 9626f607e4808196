#include "classify/decompress.h"

#include <bzlib.h>
#include <lz4.h>
#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <memory>

namespace mastic::classify {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t step_bytes = 256UL << 10;

/// Feeds the file in steps to `decode`, which appends to the text; until it is full, at its end, or decode says stop.
template <typename Decode>
Result<Text> in_steps(const Content& content, std::string_view compression, Decode decode) {
  Text text;
  text.compression = compression;
  uint64_t at = 0;
  bool more = true;
  while (more && at < content.size() && text.bytes.size() < text_bytes_max) {
    const auto count = std::min<uint64_t>(step_bytes, content.size() - at);
    TRY(bytes, content.read(at, count));
    at += count;
    TRY(goes_on, decode(std::string_view(bytes), text.bytes));
    more = goes_on;
  }
  text.complete = text.bytes.size() < text_bytes_max;
  if (text.bytes.size() > text_bytes_max) text.bytes.resize(text_bytes_max);
  text.share_read = content.size() == 0 ? 1 : static_cast<double>(at) / static_cast<double>(content.size());
  return text;
}

Error damaged(std::string_view what) { return unreadable(std::string(what) + ": its compressed data is damaged"); }

Result<Text> read_gzip(const Content& content) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return fail(Error::internal("zlib cannot be started"));
  const std::unique_ptr<z_stream, decltype(&inflateEnd)> guard(&stream, inflateEnd);
  bool ended = false;
  auto text = in_steps(content, "gzip", [&](std::string_view bytes, std::string& out) -> Result<bool> {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    std::array<char, step_bytes> buffer;
    do {
      stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
      stream.avail_out = buffer.size();
      const auto outcome = inflate(&stream, Z_NO_FLUSH);
      out.append(buffer.data(), buffer.size() - stream.avail_out);
      if (outcome == Z_BUF_ERROR) return true;  // it wants more
      ended = outcome == Z_STREAM_END;
      if (ended) {
        if (stream.avail_in == 0) return inflateReset(&stream) == Z_OK;
        if (*stream.next_in != 0x1f) return false;  // else another member follows
        inflateReset(&stream);
        continue;
      }
      if (outcome != Z_OK) return fail(damaged("gzip"));
    } while ((stream.avail_in > 0 || stream.avail_out == 0) && out.size() < text_bytes_max);
    return true;
  });
  if (text && text->complete && !ended) return fail(unreadable("gzip: it is cut short"));
  return text;
}

Result<Text> read_bzip2(const Content& content) {
  bz_stream stream{};
  if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) return fail(Error::internal("bzip2 cannot be started"));
  const std::unique_ptr<bz_stream, decltype(&BZ2_bzDecompressEnd)> guard(&stream, BZ2_bzDecompressEnd);
  bool ended = false;
  auto text = in_steps(content, "bzip2", [&](std::string_view bytes, std::string& out) -> Result<bool> {
    stream.next_in = const_cast<char*>(bytes.data());
    stream.avail_in = static_cast<unsigned>(bytes.size());
    std::array<char, step_bytes> buffer;
    while (out.size() < text_bytes_max) {
      stream.next_out = buffer.data();
      stream.avail_out = buffer.size();
      const auto before = stream.avail_in;
      const auto outcome = BZ2_bzDecompress(&stream);
      const auto given = buffer.size() - stream.avail_out;
      out.append(buffer.data(), given);
      if (outcome == BZ_OK && given == 0 && before == stream.avail_in) return true;  // it wants more
      ended = outcome == BZ_STREAM_END;
      if (ended) {  // pbzip2 writes several streams
        auto* const rest = stream.next_in;
        const auto count = stream.avail_in;
        BZ2_bzDecompressEnd(&stream);
        stream = {};
        if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) return fail(Error::internal("bzip2 cannot be started"));
        stream.next_in = rest;
        stream.avail_in = count;
        if (count == 0) return true;
        continue;
      }
      if (outcome != BZ_OK) return fail(damaged("bzip2"));
    }
    return true;
  });
  if (text && text->complete && !ended) return fail(unreadable("bzip2: it is cut short"));
  return text;
}

Result<Text> read_zstd(const Content& content) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> stream(ZSTD_createDCtx(), ZSTD_freeDCtx);
  constexpr int window_log_max = 27;  // 128 MiB
  ZSTD_DCtx_setParameter(stream.get(), ZSTD_d_windowLogMax, window_log_max);
  std::size_t wanted = 1;
  auto text = in_steps(content, "zstd", [&](std::string_view bytes, std::string& out) -> Result<bool> {
    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    std::array<char, step_bytes> buffer;
    while (out.size() < text_bytes_max) {
      ZSTD_outBuffer output{buffer.data(), buffer.size(), 0};
      wanted = ZSTD_decompressStream(stream.get(), &output, &input);
      if (ZSTD_isError(wanted) != 0) return fail(damaged("zstd"));
      out.append(buffer.data(), output.pos);
      if (input.pos == input.size && output.pos < output.size) break;
    }
    return true;
  });
  if (text && text->complete && wanted != 0) return fail(unreadable("zstd: it is cut short"));
  return text;
}

uint32_t big_endian(std::string_view bytes) {
  uint32_t value = 0;
  for (const char c : bytes.substr(0, 4)) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

/// Both forms of snappy files are blocks, each of which says how long it is.
template <typename Block>
Result<Text> read_snappy_blocks(const Content& content, Block block) {
  Text text;
  text.compression = "snappy";
  uint64_t at = 0;
  while (at < content.size() && text.bytes.size() < text_bytes_max) {
    TRY(used, block(at, text.bytes));
    at += used;
  }
  text.complete = at >= content.size() && text.bytes.size() <= text_bytes_max;
  if (text.bytes.size() > text_bytes_max) text.bytes.resize(text_bytes_max);
  text.share_read = content.size() == 0 ? 1 : std::min(1.0, static_cast<double>(at) / static_cast<double>(content.size()));
  return text;
}

constexpr std::size_t snappy_block_bytes_max = 16UL << 20;

// Hadoop: uncompressed size (4 bytes, big-endian), then pieces of compressed size (4 bytes) and data, until it is reached.
Result<Text> read_hadoop_snappy(const Content& content) {
  return read_snappy_blocks(content, [&](uint64_t at, std::string& out) -> Result<uint64_t> {
    TRY(header, content.read(at, 4));
    const std::size_t whole = big_endian(header);
    if (whole > snappy_block_bytes_max) return fail(damaged("snappy"));
    uint64_t used = 4;
    for (std::size_t done = 0; done < whole;) {
      TRY(size, content.read(at + used, 4));
      const auto count = big_endian(size);
      if (count == 0 || count > snappy_block_bytes_max) return fail(damaged("snappy"));
      TRY(bytes, content.read(at + used + 4, count));
      TRY(plain, unsnap(bytes, snappy_block_bytes_max));
      if (plain.empty()) return fail(damaged("snappy"));
      done += plain.size();
      out += plain;
      used += 4 + count;
    }
    return used;
  });
}

// Framed: a type (1 byte), a length (3 bytes, little-endian), then a checksum (4 bytes) and data; types from 0x80 on may be
// skipped.
Result<Text> read_framed_snappy(const Content& content) {
  return read_snappy_blocks(content, [&](uint64_t at, std::string& out) -> Result<uint64_t> {
    TRY(header, content.read(at, 4));
    const auto byte = [&](std::size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(header[i])); };
    const uint64_t size = byte(1) | byte(2) << 8 | byte(3) << 16;
    if (byte(0) >= 0x80) return 4 + size;
    if (byte(0) > 1 || size < 4) return fail(damaged("snappy"));
    TRY(bytes, content.read(at + 8, size - 4));
    if (byte(0) == 1) {
      out += bytes;
    } else {
      TRY(plain, unsnap(bytes, snappy_block_bytes_max));
      out += plain;
    }
    return 4 + size;
  });
}

struct Refused {
  std::string_view mark;
  std::string_view name;
};

constexpr std::array refused{Refused{"PK\x03\x04"sv, "zip"}, Refused{"\x04\x22\x4d\x18"sv, "lz4"},
                             Refused{"\xfd"
                                     "7zXZ\0"sv,
                                     "xz"}};

}  // namespace

Result<Text> read_text(const Content& content, std::string_view name) {
  constexpr uint64_t mark_bytes = 16;
  TRY(mark, content.head(mark_bytes));
  if (mark.starts_with("\x1f\x8b")) return read_gzip(content);
  if (mark.starts_with("BZh") && mark.size() > 4 && mark.substr(4).starts_with("1AY&SY")) return read_bzip2(content);
  if (mark.starts_with("\x28\xb5\x2f\xfd")) return read_zstd(content);
  if (mark.starts_with("\xff\x06\x00\x00sNaPpY"sv)) return read_framed_snappy(content);
  if (name.ends_with(".snappy")) return read_hadoop_snappy(content);
  for (const auto& format : refused) {
    if (mark.starts_with(format.mark))
      return fail(unreadable("it is compressed with " + std::string(format.name) + ", which is not read"));
  }
  Text text;
  TRY(bytes, content.head(text_bytes_max));
  text.bytes = std::move(bytes);
  text.complete = text.bytes.size() == content.size();
  if (!text.complete) text.share_read = static_cast<double>(text.bytes.size()) / static_cast<double>(content.size());
  return text;
}

Result<std::string> inflate_raw(std::string_view bytes, std::size_t size_max) {
  z_stream stream{};
  if (inflateInit2(&stream, -15) != Z_OK) return fail(Error::internal("zlib cannot be started"));
  const std::unique_ptr<z_stream, decltype(&inflateEnd)> guard(&stream, inflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  std::array<char, step_bytes> buffer;
  while (true) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = buffer.size();
    const auto outcome = inflate(&stream, Z_NO_FLUSH);
    out.append(buffer.data(), buffer.size() - stream.avail_out);
    if (outcome == Z_STREAM_END) return out;
    if (outcome != Z_OK || out.size() > size_max) return fail(damaged("deflate"));
  }
}

Result<std::string> unsnap(std::string_view bytes, std::size_t size_max) {
  std::size_t size = 0;
  if (!snappy::GetUncompressedLength(bytes.data(), bytes.size(), &size) || size > size_max) return fail(damaged("snappy"));
  std::string out;
  if (!snappy::Uncompress(bytes.data(), bytes.size(), &out)) return fail(damaged("snappy"));
  return out;
}

Result<std::string> unzstd(std::string_view bytes, std::size_t size_max) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> stream(ZSTD_createDCtx(), ZSTD_freeDCtx);
  ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
  std::string out;
  std::array<char, step_bytes> buffer;
  while (true) {
    ZSTD_outBuffer output{buffer.data(), buffer.size(), 0};
    const auto wanted = ZSTD_decompressStream(stream.get(), &output, &input);
    if (ZSTD_isError(wanted) != 0) return fail(damaged("zstd"));
    out.append(buffer.data(), output.pos);
    if (out.size() > size_max) return fail(damaged("zstd"));
    if (wanted == 0) return out;
    if (input.pos == input.size && output.pos == 0) return fail(damaged("zstd"));
  }
}

Result<std::string> unlz4(std::string_view bytes, std::size_t size_max) {
  std::string out(size_max, '\0');
  const auto size = LZ4_decompress_safe(bytes.data(), out.data(), static_cast<int>(bytes.size()), static_cast<int>(size_max));
  if (size < 0) return fail(damaged("lz4"));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

}  // namespace mastic::classify
