// Scalars as text: what XML, forms, headers and URLs hold.
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>

#include "aws/encoding.h"
#include "aws/node.h"
#include "aws/xml_writer.h"

namespace mastic::aws {
namespace {

std::string_view trim(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const auto first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

template <typename Number>
bool read_number(std::string_view text, Number& into, ReadContext& context) {
  const auto trimmed = trim(text);
  const auto [end, error] = std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), into);
  if (trimmed.empty() || error != std::errc{} || end != trimmed.data() + trimmed.size()) {
    return context.fail(fmt::format("a number is expected: {}", text.substr(0, 100)));
  }
  return true;
}

}  // namespace

bool read_scalar(std::string_view text, std::string& into, ReadContext&) {
  into.assign(text);
  return true;
}

bool read_scalar(std::string_view text, bool& into, ReadContext& context) {
  const auto trimmed = trim(text);
  into = trimmed == "true" || trimmed == "True" || trimmed == "TRUE" || trimmed == "1";
  if (into || trimmed == "false" || trimmed == "False" || trimmed == "FALSE" || trimmed == "0") return true;
  return context.fail(fmt::format("true or false is expected: {}", text.substr(0, 100)));
}

bool read_scalar(std::string_view text, int32_t& into, ReadContext& context) { return read_number(text, into, context); }
bool read_scalar(std::string_view text, int64_t& into, ReadContext& context) { return read_number(text, into, context); }
bool read_scalar(std::string_view text, double& into, ReadContext& context) { return read_number(text, into, context); }

bool read_scalar(std::string_view text, Instant& into, ReadContext& context) {
  const auto instant = parse_time(trim(text));
  if (!instant) return context.fail(fmt::format("a time is expected: {}", text.substr(0, 100)));
  into = *instant;
  return true;
}

bool read_blob(std::string_view base64, std::string& into, ReadContext& context) {
  auto bytes = from_base64(trim(base64));
  if (!bytes) return context.fail("base64 is expected");
  into = std::move(*bytes);
  return true;
}

std::vector<std::string> split_header_list(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    text = trim(text);
    std::string item;
    if (text.starts_with('"')) {
      const auto end = std::min(text.find('"', 1), text.size());
      item = text.substr(1, end - 1);
      text.remove_prefix(std::min(end + 1, text.size()));
      text.remove_prefix(std::min(text.find(','), text.size()));
    } else {
      const auto end = std::min(text.find(','), text.size());
      item = trim(text.substr(0, end));
      text.remove_prefix(end);
    }
    if (text.starts_with(',')) text.remove_prefix(1);
    if (!item.empty()) items.push_back(std::move(item));
  }
  return items;
}

void XmlWriter::open(std::string_view name, std::string_view attributes) {
  out_ += '<';
  out_ += name;
  out_ += attributes;
  out_ += '>';
}

void XmlWriter::close(std::string_view name) {
  out_ += "</";
  out_ += name;
  out_ += '>';
}

void XmlWriter::element(std::string_view name, std::string_view value) {
  open(name);
  text(value);
  close(name);
}

void XmlWriter::text(std::string_view value) {
  for (const char c : value) {
    switch (c) {
      case '<': out_ += "&lt;"; break;
      case '>': out_ += "&gt;"; break;
      case '&': out_ += "&amp;"; break;
      case '"': out_ += "&quot;"; break;
      case '\t':
      case '\n': out_ += c; break;
      // A parser would turn a bare carriage return into a line feed.
      case '\r': out_ += "&#13;"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          // XML 1.0 has no way to say it; S3 writes the reference all the same.
          out_ += fmt::format("&#x{:x};", static_cast<unsigned>(c));
        } else {
          out_ += c;
        }
    }
  }
}

std::string XmlWriter::escape(std::string_view value) {
  std::string escaped;
  XmlWriter(escaped).text(value);
  return escaped;
}

std::string XmlWriter::text_of(int32_t value) { return fmt::to_string(value); }
std::string XmlWriter::text_of(int64_t value) { return fmt::to_string(value); }
std::string XmlWriter::text_of(double value) { return fmt::format("{}", value); }

}  // namespace mastic::aws
