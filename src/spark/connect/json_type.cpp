#include "spark/connect/json_type.h"

#include <fmt/format.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include "spark/sql/parser.h"

namespace mastic::spark_connect {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using spark::DataType;
using spark::SparkResult;

constexpr int nesting_max = 100;

spark::SparkError invalid(const std::string& text) {
  return spark::runtime_error("INVALID_JSON_DATA_TYPE", {{"invalidType", text}},
                              "org.apache.spark.SparkIllegalArgumentException");
}

std::string json_of(const google::protobuf::Message& value) {
  std::string text;
  (void)google::protobuf::util::MessageToJsonString(value, &text);
  return text;
}

const Value* member(const Struct& object, const std::string& name) {
  const auto found = object.fields().find(name);
  return found == object.fields().end() ? nullptr : &found->second;
}

bool flag(const Struct& object, const std::string& name) {
  const Value* value = member(object, name);
  return value == nullptr || value->bool_value();
}

SparkResult<DataType> type_of(const Value& value, int depth);

SparkResult<DataType> member_type(const Struct& object, const std::string& name, int depth) {
  const Value* value = member(object, name);
  if (value == nullptr) return fail(invalid(json_of(object)));
  return type_of(*value, depth + 1);
}

SparkResult<DataType> struct_of(const Struct& object, int depth) {
  const Value* fields = member(object, "fields");
  if (fields == nullptr || !fields->has_list_value()) return fail(invalid(json_of(object)));
  std::vector<spark::StructField> result;
  for (const Value& field : fields->list_value().values()) {
    if (!field.has_struct_value()) return fail(invalid(json_of(field)));
    const Struct& parts = field.struct_value();
    const Value* name = member(parts, "name");
    if (name == nullptr) return fail(invalid(json_of(field)));
    TRY(type, member_type(parts, "type", depth));
    const Value* metadata = member(parts, "metadata");
    const bool has_metadata = metadata != nullptr && metadata->has_struct_value() && metadata->struct_value().fields_size() > 0;
    result.push_back({.name = name->string_value(),
                      .type = std::move(type),
                      .nullable = flag(parts, "nullable"),
                      .metadata_json = has_metadata ? json_of(*metadata) : std::string()});
  }
  return spark::types::structure(std::move(result));
}

/// The names that differ from SQL's words.
SparkResult<DataType> atom_of(const std::string& name) {
  if (name == "integer") return spark::types::integer();
  if (name == "long") return spark::types::long_type();
  if (name == "short") return spark::types::short_type();
  if (name == "byte") return spark::types::byte();
  if (name == "void" || name == "null") return spark::types::null();
  auto type = spark::sql::parse_data_type(name);
  if (!type) return fail(invalid(name));
  return *std::move(type);
}

SparkResult<DataType> type_of(const Value& value, int depth) {
  if (depth > nesting_max) return fail(invalid("a type that is nested too deeply"));
  if (value.kind_case() == Value::kStringValue) return atom_of(value.string_value());
  if (!value.has_struct_value()) return fail(invalid(json_of(value)));
  const Struct& object = value.struct_value();
  const Value* kind = member(object, "type");
  const std::string word = kind == nullptr ? "" : kind->string_value();
  if (word == "struct") return struct_of(object, depth);
  if (word == "array") {
    TRY(element, member_type(object, "elementType", depth));
    return spark::types::array(std::move(element), flag(object, "containsNull"));
  }
  if (word == "map") {
    TRY(key, member_type(object, "keyType", depth));
    TRY(mapped, member_type(object, "valueType", depth));
    return spark::types::map(std::move(key), std::move(mapped), flag(object, "valueContainsNull"));
  }
  if (word == "udt") {
    TRY(sql_type, member_type(object, "sqlType", depth));
    const auto text = [&](const char* name) {
      const Value* value = member(object, name);
      return value == nullptr ? std::string() : value->string_value();
    };
    return spark::types::user_defined(std::move(sql_type), text("class"), text("pyClass"), text("serializedClass"));
  }
  return fail(invalid(json_of(value)));
}

}  // namespace

SparkResult<DataType> parse_json_type(std::string_view json) {
  Value value;
  if (!google::protobuf::util::JsonStringToMessage(std::string(json), &value).ok()) return fail(invalid(std::string(json)));
  return type_of(value, 0);
}

std::string to_ddl(const DataType& type) {
  if (type.kind != spark::TypeKind::struct_) return spark::sql_string(type);
  std::string out;
  for (const spark::StructField& field : type.fields) {
    // STRUCT<name: TYPE …> of the one field gives the quoting and the comment; DDL has a space for the colon.
    const std::string whole = spark::sql_string(spark::types::structure({field}));
    std::string inner = whole.substr(7, whole.size() - 8);
    const auto colon = inner.find(": ", inner.starts_with('`') ? inner.find('`', 1) : 0);
    if (colon != std::string::npos) inner.erase(colon, 1);
    if (!out.empty()) out += ',';
    out += inner;
  }
  return out;
}

}  // namespace mastic::spark_connect
