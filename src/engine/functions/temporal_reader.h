// Dates and times out of the texts of files, by the options dateFormat, timestampFormat and timestampNTZFormat.
#pragma once

#include <optional>
#include <string>

#include "engine/functions/datetime_pattern.h"
#include "engine/functions/datetime_text.h"
#include "engine/functions/kernel.h"
#include "engine/sources/named_options.h"
#include "engine/time_zone.h"

namespace mastic::engine {

class TemporalReader {
 public:
  /// Throws for a pattern that is none. `zone`: of texts without one.
  TemporalReader(const NamedOptions& options, const TimeZone* zone)
      : zone_(zone),
        date_(pattern_of(options, "dateformat")),
        time_(pattern_of(options, "timestampformat")),
        local_time_(pattern_of(options, "timestampntzformat")) {}

  /// nullopt: no date.
  [[nodiscard]] std::optional<Value> date(const std::string& text) const {
    if (date_) {
      const auto parsed = date_->parse(text);
      if (!parsed) return std::nullopt;
      return Value::DATE(duckdb::date_t(static_cast<int32_t>(floor_divide(parsed->local_microseconds, microseconds_per_day))));
    }
    const auto days = parse_date(text);
    return days ? std::optional(Value::DATE(duckdb::date_t(*days))) : std::nullopt;
  }

  /// A TIMESTAMP_TZ, or a wall clock's TIMESTAMP; nullopt: neither.
  [[nodiscard]] std::optional<Value> timestamp(const std::string& text, bool instant) const {
    if (text.empty()) return std::nullopt;
    int64_t local = 0;
    const TimeZone* zone = nullptr;
    if (const auto& pattern = instant ? time_ : local_time_) {
      const auto parsed = pattern->parse(text);
      if (!parsed) return std::nullopt;
      local = parsed->local_microseconds;
      zone = parsed->zone;
    } else {
      const auto parsed = parse_timestamp(text);
      if (!parsed || !parsed->has_date) return std::nullopt;
      local = parsed->local_microseconds;
      zone = parsed->zone;
    }
    if (!instant) return zone == nullptr ? std::optional(Value::TIMESTAMP(duckdb::timestamp_t(local))) : std::nullopt;
    return Value::TIMESTAMPTZ(duckdb::timestamp_tz_t((zone == nullptr ? zone_ : zone)->to_utc(local)));
  }

 private:
  static std::optional<DateTimePattern> pattern_of(const NamedOptions& options, const std::string& name) {
    const auto found = options.find(name);
    if (found == options.end() || found->second.empty()) return std::nullopt;
    auto pattern = DateTimePattern::compile(found->second);
    if (!pattern) throw duckdb::InvalidInputException("Pattern %s: %s", found->second, pattern.error());
    return *std::move(pattern);
  }

  const TimeZone* zone_;
  std::optional<DateTimePattern> date_;
  std::optional<DateTimePattern> time_;
  std::optional<DateTimePattern> local_time_;
};

}  // namespace mastic::engine
