// Java's datetime patterns.
//   spark_format_datetime(local TIMESTAMP, pattern, zone) → VARCHAR     (the offset letters show `zone`'s)
//   spark_parse_instant(VARCHAR, pattern, zone, exact) → TIMESTAMPTZ
//   spark_parse_local(VARCHAR, pattern, exact) → TIMESTAMP
// A constant pattern is compiled once, at binding; others per row, with the last one kept. `exact`: CANNOT_PARSE_TIMESTAMP
// instead of NULL.
#include <memory>

#include "engine/functions/datetime_pattern.h"
#include "engine/functions/datetime_text.h"
#include "engine/functions/kernel.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

using duckdb::timestamp_t;
using PatternPtr = std::shared_ptr<const DateTimePattern>;

PatternPtr compile(std::string_view pattern) {
  auto compiled = DateTimePattern::compile(pattern);
  if (!compiled) {
    throw_spark_error(
        "INVALID_DATETIME_PATTERN.WITH_SUGGESTION",
        {{"pattern", std::string(pattern)}, {"docroot", "https://spark.apache.org/docs/latest"}, {"reason", compiled.error()}});
  }
  return std::make_shared<const DateTimePattern>(std::move(*compiled));
}

/// The compiled pattern of a row.
struct PatternOf {
  PatternPtr constant;  // null: it changes from row to row
  std::string last_text;
  PatternPtr last;
  const DateTimePattern& get(string_t text) {
    if (constant) return *constant;
    if (!last || view(text) != last_text) {
      last_text = text.GetString();
      last = compile(last_text);
    }
    return *last;
  }
};

PatternPtr constant_pattern(duckdb::ClientContext& context, BoundArguments& arguments, idx_t index) {
  if (!arguments[index]->IsFoldable()) return nullptr;
  const auto value = duckdb::ExpressionExecutor::EvaluateScalar(context, *arguments[index]);
  return value.IsNull() ? nullptr : compile(duckdb::StringValue::Get(value));
}

const TimeZone* take_zone(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments, idx_t index) {
  const auto name = take_constant(context, function, arguments, index).ToString();
  const auto* zone = TimeZone::find(name);
  if (zone == nullptr) throw_spark_error("INVALID_TIMEZONE", {{"timeZone", name}});
  return zone;
}

BindResult bind_format(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const auto* zone = take_zone(context, function, arguments, 2);
  function.function = [zone, constant = constant_pattern(context, arguments, 1)](DataChunk& input, ExpressionState&,
                                                                                 Vector& result) {
    PatternOf pattern{constant, {}, {}};
    duckdb::BinaryExecutor::Execute<timestamp_t, string_t, string_t>(
        input.data[0], input.data[1], result, input.size(), [&](timestamp_t at, string_t text) {
          const int64_t offset = at.value - zone->to_utc(at.value);
          return add_string(
              result, pattern.get(text).format(at.value, static_cast<int>(offset / microseconds_per_second), zone->name()));
        });
  };
  return nullptr;
}

template <bool instant>
BindResult bind_parse(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const bool exact = take_constant(context, function, arguments, instant ? 3 : 2).GetValue<bool>();
  const TimeZone* session = instant ? take_zone(context, function, arguments, 2) : nullptr;
  function.function = [session, exact, constant = constant_pattern(context, arguments, 1)](DataChunk& input, ExpressionState&,
                                                                                           Vector& result) {
    PatternOf pattern{constant, {}, {}};
    duckdb::BinaryExecutor::ExecuteWithNulls<string_t, string_t, timestamp_t>(
        input.data[0], input.data[1], result, input.size(),
        [&](string_t text, string_t pattern_text, ValidityMask& mask, idx_t row) {
          const auto parsed = pattern.get(pattern_text).parse(view(text));
          if (!parsed) {
            if (exact) {
              throw_spark_error("CANNOT_PARSE_TIMESTAMP",
                                {{"func", "`try_to_timestamp`"},
                                 {"message", "Text '" + text.GetString() + "' could not be parsed at index 0"},
                                 {"ansiConfig", "\"spark.sql.ansi.enabled\""}});
            }
            mask.SetInvalid(row);
            return timestamp_t(0);
          }
          if (!instant) return timestamp_t(parsed->local_microseconds);
          return timestamp_t((parsed->zone != nullptr ? parsed->zone : session)->to_utc(parsed->local_microseconds));
        });
  };
  return nullptr;
}

}  // namespace

void register_pattern_functions(duckdb::ExtensionLoader& loader) {
  const auto text = LogicalType::VARCHAR;
  const auto truth = LogicalType::BOOLEAN;
  loader.RegisterFunction(kernel("spark_format_datetime", {LogicalType::TIMESTAMP, text, text}, text, nullptr, bind_format));
  loader.RegisterFunction(
      kernel("spark_parse_instant", {text, text, text, truth}, LogicalType::TIMESTAMP_TZ, nullptr, bind_parse<true>));
  loader.RegisterFunction(kernel("spark_parse_local", {text, text, truth}, LogicalType::TIMESTAMP, nullptr, bind_parse<false>));
}

}  // namespace mastic::engine
