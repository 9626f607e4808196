// JSON Schema (drafts 4, 6 and 7): what is a schema, and whether one schema accepts every document that another accepts.
//
// The comparison knows the keywords in the tables below. Of any other keyword that restricts documents it knows only that equal
// means equal.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "glue/registry/schema_format.h"

namespace mastic::glue::registry {
namespace {

using Json = nlohmann::json;
using Flaw = std::optional<std::string>;

constexpr int depth_max = 100;
constexpr std::array<std::string_view, 7> types = {"array", "boolean", "integer", "null", "number", "object", "string"};
constexpr std::array<std::string_view, 4> drafts = {"http://json-schema.org/schema", "http://json-schema.org/draft-04/schema",
                                                    "http://json-schema.org/draft-06/schema",
                                                    "http://json-schema.org/draft-07/schema"};

// Keywords that say nothing about which documents are valid.
const std::set<std::string> annotations = {"$schema",  "$id",      "id",       "title",     "description", "default",
                                           "examples", "$comment", "readOnly", "writeOnly", "definitions", "$defs"};
// A greater value accepts fewer documents.
const std::set<std::string> lower_limits = {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"};
// A smaller value accepts fewer.
const std::set<std::string> upper_limits = {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"};
const std::set<std::string> compared = {"type", "properties", "required", "additionalProperties", "items", "enum", "const"};

bool is_type(const Json& name) { return name.is_string() && std::ranges::find(types, name.get<std::string>()) != types.end(); }

Flaw check(const Json& schema, const std::string& path, int depth) {
  if (depth > depth_max) return path + " is nested too deep";
  if (schema.is_boolean()) return std::nullopt;
  if (!schema.is_object()) return path + " is neither an object nor a boolean";
  for (const auto& [name, value] : schema.items()) {
    const auto at = path + "/" + name;
    if (name == "type") {
      const bool known = value.is_array() ? !value.empty() && std::ranges::all_of(value, is_type) : is_type(value);
      if (!known) return at + " names no type of JSON Schema";
    } else if (name == "properties" || name == "definitions" || name == "$defs" || name == "patternProperties") {
      if (!value.is_object()) return at + " is no object";
      for (const auto& [property, of_property] : value.items())
        if (auto flaw = check(of_property, at + "/" + property, depth + 1)) return flaw;
    } else if (name == "items" && value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i)
        if (auto flaw = check(value[i], at + "/" + std::to_string(i), depth + 1)) return flaw;
    } else if (name == "items" || name == "additionalProperties" || name == "not" || name == "contains") {
      if (auto flaw = check(value, at, depth + 1)) return flaw;
    } else if (name == "allOf" || name == "anyOf" || name == "oneOf") {
      if (!value.is_array() || value.empty()) return at + " is no list of schemas";
      for (std::size_t i = 0; i < value.size(); ++i)
        if (auto flaw = check(value[i], at + "/" + std::to_string(i), depth + 1)) return flaw;
    } else if (name == "required") {
      if (!value.is_array() || !std::ranges::all_of(value, [](const Json& each) { return each.is_string(); }))
        return at + " is no list of names";
    } else if (name == "enum") {
      if (!value.is_array() || value.empty()) return at + " is no list of values";
    } else if (name == "minLength" || name == "maxLength" || name == "minItems" || name == "maxItems" ||
               name == "minProperties" || name == "maxProperties") {
      if (!value.is_number_integer() || value.get<int64_t>() < 0) return at + " is no count";
    } else if (name == "minimum" || name == "maximum") {
      if (!value.is_number()) return at + " is no number";
    }
  }
  return std::nullopt;
}

std::set<std::string> types_of(const Json& schema) {
  std::set<std::string> named;
  if (!schema.contains("type")) {
    for (const auto type : types) named.emplace(type);
  } else if (schema["type"].is_array()) {
    for (const auto& type : schema["type"]) named.insert(type.get<std::string>());
  } else {
    named.insert(schema["type"].get<std::string>());
  }
  return named;
}

const Json& member(const Json& object, const char* name) {
  static const Json nothing;
  const auto found = object.find(name);
  return found == object.end() ? nothing : *found;
}

class Comparison {
 public:
  Comparison(const Json& reader, const Json& writer) : reader_root_(reader), writer_root_(writer) {}

  /// Why `reader` refuses something that `writer` accepts.
  Flaw narrower(const Json& reader, const Json& writer, const std::string& path, int depth) {
    if (depth > depth_max) return path + ": nested too deep to compare";
    if (reader == writer && !refers(reader)) return std::nullopt;
    const auto& wide = followed(reader, reader_root_, depth);
    const auto& narrow = followed(writer, writer_root_, depth);
    if (wide == Json(true) || (wide.is_object() && wide.empty()) || narrow == Json(false)) return std::nullopt;
    if (wide.is_boolean()) return path + ": nothing is accepted any more";
    const Json anything = Json::object();
    const auto& accepted = narrow.is_boolean() ? anything : narrow;
    if (auto flaw = compare_types(wide, accepted, path)) return flaw;
    if (auto flaw = compare_values(wide, accepted, path)) return flaw;
    if (auto flaw = compare_limits(wide, accepted, path)) return flaw;
    if (auto flaw = compare_objects(wide, accepted, path, depth)) return flaw;
    if (auto flaw = compare_items(wide, accepted, path, depth)) return flaw;
    return compare_rest(wide, accepted, path);
  }

 private:
  static bool refers(const Json& schema) { return schema.dump().find("\"$ref\"") != std::string::npos; }

  /// Where a $ref within the same document leads.
  static const Json& followed(const Json& schema, const Json& root, int depth) {
    if (!schema.is_object() || depth > depth_max) return schema;
    const auto found = schema.find("$ref");
    if (found == schema.end() || !found->is_string()) return schema;
    const auto place = found->get<std::string>();
    if (!place.starts_with("#")) return schema;
    const auto pointer = Json::json_pointer(place.substr(1));
    return root.contains(pointer) ? followed(root[pointer], root, depth + 1) : schema;
  }

  static Flaw compare_types(const Json& reader, const Json& writer, const std::string& path) {
    const auto accepted = types_of(reader);
    for (const auto& type : types_of(writer))
      if (!accepted.contains(type) && !(type == "integer" && accepted.contains("number")))
        return path + ": the type " + type + " is not accepted any more";
    return std::nullopt;
  }

  static Flaw compare_values(const Json& reader, const Json& writer, const std::string& path) {
    const auto& allowed = member(reader, "enum");
    const auto& fixed = member(reader, "const");
    if (allowed.is_null() && !reader.contains("const")) return std::nullopt;
    std::vector<Json> written;
    if (writer.contains("const")) {
      written.push_back(writer["const"]);
    } else if (writer.contains("enum")) {
      for (const auto& each : writer["enum"]) written.push_back(each);
    } else {
      return path + ": only certain values are accepted any more";
    }
    for (const auto& value : written) {
      const bool is_allowed = allowed.is_null() || std::ranges::find(allowed, value) != allowed.end();
      if (!is_allowed || (reader.contains("const") && fixed != value))
        return path + ": the value " + value.dump() + " is not accepted any more";
    }
    return std::nullopt;
  }

  static Flaw compare_limits(const Json& reader, const Json& writer, const std::string& path) {
    for (const auto& [name, limit] : reader.items()) {
      const bool is_lower = lower_limits.contains(name);
      if ((!is_lower && !upper_limits.contains(name)) || !limit.is_number()) continue;
      const auto& before = member(writer, name.c_str());
      const bool holds = before.is_number() &&
                         (is_lower ? before.get<double>() >= limit.get<double>() : before.get<double>() <= limit.get<double>());
      if (!holds) return path + "/" + name + " became stricter";
    }
    return std::nullopt;
  }

  Flaw compare_objects(const Json& reader, const Json& writer, const std::string& path, int depth) {
    const auto& required = member(writer, "required");
    for (const auto& name : member(reader, "required"))
      if (required.is_null() || std::ranges::find(required, name) == required.end())
        return path + ": the property " + name.get<std::string>() + " is required now";
    static const Json anything = true;
    const auto& open = member(writer, "additionalProperties");
    const auto& others = open.is_null() ? anything : open;
    const auto& readers_open = member(reader, "additionalProperties");
    const auto& readers_others = readers_open.is_null() ? anything : readers_open;
    const auto& properties = member(reader, "properties");
    const auto& written = member(writer, "properties");
    if (properties.is_object())
      for (const auto& [name, schema] : properties.items()) {
        const auto& before = written.is_object() && written.contains(name) ? written[name] : others;
        // A property that no document had to have, and that nobody described, is new: as in Glue it breaks nobody.
        if (&before == &others && others == anything) continue;
        if (auto flaw = narrower(schema, before, path + "/" + name, depth + 1)) return flaw;
      }
    if (written.is_object())
      for (const auto& [name, schema] : written.items())
        if (!properties.is_object() || !properties.contains(name))
          if (auto flaw = narrower(readers_others, schema, path + "/" + name, depth + 1)) return flaw;
    return narrower(readers_others, others, path + "/additionalProperties", depth + 1);
  }

  Flaw compare_items(const Json& reader, const Json& writer, const std::string& path, int depth) {
    const auto& items = member(reader, "items");
    const auto& before = member(writer, "items");
    if (items.is_null() || items == before) return std::nullopt;
    if (items.is_array() || before.is_array()) return path + "/items differ in a way that is not compared";
    return narrower(items, before.is_null() ? Json(true) : before, path + "/items", depth + 1);
  }

  static Flaw compare_rest(const Json& reader, const Json& writer, const std::string& path) {
    for (const auto& [name, value] : reader.items()) {
      if (annotations.contains(name) || compared.contains(name) || name == "$ref") continue;
      if ((lower_limits.contains(name) || upper_limits.contains(name)) && value.is_number()) continue;
      if (member(writer, name.c_str()) != value) return path + "/" + name + " differs in a way that is not compared";
    }
    return std::nullopt;
  }

  const Json& reader_root_;
  const Json& writer_root_;
};

}  // namespace

std::optional<std::string> json_flaw(std::string_view definition) {
  const auto schema = Json::parse(definition, nullptr, /*allow_exceptions=*/false);
  if (schema.is_discarded()) return "it is not JSON";
  if (schema.is_object() && schema.contains("$schema")) {
    if (!schema["$schema"].is_string()) return "\"$schema\" is no text";
    auto draft = schema["$schema"].get<std::string>();
    if (draft.ends_with("#")) draft.pop_back();
    if (std::ranges::find(drafts, draft) == drafts.end()) return "\"$schema\" is none of the drafts 4, 6 and 7: " + draft;
  }
  return check(schema, "#", 0);
}

std::optional<std::string> json_unreadable(std::string_view reader, std::string_view writer) {
  const auto reading = Json::parse(reader, nullptr, /*allow_exceptions=*/false);
  const auto writing = Json::parse(writer, nullptr, /*allow_exceptions=*/false);
  if (reading.is_discarded() || writing.is_discarded()) return "it is not JSON";
  return Comparison(reading, writing).narrower(reading, writing, "#", 0);
}

}  // namespace mastic::glue::registry
