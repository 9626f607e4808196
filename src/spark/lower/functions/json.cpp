// JSON and VARIANT functions.
#include <algorithm>
#include <cctype>
#include <duckdb.hpp>
#include <duckdb/parser/expression/list.hpp>
#include <map>

#include "spark/lower/functions/table.h"
#include "spark/lower/relations/file_scan.h"
#include "spark/lower/types.h"

namespace mastic::spark {
namespace {

using Options = std::map<std::string, std::string>;

/// map('mode', 'FAILFAST', …): constants, by analyze's check. Names come in lower case.
Options constant_options(const CallInProgress& call, std::size_t argument) {
  Options options;
  if (argument >= call.count()) return options;
  const Expression* expression = call.call.arguments[argument].get();
  while (const auto* cast = std::get_if<Cast>(&expression->node)) expression = cast->child.get();
  const auto* map = std::get_if<Call>(&expression->node);
  if (map == nullptr || map->function != "map") not_lowered(call.call.function + " with options that are no constants");
  const auto text = [&](std::size_t index) {
    const Expression* one = map->arguments[index].get();
    while (const auto* cast = std::get_if<Cast>(&one->node)) one = cast->child.get();
    const auto* literal = std::get_if<Literal>(&one->node);
    const auto* value = literal == nullptr ? nullptr : std::get_if<std::string>(&literal->value);
    if (value == nullptr) not_lowered(call.call.function + " with options that are no constants");
    return *value;
  };
  for (std::size_t i = 0; i + 1 < map->arguments.size(); i += 2) {
    auto name = text(i);
    for (auto& letter : name) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    options[name] = text(i + 1);
  }
  return options;
}

ast::Expr options_text(const Options& options) {
  std::string text;
  for (const auto& [name, value] : options) text += name + '\x1f' + value + '\x1e';
  return ast::text(text);
}

ast::Expr zone(const CallInProgress& call) { return ast::text(call.lowering.options().session_time_zone); }

/// What the reader makes itself; the rest is read as text and cast.
DataType readable(const DataType& type) { return record_type(type); }

ast::Expr from_json(CallInProgress& call) {
  const auto options = constant_options(call, 2);
  const auto read = readable(call.result);
  auto value =
      ast::call("spark_from_json", call.take(0), ast::null_of(to_duckdb_type(read)), options_text(options), zone(call));
  return call.lowering.cast(std::move(value), read, call.result, EvalMode::legacy);
}

std::string value_or(const Options& options, const std::string& name, const std::string& otherwise) {
  const auto found = options.find(name);
  return found == options.end() ? otherwise : found->second;
}

/// Intervals are numbers to DuckDB; to_json prints them.
bool holds_interval(const DataType& type) {
  if (type.is_interval()) return true;
  for (const auto& child : type.children)
    if (holds_interval(child)) return true;
  for (const auto& field : type.fields)
    if (holds_interval(field.type)) return true;
  return false;
}
DataType printable(const DataType& type) {
  if (type.is_interval()) return types::string();
  DataType copy = type;
  for (auto& child : copy.children) child = printable(child);
  for (auto& field : copy.fields) field.type = printable(field.type);
  return copy;
}

ast::Expr to_json(CallInProgress& call) {
  const auto options = constant_options(call, 1);
  auto value = call.take(0);
  const auto& type = call.type(0);
  if (type.is(TypeKind::variant)) return ast::call("spark_variant_json", std::move(value), zone(call));
  if (holds_interval(type)) value = call.lowering.cast(std::move(value), type, printable(type), EvalMode::legacy);
  const auto is = [&](const std::string& name, const std::string& otherwise) {
    return value_or(options, name, otherwise) == "true";
  };
  return ast::call("spark_to_json", std::move(value),
                   ast::text(value_or(options, "timezone", call.lowering.options().session_time_zone)),
                   ast::boolean(!is("ignorenullfields", "true")), ast::boolean(is("pretty", "false")),
                   ast::text(value_or(options, "dateformat", "")), ast::text(value_or(options, "timestampformat", "")));
}

ast::Expr schema_of_json(CallInProgress& call) {
  const auto options = constant_options(call, 1);
  return ast::call("spark_schema_of_json", call.take(0), options_text(options));
}

ast::Expr parse_json(CallInProgress& call) {
  return ast::call("spark_parse_json", call.take(0), ast::boolean(call.call.function == "try_parse_json"));
}

ast::Expr variant_get(CallInProgress& call) {
  return ast::call("spark_variant_get", call.take(0), call.take(1), ast::null_of(to_duckdb_type(call.result)), zone(call),
                   ast::boolean(call.call.function == "try_variant_get"));
}

ast::Expr to_variant(CallInProgress& call) { return ast::call("spark_to_variant", call.take(0)); }

/// Fails by the option's name: what is not known here would be passed over in silence.
void check_xml_options(const CallInProgress& call, const Options& options, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : options)
    if (std::ranges::find(known, name) == known.end()) not_lowered("the option " + name + " of " + call.call.function);
}

ast::Expr from_xml(CallInProgress& call) {
  auto options = constant_options(call, 2);
  check_xml_options(call, options,
                    {"mode", "dateformat", "timestampformat", "timestampntzformat", "timezone", "rowtag", "attributeprefix",
                     "valuetag", "columnnameofcorruptrecord", "nullvalue", "ignoresurroundingspaces", "ignorenamespace",
                     "excludeattribute", "inferschema", "prefersdecimal"});
  if (!call.result.is(TypeKind::struct_)) not_lowered("from_xml with a schema that is no struct");
  const auto read = readable(call.result);
  auto value = ast::call("spark_from_xml", call.take(0), ast::null_of(to_duckdb_type(read)), options_text(options), zone(call));
  return call.lowering.cast(std::move(value), read, call.result, EvalMode::legacy);
}

ast::Expr to_xml(CallInProgress& call) {
  const auto options = constant_options(call, 1);
  check_xml_options(
      call, options,
      {"rowtag", "attributeprefix", "valuetag", "dateformat", "timestampformat", "timezone", "nullvalue", "arrayelementname"});
  auto value = call.take(0);
  const auto& type = call.type(0);
  if (holds_interval(type)) value = call.lowering.cast(std::move(value), type, printable(type), EvalMode::legacy);
  auto json = ast::call("spark_to_json", std::move(value),
                        ast::text(value_or(options, "timezone", call.lowering.options().session_time_zone)),
                        ast::boolean(options.contains("nullvalue")), ast::boolean(false),
                        ast::text(value_or(options, "dateformat", "")), ast::text(value_or(options, "timestampformat", "")));
  return ast::call("spark_json_to_xml", std::move(json), options_text(options), ast::integer(0));
}

ast::Expr schema_of_xml(CallInProgress& call) {
  const auto options = constant_options(call, 1);
  check_xml_options(call, options,
                    {"attributeprefix", "valuetag", "nullvalue", "ignoresurroundingspaces", "ignorenamespace",
                     "excludeattribute", "inferschema", "prefersdecimal", "dateformat", "timestampformat", "rowtag", "mode"});
  return ast::call("spark_schema_of_xml", call.take(0), options_text(options));
}

constexpr FunctionLowering rows[] = {
    {"from_xml", -1, "", from_xml},
    {"schema_of_xml", -1, "", schema_of_xml},
    {"to_xml", -1, "", to_xml},
    {"from_json", -1, "", from_json},
    {"get_json_object", 2, "spark_get_json_object"},
    {"is_valid_variant", 1, "spark_is_valid_variant"},
    {"is_variant_null", 1, "spark_is_variant_null"},
    {"json_array_length", 1, "spark_json_array_length"},
    {"json_object_keys", 1, "spark_json_object_keys"},
    {"parse_json", 1, "", parse_json},
    {"schema_of_json", -1, "", schema_of_json},
    {"schema_of_variant", 1, "spark_schema_of_variant"},
    {"to_json", -1, "", to_json},
    {"to_variant_object", 1, "", to_variant},
    {"try_parse_json", 1, "", parse_json},
    {"try_variant_get", -1, "", variant_get},
    {"variant_get", -1, "", variant_get},
};

}  // namespace

std::span<const FunctionLowering> json_lowerings() { return rows; }

}  // namespace mastic::spark
