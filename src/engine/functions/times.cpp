// TIME, timestamps from parts, shifts by unit, buckets, calendar intervals.
//   spark_make_time(h, m, s DECIMAL(16,6)) → TIME; spark_time_from(microseconds BIGINT) → TIME
//   spark_make_local(y, mo, d, h, mi, s DECIMAL(16,6), exact) → TIMESTAMP: bad parts give NULL, or an error
//   spark_add_unit(local, n BIGINT, unit), spark_unit_between(local, local, unit) → BIGINT
//   spark_bucket(BIGINT at, BIGINT origin, BIGINT width) → BIGINT; spark_bucket_months(local, local origin, INTEGER months)
//   spark_make_interval(y, mo, w, d, h, mi, s DECIMAL(18,6), exact) → INTERVAL
//   spark_parse_time(VARCHAR, pattern, exact) → TIME; an empty pattern: Spark's own form
#include <array>
#include <cmath>

#include "engine/functions/datetime_pattern.h"
#include "engine/functions/datetime_text.h"
#include "engine/functions/kernel.h"
#include "engine/functions/number_text.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

using duckdb::dtime_t;
using duckdb::timestamp_t;

[[noreturn]] void throw_out_of_bounds(const std::string& message, bool suggests) {
  throw_spark_error(
      suggests ? "DATETIME_FIELD_OUT_OF_BOUNDS.WITH_SUGGESTION" : "DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION",
      {{"rangeMessage", message}, {"ansiConfig", "\"spark.sql.ansi.enabled\""}});
}

/// Java's message for a field beyond its range; empty: it is within.
std::string range_message(const char* field, int64_t value, int64_t low, int64_t high) {
  if (value >= low && value <= high) return {};
  return "Invalid value for " + std::string(field) + " (valid values " + std::to_string(low) + " - " + std::to_string(high) +
         "): " + std::to_string(value);
}

/// A row's arguments as whole numbers: decimals unscaled. nullopt: one is NULL.
template <std::size_t size>
std::optional<std::array<int64_t, size>> row_of(DataChunk& input, idx_t row) {
  std::array<int64_t, size> values{};
  for (std::size_t i = 0; i < size; ++i) {
    const auto value = input.data[i].GetValue(row);
    if (value.IsNull()) return std::nullopt;
    values[i] = value.type().id() == LogicalTypeId::DECIMAL ? value.GetValueUnsafe<int64_t>() : value.GetValue<int64_t>();
  }
  return values;
}

void make_time(DataChunk& input, ExpressionState&, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < input.size(); ++row) {
    const auto parts = row_of<3>(input, row);
    duckdb::FlatVector::SetNull(result, row, !parts);
    if (!parts) continue;
    const auto& [hour, minute, second] = *parts;
    auto problem = range_message("HourOfDay", hour, 0, 23);
    if (problem.empty()) problem = range_message("MinuteOfHour", minute, 0, 59);
    if (problem.empty()) problem = range_message("SecondOfMinute", second / microseconds_per_second, 0, 59);
    if (!problem.empty() || second < 0) throw_out_of_bounds(problem, false);
    duckdb::FlatVector::GetData<dtime_t>(result)[row] = dtime_t((hour * 3600 + minute * 60) * microseconds_per_second + second);
  }
}

void time_from(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::Execute<int64_t, dtime_t>(input.data[0], result, input.size(), [](int64_t microseconds) {
    if (microseconds < 0 || microseconds >= microseconds_per_day) {
      throw_out_of_bounds(
          "Invalid value for NanoOfDay (valid values 0 - 86399999999999): " + std::to_string(microseconds * 1000), false);
    }
    return dtime_t(microseconds);
  });
}

template <OnFailure on_failure>
void make_local(DataChunk& input, ExpressionState&, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < input.size(); ++row) {
    const auto parts = row_of<6>(input, row);
    duckdb::FlatVector::SetNull(result, row, !parts);
    if (!parts) continue;
    const auto& [year, month, day, hour, minute, second] = *parts;
    const int64_t seconds = second / microseconds_per_second;
    const bool leaps = second == 60 * microseconds_per_second;  // :60 is the next minute
    std::string problem = range_message("MonthOfYear", month, 1, 12);
    if (problem.empty()) problem = range_message("DayOfMonth", day, 1, 31);
    if (!problem.empty() && month >= 1 && month <= 12)
      problem = "Invalid value for DayOfMonth (valid values 1 - 28/31): " + std::to_string(day);
    if (problem.empty() && !is_valid_date(year, static_cast<int>(month), static_cast<int>(day))) problem = "Invalid date";
    if (problem.empty()) problem = range_message("HourOfDay", hour, 0, 23);
    if (problem.empty()) problem = range_message("MinuteOfHour", minute, 0, 59);
    if (problem.empty() && !leaps) {
      problem = range_message("SecondOfMinute", second < 0 ? -1 : seconds, 0, 59);
      if (seconds == 60) problem = "The fraction of sec must be zero. Valid range is [0, 60].";
    }
    if (!problem.empty()) {
      if (on_failure == OnFailure::error) throw_out_of_bounds(problem, true);
      duckdb::FlatVector::SetNull(result, row, true);
      continue;
    }
    duckdb::FlatVector::GetData<timestamp_t>(result)[row] =
        timestamp_t(days_from_civil(year, static_cast<int>(month), static_cast<int>(day)) * microseconds_per_day +
                    (hour * 3600 + minute * 60) * microseconds_per_second + second);
  }
}

int64_t shift_months(int64_t local, int64_t months) {
  const int64_t days = floor_divide(local, microseconds_per_day);
  const auto date = civil_from_days(days);
  const int64_t index = date.year * 12 + date.month - 1 + months;
  const int64_t year = floor_divide(index, 12);
  const int month = static_cast<int>(floor_modulo(index, 12)) + 1;
  int day = date.day;
  while (!is_valid_date(year, month, day)) --day;
  return days_from_civil(year, month, day) * microseconds_per_day + local - days * microseconds_per_day;
}

/// Whole months from `start` to `end`, toward zero: ChronoUnit.MONTHS.between.
int64_t months_between(int64_t start, int64_t end) {
  const auto a = civil_from_days(floor_divide(start, microseconds_per_day));
  const auto b = civil_from_days(floor_divide(end, microseconds_per_day));
  int64_t months = (b.year - a.year) * 12 + b.month - a.month;
  const auto within = [](int64_t at, const CivilDate& date) {
    return date.day * microseconds_per_day + floor_modulo(at, microseconds_per_day);
  };
  if (months > 0 && within(end, b) < within(start, a)) --months;
  if (months < 0 && within(end, b) > within(start, a)) ++months;
  return months;
}

struct Unit {
  int64_t months = 0;
  int64_t microseconds = 0;
};

Unit unit_of(string_t text, const char* function) {
  static const std::unordered_map<std::string, Unit> units = {
      {"YEAR", {12, 0}},
      {"QUARTER", {3, 0}},
      {"MONTH", {1, 0}},
      {"WEEK", {0, 7 * microseconds_per_day}},
      {"DAY", {0, microseconds_per_day}},
      {"DAYOFYEAR", {0, microseconds_per_day}},
      {"HOUR", {0, 3600 * microseconds_per_second}},
      {"MINUTE", {0, 60 * microseconds_per_second}},
      {"SECOND", {0, microseconds_per_second}},
      {"MILLISECOND", {0, 1000}},
      {"MICROSECOND", {0, 1}},
  };
  const auto found = units.find(duckdb::StringUtil::Upper(text.GetString()));
  if (found == units.end()) {
    throw_spark_error("INVALID_PARAMETER_VALUE.DATETIME_UNIT", {{"functionName", "`" + std::string(function) + "`"},
                                                                {"parameter", "`unit`"},
                                                                {"invalidValue", "'" + text.GetString() + "'"}});
  }
  return found->second;
}

void add_unit(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::TernaryExecutor::Execute<timestamp_t, int64_t, string_t, timestamp_t>(
      input.data[0], input.data[1], input.data[2], result, input.size(), [](timestamp_t at, int64_t count, string_t name) {
        const auto unit = unit_of(name, "TIMESTAMPADD");
        if (unit.months != 0) return timestamp_t(shift_months(at.value, count * unit.months));
        int64_t shift = 0;
        int64_t sum = 0;
        if (__builtin_mul_overflow(count, unit.microseconds, &shift) || __builtin_add_overflow(at.value, shift, &sum)) {
          throw_spark_error("DATETIME_OVERFLOW",
                            {{"operation", "add " + std::to_string(count) + " " + name.GetString() + " to the timestamp"}});
        }
        return timestamp_t(sum);
      });
}

void unit_between(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::TernaryExecutor::Execute<timestamp_t, timestamp_t, string_t, int64_t>(
      input.data[0], input.data[1], input.data[2], result, input.size(), [](timestamp_t start, timestamp_t end, string_t name) {
        const auto unit = unit_of(name, "TIMESTAMPDIFF");
        if (unit.months != 0) return months_between(start.value, end.value) / unit.months;
        return (end.value - start.value) / unit.microseconds;
      });
}

void bucket(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::TernaryExecutor::Execute<int64_t, int64_t, int64_t, int64_t>(
      input.data[0], input.data[1], input.data[2], result, input.size(), [](int64_t at, int64_t origin, int64_t width) {
        if (width <= 0)
          throw_spark_error(
              "INVALID_PARAMETER_VALUE.LONG",
              {{"functionName", "`time_bucket`"}, {"parameter", "`bucketSize`"}, {"invalidValue", std::to_string(width)}});
        return origin + floor_divide(at - origin, width) * width;
      });
}

void bucket_months(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::TernaryExecutor::Execute<timestamp_t, timestamp_t, int32_t, timestamp_t>(
      input.data[0], input.data[1], input.data[2], result, input.size(), [](timestamp_t at, timestamp_t origin, int32_t width) {
        if (width <= 0)
          throw_spark_error(
              "INVALID_PARAMETER_VALUE.LONG",
              {{"functionName", "`time_bucket`"}, {"parameter", "`bucketSize`"}, {"invalidValue", std::to_string(width)}});
        int64_t count = floor_divide(months_between(origin.value, at.value), width);
        while (shift_months(origin.value, count * width) > at.value) --count;
        return timestamp_t(shift_months(origin.value, count * width));
      });
}

template <OnFailure on_failure>
void make_interval(DataChunk& input, ExpressionState&, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < input.size(); ++row) {
    const auto parts = row_of<7>(input, row);
    duckdb::FlatVector::SetNull(result, row, !parts);
    if (!parts) continue;
    const auto& [years, months, weeks, days, hours, minutes, seconds] = *parts;
    const int64_t all_months = years * 12 + months;
    const int64_t all_days = weeks * 7 + days;
    const int64_t micros = (hours * 3600 + minutes * 60) * microseconds_per_second + seconds;
    const auto fits = [](int64_t value) { return value == static_cast<int32_t>(value); };
    if (!fits(all_months) || !fits(all_days)) {
      if (on_failure == OnFailure::error) {
        throw_spark_error("INTERVAL_ARITHMETIC_OVERFLOW.WITH_SUGGESTION", {{"functionName", "`try_make_interval`"}});
      }
      duckdb::FlatVector::SetNull(result, row, true);
      continue;
    }
    duckdb::FlatVector::GetData<duckdb::interval_t>(result)[row] =
        duckdb::interval_t{static_cast<int32_t>(all_months), static_cast<int32_t>(all_days), micros};
  }
}

/// CalendarInterval times or by a number: months and days are cut, microseconds rounded.
template <OnFailure on_failure>
void scale_interval(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::TernaryExecutor::ExecuteWithNulls<duckdb::interval_t, double, bool, duckdb::interval_t>(
      input.data[0], input.data[1], input.data[2], result, input.size(),
      [](duckdb::interval_t interval, double by, bool divides, ValidityMask& mask, idx_t row) {
        const auto failed = [&](const char* condition) {
          if (on_failure == OnFailure::error) throw_spark_error(condition);
          mask.SetInvalid(row);
          return duckdb::interval_t{};
        };
        if (divides && by == 0) return failed("INTERVAL_DIVIDED_BY_ZERO");
        const auto scaled = [&](double value) { return divides ? value / by : value * by; };
        const double months = std::trunc(scaled(interval.months));
        const double days = std::trunc(scaled(interval.days));
        const double micros = std::floor(scaled(static_cast<double>(interval.micros)) + 0.5);
        if (std::fabs(months) > INT32_MAX || std::fabs(days) > INT32_MAX || std::fabs(micros) > 9.2e18)
          return failed("INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION");
        return duckdb::interval_t{static_cast<int32_t>(months), static_cast<int32_t>(days), static_cast<int64_t>(micros)};
      });
}

/// A time by pattern, or `[h]h:[m]m[:[s]s[.f…]]`.
std::optional<int64_t> parse_time(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) {
    const auto parsed = parse_timestamp(text);
    if (!parsed || parsed->has_date || parsed->zone != nullptr) return std::nullopt;
    return parsed->local_microseconds;
  }
  const auto compiled = DateTimePattern::compile(pattern);
  if (!compiled) {
    throw_spark_error(
        "INVALID_DATETIME_PATTERN.WITH_SUGGESTION",
        {{"pattern", std::string(pattern)}, {"docroot", "https://spark.apache.org/docs/latest"}, {"reason", compiled.error()}});
  }
  const auto parsed = compiled->parse(text);
  if (!parsed) return std::nullopt;
  return floor_modulo(parsed->local_microseconds, microseconds_per_day);
}

template <OnFailure on_failure>
void parse_time_kernel(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::ExecuteWithNulls<string_t, string_t, dtime_t>(
      input.data[0], input.data[1], result, input.size(), [](string_t text, string_t pattern, ValidityMask& mask, idx_t row) {
        const auto time = parse_time(view(text), view(pattern));
        if (time) return dtime_t(*time);
        if (on_failure == OnFailure::error) {
          throw_spark_error(
              "CANNOT_PARSE_TIME",
              {{"input", "'" + text.GetString() + "'"},
               {"format", "'" + (pattern.GetSize() == 0 ? std::string("HH:mm:ss.SSSSSS") : pattern.GetString()) + "'"}});
        }
        mask.SetInvalid(row);
        return dtime_t(0);
      });
}

}  // namespace

void register_time_functions(duckdb::ExtensionLoader& loader) {
  const auto integer = LogicalType::INTEGER;
  const auto bigint = LogicalType::BIGINT;
  const auto local = LogicalType::TIMESTAMP;
  const auto time = LogicalType::TIME;
  const auto text = LogicalType::VARCHAR;
  const auto seconds = LogicalType::DECIMAL(16, 6);
  loader.RegisterFunction(kernel("spark_make_time", {integer, integer, seconds}, time, make_time));
  loader.RegisterFunction(kernel("spark_time_from", {bigint}, time, time_from));
  const duckdb::vector<LogicalType> parts{integer, integer, integer, integer, integer, seconds};
  loader.RegisterFunction(kernel("spark_make_local", parts, local, make_local<OnFailure::null>));
  loader.RegisterFunction(kernel("spark_make_local_exact", parts, local, make_local<OnFailure::error>));
  loader.RegisterFunction(kernel("spark_add_unit", {local, bigint, text}, local, add_unit));
  loader.RegisterFunction(kernel("spark_unit_between", {local, local, text}, bigint, unit_between));
  loader.RegisterFunction(kernel("spark_bucket", {bigint, bigint, bigint}, bigint, bucket));
  loader.RegisterFunction(kernel("spark_bucket_months", {local, local, integer}, local, bucket_months));
  const duckdb::vector<LogicalType> interval{integer, integer, integer, integer, integer, integer, LogicalType::DECIMAL(18, 6)};
  loader.RegisterFunction(kernel("spark_make_interval", interval, LogicalType::INTERVAL, make_interval<OnFailure::null>));
  loader.RegisterFunction(
      kernel("spark_make_interval_exact", interval, LogicalType::INTERVAL, make_interval<OnFailure::error>));
  const duckdb::vector<LogicalType> scale{LogicalType::INTERVAL, LogicalType::DOUBLE, LogicalType::BOOLEAN};
  loader.RegisterFunction(kernel("spark_scale_interval", scale, LogicalType::INTERVAL, scale_interval<OnFailure::error>));
  loader.RegisterFunction(kernel("spark_try_scale_interval", scale, LogicalType::INTERVAL, scale_interval<OnFailure::null>));
  loader.RegisterFunction(kernel("spark_parse_time", {text, text}, time, parse_time_kernel<OnFailure::error>));
  loader.RegisterFunction(kernel("spark_try_parse_time", {text, text}, time, parse_time_kernel<OnFailure::null>));
}

}  // namespace mastic::engine
