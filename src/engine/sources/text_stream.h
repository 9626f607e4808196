// A text file's characters as UTF-8, in pieces: decompressed, decoded. One thread; failures are DuckDB's exceptions.
#pragma once

#include <duckdb.hpp>
#include <duckdb/common/file_system.hpp>
#include <memory>
#include <string>

namespace mastic::engine {

class TextStream {
 public:
  TextStream(duckdb::ClientContext& context, const std::string& path, const std::string& encoding);
  ~TextStream();
  TextStream(const TextStream&) = delete;
  TextStream& operator=(const TextStream&) = delete;

  /// Appends the next piece; false: the end.
  bool read(std::string& text);

 private:
  struct Decoder;
  struct Bunzip;
  std::size_t read_bytes(char* into, std::size_t size);
  void append(std::string& text, std::string_view bytes, bool last);

  duckdb::unique_ptr<duckdb::FileHandle> file_;
  std::unique_ptr<Bunzip> bunzip_;
  std::unique_ptr<Decoder> decoder_;
  std::string rest_;  // of a character that the last piece cut
  bool started_ = false;
  bool ended_ = false;
};

/// The text with each malformed sequence of UTF-8 replaced by U+FFFD.
void append_valid_utf8(std::string& text, std::string_view bytes);

}  // namespace mastic::engine
