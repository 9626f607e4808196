#include "logs/metric_filters.h"

#include <atomic>
#include <cmath>
#include <mutex>
#include <tuple>

#include "aws/json.h"
#include "base/log.h"
#include "logs/errors.h"
#include "logs/pattern/condition.h"

namespace mastic::logs {
namespace {

namespace wire = aws::logs;

constexpr int64_t minute_ms = 60'000;
constexpr std::size_t filters_max = 100;

}  // namespace

struct MetricFilters::Compiled {
  wire::MetricFilter filter;
  FilterPattern pattern;
  std::atomic<int64_t> published_minute{-1};  // the last minute that a value was published for

  /// The value that a matching message gives; nothing when what it should be read from is no number.
  [[nodiscard]] std::optional<double> value_in(std::string_view message) const {
    const auto& wanted = transformation().metric_value;
    if (!wanted.starts_with('$')) return pattern::read_number(wanted);
    const auto text = pattern.value(message, wanted);
    return text ? pattern::read_number(*text) : std::nullopt;
  }
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> dimensions_in(std::string_view message) const {
    std::vector<std::pair<std::string, std::string>> dimensions;
    for (const auto& [name, source] : transformation().dimensions.value_or(std::map<std::string, std::string>{})) {
      if (auto text = pattern.value(message, source)) dimensions.emplace_back(name, std::move(*text));
    }
    return dimensions;
  }
  [[nodiscard]] const wire::MetricTransformation& transformation() const { return filter.metric_transformations->front(); }
};

Result<std::shared_ptr<MetricFilters::Compiled>> MetricFilters::compile(wire::MetricFilter filter) const {
  TRY(pattern, FilterPattern::parse(filter.filter_pattern.value_or("")));
  auto compiled = std::make_shared<Compiled>();
  compiled->filter = std::move(filter);
  compiled->pattern = std::move(pattern);
  return compiled;
}

Result<void> MetricFilters::load() {
  TRY(rows, database_.query("SELECT group_name, name, body FROM metric_filter"));
  const std::scoped_lock lock(mutex_);
  for (const auto& row : rows) {
    TRY(filter, aws::from_json<wire::MetricFilter>(row.text(2)));
    TRY(compiled, compile(std::move(filter)));
    groups_[row.text(0)][row.text(1)] = std::move(compiled);
  }
  return {};
}

Result<void> MetricFilters::put(const wire::MetricFilter& filter) {
  const auto group = filter.log_group_name.value_or("");
  const auto name = filter.filter_name.value_or("");
  TRY(compiled, compile(filter));
  const std::scoped_lock lock(mutex_);
  auto& filters = groups_[group];
  if (!filters.contains(name) && filters.size() >= filters_max) return fail(error::too_many_filters());
  TRY_DO(database_.run("INSERT OR REPLACE INTO metric_filter(group_name, name, body) VALUES(?, ?, ?)", group, name,
                       aws::to_json(filter)));
  filters[name] = std::move(compiled);
  return {};
}

Result<bool> MetricFilters::remove(std::string_view group, std::string_view name) {
  const std::scoped_lock lock(mutex_);
  TRY(removed, database_.run("DELETE FROM metric_filter WHERE group_name = ? AND name = ?", group, name));
  if (const auto found = groups_.find(group); found != groups_.end()) {
    found->second.erase(std::string(name));
    if (found->second.empty()) groups_.erase(found);
  }
  return removed > 0;
}

Result<std::vector<wire::MetricFilter>> MetricFilters::list(const Query& query) {
  const std::shared_lock lock(mutex_);
  std::vector<wire::MetricFilter> found;
  for (const auto& [group, filters] : groups_) {
    if (!query.group.empty() && group != query.group) continue;
    for (const auto& [name, compiled] : filters) {
      if (std::tie(group, name) <= std::tie(query.after_group, query.after_name)) continue;
      const auto& transformation = compiled->transformation();
      if (!name.starts_with(query.name_prefix)) continue;
      if (!query.metric_name.empty() && transformation.metric_name != query.metric_name) continue;
      if (!query.metric_namespace.empty() && transformation.metric_namespace != query.metric_namespace) continue;
      found.push_back(compiled->filter);
      if (found.size() == query.limit) return found;
    }
  }
  return found;
}

std::size_t MetricFilters::count(std::string_view group) const {
  const std::shared_lock lock(mutex_);
  const auto found = groups_.find(group);
  return found == groups_.end() ? 0 : found->second.size();
}

void MetricFilters::forget_group(std::string_view group) {
  const std::scoped_lock lock(mutex_);
  if (const auto found = groups_.find(group); found != groups_.end()) groups_.erase(found);
}

void MetricFilters::look_at(std::string_view group, std::span<const NewEvent> events) {
  if (!measured_ || events.empty()) return;
  std::vector<std::shared_ptr<Compiled>> filters;
  {
    const std::shared_lock lock(mutex_);
    const auto found = groups_.find(group);
    if (found == groups_.end()) return;
    for (const auto& [_, compiled] : found->second) filters.push_back(compiled);
  }
  std::vector<Measurement> all;
  for (const auto& compiled : filters) {
    const auto& transformation = compiled->transformation();
    std::map<std::pair<int64_t, std::vector<std::pair<std::string, std::string>>>, std::map<double, double>> values;
    for (const auto& event : events) {
      if (!compiled->pattern.matches(event.message)) continue;
      const auto value = compiled->value_in(event.message);
      if (value && std::isfinite(*value))
        ++values[{event.timestamp_ms / minute_ms, compiled->dimensions_in(event.message)}][*value];
    }
    // A minute with events of which none matches has the default value, once.
    const auto last_minute = events.back().timestamp_ms / minute_ms;
    const auto before = compiled->published_minute.exchange(last_minute);
    if (values.empty() && transformation.default_value && before != last_minute) {
      values[{last_minute, {}}][*transformation.default_value] = 1;
    }
    for (auto& [key, of_key] : values) {
      all.push_back({.name_space = transformation.metric_namespace,
                     .name = transformation.metric_name,
                     .unit = transformation.unit.value_or("None"),
                     .dimensions = key.second,
                     .time = from_microseconds(key.first * minute_ms * 1000),
                     .values = std::move(of_key)});
    }
  }
  if (!all.empty()) measured_(all);
}

}  // namespace mastic::logs
