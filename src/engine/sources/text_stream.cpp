#include "engine/sources/text_stream.h"

#include <bzlib.h>
#include <iconv.h>

#include <array>
#include <cerrno>

namespace mastic::engine {
namespace {

constexpr std::size_t piece_bytes = 256 * 1024;

/// Length of the well-formed sequence at the beginning; 0: malformed; -1: cut short by the text's end.
int sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto lead = byte(0);
  if (lead < 0x80) return 1;
  const int length = lead >= 0xC2 && lead <= 0xDF ? 2 : lead >= 0xE0 && lead <= 0xEF ? 3 : lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
  if (length == 0) return 0;
  for (int i = 1; i < length; ++i) {
    if (static_cast<std::size_t>(i) >= text.size()) return -1;
    const auto next = byte(static_cast<std::size_t>(i));
    if ((next & 0xC0) != 0x80) return 0;
    if (i == 1 && ((lead == 0xE0 && next < 0xA0) || (lead == 0xED && next > 0x9F) || (lead == 0xF0 && next < 0x90) ||
                   (lead == 0xF4 && next > 0x8F)))
      return 0;
  }
  return length;
}

/// How many bytes at the end are the beginning of a character.
std::size_t cut_bytes(std::string_view bytes) {
  for (std::size_t back = 1; back <= 3 && back <= bytes.size(); ++back) {
    const auto tail = bytes.substr(bytes.size() - back);
    if ((static_cast<unsigned char>(tail[0]) & 0xC0) == 0x80) continue;
    return sequence_length(tail) == -1 ? back : 0;
  }
  return 0;
}

}  // namespace

void append_valid_utf8(std::string& text, std::string_view bytes) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < bytes.size();) {
    const int length = sequence_length(bytes.substr(i));
    if (length > 0) {
      i += static_cast<std::size_t>(length);
      continue;
    }
    text.append(bytes.substr(begin, i - begin));
    text += "\xEF\xBF\xBD";
    begin = ++i;
  }
  text.append(bytes.substr(begin));
}

struct TextStream::Decoder {
  explicit Decoder(const std::string& encoding) : handle(iconv_open("UTF-8", encoding.c_str())) {
    if (handle == reinterpret_cast<iconv_t>(-1)) throw duckdb::InvalidInputException("There is no character set %s", encoding);
  }
  ~Decoder() { iconv_close(handle); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  iconv_t handle;
};

struct TextStream::Bunzip {
  Bunzip() : input(piece_bytes) { start(); }
  ~Bunzip() { BZ2_bzDecompressEnd(&stream); }
  Bunzip(const Bunzip&) = delete;
  Bunzip& operator=(const Bunzip&) = delete;
  void start() {
    stream = {};
    if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) throw duckdb::IOException("bzip2 cannot start");
  }
  bz_stream stream{};
  std::vector<char> input;
  bool ended = false;  // a member; another one may follow
};

TextStream::TextStream(duckdb::ClientContext& context, const std::string& path, const std::string& encoding) {
  auto& system = duckdb::FileSystem::GetFileSystem(context);
  file_ = system.OpenFile(path, duckdb::FileFlags::FILE_FLAGS_READ | duckdb::FileCompressionType::AUTO_DETECT);
  if (path.ends_with(".bz2")) bunzip_ = std::make_unique<Bunzip>();
  const auto name = duckdb::StringUtil::Lower(encoding);
  if (!name.empty() && name != "utf-8" && name != "utf8") decoder_ = std::make_unique<Decoder>(encoding);
}

TextStream::~TextStream() = default;

std::size_t TextStream::read_bytes(char* into, std::size_t size) {
  if (!bunzip_) {
    const auto got = file_->Read(into, size);
    return got <= 0 ? 0 : static_cast<std::size_t>(got);
  }
  auto& stream = bunzip_->stream;
  stream.next_out = into;
  stream.avail_out = static_cast<unsigned>(size);
  while (stream.avail_out == size) {
    if (stream.avail_in == 0) {
      const auto got = file_->Read(bunzip_->input.data(), bunzip_->input.size());
      if (got <= 0) {
        if (!bunzip_->ended && stream.total_in_lo32 > 0) throw duckdb::IOException("A bzip2 file is cut short");
        return 0;
      }
      stream.next_in = bunzip_->input.data();
      stream.avail_in = static_cast<unsigned>(got);
    }
    if (bunzip_->ended) {
      const auto next = stream;
      BZ2_bzDecompressEnd(&stream);
      bunzip_->start();
      stream.next_in = next.next_in;
      stream.avail_in = next.avail_in;
      stream.next_out = into;
      stream.avail_out = static_cast<unsigned>(size);
      bunzip_->ended = false;
    }
    const int status = BZ2_bzDecompress(&stream);
    if (status == BZ_STREAM_END) {
      bunzip_->ended = true;
    } else if (status != BZ_OK) {
      throw duckdb::IOException("A file is not of bzip2");
    }
  }
  return size - stream.avail_out;
}

void TextStream::append(std::string& text, std::string_view bytes, bool last) {
  if (!decoder_) {
    const auto cut = last ? 0 : cut_bytes(bytes);
    append_valid_utf8(text, bytes.substr(0, bytes.size() - cut));
    rest_ = bytes.substr(bytes.size() - cut);
    return;
  }
  std::array<char, 16 * 1024> out{};
  auto* from = const_cast<char*>(bytes.data());
  std::size_t left = bytes.size();
  while (left > 0) {
    char* to = out.data();
    std::size_t room = out.size();
    const auto status = iconv(decoder_->handle, &from, &left, &to, &room);
    text.append(out.data(), out.size() - room);
    if (status != static_cast<std::size_t>(-1) || errno == E2BIG) continue;
    if (errno == EINVAL && !last) break;  // a character goes on in the next piece
    text += "\xEF\xBF\xBD";
    ++from;
    --left;
  }
  rest_.assign(from, left);
}

bool TextStream::read(std::string& text) {
  if (ended_) return false;
  std::string bytes = std::move(rest_);
  const auto kept = bytes.size();
  bytes.resize(kept + piece_bytes);
  const auto got = read_bytes(bytes.data() + kept, piece_bytes);
  bytes.resize(kept + got);
  ended_ = got == 0;
  const auto before = text.size();
  append(text, bytes, ended_);
  if (!started_ && text.size() > before) {
    started_ = true;
    if (text.compare(before, 3, "\xEF\xBB\xBF") == 0) text.erase(before, 3);
  }
  return !ended_ || text.size() > before;
}

}  // namespace mastic::engine
