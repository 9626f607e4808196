#include "classify/inspect.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "classify/formats.h"
#include "classify/grok.h"

namespace mastic::classify {
namespace {

using namespace std::string_view_literals;

Recognised ask(const Text& text, const Classifier& classifier) {
  if (const auto* grok = std::get_if<GrokClassifier>(&classifier)) return recognise_grok(text, *grok);
  if (const auto* xml = std::get_if<XmlClassifier>(&classifier)) return recognise_xml(text, xml->row_tag, xml->classification);
  if (const auto* json = std::get_if<JsonClassifier>(&classifier)) return recognise_json(text, *json);
  return recognise_csv(text, std::get<CsvClassifier>(classifier));
}

Recognised recognise_built_in_xml(const Text& text) { return recognise_xml(text, "", "xml"); }
Recognised recognise_json_documents(const Text& text) { return recognise_json(text); }
Recognised recognise_built_in_csv(const Text& text) { return recognise_csv(text, {}); }

// Glue's order. bson and ion are recognised by their marks and not read; see recognise_unread.
constexpr std::array by_mark{recognise_avro, recognise_orc, recognise_parquet};
constexpr std::array by_text{recognise_json_documents, recognise_built_in_xml, recognise_log, recognise_built_in_csv};

Inspection with_problem(std::string problem, std::string_view compression = "none") {
  Inspection inspection;
  inspection.problem = std::move(problem);
  inspection.compression = compression;
  return inspection;
}

Inspection finished(Inspection found, std::string_view compression) {
  found.compression = compression;
  make_names_plain(found.columns);
  if (found.columns.size() > columns_max) return with_problem(found.classification + ": it has too many columns");
  if (found.columns.empty()) return with_problem(found.classification + ": it has no columns");
  return found;
}

}  // namespace

std::optional<Inspection> recognise_unread(std::string_view bytes) {
  Inspection found;
  if (bytes.starts_with("\xe0\x01\x00\xea"sv)) {
    found.problem = "it is binary Ion, which is not read";
    return found;
  }
  // BSON: a document's size, then a byte for the first member's type, and zero as the last byte.
  if (bytes.size() < 8) return std::nullopt;
  uint32_t size = 0;
  std::memcpy(&size, bytes.data(), sizeof size);
  const auto kind = static_cast<unsigned char>(bytes[4]);
  if (size >= 8 && size <= bytes.size() && kind >= 1 && kind <= 0x13 && bytes[size - 1] == '\0') {
    found.problem = "it is BSON, which is not read";
    return found;
  }
  return std::nullopt;
}

bool is_text(std::string_view bytes) {
  constexpr std::size_t looked_at = 64UL << 10;
  bytes = bytes.substr(0, looked_at);
  for (std::size_t i = 0; i < bytes.size();) {
    const auto c = static_cast<unsigned char>(bytes[i]);
    if (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x01 && c != 0x1b) return false;
    const std::size_t length = c < 0x80                ? 1
                               : c >= 0xc2 && c < 0xe0 ? 2
                               : c >= 0xe0 && c < 0xf0 ? 3
                               : c >= 0xf0 && c < 0xf5 ? 4
                                                       : 0;
    if (length == 0) return false;
    if (i + length > bytes.size()) return true;
    for (std::size_t k = 1; k < length; ++k)
      if ((static_cast<unsigned char>(bytes[i + k]) & 0xc0) != 0x80) return false;
    i += length;
  }
  return true;
}

std::vector<std::string_view> lines_of(const Text& text, std::size_t maximum) {
  std::vector<std::string_view> lines;
  std::string_view rest = text.bytes;
  while (!rest.empty() && lines.size() < maximum) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos && !text.complete) break;
    auto line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
  }
  return lines;
}

uint64_t estimate(uint64_t seen, double share_read) {
  return share_read > 0 && share_read < 1 ? static_cast<uint64_t>(static_cast<double>(seen) / share_read) : seen;
}

Inspection inspect(const Content& content, std::string_view name, std::span<const Classifier> classifiers) {
  // A classifier of the user's may take a file of any mark, but none of them reads what is not text.
  if (classifiers.empty()) {
    for (const auto recognise : by_mark) {
      auto found = recognise(content);
      if (!found) return with_problem(std::move(found.error().message));
      if (*found) return finished(std::move(**found), "none");
    }
  }
  auto text = read_text(content, name);
  if (!text) return with_problem(std::move(text.error().message));
  if (text->bytes.starts_with("\xef\xbb\xbf")) text->bytes.erase(0, 3);  // a mark of UTF-8, no part of the text
  const bool readable = is_text(text->bytes);
  if (readable) {
    for (const auto& classifier : classifiers) {
      auto found = ask(*text, classifier);
      if (!found) return with_problem(std::move(found.error().message), text->compression);
      if (*found) return finished(std::move(**found), text->compression);
    }
  }
  if (!classifiers.empty()) {
    for (const auto recognise : by_mark) {
      auto found = recognise(content);
      if (!found) return with_problem(std::move(found.error().message));
      if (*found) return finished(std::move(**found), "none");
    }
  }
  if (!readable) {
    if (auto unread = recognise_unread(text->bytes)) return std::move(*unread);
    return with_problem("no classifier recognises it: it is not text in UTF-8", text->compression);
  }
  for (const auto recognise : by_text) {
    auto found = recognise(*text);
    if (!found) return with_problem(std::move(found.error().message), text->compression);
    if (*found) return finished(std::move(**found), text->compression);
  }
  return with_problem("no classifier recognises it", text->compression);
}

std::string problem_of(const Classifier& classifier) {
  if (const auto* grok = std::get_if<GrokClassifier>(&classifier)) {
    const auto compiled = Grok::compile(grok->pattern, grok->custom_patterns);
    if (!compiled) return compiled.error().message;
    return compiled->columns().empty() ? "the grok pattern names no column: use %{NAME:column}" : "";
  }
  if (const auto* json = std::get_if<JsonClassifier>(&classifier)) {
    const Text nothing{.bytes = "{}"};
    const auto looked = recognise_json(nothing, *json);
    return looked ? "" : looked.error().message;
  }
  if (const auto* csv = std::get_if<CsvClassifier>(&classifier)) {
    for (const auto& type : csv->datatypes)
      if (type_of_name(type).kind == Kind::unknown) return "there is no data type " + type;
    if (!csv->delimiter.empty() && csv->delimiter == csv->quote) return "delimiter and quote symbol are the same";
  }
  return "";
}

}  // namespace mastic::classify
