#include "spark/lower/avro/avro_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "engine/functions/json_text.h"

namespace mastic::spark::avro {
namespace {

using engine::Json;
using Kind = Type::Kind;

constexpr std::pair<std::string_view, Kind> primitives[] = {
    {"null", Kind::null_},   {"boolean", Kind::boolean}, {"int", Kind::int_},    {"long", Kind::long_},
    {"float", Kind::float_}, {"double", Kind::double_},  {"bytes", Kind::bytes}, {"string", Kind::string},
};

std::string text_of(const Json& json, std::string_view name) {
  const auto* member = json.find(name);
  return member != nullptr && member->kind == Json::Kind::text ? member->text : std::string();
}
int number_of(const Json& json, std::string_view name) {
  const auto* member = json.find(name);
  return member != nullptr && member->kind == Json::Kind::integer ? std::atoi(member->text.c_str()) : 0;
}

/// The names of a list of texts; without a dot they are of `space`.
std::vector<std::string> names_in(const Json& json, std::string_view member, const std::string& space) {
  std::vector<std::string> names;
  const auto* list = json.find(member);
  if (list == nullptr) return names;
  for (const auto& item : list->items)
    names.push_back(space.empty() || item.text.contains('.') ? item.text : space + "." + item.text);
  return names;
}

class SchemaParser {
 public:
  arrow::Result<TypePtr> parse(const Json& json, const std::string& space) {
    if (json.kind == Json::Kind::text) return named(json.text, space);
    if (json.kind == Json::Kind::array) {
      auto type = std::make_shared<Type>();
      type->kind = Kind::union_;
      for (const auto& branch : json.items) {
        ARROW_ASSIGN_OR_RAISE(auto parsed, parse(branch, space));
        type->fields.push_back({fmt::format("member{}", type->fields.size()), std::move(parsed)});
      }
      return type;
    }
    if (json.kind != Json::Kind::object) return arrow::Status::Invalid("no Avro schema");
    const auto* kind = json.find("type");
    if (kind == nullptr) return arrow::Status::Invalid("an Avro schema without a type");
    if (kind->kind != Json::Kind::text) return parse(*kind, space);
    return complex(json, kind->text, space);
  }

 private:
  arrow::Result<TypePtr> named(const std::string& name, const std::string& space) {
    for (const auto& [text, kind] : primitives) {
      if (name != text) continue;
      auto type = std::make_shared<Type>();
      type->kind = kind;
      return type;
    }
    for (const auto& full : {name.contains('.') || space.empty() ? name : space + "." + name, name}) {
      const auto found = known_.find(full);
      if (found == known_.end()) continue;
      if (found->second == nullptr) return arrow::Status::NotImplemented("Avro schemas that contain themselves: ", name);
      return found->second;
    }
    return arrow::Status::Invalid("an Avro schema names no type: ", name);
  }

  arrow::Result<TypePtr> complex(const Json& json, const std::string& kind, const std::string& outer) {
    auto type = std::make_shared<Type>();
    type->logical = text_of(json, "logicalType");
    type->precision = number_of(json, "precision");
    type->scale = number_of(json, "scale");
    const bool has_name = kind == "record" || kind == "error" || kind == "enum" || kind == "fixed";
    auto space = outer;
    auto name = text_of(json, "name");
    if (has_name) {
      if (json.find("namespace") != nullptr) space = text_of(json, "namespace");
      if (const auto dot = name.rfind('.'); dot != std::string::npos) {
        space = name.substr(0, dot);
      } else if (!space.empty()) {
        name = space + "." + name;
      }
      known_[name] = nullptr;
      type->name = name;
      type->aliases = names_in(json, "aliases", space);
    }
    if (kind == "record" || kind == "error") {
      type->kind = Kind::record;
      const auto* fields = json.find("fields");
      for (const auto& field : fields == nullptr ? std::vector<Json>{} : fields->items) {
        const auto* written = field.find("type");
        if (written == nullptr) return arrow::Status::Invalid("an Avro field without a type");
        ARROW_ASSIGN_OR_RAISE(auto parsed, parse(*written, space));
        Field made{text_of(field, "name"), std::move(parsed), names_in(field, "aliases", ""), {}};
        if (const auto* value = field.find("default")) engine::append_json(made.default_json.emplace(), *value);
        type->fields.push_back(std::move(made));
      }
    } else if (kind == "enum") {
      type->kind = Kind::enumeration;
      if (const auto* symbols = json.find("symbols"))
        for (const auto& symbol : symbols->items) type->symbols.push_back(symbol.text);
      if (json.find("default") != nullptr) type->default_symbol = text_of(json, "default");
    } else if (kind == "fixed") {
      type->kind = Kind::fixed;
      type->size_bytes = static_cast<std::size_t>(std::max(0, number_of(json, "size")));
    } else if (kind == "array" || kind == "map") {
      type->kind = kind == "array" ? Kind::array : Kind::map;
      const auto* element = json.find(kind == "array" ? "items" : "values");
      if (element == nullptr) return arrow::Status::Invalid("an Avro ", kind, " without a type of elements");
      ARROW_ASSIGN_OR_RAISE(auto parsed, parse(*element, space));
      type->fields.push_back({"element", std::move(parsed)});
    } else {
      ARROW_ASSIGN_OR_RAISE(auto simple, named(kind, space));
      auto copy = *simple;
      copy.logical = type->logical;
      copy.precision = type->precision;
      copy.scale = type->scale;
      return std::make_shared<const Type>(std::move(copy));
    }
    if (has_name) known_[name] = type;
    return type;
  }

  std::map<std::string, TypePtr> known_;
};

std::string quoted(const std::string& text) {
  std::string out;
  engine::append_json_text(out, text);
  return out;
}

/// The bytes that a decimal of this precision needs.
int decimal_bytes(int precision) {
  double largest = 1;
  for (int i = 0; i < precision; ++i) largest *= 10;
  int bytes = 1;
  for (double room = 127; room < largest - 1; room = room * 256 + 255) ++bytes;
  return bytes;
}

arrow::Result<std::string> text_of_type(const DataType& type, bool nullable, const std::string& name,
                                        const std::string& space) {
  const auto logical = [](const char* base, const char* meaning) {
    return fmt::format(R"({{"type":"{}","logicalType":"{}"}})", base, meaning);
  };
  const auto inner = space.empty() ? name : space + "." + name;
  std::string text;
  switch (type.kind) {
    case TypeKind::boolean: text = "\"boolean\""; break;
    case TypeKind::byte_:
    case TypeKind::short_:
    case TypeKind::integer: text = "\"int\""; break;
    case TypeKind::long_: text = "\"long\""; break;
    case TypeKind::float_: text = "\"float\""; break;
    case TypeKind::double_: text = "\"double\""; break;
    case TypeKind::string:
    case TypeKind::char_:
    case TypeKind::varchar: text = "\"string\""; break;
    case TypeKind::binary: text = "\"bytes\""; break;
    case TypeKind::date: text = logical("int", "date"); break;
    case TypeKind::timestamp: text = logical("long", "timestamp-micros"); break;
    case TypeKind::timestamp_ntz: text = logical("long", "local-timestamp-micros"); break;
    case TypeKind::decimal:
      text = fmt::format(
          R"({{"type":"fixed","name":"fixed","namespace":{},"size":{},"logicalType":"decimal","precision":{},"scale":{}}})",
          quoted(inner), decimal_bytes(type.precision), type.precision, type.scale);
      break;
    case TypeKind::array: {
      ARROW_ASSIGN_OR_RAISE(const auto element, text_of_type(type.element(), type.contains_null, name, space));
      text = R"({"type":"array","items":)" + element + "}";
      break;
    }
    case TypeKind::map: {
      ARROW_ASSIGN_OR_RAISE(const auto value, text_of_type(type.value(), type.contains_null, name, space));
      text = R"({"type":"map","values":)" + value + "}";
      break;
    }
    case TypeKind::struct_: {
      for (const auto& field : type.fields) {
        ARROW_ASSIGN_OR_RAISE(const auto one, text_of_type(field.type, field.nullable, field.name, inner));
        text += fmt::format(R"({}{{"name":{},"type":{}}})", text.empty() ? "" : ",", quoted(field.name), one);
      }
      const auto place = space.empty() ? std::string() : fmt::format(R"("namespace":{},)", quoted(space));
      text = fmt::format(R"({{"type":"record","name":{},{}"fields":[{}]}})", quoted(name), place, text);
      break;
    }
    default: return arrow::Status::NotImplemented("the type ", simple_string(type), " in Avro files");
  }
  return nullable ? "[" + text + ",\"null\"]" : text;
}

}  // namespace

arrow::Result<TypePtr> parse_schema(std::string_view json) {
  const auto parsed = engine::read_json(json);
  if (!parsed) return arrow::Status::Invalid("an Avro file whose schema is no JSON");
  return SchemaParser().parse(*parsed, "");
}

arrow::Result<std::string> schema_text(const std::vector<Attribute>& columns, const std::string& record_name,
                                       const std::string& record_namespace) {
  DataType row = types::of(TypeKind::struct_);
  for (const auto& column : columns) row.fields.push_back({column.name, column.type, column.nullable, ""});
  return text_of_type(row, false, record_name, record_namespace);
}

arrow::Status check_writable(const DataType& from, const Type& to, const std::string& place) {
  if (const auto* branch = nullable_branch(to)) return check_writable(from, *branch, place);
  const auto kind = to.kind;
  const auto fits = [&] {
    switch (from.kind) {
      case TypeKind::null_: return kind == Kind::null_;
      case TypeKind::boolean: return kind == Kind::boolean;
      case TypeKind::byte_:
      case TypeKind::short_:
      case TypeKind::integer:
      case TypeKind::date: return kind == Kind::int_;
      case TypeKind::long_: return kind == Kind::long_;
      case TypeKind::float_: return kind == Kind::float_;
      case TypeKind::double_: return kind == Kind::double_;
      case TypeKind::timestamp:
      case TypeKind::timestamp_ntz: return kind == Kind::long_ && (to.logical.empty() || to.logical.contains("timestamp-mi"));
      case TypeKind::decimal:
        return (kind == Kind::fixed || kind == Kind::bytes) && to.logical == "decimal" && to.precision == from.precision &&
               to.scale == from.scale;
      case TypeKind::string:
      case TypeKind::char_:
      case TypeKind::varchar: return kind == Kind::string || kind == Kind::enumeration;
      case TypeKind::binary: return (kind == Kind::bytes || kind == Kind::fixed) && to.logical != "decimal";
      case TypeKind::array: return kind == Kind::array;
      case TypeKind::map: return kind == Kind::map && from.key().is_textual();
      case TypeKind::struct_: return kind == Kind::record;
      default: return false;
    }
  };
  if (!fits()) return arrow::Status::Invalid("Cannot convert SQL field ", place, " (", sql_string(from), ") to this Avro type");
  if (from.is(TypeKind::array)) return check_writable(from.element(), *to.fields[0].type, place);
  if (from.is(TypeKind::map)) return check_writable(from.value(), *to.fields[0].type, place);
  if (!from.is(TypeKind::struct_)) return arrow::Status::OK();
  const auto same = [](const std::string& a, const std::string& b) {
    return std::ranges::equal(a, b, [](char x, char y) {
      return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
    });
  };
  for (const auto& field : from.fields) {
    const auto found = std::ranges::find_if(to.fields, [&](const Field& wanted) { return same(wanted.name, field.name); });
    const auto inner = place.empty() ? field.name : place + "." + field.name;
    if (found == to.fields.end()) return arrow::Status::Invalid("Cannot find ", inner, " of the SQL schema in the Avro schema");
    ARROW_RETURN_NOT_OK(check_writable(field.type, *found->type, inner));
  }
  for (const auto& wanted : to.fields) {
    const bool known =
        std::ranges::any_of(from.fields, [&](const StructField& field) { return same(field.name, wanted.name); });
    const bool takes_null =
        wanted.type->kind == Kind::null_ ||
        (wanted.type->kind == Kind::union_ &&
         std::ranges::any_of(wanted.type->fields, [](const Field& branch) { return branch.type->kind == Kind::null_; }));
    if (!known && !takes_null)
      return arrow::Status::Invalid("Found field '", wanted.name,
                                    "' in the Avro schema but there is no match in the SQL schema");
  }
  return arrow::Status::OK();
}

const Type* nullable_branch(const Type& type) {
  if (type.kind != Kind::union_ || type.fields.size() > 2) return nullptr;
  const Type* other = nullptr;
  for (const auto& branch : type.fields) {
    if (branch.type->kind == Kind::null_) continue;
    if (other != nullptr) return nullptr;
    other = branch.type.get();
  }
  return other;
}

bool is_numeric_union(const Type& type) {
  if (type.kind != Kind::union_) return false;
  bool whole = true;
  bool real = true;
  std::size_t count = 0;
  for (const auto& branch : type.fields) {
    const auto kind = branch.type->kind;
    if (kind == Kind::null_) continue;
    ++count;
    whole = whole && (kind == Kind::int_ || kind == Kind::long_);
    real = real && (kind == Kind::float_ || kind == Kind::double_);
  }
  return count > 1 && (whole || real);
}

std::shared_ptr<arrow::DataType> arrow_type(const Type& type) {
  switch (type.kind) {
    case Kind::null_: return arrow::null();
    case Kind::boolean: return arrow::boolean();
    case Kind::int_: return type.logical == "date" ? arrow::date32() : arrow::int32();
    case Kind::long_: return type.logical.contains("timestamp-mi") ? arrow::timestamp(arrow::TimeUnit::MICRO) : arrow::int64();
    case Kind::float_: return arrow::float32();
    case Kind::double_: return arrow::float64();
    case Kind::bytes:
    case Kind::fixed: return type.logical == "decimal" ? arrow::decimal128(type.precision, type.scale) : arrow::binary();
    case Kind::string:
    case Kind::enumeration: return arrow::utf8();
    case Kind::array: return arrow::list(arrow_type(*type.fields.at(0).type));
    case Kind::map: return arrow::map(arrow::utf8(), arrow_type(*type.fields.at(0).type));
    case Kind::record: break;
    case Kind::union_:
      if (const auto* one = nullable_branch(type)) return arrow_type(*one);
      if (is_numeric_union(type)) {
        const bool real =
            std::ranges::any_of(type.fields, [](const Field& branch) { return branch.type->kind == Kind::double_; });
        return real ? arrow::float64() : arrow::int64();
      }
      break;
  }
  arrow::FieldVector fields;
  for (const auto& field : type.fields)
    if (field.type->kind != Kind::null_ || type.kind == Kind::record)
      fields.push_back(arrow::field(type.kind == Kind::record ? field.name : fmt::format("member{}", fields.size()),
                                    arrow_type(*field.type)));
  return arrow::struct_(fields);
}

DataType spark_type(const Type& type) {
  switch (type.kind) {
    case Kind::null_: return types::null();
    case Kind::boolean: return types::boolean();
    case Kind::int_: return type.logical == "date" ? types::date() : types::integer();
    case Kind::long_:
      if (type.logical.starts_with("timestamp-mi")) return types::timestamp();
      return type.logical.starts_with("local-timestamp-mi") ? types::timestamp_ntz() : types::long_type();
    case Kind::float_: return types::float_type();
    case Kind::double_: return types::double_type();
    case Kind::bytes:
    case Kind::fixed: return type.logical == "decimal" ? types::decimal(type.precision, type.scale) : types::binary();
    case Kind::string:
    case Kind::enumeration: return types::string();
    case Kind::array: return types::array(spark_type(*type.fields.at(0).type));
    case Kind::map: return types::map(types::string(), spark_type(*type.fields.at(0).type));
    case Kind::record: break;
    case Kind::union_:
      if (const auto* one = nullable_branch(type)) return spark_type(*one);
      if (is_numeric_union(type)) {
        const bool real = arrow_type(type)->id() == arrow::Type::DOUBLE;
        return real ? types::double_type() : types::long_type();
      }
      break;
  }
  std::vector<StructField> fields;
  for (const auto& field : type.fields)
    if (field.type->kind != Kind::null_ || type.kind == Kind::record)
      fields.push_back(
          {type.kind == Kind::record ? field.name : fmt::format("member{}", fields.size()), spark_type(*field.type), true, ""});
  return types::structure(std::move(fields));
}

}  // namespace mastic::spark::avro
