// What the three formats of the schema registry share: whether a text is a schema, and whether one schema's readers understand
// what another's writers write.
//
// A comparison says what stands against it, in words. It is decided from the schemas alone, conservatively: what cannot be
// shown to be compatible is not.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mastic::glue::registry {

enum class Format { avro, json, protobuf };

std::optional<Format> format_of(std::string_view name);

/// Why the text is no schema of the format; nothing: it is one.
std::optional<std::string> flaw_of(Format format, std::string_view definition);

/// Why data written by `writer` cannot be read by `reader`; nothing: it can. Both are schemas of the format.
std::optional<std::string> unreadable(Format format, std::string_view reader, std::string_view writer);

/// Whether two definitions are the same schema: of JSON texts, whatever their order and spaces.
bool same_schema(Format format, std::string_view left, std::string_view right);

// The formats, one a file.
std::optional<std::string> avro_flaw(std::string_view definition);
std::optional<std::string> avro_unreadable(std::string_view reader, std::string_view writer);
std::optional<std::string> json_flaw(std::string_view definition);
std::optional<std::string> json_unreadable(std::string_view reader, std::string_view writer);
std::optional<std::string> protobuf_flaw(std::string_view definition);
std::optional<std::string> protobuf_unreadable(std::string_view reader, std::string_view writer);

}  // namespace mastic::glue::registry
