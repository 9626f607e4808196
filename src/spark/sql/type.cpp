// Data types and table schemas (Spark's DataTypeAstBuilder), and their proto form.
#include <algorithm>
#include <array>
#include <cctype>

#include "spark/plan/collations.h"
#include "spark/sql/grammar.h"

namespace mastic::spark::sql {
namespace {

struct SimpleType {
  std::string_view word;
  TypeKind kind;
};
constexpr auto simple_types = std::to_array<SimpleType>({
    {"boolean", TypeKind::boolean},
    {"tinyint", TypeKind::byte_},
    {"byte", TypeKind::byte_},
    {"smallint", TypeKind::short_},
    {"short", TypeKind::short_},
    {"int", TypeKind::integer},
    {"integer", TypeKind::integer},
    {"bigint", TypeKind::long_},
    {"long", TypeKind::long_},
    {"float", TypeKind::float_},
    {"real", TypeKind::float_},
    {"double", TypeKind::double_},
    {"date", TypeKind::date},
    {"timestamp", TypeKind::timestamp},
    {"timestamp_ltz", TypeKind::timestamp},
    {"timestamp_ntz", TypeKind::timestamp_ntz},
    {"string", TypeKind::string},
    {"binary", TypeKind::binary},
    {"void", TypeKind::null_},
    {"null", TypeKind::null_},
    {"variant", TypeKind::variant},
});

constexpr std::array<std::string_view, 4> day_time_fields{"day", "hour", "minute", "second"};
constexpr std::array<std::string_view, 2> year_month_fields{"year", "month"};

template <std::size_t N>
int field_index(const std::array<std::string_view, N>& fields, std::string_view word) {
  for (std::size_t i = 0; i < N; ++i)
    if (equal_ignoring_case(fields[i], word)) return static_cast<int>(i);
  return -1;
}

std::string quoted_json(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') json += '\\';
    if (c == '\n') {
      json += "\\n";
      continue;
    }
    if (c == '\t') {
      json += "\\t";
      continue;
    }
    if (static_cast<unsigned char>(c) < 0x20) continue;
    json += c;
  }
  return json + "\"";
}

}  // namespace

SparkResult<std::pair<int, int>> Grammar::type_parameters(int first_default, int second_default) {
  std::pair<int, int> values{first_default, second_default};
  if (!take_symbol("(")) return values;
  TRY(first, integer());
  values.first = static_cast<int>(first);
  if (take_symbol(",")) {
    TRY(second, integer());
    values.second = static_cast<int>(second);
  }
  TRY_DO(expect_symbol(")"));
  return values;
}

SparkResult<DataType> Grammar::interval_type() {
  TRY(from, name());
  std::string to = from;
  if (take_word("TO")) {
    TRY(last, name());
    to = std::move(last);
  }
  if (const int start = field_index(day_time_fields, from), end = field_index(day_time_fields, to); start >= 0 && end >= start)
    return types::day_time_interval(start, end);
  if (const int start = field_index(year_month_fields, from), end = field_index(year_month_fields, to);
      start >= 0 && end >= start)
    return types::year_month_interval(start, end);
  return fail(error_here());
}

SparkResult<DataType> Grammar::data_type() {
  const DepthGuard guard(*this);
  TRY_DO(enter());
  const Token token = peek();
  TRY(written, name());
  const std::string word = to_lower(written);
  for (const auto& simple : simple_types) {
    if (word != simple.word) continue;
    DataType type = types::of(simple.kind);
    if (word == "string" && take_word("COLLATE")) {
      TRY(parts, identifier());
      std::string written_name;
      for (const auto& part : parts) written_name += (written_name.empty() ? "" : ".") + part;
      const auto collation = parse_collation(written_name);
      if (!collation)
        return fail(runtime_error("COLLATION_INVALID_NAME",
                                  {{"collationName", written_name}, {"proposals", "UNICODE, UTF8_BINARY, UTF8_LCASE"}},
                                  "org.apache.spark.SparkException"));
      if (auto canonical = collation->name(); canonical != "UTF8_BINARY") type.collation = std::move(canonical);
    }
    return type;
  }
  if (word == "decimal" || word == "dec" || word == "numeric") {
    TRY(parameters, type_parameters(10, 0));
    if (parameters.first > 38)
      return fail(locate(analysis_error("DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
                                        {{"precision", std::to_string(parameters.first)}, {"maxPrecision", "38"}}),
                         text_, token.begin, token.end));
    return types::decimal(parameters.first, parameters.second);
  }
  if (word == "char" || word == "character" || word == "varchar") {
    if (!at_symbol("("))
      return fail(
          locate(parse_error("DATATYPE_MISSING_SIZE", {{"type", "\"" + written + "\""}}), text_, token.begin, token.end));
    TRY(parameters, type_parameters(0, 0));
    return DataType{.kind = word == "varchar" ? TypeKind::varchar : TypeKind::char_, .length = parameters.first};
  }
  if (word == "time") {
    TRY(parameters, type_parameters(6, 0));
    return DataType{.kind = TypeKind::time, .precision = parameters.first};
  }
  if (word == "interval") {
    if (!at_any_word({"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"})) return types::of(TypeKind::calendar_interval);
    return interval_type();
  }
  if (word == "array") {
    TRY_DO(expect_symbol("<"));
    TRY(element, data_type());
    TRY_DO(expect_symbol(">"));
    return types::array(std::move(element));
  }
  if (word == "map") {
    TRY_DO(expect_symbol("<"));
    TRY(key, data_type());
    TRY_DO(expect_symbol(","));
    TRY(value, data_type());
    TRY_DO(expect_symbol(">"));
    return types::map(std::move(key), std::move(value));
  }
  if (word == "struct") {
    std::vector<StructField> fields;
    if (take_symbol("<>")) return types::structure({});
    TRY_DO(expect_symbol("<"));
    while (!at_symbol(">")) {
      TRY(field, struct_field(true));
      fields.push_back(std::move(field));
      if (!take_symbol(",")) break;
    }
    TRY_DO(expect_symbol(">"));
    return types::structure(std::move(fields));
  }
  return fail(
      locate(parse_error("UNSUPPORTED_DATATYPE", {{"typeName", "\"" + written + "\""}}), text_, token.begin, token.end));
}

SparkResult<StructField> Grammar::struct_field(bool colon) {
  StructField field;
  TRY(field_name, name());
  field.name = std::move(field_name);
  if (colon || at_symbol(":")) take_symbol(":");
  TRY(type, data_type());
  field.type = std::move(type);
  std::string metadata;
  const auto add = [&](std::string_view key, std::string_view value) {
    metadata += (metadata.empty() ? "\"" : ",\"") + std::string(key) + "\":" + quoted_json(value);
  };
  for (;;) {
    if (take_words({"NOT", "NULL"})) {
      field.nullable = false;
    } else if (take_word("COMMENT")) {
      TRY(comment, string_text());
      add("comment", comment);
    } else if (!colon && take_word("DEFAULT")) {
      const std::size_t begin = at_;
      TRY_DO(disjunction());
      // Spark's names for what an INSERT puts into a column that it does not name, and what old rows read.
      add("CURRENT_DEFAULT", text_since(begin));
      add("EXISTS_DEFAULT", text_since(begin));
    } else if (!colon && at_word("GENERATED")) {
      return fail(unsupported_here("generated columns"));
    } else {
      if (!metadata.empty()) field.metadata_json = "{" + metadata + "}";
      return field;
    }
  }
}

SparkResult<DataType> Grammar::table_schema() {
  // A bare type first; if that does not fit, `name type` pairs (DataType.fromDDL does the same).
  const std::size_t begin = at_;
  if (auto type = data_type(); type && peek().kind == TokenKind::end) return type;
  at_ = begin;
  std::vector<StructField> fields;
  do {
    TRY(field, struct_field(false));
    fields.push_back(std::move(field));
  } while (take_symbol(","));
  return types::structure(std::move(fields));
}

proto::DataType to_proto(const DataType& type) {
  proto::DataType out;
  switch (type.kind) {
    case TypeKind::null_: out.mutable_null(); break;
    case TypeKind::boolean: out.mutable_boolean(); break;
    case TypeKind::byte_: out.mutable_byte(); break;
    case TypeKind::short_: out.mutable_short_(); break;
    case TypeKind::integer: out.mutable_integer(); break;
    case TypeKind::long_: out.mutable_long_(); break;
    case TypeKind::float_: out.mutable_float_(); break;
    case TypeKind::double_: out.mutable_double_(); break;
    case TypeKind::decimal:
      out.mutable_decimal()->set_precision(type.precision);
      out.mutable_decimal()->set_scale(type.scale);
      break;
    case TypeKind::string: out.mutable_string()->set_collation(type.collation.empty() ? "UTF8_BINARY" : type.collation); break;
    case TypeKind::char_: out.mutable_char_()->set_length(type.length); break;
    case TypeKind::varchar: out.mutable_var_char()->set_length(type.length); break;
    case TypeKind::binary: out.mutable_binary(); break;
    case TypeKind::date: out.mutable_date(); break;
    case TypeKind::timestamp: out.mutable_timestamp(); break;
    case TypeKind::timestamp_ntz: out.mutable_timestamp_ntz(); break;
    case TypeKind::time: out.mutable_time()->set_precision(type.precision); break;
    case TypeKind::year_month_interval:
      out.mutable_year_month_interval()->set_start_field(type.start_field);
      out.mutable_year_month_interval()->set_end_field(type.end_field);
      break;
    case TypeKind::day_time_interval:
      out.mutable_day_time_interval()->set_start_field(type.start_field);
      out.mutable_day_time_interval()->set_end_field(type.end_field);
      break;
    case TypeKind::calendar_interval: out.mutable_calendar_interval(); break;
    case TypeKind::array:
      *out.mutable_array()->mutable_element_type() = to_proto(type.element());
      out.mutable_array()->set_contains_null(type.contains_null);
      break;
    case TypeKind::map:
      *out.mutable_map()->mutable_key_type() = to_proto(type.key());
      *out.mutable_map()->mutable_value_type() = to_proto(type.value());
      out.mutable_map()->set_value_contains_null(type.contains_null);
      break;
    case TypeKind::struct_:
      out.mutable_struct_();
      for (const auto& field : type.fields) {
        auto* target = out.mutable_struct_()->add_fields();
        target->set_name(field.name);
        *target->mutable_data_type() = to_proto(field.type);
        target->set_nullable(field.nullable);
        if (!field.metadata_json.empty()) target->set_metadata(field.metadata_json);
      }
      break;
    case TypeKind::variant: out.mutable_variant(); break;
    case TypeKind::user_defined: {
      auto& udt = *out.mutable_udt();
      udt.set_type("udt");
      if (type.classes.size() > 0 && !type.classes[0].empty()) udt.set_jvm_class(type.classes[0]);
      if (type.classes.size() > 1 && !type.classes[1].empty()) udt.set_python_class(type.classes[1]);
      if (type.classes.size() > 2 && !type.classes[2].empty()) udt.set_serialized_python_class(type.classes[2]);
      if (!type.children.empty()) *udt.mutable_sql_type() = to_proto(type.children.front());
      break;
    }
  }
  return out;
}

}  // namespace mastic::spark::sql
