// Avro: what is a schema, and schema resolution as its specification has it ("Schema Resolution", 1.11).
#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "glue/registry/schema_format.h"

namespace mastic::glue::registry {
namespace {

using Json = nlohmann::json;

constexpr int depth_max = 200;

constexpr std::array<std::string_view, 8> primitives = {"null", "boolean", "int", "long", "float", "double", "bytes", "string"};
bool is_primitive(std::string_view name) { return std::ranges::find(primitives, name) != primitives.end(); }

struct Type;
using TypePtr = std::shared_ptr<Type>;

struct Field {
  std::string name;
  std::vector<std::string> aliases;
  bool has_default = false;
  TypePtr type;
};

struct Type {
  std::string kind;  // a primitive's name, record, enum, array, map, fixed or union
  std::string name;  // full, of named ones
  std::vector<std::string> aliases;
  std::vector<Field> fields;         // record
  std::vector<std::string> symbols;  // enum
  bool has_default = false;          // enum
  int64_t size = 0;                  // fixed
  std::vector<TypePtr> parts;        // union's branches; the items of arrays and maps
};

bool is_name(std::string_view text) {
  if (text.empty() || !(std::isalpha(static_cast<unsigned char>(text[0])) != 0 || text[0] == '_')) return false;
  return std::ranges::all_of(text, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; });
}

bool is_full_name(std::string_view text) {
  while (true) {
    const auto dot = text.find('.');
    if (!is_name(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

std::string unqualified(const std::string& name) { return name.substr(name.rfind('.') + 1); }

class Reader {
 public:
  /// Null, and `flaw` says why, for what is no schema.
  TypePtr read(const Json& schema, const std::string& space, int depth = 0) {
    if (depth > depth_max) return refuse("it is nested too deep");
    if (schema.is_string()) return named_or_primitive(schema.get<std::string>(), space);
    if (schema.is_array()) return read_union(schema, space, depth);
    if (!schema.is_object()) return refuse("a schema is a text, an object or a list");
    const auto kind = schema.find("type");
    if (kind == schema.end()) return refuse("an object has no \"type\"");
    if (!kind->is_string()) return read(*kind, space, depth + 1);
    const auto type = kind->get<std::string>();
    if (type == "record" || type == "error" || type == "enum" || type == "fixed") return read_named(type, schema, space, depth);
    if (type == "array" || type == "map") return read_container(type, schema, space, depth);
    return named_or_primitive(type, space);
  }
  std::string flaw;

 private:
  TypePtr refuse(std::string why) {
    if (flaw.empty()) flaw = std::move(why);
    return nullptr;
  }

  TypePtr named_or_primitive(const std::string& name, const std::string& space) {
    if (is_primitive(name)) {
      auto type = std::make_shared<Type>();
      type->kind = name;
      return type;
    }
    const auto full = name.find('.') == std::string::npos && !space.empty() ? space + "." + name : name;
    if (const auto found = known_.find(full); found != known_.end()) return found->second;
    if (const auto found = known_.find(name); found != known_.end()) return found->second;
    return refuse("undefined name: " + name);
  }

  TypePtr read_union(const Json& schema, const std::string& space, int depth) {
    auto type = std::make_shared<Type>();
    type->kind = "union";
    std::set<std::string> kinds;
    for (const auto& branch : schema) {
      auto part = read(branch, space, depth + 1);
      if (!part) return nullptr;
      if (part->kind == "union") return refuse("a union stands directly within a union");
      if (!kinds.insert(part->name.empty() ? part->kind : part->name).second)
        return refuse("a union has two branches of the type " + (part->name.empty() ? part->kind : part->name));
      type->parts.push_back(std::move(part));
    }
    return type;
  }

  TypePtr read_container(const std::string& kind, const Json& schema, const std::string& space, int depth) {
    const auto* member = kind == "array" ? "items" : "values";
    if (!schema.contains(member)) return refuse(kind + " has no \"" + member + "\"");
    auto type = std::make_shared<Type>();
    type->kind = kind;
    auto part = read(schema[member], space, depth + 1);
    if (!part) return nullptr;
    type->parts.push_back(std::move(part));
    return type;
  }

  bool read_texts(const Json& schema, const char* member, std::vector<std::string>& into) {
    if (!schema.contains(member)) return true;
    if (!schema[member].is_array()) return false;
    for (const auto& each : schema[member]) {
      if (!each.is_string()) return false;
      into.push_back(each.get<std::string>());
    }
    return true;
  }

  TypePtr read_named(const std::string& kind, const Json& schema, const std::string& space, int depth) {
    if (!schema.contains("name") || !schema["name"].is_string()) return refuse(kind + " has no \"name\"");
    auto type = std::make_shared<Type>();
    type->kind = kind == "error" ? "record" : kind;
    type->name = schema["name"].get<std::string>();
    auto own_space = schema.value("namespace", space);
    if (const auto dot = type->name.rfind('.'); dot != std::string::npos) {
      own_space = type->name.substr(0, dot);
    } else if (!own_space.empty()) {
      type->name = own_space + "." + type->name;
    }
    if (!is_full_name(type->name)) return refuse("this is no name: " + type->name);
    if (!read_texts(schema, "aliases", type->aliases)) return refuse("aliases are a list of names");
    if (!known_.emplace(type->name, type).second) return refuse("a name is defined twice: " + type->name);
    if (kind == "enum") return read_enum(schema, type);
    if (kind == "fixed") {
      if (!schema.contains("size") || !schema["size"].is_number_integer() || schema["size"].get<int64_t>() < 0)
        return refuse("fixed " + type->name + " has no \"size\"");
      type->size = schema["size"].get<int64_t>();
      return type;
    }
    return read_fields(schema, type, own_space, depth);
  }

  TypePtr read_enum(const Json& schema, const TypePtr& type) {
    if (!schema.contains("symbols") || !read_texts(schema, "symbols", type->symbols))
      return refuse("enum " + type->name + " has no list of \"symbols\"");
    std::set<std::string> seen;
    for (const auto& symbol : type->symbols)
      if (!is_name(symbol) || !seen.insert(symbol).second)
        return refuse("enum " + type->name + " has the symbol " + symbol + " twice, or it is no name");
    type->has_default = schema.contains("default");
    if (type->has_default && (!schema["default"].is_string() || !seen.contains(schema["default"].get<std::string>())))
      return refuse("the default of enum " + type->name + " is none of its symbols");
    return type;
  }

  TypePtr read_fields(const Json& schema, const TypePtr& type, const std::string& space, int depth) {
    if (!schema.contains("fields") || !schema["fields"].is_array())
      return refuse("record " + type->name + " has no \"fields\"");
    std::set<std::string> seen;
    for (const auto& each : schema["fields"]) {
      if (!each.is_object() || !each.contains("name") || !each["name"].is_string() || !each.contains("type"))
        return refuse("a field of record " + type->name + " lacks its name or its type");
      Field field;
      field.name = each["name"].get<std::string>();
      if (!is_name(field.name) || !seen.insert(field.name).second)
        return refuse("record " + type->name + " has the field " + field.name + " twice, or it is no name");
      if (!read_texts(each, "aliases", field.aliases)) return refuse("aliases are a list of names");
      field.has_default = each.contains("default");
      field.type = read(each["type"], space, depth + 1);
      if (!field.type) return nullptr;
      type->fields.push_back(std::move(field));
    }
    return type;
  }

  std::map<std::string, TypePtr> known_;
};

using Flaw = std::optional<std::string>;

class Resolution {
 public:
  Flaw resolve(const Type& reader, const Type& writer, const std::string& path) {
    if (writer.kind == "union") {
      for (const auto& branch : writer.parts)
        if (auto flaw = resolve(reader, *branch, path)) return flaw;
      return std::nullopt;
    }
    if (reader.kind == "union") {
      for (const auto& branch : reader.parts)
        if (!resolve(*branch, writer, path)) return std::nullopt;
      return path + ": no branch of the reader's union reads " + writer.kind;
    }
    if (reader.kind != writer.kind) {
      if (promotes(writer.kind, reader.kind)) return std::nullopt;
      return path + ": " + reader.kind + " does not read " + writer.kind;
    }
    if (reader.kind == "array" || reader.kind == "map") return resolve(*reader.parts[0], *writer.parts[0], path + "[]");
    if (!reader.name.empty() && !same_name(reader, writer)) return path + ": " + reader.name + " is not " + writer.name;
    if (reader.kind == "fixed" && reader.size != writer.size) return path + ": " + reader.name + " has another size";
    if (reader.kind == "enum") return resolve_enum(reader, writer, path);
    if (reader.kind == "record") return resolve_record(reader, writer, path);
    return std::nullopt;
  }

 private:
  static bool promotes(std::string_view from, std::string_view to) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> promotions = {{{"int", "long"},
                                                                                                 {"int", "float"},
                                                                                                 {"int", "double"},
                                                                                                 {"long", "float"},
                                                                                                 {"long", "double"},
                                                                                                 {"float", "double"},
                                                                                                 {"string", "bytes"},
                                                                                                 {"bytes", "string"}}};
    return std::ranges::find(promotions, std::pair(from, to)) != promotions.end();
  }

  static bool same_name(const Type& reader, const Type& writer) {
    const auto name = unqualified(writer.name);
    return unqualified(reader.name) == name ||
           std::ranges::any_of(reader.aliases, [&](const auto& alias) { return unqualified(alias) == name; });
  }

  static Flaw resolve_enum(const Type& reader, const Type& writer, const std::string& path) {
    if (reader.has_default) return std::nullopt;
    for (const auto& symbol : writer.symbols)
      if (std::ranges::find(reader.symbols, symbol) == reader.symbols.end())
        return path + ": the reader has no symbol " + symbol + " and no default";
    return std::nullopt;
  }

  Flaw resolve_record(const Type& reader, const Type& writer, const std::string& path) {
    // Records may hold themselves: what is being looked at is taken for compatible.
    if (!looked_at_.insert({&reader, &writer}).second) return std::nullopt;
    for (const auto& field : reader.fields) {
      const auto is_it = [&](const Field& other) {
        return other.name == field.name || std::ranges::find(field.aliases, other.name) != field.aliases.end();
      };
      const auto found = std::ranges::find_if(writer.fields, is_it);
      if (found == writer.fields.end()) {
        if (!field.has_default) return path + "." + field.name + ": the writer has no such field, and it has no default";
        continue;
      }
      if (auto flaw = resolve(*field.type, *found->type, path + "." + field.name)) return flaw;
    }
    return std::nullopt;
  }

  std::set<std::pair<const Type*, const Type*>> looked_at_;
};

TypePtr parse(std::string_view definition, std::string& flaw) {
  const auto json = Json::parse(definition, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) {
    flaw = "it is not JSON";
    return nullptr;
  }
  Reader reader;
  auto type = reader.read(json, "");
  flaw = reader.flaw;
  return type;
}

}  // namespace

std::optional<std::string> avro_flaw(std::string_view definition) {
  std::string flaw;
  return parse(definition, flaw) ? std::nullopt : std::optional(flaw);
}

std::optional<std::string> avro_unreadable(std::string_view reader, std::string_view writer) {
  std::string flaw;
  const auto reading = parse(reader, flaw);
  const auto writing = parse(writer, flaw);
  if (!reading || !writing) return flaw;
  return Resolution().resolve(*reading, *writing, unqualified(reading->name.empty() ? "schema" : reading->name));
}

}  // namespace mastic::glue::registry
