#include "spark/connect/configuration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "engine/time_zone.h"

namespace mastic::spark_connect {
namespace {

using spark::runtime_error;
using spark::SparkError;
using spark::SparkResult;

constexpr std::string_view version_key = "spark.mastic.sparkVersion";
constexpr std::string_view illegal_argument = "org.apache.spark.SparkIllegalArgumentException";

std::string quote_config(std::string_view key) { return fmt::format("\"{}\"", key); }

std::string_view trim(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  return text;
}

bool is_integer(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && text.size() < 19 && std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// `12`, `12k`, `12kb`, `12m` … `12pb`.
bool is_byte_size(std::string_view text) {
  const auto digits = text.find_first_not_of("0123456789", text.starts_with('-') ? 1 : 0);
  if (digits == std::string_view::npos) return is_integer(text);
  if (!is_integer(text.substr(0, digits))) return false;
  std::string unit(text.substr(digits));
  std::ranges::transform(unit, unit.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  static constexpr std::string_view units[] = {"b", "k", "kb", "m", "mb", "g", "gb", "t", "tb", "p", "pb"};
  return std::ranges::find(units, unit) != std::end(units);
}

SparkError type_mismatch(std::string_view key, std::string_view value, std::string_view type) {
  return runtime_error("INVALID_CONF_VALUE.TYPE_MISMATCH",
                       {{"confName", std::string(key)}, {"confValue", std::string(value)}, {"confType", std::string(type)}},
                       illegal_argument);
}

/// The value in the form that is kept.
SparkResult<std::string> checked_value(const ConfigEntry* entry, std::string_view key, std::string_view value) {
  const std::string_view trimmed = trim(value);
  switch (entry == nullptr ? ConfigKind::text : entry->kind) {
    case ConfigKind::boolean: {
      std::string lower(trimmed);
      std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      if (lower != "true" && lower != "false") return fail(type_mismatch(key, value, "boolean"));
      return lower;
    }
    case ConfigKind::integer:
      if (!is_integer(trimmed)) return fail(type_mismatch(key, value, "int"));
      return std::string(trimmed);
    case ConfigKind::bytes:
      if (!is_byte_size(trimmed)) return fail(type_mismatch(key, value, "bytes"));
      return std::string(trimmed);
    case ConfigKind::time_zone:
      if (engine::TimeZone::find(value) == nullptr) {
        return fail(runtime_error("INVALID_CONF_VALUE.TIME_ZONE",
                                  {{"confName", std::string(key)}, {"confValue", std::string(value)}}, illegal_argument));
      }
      return std::string(value);
    case ConfigKind::text: break;
  }
  struct Choice {
    std::string_view key;
    std::vector<std::string_view> options;
  };
  static const std::vector<Choice> choices{
      {"spark.sql.storeAssignmentPolicy", {"ANSI", "LEGACY", "STRICT"}},
      {"spark.sql.sources.partitionOverwriteMode", {"DYNAMIC", "STATIC"}},
      {"spark.sql.mapKeyDedupPolicy", {"EXCEPTION", "LAST_WIN"}},
      {"spark.sql.legacy.timeParserPolicy", {"CORRECTED", "EXCEPTION", "LEGACY"}},
  };
  for (const auto& [name, options] : choices) {
    if (name != key) continue;
    std::string upper(trimmed);
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    if (std::ranges::find(options, upper) != options.end()) return upper;
    std::string all;
    for (const auto option : options) all += (all.empty() ? "" : ", ") + std::string(option);
    return fail(runtime_error("INVALID_CONF_VALUE.OUT_OF_RANGE_OF_OPTIONS",
                              {{"confName", std::string(key)}, {"confValue", std::string(value)}, {"confOptions", all}},
                              illegal_argument));
  }
  return std::string(value);
}

SparkResult<void> check_modifiable(std::string_view key) {
  const ConfigEntry* entry = find_config_entry(key);
  if (entry != nullptr && entry->is_static) {
    return fail(spark::analysis_error("CANNOT_MODIFY_STATIC_CONFIG", {{"key", quote_config(key)}}));
  }
  if (entry == nullptr && is_core_config(key)) {
    return fail(spark::analysis_error("CANNOT_MODIFY_CONFIG", {{"key", quote_config(key)}}));
  }
  return {};
}

}  // namespace

Configuration::Configuration(std::string spark_version, std::map<std::string, std::string> initial)
    : spark_version_(std::move(spark_version)), initial_(std::move(initial)) {}

Configuration::Configuration(const Configuration& other) : spark_version_(other.spark_version_), initial_(other.initial_) {
  const std::scoped_lock lock(other.mutex_);
  values_ = other.values_;
}

std::optional<std::string> Configuration::find_set(std::string_view key) const {
  {
    const std::scoped_lock lock(mutex_);
    if (const auto found = values_.find(key); found != values_.end()) return found->second;
  }
  if (const auto found = initial_.find(std::string(key)); found != initial_.end()) return found->second;
  return std::nullopt;
}

std::string Configuration::spark_version() const { return find_set(version_key).value_or(spark_version_); }

std::optional<std::string> Configuration::find(std::string_view key) const {
  if (auto value = find_set(key)) return value;
  if (const auto other = fallback_of(key); !other.empty()) {
    if (auto value = find_set(other)) return value;
  }
  const ConfigEntry* entry = find_config_entry(key);
  if (entry == nullptr) return std::nullopt;
  if (entry->kind == ConfigKind::time_zone) {
    static const std::string zone = machine_time_zone();
    return zone;
  }
  const char* value = spark_version().starts_with("3.") ? entry->default_spark3 : entry->default_spark4;
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

SparkResult<std::string> Configuration::get(std::string_view key) const {
  if (auto value = find(key)) return *std::move(value);
  return fail(
      runtime_error("SQL_CONF_NOT_FOUND", {{"sqlConf", quote_config(key)}}, "org.apache.spark.SparkNoSuchElementException"));
}

SparkResult<void> Configuration::set(std::string_view key, std::string_view value) {
  TRY_DO(check_modifiable(key));
  TRY(checked, checked_value(find_config_entry(key), key, value));
  const std::scoped_lock lock(mutex_);
  values_.insert_or_assign(std::string(key), checked);
  return {};
}

SparkResult<void> Configuration::unset(std::string_view key) {
  TRY_DO(check_modifiable(key));
  const std::scoped_lock lock(mutex_);
  if (const auto found = values_.find(key); found != values_.end()) values_.erase(found);
  return {};
}

std::map<std::string, std::string> Configuration::all() const {
  std::map<std::string, std::string> result = initial_;
  const std::scoped_lock lock(mutex_);
  for (const auto& [key, value] : values_) result.insert_or_assign(key, value);
  return result;
}

bool Configuration::is_modifiable(std::string_view key) const {
  const ConfigEntry* entry = find_config_entry(key);
  return entry != nullptr && !entry->is_static;
}

std::string machine_time_zone() {
  if (const char* zone = std::getenv("TZ"); zone != nullptr && engine::TimeZone::find(zone) != nullptr) return zone;
  std::string name;
  if (std::ifstream file("/etc/timezone"); file && std::getline(file, name) && engine::TimeZone::find(name) != nullptr) {
    return name;
  }
  std::error_code error;
  const std::string target = std::filesystem::read_symlink("/etc/localtime", error).string();
  static constexpr std::string_view marker = "zoneinfo/";
  if (const auto at = target.find(marker); !error && at != std::string::npos) {
    name = target.substr(at + marker.size());
    if (engine::TimeZone::find(name) != nullptr) return name;
  }
  return "UTC";
}

}  // namespace mastic::spark_connect
