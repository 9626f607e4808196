#include "spark/lower/avro/avro_resolution.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "engine/functions/json_text.h"

namespace mastic::spark::avro {
namespace {

using engine::Json;
using Kind = Type::Kind;
using Step = Resolution::Step;

constexpr std::string_view names_of_kinds[] = {"null",   "boolean", "int",  "long",  "float", "double", "bytes",
                                               "string", "fixed",   "enum", "array", "map",   "record", "union"};

std::string shown(const Type& type) {
  return type.name.empty() ? std::string(names_of_kinds[static_cast<std::size_t>(type.kind)]) : type.name;
}
arrow::Status mismatch(const Type& writer, const Type& reader) {
  return arrow::Status::Invalid("Found ", shown(writer), ", expecting ", shown(reader));
}

bool is_named(const Type& type) {
  return type.kind == Kind::record || type.kind == Kind::enumeration || type.kind == Kind::fixed;
}
bool names_match(const Type& writer, const Type& reader) {
  return writer.name == reader.name || std::ranges::find(reader.aliases, writer.name) != reader.aliases.end();
}

bool is_whole(Kind kind) { return kind == Kind::int_ || kind == Kind::long_; }
bool is_real(Kind kind) { return kind == Kind::float_ || kind == Kind::double_; }
bool is_text(Kind kind) { return kind == Kind::string || kind == Kind::bytes; }

/// Whether a branch of the reader's union is the writer's type itself, or can take it.
bool is_same(const Type& writer, const Type& branch) {
  if (writer.kind != branch.kind) return false;
  return !is_named(writer) || names_match(writer, branch);
}

std::shared_ptr<Resolution> make(Step step, const Type& writer, const Type& reader) {
  auto resolution = std::make_shared<Resolution>();
  resolution->step = step;
  resolution->writer = &writer;
  resolution->reader = &reader;
  return resolution;
}

const Type& wide_number(const Type& numeric_union) {
  static const Type whole = [] {
    Type type;
    type.kind = Kind::long_;
    return type;
  }();
  static const Type real = [] {
    Type type;
    type.kind = Kind::double_;
    return type;
  }();
  return arrow_type(numeric_union)->id() == arrow::Type::DOUBLE ? real : whole;
}

arrow::Result<ResolutionPtr> resolve_union(const Type& writer, const Type& reader) {
  auto made = make(Step::into_union, writer, reader);
  const auto take = [&](std::size_t branch) -> arrow::Result<ResolutionPtr> {
    const auto& type = *reader.fields[branch].type;
    const bool numeric = type.kind != Kind::null_ && nullable_branch(reader) == nullptr && is_numeric_union(reader);
    ARROW_ASSIGN_OR_RAISE(auto child, resolve(writer, numeric ? wide_number(reader) : type));
    made->branch = branch;
    made->children.push_back(std::move(child));
    return ResolutionPtr(made);
  };
  for (std::size_t i = 0; i < reader.fields.size(); ++i)
    if (is_same(writer, *reader.fields[i].type)) return take(i);
  // A record of another name may fit by its structure.
  for (std::size_t i = 0; i < reader.fields.size(); ++i) {
    const auto& branch = *reader.fields[i].type;
    if (is_named(branch) && branch.kind != Kind::record) continue;
    if (branch.kind != Kind::null_ && resolve(writer, branch).ok()) return take(i);
  }
  return mismatch(writer, reader);
}

arrow::Result<ResolutionPtr> resolve_record(const Type& writer, const Type& reader) {
  auto made = make(Step::record, writer, reader);
  made->defaults.resize(reader.fields.size());
  std::vector<bool> filled(reader.fields.size());
  for (const auto& field : writer.fields) {
    int target = -1;
    const auto find = [&](auto&& fits) {
      for (std::size_t i = 0; target < 0 && i < reader.fields.size(); ++i)
        if (!filled[i] && fits(reader.fields[i])) target = static_cast<int>(i);
    };
    find([&](const Field& wanted) { return wanted.name == field.name; });
    find([&](const Field& wanted) { return std::ranges::find(wanted.aliases, field.name) != wanted.aliases.end(); });
    made->targets.push_back(target);
    if (target < 0) {
      made->children.push_back(nullptr);
      continue;
    }
    filled[static_cast<std::size_t>(target)] = true;
    ARROW_ASSIGN_OR_RAISE(auto child, resolve(*field.type, *reader.fields[static_cast<std::size_t>(target)].type));
    made->children.push_back(std::move(child));
  }
  for (std::size_t i = 0; i < reader.fields.size(); ++i) {
    if (filled[i]) continue;
    const auto& field = reader.fields[i];
    if (!field.default_json)
      return arrow::Status::Invalid("Found ", shown(writer), ", expecting ", shown(reader), ", missing required field ",
                                    field.name);
    ARROW_ASSIGN_OR_RAISE(made->defaults[i].bytes, encode_default(*field.type, *field.default_json));
    made->defaults[i].used = true;
  }
  return made;
}

arrow::Result<ResolutionPtr> resolve_enumeration(const Type& writer, const Type& reader) {
  if (!names_match(writer, reader)) return mismatch(writer, reader);
  auto made = make(Step::enumeration, writer, reader);
  for (const auto& symbol : writer.symbols) {
    const bool known = std::ranges::find(reader.symbols, symbol) != reader.symbols.end();
    made->symbols.push_back(known ? symbol : reader.default_symbol.value_or(""));
  }
  return made;
}

/// The decoded value is made for `branch`, and appended as the union shows it.
template <typename Append>
arrow::Status append_branch(const Type& type, std::size_t branch, arrow::ArrayBuilder& into, Append&& append) {
  if (type.fields[branch].type->kind == Kind::null_) return into.AppendNull();
  if (nullable_branch(type) != nullptr || is_numeric_union(type)) return append(into);
  auto& structure = static_cast<arrow::StructBuilder&>(into);
  ARROW_RETURN_NOT_OK(structure.Append());
  int member = 0;
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    if (type.fields[i].type->kind == Kind::null_) continue;
    auto& builder = *structure.field_builder(member++);
    ARROW_RETURN_NOT_OK(i == branch ? append(builder) : builder.AppendNull());
  }
  return arrow::Status::OK();
}

arrow::Status decode_real(Cursor& from, const Resolution& resolution, arrow::ArrayBuilder& into) {
  double value = 0;
  if (resolution.writer->kind == Kind::float_) {
    ARROW_ASSIGN_OR_RAISE(const auto bytes, from.take(sizeof(float)));
    float narrow = 0;
    std::memcpy(&narrow, bytes.data(), sizeof(float));
    value = narrow;
  } else {
    ARROW_ASSIGN_OR_RAISE(const auto whole, from.read_long());
    if (resolution.reader->kind == Kind::float_)  // not by way of double, which would round twice
      return static_cast<arrow::FloatBuilder&>(into).Append(static_cast<float>(whole));
    value = static_cast<double>(whole);
  }
  return static_cast<arrow::DoubleBuilder&>(into).Append(value);
}

arrow::Status decode_record(Cursor& from, const Resolution& resolution, arrow::ArrayBuilder& into) {
  auto& structure = static_cast<arrow::StructBuilder&>(into);
  ARROW_RETURN_NOT_OK(structure.Append());
  for (std::size_t i = 0; i < resolution.children.size(); ++i) {
    const int target = resolution.targets[i];
    ARROW_RETURN_NOT_OK(target < 0 ? skip(from, *resolution.writer->fields[i].type)
                                   : decode(from, *resolution.children[i], *structure.field_builder(target)));
  }
  for (std::size_t i = 0; i < resolution.defaults.size(); ++i) {
    if (!resolution.defaults[i].used) continue;
    Cursor value{resolution.defaults[i].bytes};
    ARROW_RETURN_NOT_OK(decode(value, *resolution.reader->fields[i].type, *structure.field_builder(static_cast<int>(i))));
  }
  return arrow::Status::OK();
}

template <typename T>
void append_fixed(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

/// Bytes are written as text, a character a byte.
std::string latin_bytes(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0xC2 && byte <= 0xC3 && i + 1 < text.size()) {
      bytes += static_cast<char>((byte & 3U) << 6U | (static_cast<unsigned char>(text[++i]) & 0x3FU));
    } else {
      bytes += static_cast<char>(byte);
    }
  }
  return bytes;
}

arrow::Status append_default(std::string& out, const Type& type, const Json& json) {
  const auto wrong = [&] { return arrow::Status::Invalid("Invalid default for a field of the type ", shown(type)); };
  const auto number = [&](auto& value) {
    const auto* end = json.text.data() + json.text.size();
    const auto parsed = std::from_chars(json.text.data(), end, value);
    return parsed.ec == std::errc() && parsed.ptr == end && (json.kind == Json::Kind::integer || json.kind == Json::Kind::real);
  };
  switch (type.kind) {
    case Kind::null_: return json.kind == Json::Kind::null ? arrow::Status::OK() : wrong();
    case Kind::boolean:
      if (json.kind != Json::Kind::boolean) return wrong();
      out += json.truth ? '\1' : '\0';
      return arrow::Status::OK();
    case Kind::int_:
    case Kind::long_: {
      int64_t value = 0;
      if (!number(value) || (type.kind == Kind::int_ && value != static_cast<int32_t>(value))) return wrong();
      append_long(out, value);
      return arrow::Status::OK();
    }
    case Kind::float_:
    case Kind::double_: {
      double value = 0;
      if (!number(value)) return wrong();
      if (type.kind == Kind::float_) {
        append_fixed(out, static_cast<float>(value));
      } else {
        append_fixed(out, value);
      }
      return arrow::Status::OK();
    }
    case Kind::string:
    case Kind::bytes:
    case Kind::fixed: {
      if (json.kind != Json::Kind::text) return wrong();
      const auto bytes = type.kind == Kind::string ? json.text : latin_bytes(json.text);
      if (type.kind == Kind::fixed && bytes.size() != type.size_bytes) return wrong();
      if (type.kind != Kind::fixed) append_long(out, static_cast<int64_t>(bytes.size()));
      out += bytes;
      return arrow::Status::OK();
    }
    case Kind::enumeration: {
      const auto found = std::ranges::find(type.symbols, json.text);
      if (json.kind != Json::Kind::text || found == type.symbols.end()) return wrong();
      append_long(out, found - type.symbols.begin());
      return arrow::Status::OK();
    }
    case Kind::array:
      if (json.kind != Json::Kind::array) return wrong();
      if (!json.items.empty()) append_long(out, static_cast<int64_t>(json.items.size()));
      for (const auto& item : json.items) ARROW_RETURN_NOT_OK(append_default(out, *type.fields[0].type, item));
      append_long(out, 0);
      return arrow::Status::OK();
    case Kind::map:
      if (json.kind != Json::Kind::object) return wrong();
      if (!json.members.empty()) append_long(out, static_cast<int64_t>(json.members.size()));
      for (const auto& [key, value] : json.members) {
        append_long(out, static_cast<int64_t>(key.size()));
        out += key;
        ARROW_RETURN_NOT_OK(append_default(out, *type.fields[0].type, value));
      }
      append_long(out, 0);
      return arrow::Status::OK();
    case Kind::record:
      if (json.kind != Json::Kind::object) return wrong();
      for (const auto& field : type.fields) {
        if (const auto* given = json.find(field.name)) {
          ARROW_RETURN_NOT_OK(append_default(out, *field.type, *given));
          continue;
        }
        if (!field.default_json) return wrong();
        ARROW_ASSIGN_OR_RAISE(const auto bytes, encode_default(*field.type, *field.default_json));
        out += bytes;
      }
      return arrow::Status::OK();
    case Kind::union_:
      // The first branch, says the specification; the libraries take any that fits.
      for (std::size_t i = 0; i < type.fields.size(); ++i) {
        std::string one;
        append_long(one, static_cast<int64_t>(i));
        if (!append_default(one, *type.fields[i].type, json).ok()) continue;
        out += one;
        return arrow::Status::OK();
      }
      return wrong();
  }
  return wrong();
}

}  // namespace

arrow::Result<std::string> encode_default(const Type& type, std::string_view json) {
  const auto value = engine::read_json(json);
  if (!value) return arrow::Status::Invalid("a default that is no JSON");
  std::string bytes;
  ARROW_RETURN_NOT_OK(append_default(bytes, type, *value));
  return bytes;
}

arrow::Result<ResolutionPtr> resolve(const Type& writer, const Type& reader) {
  if (writer.kind == Kind::union_) {
    auto made = make(Step::from_union, writer, reader);
    for (const auto& branch : writer.fields) {
      auto child = resolve(*branch.type, reader);
      if (!child.ok()) {
        auto impossible = make(Step::impossible, *branch.type, reader);
        impossible->problem = child.status().message();
        child = ResolutionPtr(std::move(impossible));
      }
      made->children.push_back(*child);
    }
    const bool all = !made->children.empty() && std::ranges::all_of(made->children, [](const ResolutionPtr& child) {
      return child->step == Step::impossible;
    });
    if (all) return arrow::Status::Invalid(made->children.front()->problem);
    return made;
  }
  if (reader.kind == Kind::union_) return resolve_union(writer, reader);
  if (is_real(reader.kind) && (is_whole(writer.kind) || (writer.kind == Kind::float_ && reader.kind == Kind::double_)))
    return make(Step::to_real, writer, reader);
  if (writer.kind == Kind::int_ && reader.kind == Kind::long_) return make(Step::plain, writer, reader);
  if (is_text(writer.kind) && is_text(reader.kind)) return make(Step::plain, writer, reader);
  if (writer.kind != reader.kind) return mismatch(writer, reader);
  switch (writer.kind) {
    case Kind::fixed:
      if (writer.size_bytes != reader.size_bytes || !names_match(writer, reader)) return mismatch(writer, reader);
      return make(Step::plain, writer, reader);
    case Kind::enumeration: return resolve_enumeration(writer, reader);
    case Kind::array:
    case Kind::map: {
      auto made = make(Step::elements, writer, reader);
      ARROW_ASSIGN_OR_RAISE(auto child, resolve(*writer.fields.at(0).type, *reader.fields.at(0).type));
      made->children.push_back(std::move(child));
      return made;
    }
    case Kind::record: return resolve_record(writer, reader);
    default: return make(Step::plain, writer, reader);
  }
}

arrow::Status decode(Cursor& from, const Resolution& resolution, arrow::ArrayBuilder& into) {
  switch (resolution.step) {
    case Step::plain: return decode(from, *resolution.reader, into);
    case Step::to_real: return decode_real(from, resolution, into);
    case Step::enumeration: {
      ARROW_ASSIGN_OR_RAISE(const auto index, from.read_long());
      if (index < 0 || static_cast<std::size_t>(index) >= resolution.symbols.size())
        return arrow::Status::Invalid("an Avro file names a symbol that its enumeration lacks");
      const auto& symbol = resolution.symbols[static_cast<std::size_t>(index)];
      if (symbol.empty())
        return arrow::Status::Invalid("No match for ", resolution.writer->symbols[static_cast<std::size_t>(index)]);
      return static_cast<arrow::StringBuilder&>(into).Append(symbol);
    }
    case Step::elements: {
      if (resolution.writer->kind == Kind::array) {
        auto& list = static_cast<arrow::ListBuilder&>(into);
        ARROW_RETURN_NOT_OK(list.Append());
        return each_element(from, [&] { return decode(from, *resolution.children[0], *list.value_builder()); });
      }
      auto& map = static_cast<arrow::MapBuilder&>(into);
      ARROW_RETURN_NOT_OK(map.Append());
      return each_element(from, [&]() -> arrow::Status {
        ARROW_ASSIGN_OR_RAISE(const auto size, from.read_long());
        ARROW_ASSIGN_OR_RAISE(const auto key, from.take(size));
        ARROW_RETURN_NOT_OK(static_cast<arrow::StringBuilder&>(*map.key_builder()).Append(key));
        return decode(from, *resolution.children[0], *map.item_builder());
      });
    }
    case Step::record: return decode_record(from, resolution, into);
    case Step::from_union: {
      ARROW_ASSIGN_OR_RAISE(const auto branch, from.read_long());
      if (branch < 0 || static_cast<std::size_t>(branch) >= resolution.children.size())
        return arrow::Status::Invalid("an Avro file names a branch that its union lacks");
      return decode(from, *resolution.children[static_cast<std::size_t>(branch)], into);
    }
    case Step::into_union:
      return append_branch(*resolution.reader, resolution.branch, into,
                           [&](arrow::ArrayBuilder& builder) { return decode(from, *resolution.children[0], builder); });
    case Step::impossible: return arrow::Status::Invalid(resolution.problem);
  }
  return arrow::Status::OK();
}

}  // namespace mastic::spark::avro
