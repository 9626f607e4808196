// Cuts a text file into records, as text_records.h says. One thread.
#pragma once

#include <memory>
#include <string>

#include "engine/sources/named_options.h"
#include "engine/sources/text_stream.h"

namespace mastic::engine {

struct RecordFormat {
  explicit RecordFormat(const NamedOptions& options);
  std::string separator;
  bool whole = false;
  std::string encoding;
  char quote = '\0';
  char escape = '\0';
  bool header = false;
  std::string names;
  std::string cells;
  std::string comment;
  bool drop_blank = false;
  std::string row_tag;
};

class RecordSplitter {
 public:
  RecordSplitter(duckdb::ClientContext& context, std::string path, const RecordFormat& format);
  /// False: the end. The text is good until the next call.
  bool next(std::string_view& record);

 private:
  bool next_raw(std::string_view& record);
  bool next_line(std::string_view& record);
  bool next_element(std::string_view& record);
  bool fill();
  void check_header(std::string_view header) const;

  const RecordFormat& format_;
  std::string path_;
  TextStream stream_;
  std::string text_;
  std::size_t at_ = 0;
  bool ended_ = false;
  bool header_ = false;
  bool whole_given_ = false;
};

}  // namespace mastic::engine
