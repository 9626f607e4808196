// A session's settings: what `spark.conf` reads and writes.
//
// A key has a value when the session set it, the server was started with it, or the table of defaults names it. Any key may
// be set, as in Spark, except static ones and those of Spark's core (which a running session can no longer change).
// Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "spark/plan/spark_error.h"

namespace mastic::spark_connect {

enum class ConfigKind : unsigned char {
  text,
  boolean,
  integer,    // int or long
  bytes,      // 10MB, 4k, -1
  time_zone,  // a zone's name
};

/// A key that Spark knows. `default_*`: nullptr: known, without a value.
struct ConfigEntry {
  std::string_view key;
  ConfigKind kind = ConfigKind::text;
  const char* default_spark3 = nullptr;
  const char* default_spark4 = nullptr;
  bool is_static = false;
};

/// The key whose value stands in while this one is not set; empty: none.
std::string_view fallback_of(std::string_view key);
/// Null: Spark has no such key, as far as the table knows.
const ConfigEntry* find_config_entry(std::string_view key);
/// Whether the key belongs to Spark's core (spark.executor.memory): fixed when the application starts.
bool is_core_config(std::string_view key);

class Configuration {
 public:
  /// `spark_version` picks the defaults; `initial` are the server's own values, which a session may change.
  Configuration(std::string spark_version, std::map<std::string, std::string> initial);
  Configuration(const Configuration& other);
  Configuration& operator=(const Configuration&) = delete;

  [[nodiscard]] std::optional<std::string> find(std::string_view key) const;
  /// What the session or the server has set; no default.
  [[nodiscard]] std::optional<std::string> find_set(std::string_view key) const;
  /// SQL_CONF_NOT_FOUND when there is no value.
  [[nodiscard]] spark::SparkResult<std::string> get(std::string_view key) const;
  /// CANNOT_MODIFY_CONFIG, CANNOT_MODIFY_STATIC_CONFIG, INVALID_CONF_VALUE.*.
  [[nodiscard]] spark::SparkResult<void> set(std::string_view key, std::string_view value);
  [[nodiscard]] spark::SparkResult<void> unset(std::string_view key);
  /// What was set, not the defaults.
  [[nodiscard]] std::map<std::string, std::string> all() const;
  [[nodiscard]] bool is_modifiable(std::string_view key) const;

  [[nodiscard]] bool flag(std::string_view key) const { return find(key) == "true"; }
  /// `spark.mastic.sparkVersion` when the session has set it (a run of an older Glue), else the server's.
  [[nodiscard]] std::string spark_version() const;

 private:
  std::string spark_version_;
  std::map<std::string, std::string> initial_;
  mutable std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> values_;
};

/// The machine's time zone: TZ, else /etc/timezone, else where /etc/localtime leads, else UTC.
std::string machine_time_zone();

}  // namespace mastic::spark_connect
