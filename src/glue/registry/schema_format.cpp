#include "glue/registry/schema_format.h"

#include <nlohmann/json.hpp>

namespace mastic::glue::registry {

std::optional<Format> format_of(std::string_view name) {
  if (name == "AVRO") return Format::avro;
  if (name == "JSON") return Format::json;
  if (name == "PROTOBUF") return Format::protobuf;
  return std::nullopt;
}

std::optional<std::string> flaw_of(Format format, std::string_view definition) {
  switch (format) {
    case Format::avro: return avro_flaw(definition);
    case Format::json: return json_flaw(definition);
    case Format::protobuf: return protobuf_flaw(definition);
  }
  return "the format is not known";
}

std::optional<std::string> unreadable(Format format, std::string_view reader, std::string_view writer) {
  switch (format) {
    case Format::avro: return avro_unreadable(reader, writer);
    case Format::json: return json_unreadable(reader, writer);
    case Format::protobuf: return protobuf_unreadable(reader, writer);
  }
  return "the format is not known";
}

bool same_schema(Format format, std::string_view left, std::string_view right) {
  if (left == right) return true;
  if (format == Format::protobuf) return false;
  const auto one = nlohmann::json::parse(left, nullptr, /*allow_exceptions=*/false);
  const auto other = nlohmann::json::parse(right, nullptr, /*allow_exceptions=*/false);
  return !one.is_discarded() && one == other;
}

}  // namespace mastic::glue::registry
