// JSON texts as values. `options` are a constant text of `name=value` lines, names in lower case.
//   spark_from_json(text, witness, options, zone)   PERMISSIVE: what does not fit is NULL; FAILFAST: an error
//   spark_json_records(text, witness, options, zone, path)   a file's record as a list of rows, in the mode of the options
//   spark_get_json_object(text, path), spark_json_field(text, name) (json_tuple)
//   spark_json_array_length(text), spark_json_object_keys(text)
//   spark_schema_of_json(text, options)             a type as DDL
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <duckdb/common/types/blob.hpp>
#include <limits>
#include <map>
#include <memory>

#include "engine/functions/json_shape.h"
#include "engine/functions/number_text.h"
#include "engine/functions/register.h"
#include "engine/functions/temporal_reader.h"
#include "engine/functions/variant_type.h"

namespace mastic::engine {
namespace {

using Options = NamedOptions;

/// Turns parsed JSON into values of a type; notes when something did not fit.
class Converter {
 public:
  Converter(const Options& options, const TimeZone* zone) : temporal_(options, zone) {
    const auto corrupt = options.find("columnnameofcorruptrecord");
    corrupt_ = corrupt == options.end() ? "_corrupt_record" : corrupt->second;
  }

  /// nullopt: it does not fit.
  using Converted = std::optional<Value>;

  Converted value(const Json& json, const LogicalType& type, bool& misfit) const {
    if (is_variant_type(type)) {
      VariantBuilder builder;
      if (!builder.json(json)) return std::nullopt;
      return to_value(std::move(builder).finish());
    }
    if (json.kind == Json::Kind::null) return Value(type);
    switch (type.id()) {
      case LogicalTypeId::BOOLEAN:
        if (json.kind != Json::Kind::boolean) return std::nullopt;
        return Value::BOOLEAN(json.truth);
      case LogicalTypeId::TINYINT: return integer<int8_t>(json);
      case LogicalTypeId::SMALLINT: return integer<int16_t>(json);
      case LogicalTypeId::INTEGER: return integer<int32_t>(json);
      case LogicalTypeId::BIGINT: return integer<int64_t>(json);
      case LogicalTypeId::FLOAT:
      case LogicalTypeId::DOUBLE: return real(json, type);
      case LogicalTypeId::DECIMAL: return decimal(json, type);
      case LogicalTypeId::VARCHAR: {
        if (json.kind == Json::Kind::text) return Value(json.text);
        std::string text;
        append_json(text, json);
        return Value(text);
      }
      case LogicalTypeId::BLOB:
        if (json.kind != Json::Kind::text) return std::nullopt;
        return base64(json.text);
      case LogicalTypeId::DATE: return date(json);
      case LogicalTypeId::TIMESTAMP: return timestamp(json, false);
      case LogicalTypeId::TIMESTAMP_TZ: return timestamp(json, true);
      case LogicalTypeId::LIST: {
        if (json.kind != Json::Kind::array) return std::nullopt;
        const auto& element = duckdb::ListType::GetChildType(type);
        duckdb::vector<Value> values;
        for (const auto& item : json.items) {
          auto one = value(item, element, misfit);
          if (!one) return std::nullopt;
          values.push_back(*std::move(one));
        }
        return Value::LIST(element, std::move(values));
      }
      case LogicalTypeId::MAP: return map(json, type, misfit);
      case LogicalTypeId::STRUCT: return structure(json, type, misfit);
      default: return std::nullopt;
    }
  }

  [[nodiscard]] bool is_corrupt_column(const std::string& name) const { return name == corrupt_; }

 private:
  template <typename T>
  static Converted integer(const Json& json) {
    if (json.kind != Json::Kind::integer) return std::nullopt;
    int64_t number = 0;
    const auto* end = json.text.data() + json.text.size();
    const auto [stop, error] = std::from_chars(json.text.data(), end, number);
    if (error != std::errc() || stop != end || number < std::numeric_limits<T>::min() || number > std::numeric_limits<T>::max())
      return std::nullopt;
    return Value::CreateValue<T>(static_cast<T>(number));
  }

  static Converted real(const Json& json, const LogicalType& type) {
    double number = 0;
    if (json.kind == Json::Kind::text) {
      static constexpr std::string_view words[] = {"NaN", "+INF", "-INF", "+Infinity", "Infinity", "-Infinity"};
      if (std::ranges::find(words, std::string_view(json.text)) == std::end(words)) return std::nullopt;
      number = *parse_double(json.text);
    } else if (json.kind == Json::Kind::integer || json.kind == Json::Kind::real) {
      number = json.text == "NaN" ? std::numeric_limits<double>::quiet_NaN() : std::strtod(json.text.c_str(), nullptr);
    } else {
      return std::nullopt;
    }
    if (type.id() == LogicalTypeId::FLOAT) return Value::FLOAT(static_cast<float>(number));
    return Value::DOUBLE(number);
  }

  static Converted decimal(const Json& json, const LogicalType& type) {
    if (json.kind != Json::Kind::integer && json.kind != Json::Kind::real && json.kind != Json::Kind::text) return std::nullopt;
    const auto width = duckdb::DecimalType::GetWidth(type);
    const auto scale = duckdb::DecimalType::GetScale(type);
    const auto unscaled = parse_decimal(json.text, width, scale);
    if (!unscaled) return std::nullopt;
    return with_decimal_storage(type, [&]<typename T>() { return Value::DECIMAL(to_storage<T>(*unscaled), width, scale); });
  }

  static Converted base64(const std::string& text) {
    try {
      const duckdb::string_t encoded(text.data(), static_cast<uint32_t>(text.size()));
      std::string bytes(duckdb::Blob::FromBase64Size(encoded), '\0');
      duckdb::Blob::FromBase64(encoded, duckdb::data_ptr_cast(bytes.data()), bytes.size());
      return blob_value(bytes);
    } catch (const duckdb::Exception&) {
      return std::nullopt;
    }
  }

  [[nodiscard]] Converted date(const Json& json) const {
    if (json.kind != Json::Kind::text) return std::nullopt;
    return temporal_.date(json.text);
  }

  [[nodiscard]] Converted timestamp(const Json& json, bool instant) const {
    if (json.kind == Json::Kind::integer && instant) {
      const auto seconds = parse_integer(json.text, false);
      if (!seconds) return std::nullopt;
      return Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(*seconds * microseconds_per_second));
    }
    if (json.kind != Json::Kind::text) return std::nullopt;
    return temporal_.timestamp(json.text, instant);
  }

  Converted map(const Json& json, const LogicalType& type, bool& misfit) const {
    if (json.kind != Json::Kind::object) return std::nullopt;
    const auto& key_type = duckdb::MapType::KeyType(type);
    const auto& value_type = duckdb::MapType::ValueType(type);
    std::vector<std::string> names;
    duckdb::vector<Value> values;
    for (const auto& [name, member] : json.members) {
      auto one = value(member, value_type, misfit);
      if (!one) return std::nullopt;
      const auto known = std::ranges::find(names, name);
      if (known != names.end()) {
        values[static_cast<std::size_t>(known - names.begin())] = *std::move(one);
        continue;
      }
      names.push_back(name);
      values.push_back(*std::move(one));
    }
    duckdb::vector<Value> keys;
    for (auto& name : names) keys.emplace_back(std::move(name));
    return Value::MAP(key_type, value_type, std::move(keys), std::move(values));
  }

  Converted structure(const Json& json, const LogicalType& type, bool& misfit) const {
    if (json.kind != Json::Kind::object) return std::nullopt;
    duckdb::vector<Value> values;
    for (const auto& [name, member_type] : duckdb::StructType::GetChildTypes(type)) {
      const auto* member = json.find(name);
      auto one = member == nullptr ? Converted(Value(member_type)) : value(*member, member_type, misfit);
      misfit |= !one;
      values.push_back(one ? *std::move(one) : Value(member_type));
    }
    return Value::STRUCT(type, std::move(values));
  }

  TemporalReader temporal_;
  std::string corrupt_;
};

bool blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos; }

/// A struct of NULLs, the text itself in the column for corrupt records.
Value corrupt_row(const LogicalType& type, const Converter& converter, const std::string& text) {
  duckdb::vector<Value> values;
  for (const auto& [name, member] : duckdb::StructType::GetChildTypes(type))
    values.push_back(converter.is_corrupt_column(name) && member.id() == LogicalTypeId::VARCHAR ? Value(text) : Value(member));
  return Value::STRUCT(type, std::move(values));
}

void mark_corrupt(Value& row, const LogicalType& type, const Converter& converter, const std::string& text) {
  auto values = duckdb::StructValue::GetChildren(row);
  const auto& members = duckdb::StructType::GetChildTypes(type);
  for (std::size_t i = 0; i < members.size(); ++i)
    if (converter.is_corrupt_column(members[i].first) && members[i].second.id() == LogicalTypeId::VARCHAR)
      values[i] = Value(text);
  row = Value::STRUCT(type, std::move(values));
}

BindResult bind_from_json(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const auto zone_name = take_constant(context, function, arguments, 3).ToString();
  const auto options = parse_named_options(take_constant(context, function, arguments, 2).ToString());
  const auto type = take_witness(function, arguments, 1);
  const auto* zone = TimeZone::find(options.contains("timezone") ? options.at("timezone") : zone_name);
  const auto converter = std::make_shared<Converter>(options, zone == nullptr ? TimeZone::find("UTC") : zone);
  const auto mode = options.find("mode");
  const bool fail_fast = mode != options.end() && duckdb::StringUtil::Upper(mode->second) == "FAILFAST";
  const auto reading = json_reading_of(options);
  function.return_type = type;
  const bool structured = type.id() == LogicalTypeId::STRUCT && !is_variant_type(type);
  function.function = [=](DataChunk& input, ExpressionState&, Vector& result) {
    result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
    for (idx_t row = 0; row < input.size(); ++row) {
      const auto value = input.data[0].GetValue(row);
      if (value.IsNull() || blank(duckdb::StringValue::Get(value))) {
        result.SetValue(row, Value(type));
        continue;
      }
      const auto& text = duckdb::StringValue::Get(value);
      bool misfit = false;
      auto json = read_json(text, reading);
      // An object stands for an array of one struct.
      if (json && json->kind == Json::Kind::object && type.id() == LogicalTypeId::LIST &&
          duckdb::ListType::GetChildType(type).id() == LogicalTypeId::STRUCT) {
        Json array;
        array.kind = Json::Kind::array;
        array.items.push_back(*std::move(json));
        json = std::move(array);
      }
      auto converted = json ? converter->value(*json, type, misfit) : std::nullopt;
      if (converted && structured && converted->IsNull()) converted.reset();
      if ((!converted || misfit) && fail_fast)
        throw_spark_error("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                          {{"badRecord", "[null]"}, {"failFastMode", "FAILFAST"}});
      if (!converted) {
        result.SetValue(row, structured ? corrupt_row(type, *converter, text) : Value(type));
        continue;
      }
      if (misfit && structured) mark_corrupt(*converted, type, *converter, text);
      result.SetValue(row, *converted);
    }
  };
  return nullptr;
}

/// A file's record: its rows.
class RecordReader {
 public:
  RecordReader(const Options& options, const TimeZone* zone, LogicalType type)
      : converter_(options, zone), reading_(json_reading_of(options)), type_(std::move(type)) {
    const auto mode = duckdb::StringUtil::Upper(option_or(options, "mode", "PERMISSIVE"));
    fail_fast_ = mode == "FAILFAST";
    drops_ = mode == "DROPMALFORMED";
  }

  duckdb::vector<Value> rows(const std::string& text, const Value& path) const {
    duckdb::vector<Value> rows;
    if (blank(text)) return rows;
    const auto json = read_json(text, reading_);
    if (!json) {
      add(rows, std::nullopt, false, text, path);
    } else if (json->kind == Json::Kind::array) {
      for (const auto& item : json->items) convert(rows, item, text, path);
    } else {
      convert(rows, *json, text, path);
    }
    return rows;
  }

 private:
  void convert(duckdb::vector<Value>& rows, const Json& json, const std::string& text, const Value& path) const {
    bool misfit = false;
    auto row = converter_.value(json, type_, misfit);
    if (row && row->IsNull()) row.reset();
    add(rows, std::move(row), misfit, text, path);
  }

  void add(duckdb::vector<Value>& rows, std::optional<Value> row, bool misfit, const std::string& text,
           const Value& path) const {
    if (row && !misfit) {
      rows.push_back(*std::move(row));
      return;
    }
    if (fail_fast_) throw_spark_error("FAILED_READ_FILE.NO_HINT", {{"path", path.IsNull() ? "" : path.ToString()}});
    if (drops_) return;
    if (row) {
      mark_corrupt(*row, type_, converter_, text);
    } else {
      row = corrupt_row(type_, converter_, text);
    }
    rows.push_back(*std::move(row));
  }

  Converter converter_;
  JsonReading reading_;
  LogicalType type_;
  bool fail_fast_ = false;
  bool drops_ = false;
};

BindResult bind_records(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const auto zone_name = take_constant(context, function, arguments, 3).ToString();
  const auto options = parse_named_options(take_constant(context, function, arguments, 2).ToString());
  const auto type = take_witness(function, arguments, 1);
  const auto* zone = TimeZone::find(option_or(options, "timezone", zone_name));
  const auto reader = std::make_shared<RecordReader>(options, zone == nullptr ? TimeZone::find("UTC") : zone, type);
  function.return_type = LogicalType::LIST(type);
  function.function = [=](DataChunk& input, ExpressionState&, Vector& result) {
    result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
    for (idx_t row = 0; row < input.size(); ++row) {
      const auto text = input.data[0].GetValue(row);
      result.SetValue(row, text.IsNull()
                               ? Value::LIST(type, duckdb::vector<Value>{})
                               : Value::LIST(type, reader->rows(duckdb::StringValue::Get(text), input.data[1].GetValue(row))));
    }
  };
  return nullptr;
}

void get_json_object(DataChunk& input, ExpressionState&, Vector& result) {
  std::string last;
  std::optional<std::vector<JsonStep>> path;
  bool any = false;
  duckdb::BinaryExecutor::ExecuteWithNulls<string_t, string_t, string_t>(
      input.data[0], input.data[1], result, input.size(),
      [&](string_t text, string_t wanted, ValidityMask& mask, idx_t row) -> string_t {
        if (!any || last != view(wanted)) {
          any = true;
          last = view(wanted);
          path = parse_json_path(last);
        }
        const auto json = path ? read_json(view(text)) : std::nullopt;
        const auto found = json ? json_at(*json, *path) : std::nullopt;
        if (found) return add_string(result, *found);
        mask.SetInvalid(row);
        return string_t();
      });
}

void json_field(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::ExecuteWithNulls<string_t, string_t, string_t>(
      input.data[0], input.data[1], result, input.size(),
      [&](string_t text, string_t name, ValidityMask& mask, idx_t row) -> string_t {
        const auto json = read_json(view(text));
        const auto* member = json && json->kind == Json::Kind::object ? json->find(view(name)) : nullptr;
        if (member == nullptr || member->kind == Json::Kind::null) {
          mask.SetInvalid(row);
          return string_t();
        }
        if (member->kind == Json::Kind::text) return add_string(result, member->text);
        std::string out;
        append_json(out, *member);
        return add_string(result, out);
      });
}

void array_length(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::ExecuteWithNulls<string_t, int32_t>(input.data[0], result, input.size(),
                                                             [](string_t text, ValidityMask& mask, idx_t row) {
                                                               const auto json = read_json(view(text));
                                                               if (!json || json->kind != Json::Kind::array) {
                                                                 mask.SetInvalid(row);
                                                                 return 0;
                                                               }
                                                               return static_cast<int32_t>(json->items.size());
                                                             });
}

void object_keys(DataChunk& input, ExpressionState&, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < input.size(); ++row) {
    const auto value = input.data[0].GetValue(row);
    const auto json = value.IsNull() ? std::nullopt : read_json(duckdb::StringValue::Get(value));
    if (!json || json->kind != Json::Kind::object) {
      result.SetValue(row, Value(result.GetType()));
      continue;
    }
    duckdb::vector<Value> keys;
    for (const auto& [name, member] : json->members) keys.emplace_back(name);
    result.SetValue(row, Value::LIST(LogicalType::VARCHAR, std::move(keys)));
  }
}

BindResult bind_schema(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const auto options = parse_named_options(take_constant(context, function, arguments, 1).ToString());
  function.function = [options](DataChunk& input, ExpressionState&, Vector& result) {
    duckdb::UnaryExecutor::Execute<string_t, string_t>(input.data[0], result, input.size(), [&](string_t text) {
      const auto json = read_json(view(text), json_reading_of(options));
      if (!json)
        throw_java_error(
            "com.fasterxml.jackson.core.JsonParseException",
            "(com.fasterxml.jackson.core.JsonParseException) Unrecognized token in '" + std::string(view(text)) + "'");
      return add_string(result, json_shape_of(*json, options).ddl());
    });
  };
  return nullptr;
}

}  // namespace

void register_json_read_functions(duckdb::ExtensionLoader& loader) {
  const auto text = LogicalType::VARCHAR;
  loader.RegisterFunction(
      kernel("spark_from_json", {text, LogicalType::ANY, text, text}, LogicalType::ANY, nullptr, bind_from_json));
  loader.RegisterFunction(kernel("spark_json_records", {text, LogicalType::ANY, text, text, text},
                                 LogicalType::LIST(LogicalType::ANY), nullptr, bind_records));
  loader.RegisterFunction(kernel("spark_get_json_object", {text, text}, text, get_json_object));
  loader.RegisterFunction(kernel("spark_json_field", {text, text}, text, json_field));
  loader.RegisterFunction(kernel("spark_json_array_length", {text}, LogicalType::INTEGER, array_length));
  loader.RegisterFunction(kernel("spark_json_object_keys", {text}, LogicalType::LIST(text), object_keys));
  loader.RegisterFunction(kernel("spark_schema_of_json", {text, text}, text, nullptr, bind_schema));
}

}  // namespace mastic::engine
