#include "engine/sources/record_splitter.h"

#include "engine/duckdb_failure.h"

namespace mastic::engine {
namespace {

char first(const std::string& text) { return text.empty() ? '\0' : text[0]; }

bool is_blank(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) > ' ') return false;
  return true;
}

}  // namespace

RecordFormat::RecordFormat(const NamedOptions& options)
    : separator(option_or(options, "separator", "")),
      whole(option_or(options, "whole", "") == "true"),
      encoding(option_or(options, "encoding", "")),
      quote(first(option_or(options, "quote", ""))),
      escape(first(option_or(options, "escape", ""))),
      header(option_or(options, "header", "") == "true"),
      names(option_or(options, "names", "")),
      cells(option_or(options, "cells", ",")),
      comment(option_or(options, "comment", "")),
      drop_blank(option_or(options, "blank", "") == "drop"),
      row_tag(option_or(options, "row_tag", "")) {}

RecordSplitter::RecordSplitter(duckdb::ClientContext& context, std::string path, const RecordFormat& format)
    : format_(format), path_(std::move(path)), stream_(context, path_, format.encoding) {}

bool RecordSplitter::fill() {
  if (ended_) return false;
  text_.erase(0, at_);
  at_ = 0;
  ended_ = !stream_.read(text_);
  return !ended_;
}

bool RecordSplitter::next_line(std::string_view& record) {
  std::size_t i = at_;
  bool quoted = false;
  while (true) {
    if (i >= text_.size()) {
      const auto done = i - at_;
      if (fill()) {
        i = at_ + done;
        continue;
      }
      if (at_ >= text_.size()) return false;
      record = std::string_view(text_).substr(at_);
      at_ = text_.size();
      return true;
    }
    const char c = text_[i];
    if (format_.quote != '\0') {
      if (quoted && c == format_.escape && format_.escape != format_.quote && i + 1 < text_.size()) {
        i += 2;
        continue;
      }
      if (c == format_.quote) quoted = !quoted;
    }
    if (quoted) {
      ++i;
      continue;
    }
    std::size_t length = 0;
    if (format_.separator.empty()) {
      if (c == '\n') length = 1;
      if (c == '\r') {
        if (i + 1 >= text_.size() && !ended_) {
          const auto done = i - at_;
          fill();
          i = at_ + done;
        }
        length = i + 1 < text_.size() && text_[i + 1] == '\n' ? 2 : 1;
      }
    } else if (c == format_.separator[0]) {
      while (text_.size() - i < format_.separator.size() && !ended_) {
        const auto done = i - at_;
        fill();
        i = at_ + done;
      }
      if (text_.compare(i, format_.separator.size(), format_.separator) == 0) length = format_.separator.size();
    }
    if (length == 0) {
      ++i;
      continue;
    }
    record = std::string_view(text_).substr(at_, i - at_);
    at_ = i + length;
    return true;
  }
}

bool RecordSplitter::next_element(std::string_view& record) {
  const auto open = "<" + format_.row_tag;
  const auto close = "</" + format_.row_tag + ">";
  while (fill()) {
  }
  const std::string_view text(text_);
  while (true) {
    const auto begin = text.find(open, at_);
    if (begin == std::string_view::npos) return false;
    const auto after = begin + open.size();
    // Neither a longer name nor something in a comment or in CDATA.
    const auto comment = text.find("<!--", at_);
    if (comment < begin) {
      const auto end = text.find("-->", comment);
      if (end == std::string_view::npos) return false;
      at_ = end + 3;
      continue;
    }
    const auto data = text.find("<![CDATA[", at_);
    if (data < begin) {
      const auto end = text.find("]]>", data);
      if (end == std::string_view::npos) return false;
      at_ = end + 3;
      continue;
    }
    if (after >= text.size()) return false;
    if (text[after] != '>' && text[after] != '/' && static_cast<unsigned char>(text[after]) > ' ') {
      at_ = after;
      continue;
    }
    const auto head = text.find('>', after);
    if (head == std::string_view::npos) return false;
    if (text[head - 1] == '/') {
      record = text.substr(begin, head + 1 - begin);
      at_ = head + 1;
      return true;
    }
    // Elements of the same name may lie inside.
    int depth = 1;
    auto place = head + 1;
    while (depth > 0) {
      const auto end = text.find(close, place);
      if (end == std::string_view::npos) {
        record = text.substr(begin);
        at_ = text.size();
        return true;
      }
      for (auto inner = text.find(open, place); inner < end; inner = text.find(open, inner + open.size())) {
        const char next = text[inner + open.size()];
        const auto inner_head = text.find('>', inner);
        if ((next == '>' || static_cast<unsigned char>(next) <= ' ') && text[inner_head - 1] != '/') ++depth;
      }
      --depth;
      place = end + close.size();
    }
    record = text.substr(begin, place - begin);
    at_ = place;
    return true;
  }
}

bool RecordSplitter::next_raw(std::string_view& record) {
  if (!format_.row_tag.empty()) return next_element(record);
  if (!format_.whole) return next_line(record);
  if (whole_given_) return false;
  whole_given_ = true;
  while (fill()) {
  }
  record = text_;
  at_ = text_.size();
  return true;
}

void RecordSplitter::check_header(std::string_view header) const {
  if (format_.names.empty()) return;
  const auto cell = [&](std::string_view& from) {
    const auto end = std::min(from.find(format_.cells), from.size());
    auto text = std::string(from.substr(0, end));
    from.remove_prefix(std::min(from.size(), end + format_.cells.size()));
    if (text.size() > 1 && format_.quote != '\0' && text.front() == format_.quote && text.back() == format_.quote)
      text = text.substr(1, text.size() - 2);
    return text;
  };
  const auto list = [&](std::string_view of) {
    std::string text;
    while (!of.empty()) text += (text.empty() ? "" : ", ") + cell(of);
    return text;
  };
  std::string_view found = header;
  std::string_view wanted = format_.names;
  const auto described = " Header: " + list(header) + "\n Schema: " + list(format_.names) + "\n";
  while (!wanted.empty()) {
    const auto name = cell(wanted);
    const auto given = cell(found);
    if (duckdb::StringUtil::CIEquals(name, given)) continue;
    throw_java_error("java.lang.IllegalArgumentException", "CSV header does not conform to the schema.\n" + described +
                                                               "Expected: " + name + " but found: " + given +
                                                               "\nCSV file: file://" + path_);
  }
}

bool RecordSplitter::next(std::string_view& record) {
  while (next_raw(record)) {
    if (format_.drop_blank && is_blank(record)) continue;
    if (!format_.comment.empty() && record.starts_with(format_.comment)) continue;
    if (format_.header && !header_) {
      header_ = true;
      check_header(record);
      continue;
    }
    return true;
  }
  return false;
}

}  // namespace mastic::engine
