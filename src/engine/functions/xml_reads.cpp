// XML's elements as values, by the rules of Spark's StaxXmlParser. `options`: see named_options.h.
//   spark_from_xml(text, witness, options, zone)            PERMISSIVE: what does not fit is NULL; FAILFAST: an error
//   spark_xml_records(text, witness, options, zone, path)   a file's record as a list of rows, in the mode of the options
//   spark_schema_of_xml(text, options)                      the type that the element seems to have, as DDL
#include <libxml/tree.h>

#include <memory>

#include "engine/functions/number_text.h"
#include "engine/functions/register.h"
#include "engine/functions/temporal_reader.h"
#include "engine/functions/xml_nodes.h"
#include "engine/functions/xml_shape.h"

namespace mastic::engine {
namespace {

using Converted = std::optional<Value>;  // nullopt: it does not fit

class XmlConverter {
 public:
  XmlConverter(const NamedOptions& options, const TimeZone* zone)
      : reading_(options),
        temporal_(options, zone),
        validation_(option_or(options, "rowvalidationxsdpath", "")),
        corrupt_(option_or(options, "columnnameofcorruptrecord", "_corrupt_record")),
        mode_(duckdb::StringUtil::Upper(option_or(options, "mode", "PERMISSIVE"))) {}

  /// The record's row; `misfit`: some of it did not fit and is NULL. nullopt: nothing is to be had of it.
  Converted row(const std::string& text, const LogicalType& type, bool& misfit) const {
    const auto document = xml::parse(text);
    auto* root = xml::root_of(document);
    if (root == nullptr || !validation_.allows(document)) return std::nullopt;
    return object(root, type, true, misfit);
  }

  /// What a record's row becomes that is malformed, in mode PERMISSIVE.
  Value marked(Converted row, const LogicalType& type, const std::string& text) const {
    const auto& members = duckdb::StructType::GetChildTypes(type);
    auto values = row ? duckdb::StructValue::GetChildren(*row) : duckdb::vector<Value>();
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (!row) values.emplace_back(members[i].second);
      if (members[i].first == corrupt_ && members[i].second.id() == LogicalTypeId::VARCHAR) values[i] = Value(text);
    }
    return Value::STRUCT(type, std::move(values));
  }

  [[nodiscard]] bool fails_fast() const { return mode_ == "FAILFAST"; }
  [[nodiscard]] bool drops() const { return mode_ == "DROPMALFORMED"; }

 private:
  using Members = duckdb::child_list_t<LogicalType>;

  static std::optional<std::size_t> position(const Members& members, const std::string& name) {
    for (std::size_t i = 0; i < members.size(); ++i)
      if (members[i].first == name) return i;
    for (std::size_t i = 0; i < members.size(); ++i)
      if (duckdb::StringUtil::CIEquals(members[i].first, name)) return i;
    return std::nullopt;
  }

  /// A structure of an element's content, and with `attributes` of these too.
  Converted object(xmlNode* node, const LogicalType& type, bool attributes, bool& misfit) const {
    const auto& members = duckdb::StructType::GetChildTypes(type);
    duckdb::vector<Value> values;
    for (const auto& member : members) values.emplace_back(member.second);
    std::vector<duckdb::vector<Value>> lists(members.size());
    if (attributes && !take_attributes(node, members, values)) return std::nullopt;
    for (auto* child = node->children; child != nullptr; child = child->next) {
      const bool text = xml::is_text(child);
      if (child->type != XML_ELEMENT_NODE && (!text || xml::without_blanks(xml::view(child->content)).empty())) continue;
      const auto at = position(members, text ? reading_.value_tag : xml::name_of(child, reading_));
      if (!at) continue;
      const auto& member = members[*at].second;
      const bool list = member.id() == LogicalTypeId::LIST;
      const auto& one_type = list ? duckdb::ListType::GetChildType(member) : member;
      auto one = text ? scalar(xml::view(child->content), one_type) : element(child, one_type);
      if (!one) {
        misfit = true;
      } else if (list) {
        lists[*at].push_back(*std::move(one));
      } else {
        values[*at] = *std::move(one);
      }
    }
    for (std::size_t i = 0; i < members.size(); ++i)
      if (!lists[i].empty()) values[i] = Value::LIST(duckdb::ListType::GetChildType(members[i].second), std::move(lists[i]));
    return Value::STRUCT(type, std::move(values));
  }

  bool take_attributes(xmlNode* node, const Members& members, duckdb::vector<Value>& values, bool* any = nullptr) const {
    for (const auto& [name, text] : xml::attributes_of(node, reading_)) {
      const auto at = position(members, name);
      if (!at) continue;
      auto value = scalar(text, members[*at].second);
      if (!value) return false;
      values[*at] = *std::move(value);
      if (any != nullptr) *any = true;
    }
    return true;
  }

  /// What does not fit inside makes the whole not fit.
  Converted element(xmlNode* node, const LogicalType& type) const {
    bool misfit = false;
    auto value = type.id() == LogicalTypeId::STRUCT ? structure(node, type, misfit) : field(node, type, misfit);
    return misfit ? std::nullopt : std::move(value);
  }

  Converted structure(xmlNode* node, const LogicalType& type, bool& misfit) const {
    if (!xml::elements_of(node).empty() || !xml::without_blanks(xml::own_text(node)).empty())
      return object(node, type, true, misfit);
    const auto& members = duckdb::StructType::GetChildTypes(type);
    duckdb::vector<Value> values;
    for (const auto& member : members) values.emplace_back(member.second);
    bool any = position(members, reading_.value_tag).has_value();
    if (!take_attributes(node, members, values, &any)) return std::nullopt;
    return any ? Value::STRUCT(type, std::move(values)) : Value(type);
  }

  Converted field(xmlNode* node, const LogicalType& type, bool& misfit) const {
    switch (type.id()) {
      case LogicalTypeId::STRUCT: return structure(node, type, misfit);
      case LogicalTypeId::MAP: return map(node, type, misfit);
      case LogicalTypeId::LIST: {
        const auto& one_type = duckdb::ListType::GetChildType(type);
        auto one = element(node, one_type);
        if (!one) return std::nullopt;
        return Value::LIST(one_type, {*std::move(one)});
      }
      case LogicalTypeId::VARCHAR: return scalar(xml::inner_text(node), type);
      default: break;
    }
    const auto* first = node->children;
    while (first != nullptr && !xml::is_text(first) && first->type != XML_ELEMENT_NODE) first = first->next;
    if (first != nullptr && first->type == XML_ELEMENT_NODE) return std::nullopt;
    const auto text = first == nullptr ? std::string() : std::string(xml::view(first->content));
    if (xml::without_blanks(text).empty()) return xml::elements_of(node).empty() ? Converted(Value(type)) : std::nullopt;
    return scalar(text, type);
  }

  Converted map(xmlNode* node, const LogicalType& type, bool& misfit) const {
    const auto& value_type = duckdb::MapType::ValueType(type);
    std::vector<std::pair<std::string, Value>> entries;
    const auto add = [&](const std::string& key, Converted value) {
      if (!value) {
        misfit = true;
        return;
      }
      for (auto& entry : entries)
        if (entry.first == key) {
          entry.second = *std::move(value);
          return;
        }
      entries.emplace_back(key, *std::move(value));
    };
    for (const auto& [name, text] : xml::attributes_of(node, reading_)) add(name, scalar(text, value_type));
    for (auto* child = node->children; child != nullptr; child = child->next) {
      if (child->type == XML_ELEMENT_NODE) {
        add(xml::name_of(child, reading_), element(child, value_type));
      } else if (xml::is_text(child) && !xml::without_blanks(xml::view(child->content)).empty()) {
        add(reading_.value_tag, scalar(xml::view(child->content), value_type));
      }
    }
    duckdb::vector<Value> keys;
    duckdb::vector<Value> values;
    for (auto& [key, value] : entries) {
      keys.emplace_back(key);
      values.push_back(std::move(value));
    }
    return Value::MAP(duckdb::MapType::KeyType(type), value_type, std::move(keys), std::move(values));
  }

  [[nodiscard]] Converted scalar(std::string_view written, const LogicalType& type) const {
    const auto value = reading_.value(written);
    if (!value) return Value(type);
    const std::string text(*value);
    switch (type.id()) {
      case LogicalTypeId::VARCHAR: return Value(text);
      case LogicalTypeId::BOOLEAN: {
        const auto word = duckdb::StringUtil::Lower(text);
        if (word == "true" || word == "1") return Value::BOOLEAN(true);
        if (word == "false" || word == "0") return Value::BOOLEAN(false);
        return std::nullopt;
      }
      case LogicalTypeId::TINYINT: return integer<int8_t>(text);
      case LogicalTypeId::SMALLINT: return integer<int16_t>(text);
      case LogicalTypeId::INTEGER: return integer<int32_t>(text);
      case LogicalTypeId::BIGINT: return integer<int64_t>(text);
      case LogicalTypeId::FLOAT:
      case LogicalTypeId::DOUBLE: {
        const auto number = parse_double(text);
        if (!number) return std::nullopt;
        return type.id() == LogicalTypeId::FLOAT ? Value::FLOAT(static_cast<float>(*number)) : Value::DOUBLE(*number);
      }
      case LogicalTypeId::DECIMAL: {
        const auto width = duckdb::DecimalType::GetWidth(type);
        const auto scale = duckdb::DecimalType::GetScale(type);
        std::string digits = text;
        std::erase(digits, ',');
        const auto unscaled = parse_decimal(digits, width, scale);
        if (!unscaled) return std::nullopt;
        return with_decimal_storage(type, [&]<typename T>() { return Value::DECIMAL(to_storage<T>(*unscaled), width, scale); });
      }
      case LogicalTypeId::DATE: return temporal_.date(text);
      case LogicalTypeId::TIMESTAMP: return temporal_.timestamp(text, false);
      case LogicalTypeId::TIMESTAMP_TZ: return temporal_.timestamp(text, true);
      case LogicalTypeId::LIST: {
        const auto& one_type = duckdb::ListType::GetChildType(type);
        auto one = scalar(written, one_type);
        if (!one) return std::nullopt;
        return Value::LIST(one_type, {*std::move(one)});
      }
      case LogicalTypeId::STRUCT: {  // a text where an element was expected: its value
        const auto& members = duckdb::StructType::GetChildTypes(type);
        const auto at = position(members, reading_.value_tag);
        if (!at) return std::nullopt;
        duckdb::vector<Value> values;
        for (const auto& member : members) values.emplace_back(member.second);
        auto one = scalar(written, members[*at].second);
        if (!one) return std::nullopt;
        values[*at] = *std::move(one);
        return Value::STRUCT(type, std::move(values));
      }
      default: return std::nullopt;
    }
  }

  template <typename T>
  static Converted integer(const std::string& text) {
    const auto number = parse_integer(text.starts_with('+') ? text.substr(1) : text, false);
    if (!number || *number < std::numeric_limits<T>::min() || *number > std::numeric_limits<T>::max()) return std::nullopt;
    return Value::CreateValue<T>(static_cast<T>(*number));
  }

  xml::Reading reading_;
  TemporalReader temporal_;
  xml::Validation validation_;
  std::string corrupt_;
  std::string mode_;
};

struct Bound {
  LogicalType type;
  std::shared_ptr<XmlConverter> converter;
};

/// Takes the arguments after the text: witness, options, zone.
Bound bind_converter(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const auto zone_name = take_constant(context, function, arguments, 3).ToString();
  const auto options = parse_named_options(take_constant(context, function, arguments, 2).ToString());
  const auto type = take_witness(function, arguments, 1);
  const auto* zone = TimeZone::find(option_or(options, "timezone", zone_name));
  return {type, std::make_shared<XmlConverter>(options, zone == nullptr ? TimeZone::find("UTC") : zone)};
}

BindResult bind_from_xml(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const auto [type, converter] = bind_converter(context, function, arguments);
  function.return_type = type;
  function.function = [type, converter](DataChunk& input, ExpressionState&, Vector& result) {
    result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
    for (idx_t row = 0; row < input.size(); ++row) {
      const auto value = input.data[0].GetValue(row);
      if (value.IsNull()) {
        result.SetValue(row, Value(type));
        continue;
      }
      const auto& text = duckdb::StringValue::Get(value);
      bool misfit = false;
      auto converted = converter->row(text, type, misfit);
      if (converted && !misfit) {
        result.SetValue(row, *converted);
        continue;
      }
      if (converter->fails_fast())
        throw_spark_error("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                          {{"badRecord", "[null]"}, {"failFastMode", "FAILFAST"}});
      result.SetValue(row, converter->marked(std::move(converted), type, text));
    }
  };
  return nullptr;
}

BindResult bind_records(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const auto [type, converter] = bind_converter(context, function, arguments);
  function.return_type = LogicalType::LIST(type);
  function.function = [type, converter](DataChunk& input, ExpressionState&, Vector& result) {
    result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
    for (idx_t row = 0; row < input.size(); ++row) {
      duckdb::vector<Value> rows;
      if (const auto value = input.data[0].GetValue(row); !value.IsNull()) {
        const auto& text = duckdb::StringValue::Get(value);
        bool misfit = false;
        auto converted = converter->row(text, type, misfit);
        if (converted && !misfit) {
          rows.push_back(*std::move(converted));
        } else if (converter->fails_fast()) {
          throw_spark_error("FAILED_READ_FILE.NO_HINT", {{"path", input.data[1].GetValue(row).ToString()}});
        } else if (!converter->drops()) {
          rows.push_back(converter->marked(std::move(converted), type, text));
        }
      }
      result.SetValue(row, Value::LIST(type, std::move(rows)));
    }
  };
  return nullptr;
}

BindResult bind_schema(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const auto options = parse_named_options(take_constant(context, function, arguments, 1).ToString());
  const auto inference = std::make_shared<xml::Inference>(options);
  function.function = [inference](DataChunk& input, ExpressionState&, Vector& result) {
    duckdb::UnaryExecutor::Execute<string_t, string_t>(input.data[0], result, input.size(), [&](string_t text) {
      const auto document = xml::parse(view(text));
      auto* root = xml::root_of(document);
      return add_string(result, root == nullptr ? "STRUCT<>" : inference->shape_of(root).ddl());
    });
  };
  return nullptr;
}

}  // namespace

void register_xml_read_functions(duckdb::ExtensionLoader& loader) {
  const auto text = LogicalType::VARCHAR;
  const auto any = LogicalType::ANY;
  loader.RegisterFunction(kernel("spark_from_xml", {text, any, text, text}, any, nullptr, bind_from_xml));
  loader.RegisterFunction(
      kernel("spark_xml_records", {text, any, text, text, text}, LogicalType::LIST(any), nullptr, bind_records));
  loader.RegisterFunction(kernel("spark_schema_of_xml", {text, text}, text, nullptr, bind_schema));
}

}  // namespace mastic::engine
