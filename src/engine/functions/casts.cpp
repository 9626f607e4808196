// spark_cast_legacy, spark_cast_ansi, spark_cast_try (value, witness, zone): the casts that Spark does unlike DuckDB.
//
// from \ to    | integers            | float, double | decimal   | boolean | date, timestamps
// string       | yes                 | yes           | yes       | yes     | yes
// integers     | narrower ones       | –             | –         | –       | timestamp (seconds)
// float/double | truncate, saturate  | –             | half up   | –       | timestamp (seconds)
// decimal(38)  | truncate, wrap      | –             | –         | –       | –
// timestamp    | floor of seconds    | seconds       | –         | –       | –
// Dashes are plain DuckDB casts, made by the lowering.
#include <cmath>
#include <limits>

#include "engine/functions/datetime_text.h"
#include "engine/functions/kernel.h"
#include "engine/functions/number_text.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

enum class Mode : uint8_t { legacy, ansi, try_ };

std::string spark_name(const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::VARCHAR: return "\"STRING\"";
    case LogicalTypeId::INTEGER: return "\"INT\"";
    case LogicalTypeId::TIMESTAMP_TZ: return "\"TIMESTAMP\"";
    case LogicalTypeId::TIMESTAMP: return "\"TIMESTAMP_NTZ\"";
    case LogicalTypeId::DECIMAL:
      return "\"DECIMAL(" + std::to_string(duckdb::DecimalType::GetWidth(type)) + "," +
             std::to_string(duckdb::DecimalType::GetScale(type)) + ")\"";
    default: return "\"" + type.ToString() + "\"";
  }
}

struct Bound {
  Mode mode = Mode::legacy;
  LogicalType source;
  LogicalType target;
  const TimeZone* zone = nullptr;
};

void invalid_input(const Bound& bound, std::string_view text) {
  if (bound.mode != Mode::ansi) return;
  throw_spark_error("CAST_INVALID_INPUT", {{"expression", "'" + std::string(text) + "'"},
                                           {"sourceType", spark_name(bound.source)},
                                           {"targetType", spark_name(bound.target)},
                                           {"ansiConfig", "\"spark.sql.ansi.enabled\""}});
}

/// A number as Spark writes it in messages: 5Y, 5S, 5, 5L, 5.0D.
std::string number_literal(const LogicalType& type, const std::string& text) {
  switch (type.id()) {
    case LogicalTypeId::TINYINT: return text + "Y";
    case LogicalTypeId::SMALLINT: return text + "S";
    case LogicalTypeId::BIGINT: return text + "L";
    case LogicalTypeId::DOUBLE: return text + "D";
    case LogicalTypeId::DECIMAL: return text + "BD";
    default: return text;
  }
}

void overflow(const Bound& bound, const std::string& text) {
  if (bound.mode != Mode::ansi) return;
  throw_spark_error("CAST_OVERFLOW", {{"value", number_literal(bound.source, text)},
                                      {"sourceType", spark_name(bound.source)},
                                      {"targetType", spark_name(bound.target)},
                                      {"ansiConfig", "\"spark.sql.ansi.enabled\""}});
}

template <typename T, typename Parse>
duckdb::scalar_function_t from_string(const Bound& bound, Parse parse) {
  return [bound, parse](DataChunk& input, ExpressionState&, Vector& result) {
    convert_vector<string_t, T>(
        input.data[0], result, input.size(), [&](string_t text) -> std::optional<T> { return parse(view(text)); },
        [&](string_t text) { invalid_input(bound, view(text)); });
  };
}

template <typename T>
duckdb::scalar_function_t string_to_integer(const Bound& bound) {
  return from_string<T>(bound, [fraction = bound.mode == Mode::legacy](std::string_view text) -> std::optional<T> {
    const auto value = parse_integer(text, fraction);
    if (!value || *value < std::numeric_limits<T>::min() || *value > std::numeric_limits<T>::max()) return std::nullopt;
    return static_cast<T>(*value);
  });
}

int64_t today(const TimeZone& zone) {
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch());
  return floor_divide(zone.to_local(now.count()), microseconds_per_day) * microseconds_per_day;
}

std::optional<int64_t> string_to_instant(std::string_view text, const TimeZone& session) {
  const auto parsed = parse_timestamp(text);
  if (!parsed) return std::nullopt;
  const TimeZone& zone = parsed->zone != nullptr ? *parsed->zone : session;
  return zone.to_utc(parsed->local_microseconds + (parsed->has_date ? 0 : today(zone)));
}

std::optional<int64_t> string_to_local(std::string_view text) {
  const auto parsed = parse_timestamp(text);
  if (!parsed || !parsed->has_date) return std::nullopt;
  return parsed->local_microseconds;  // a zone in the text is ignored, as Spark does for CAST
}

duckdb::scalar_function_t string_to_decimal(const Bound& bound) {
  const int width = duckdb::DecimalType::GetWidth(bound.target);
  const int scale = duckdb::DecimalType::GetScale(bound.target);
  return with_decimal_storage(bound.target, [&]<typename T>() {
    return from_string<T>(bound, [width, scale](std::string_view text) -> std::optional<T> {
      const auto value = parse_decimal(text, width, scale);
      if (!value) return std::nullopt;
      return to_storage<T>(*value);
    });
  });
}

duckdb::scalar_function_t cast_string(const Bound& bound) {
  switch (bound.target.id()) {
    case LogicalTypeId::BOOLEAN: return from_string<bool>(bound, parse_boolean);
    case LogicalTypeId::TINYINT: return string_to_integer<int8_t>(bound);
    case LogicalTypeId::SMALLINT: return string_to_integer<int16_t>(bound);
    case LogicalTypeId::INTEGER: return string_to_integer<int32_t>(bound);
    case LogicalTypeId::BIGINT: return string_to_integer<int64_t>(bound);
    case LogicalTypeId::FLOAT:
      return from_string<float>(bound, [](std::string_view text) -> std::optional<float> {
        const auto value = parse_double(text);
        if (!value) return std::nullopt;
        return static_cast<float>(*value);
      });
    case LogicalTypeId::DOUBLE: return from_string<double>(bound, parse_double);
    case LogicalTypeId::DECIMAL: return string_to_decimal(bound);
    case LogicalTypeId::DATE:
      return from_string<duckdb::date_t>(bound, [](std::string_view text) -> std::optional<duckdb::date_t> {
        const auto days = parse_date(text);
        if (!days) return std::nullopt;
        return duckdb::date_t(*days);
      });
    case LogicalTypeId::TIME:
      return from_string<duckdb::dtime_t>(bound, [](std::string_view text) -> std::optional<duckdb::dtime_t> {
        const auto parsed = parse_timestamp(text);
        if (!parsed || parsed->has_date || parsed->zone != nullptr) return std::nullopt;
        return duckdb::dtime_t(parsed->local_microseconds);
      });
    case LogicalTypeId::TIMESTAMP_TZ:
    case LogicalTypeId::TIMESTAMP: {
      const bool instant = bound.target.id() == LogicalTypeId::TIMESTAMP_TZ;
      return from_string<duckdb::timestamp_t>(
          bound, [instant, zone = bound.zone](std::string_view text) -> std::optional<duckdb::timestamp_t> {
            const auto value = instant ? string_to_instant(text, *zone) : string_to_local(text);
            if (!value) return std::nullopt;
            return duckdb::timestamp_t(*value);
          });
    }
    default: return nullptr;
  }
}

template <typename S, typename T>
duckdb::scalar_function_t narrow(const Bound& bound) {
  return [bound](DataChunk& input, ExpressionState&, Vector& result) {
    convert_vector<S, T>(
        input.data[0], result, input.size(),
        [&](S value) -> std::optional<T> {
          const auto narrowed = static_cast<T>(value);
          if (bound.mode != Mode::legacy && static_cast<S>(narrowed) != value) return std::nullopt;
          return narrowed;  // legacy: the low bits
        },
        [&](S value) { overflow(bound, std::to_string(value)); });
  };
}

template <typename S, typename T>
duckdb::scalar_function_t truncate(const Bound& bound) {
  return [bound](DataChunk& input, ExpressionState&, Vector& result) {
    convert_vector<S, T>(
        input.data[0], result, input.size(),
        [&](S value) -> std::optional<T> {
          // Java's (int) and (long): NaN is 0, beyond the range is the range's end; byte and short come through int.
          using Wide = std::conditional_t<sizeof(T) == 8, int64_t, int32_t>;
          const double whole = std::trunc(static_cast<double>(value));
          const double low = static_cast<double>(std::numeric_limits<T>::min());
          const double high = -low;
          if (whole >= low && whole < high) return static_cast<T>(whole);
          if (bound.mode != Mode::legacy) return std::nullopt;
          if (std::isnan(whole)) return T{0};
          const double wide_low = static_cast<double>(std::numeric_limits<Wide>::min());
          const Wide wide = whole <= wide_low    ? std::numeric_limits<Wide>::min()
                            : whole >= -wide_low ? std::numeric_limits<Wide>::max()
                                                 : static_cast<Wide>(whole);
          return static_cast<T>(wide);
        },
        [&](S value) { overflow(bound, java_double(static_cast<double>(value))); });
  };
}

template <typename S>
duckdb::scalar_function_t fraction_to_decimal(const Bound& bound) {
  const int width = duckdb::DecimalType::GetWidth(bound.target);
  const int scale = duckdb::DecimalType::GetScale(bound.target);
  return with_decimal_storage(bound.target, [&]<typename T>() -> duckdb::scalar_function_t {
    return [bound, width, scale](DataChunk& input, ExpressionState&, Vector& result) {
      convert_vector<S, T>(
          input.data[0], result, input.size(),
          [&](S value) -> std::optional<T> {
            // By way of the shortest text, as BigDecimal.valueOf(double) does.
            char text[java_double_size_max];
            const char* const end = write_java_double(text, static_cast<double>(value));
            const auto unscaled = parse_decimal({text, static_cast<std::size_t>(end - text)}, width, scale);
            if (!unscaled) return std::nullopt;
            return to_storage<T>(*unscaled);
          },
          [&](S value) {
            if (bound.mode != Mode::ansi || !std::isfinite(static_cast<double>(value))) return;
            throw_spark_error("NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION", {{"value", java_double(static_cast<double>(value))},
                                                                             {"precision", std::to_string(width)},
                                                                             {"scale", std::to_string(scale)},
                                                                             {"config", "\"spark.sql.ansi.enabled\""}});
          });
    };
  });
}

template <typename T>
duckdb::scalar_function_t decimal_to_integer(const Bound& bound) {
  const int scale = duckdb::DecimalType::GetScale(bound.source);
  return [bound, scale, divisor = power_of_ten(scale)](DataChunk& input, ExpressionState&, Vector& result) {
    convert_vector<duckdb::hugeint_t, T>(
        input.data[0], result, input.size(),
        [&](duckdb::hugeint_t value) -> std::optional<T> {
          const int128 whole = to_native(value) / divisor;
          const auto narrowed = static_cast<T>(whole);
          if (bound.mode != Mode::legacy && static_cast<int128>(narrowed) != whole) return std::nullopt;
          return narrowed;
        },
        [&](duckdb::hugeint_t value) { overflow(bound, decimal_text(to_native(value), scale)); });
  };
}

template <typename S>
duckdb::scalar_function_t seconds_to_instant(const Bound& bound) {
  return [bound](DataChunk& input, ExpressionState&, Vector& result) {
    convert_vector<S, duckdb::timestamp_t>(
        input.data[0], result, input.size(),
        [&](S value) -> std::optional<duckdb::timestamp_t> {
          if constexpr (std::is_floating_point_v<S>) {
            if (!std::isfinite(value)) return std::nullopt;
            return duckdb::timestamp_t(static_cast<int64_t>(static_cast<double>(value) * 1e6));
          } else {
            int64_t micros = 0;
            // TimeUnit.SECONDS.toMicros saturates.
            if (__builtin_mul_overflow(static_cast<int64_t>(value), microseconds_per_second, &micros)) {
              micros = value < 0 ? INT64_MIN : INT64_MAX;
            }
            return duckdb::timestamp_t(micros);
          }
        },
        [&](S value) { overflow(bound, java_double(static_cast<double>(value))); });
  };
}

template <typename S>
duckdb::scalar_function_t cast_integer(const Bound& bound) {
  switch (bound.target.id()) {
    case LogicalTypeId::TINYINT: return narrow<S, int8_t>(bound);
    case LogicalTypeId::SMALLINT: return narrow<S, int16_t>(bound);
    case LogicalTypeId::INTEGER: return narrow<S, int32_t>(bound);
    case LogicalTypeId::TIMESTAMP_TZ: return seconds_to_instant<S>(bound);
    default: return nullptr;
  }
}

template <typename S>
duckdb::scalar_function_t cast_fraction(const Bound& bound) {
  switch (bound.target.id()) {
    case LogicalTypeId::TINYINT: return truncate<S, int8_t>(bound);
    case LogicalTypeId::SMALLINT: return truncate<S, int16_t>(bound);
    case LogicalTypeId::INTEGER: return truncate<S, int32_t>(bound);
    case LogicalTypeId::BIGINT: return truncate<S, int64_t>(bound);
    case LogicalTypeId::DECIMAL: return fraction_to_decimal<S>(bound);
    case LogicalTypeId::TIMESTAMP_TZ: return seconds_to_instant<S>(bound);
    default: return nullptr;
  }
}

duckdb::scalar_function_t cast_decimal(const Bound& bound) {
  switch (bound.target.id()) {
    case LogicalTypeId::TINYINT: return decimal_to_integer<int8_t>(bound);
    case LogicalTypeId::SMALLINT: return decimal_to_integer<int16_t>(bound);
    case LogicalTypeId::INTEGER: return decimal_to_integer<int32_t>(bound);
    case LogicalTypeId::BIGINT: return decimal_to_integer<int64_t>(bound);
    default: return nullptr;
  }
}

duckdb::scalar_function_t cast_instant(const Bound& bound) {
  if (bound.target.id() == LogicalTypeId::DOUBLE) {
    return [](DataChunk& input, ExpressionState&, Vector& result) {
      duckdb::UnaryExecutor::Execute<duckdb::timestamp_t, double>(
          input.data[0], result, input.size(), [](duckdb::timestamp_t at) { return static_cast<double>(at.value) / 1e6; });
    };
  }
  if (bound.target.id() == LogicalTypeId::BIGINT) {
    return [](DataChunk& input, ExpressionState&, Vector& result) {
      duckdb::UnaryExecutor::Execute<duckdb::timestamp_t, int64_t>(
          input.data[0], result, input.size(),
          [](duckdb::timestamp_t at) { return floor_divide(at.value, microseconds_per_second); });
    };
  }
  return nullptr;
}

duckdb::scalar_function_t choose(const Bound& bound) {
  switch (bound.source.id()) {
    case LogicalTypeId::VARCHAR: return cast_string(bound);
    case LogicalTypeId::TINYINT: return cast_integer<int8_t>(bound);
    case LogicalTypeId::SMALLINT: return cast_integer<int16_t>(bound);
    case LogicalTypeId::INTEGER: return cast_integer<int32_t>(bound);
    case LogicalTypeId::BIGINT: return cast_integer<int64_t>(bound);
    case LogicalTypeId::FLOAT: return cast_fraction<float>(bound);
    case LogicalTypeId::DOUBLE: return cast_fraction<double>(bound);
    case LogicalTypeId::DECIMAL: return cast_decimal(bound);
    case LogicalTypeId::TIMESTAMP_TZ: return cast_instant(bound);
    default: return nullptr;
  }
}

template <Mode mode>
BindResult bind_cast(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  Bound bound;
  bound.mode = mode;
  const auto zone = take_constant(context, function, arguments, 2).ToString();
  bound.target = take_witness(function, arguments, 1);
  bound.source = arguments[0]->return_type;
  bound.zone = TimeZone::find(zone);
  if (bound.zone == nullptr) throw_spark_error("INVALID_TIMEZONE", {{"timeZone", zone}});
  function.function = choose(bound);
  if (!function.function) {
    throw duckdb::BinderException("No cast kernel from " + bound.source.ToString() + " to " + bound.target.ToString());
  }
  function.arguments[0] = bound.source;
  function.return_type = bound.target;
  return nullptr;
}

}  // namespace

void register_cast_functions(duckdb::ExtensionLoader& loader) {
  const duckdb::vector<LogicalType> arguments{LogicalType::ANY, LogicalType::ANY, LogicalType::VARCHAR};
  loader.RegisterFunction(kernel("spark_cast_legacy", arguments, LogicalType::ANY, nullptr, bind_cast<Mode::legacy>));
  loader.RegisterFunction(kernel("spark_cast_ansi", arguments, LogicalType::ANY, nullptr, bind_cast<Mode::ansi>));
  loader.RegisterFunction(kernel("spark_cast_try", arguments, LogicalType::ANY, nullptr, bind_cast<Mode::try_>));
}

}  // namespace mastic::engine
