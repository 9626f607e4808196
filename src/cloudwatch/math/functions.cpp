#include "cloudwatch/math/functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <numeric>
#include <optional>

namespace mastic::cloudwatch {
namespace {

using Arguments = std::vector<MathValue>;

std::unexpected<Error> wrong(std::string why) { return fail(Error{"ValidationException", std::move(why)}); }

Series combined(const Series& left, const Series& right, double (*operation)(double, double)) {
  Series result{left.label, std::max(left.period_seconds, right.period_seconds), {}};
  for (const auto& [time, value] : left.points) {
    const auto other = right.points.find(time);
    if (other == right.points.end()) continue;
    const auto computed = operation(value, other->second);
    if (std::isfinite(computed)) result.points.emplace(time, computed);
  }
  return result;
}

template <typename Change>
Series mapped(const Series& series, Change change) {
  Series result{series.label, series.period_seconds, {}};
  for (const auto& [time, value] : series.points) {
    const double computed = change(time, value);
    if (std::isfinite(computed)) result.points.emplace(time, computed);
  }
  return result;
}

/// A function of one series, for each series of a list too.
template <typename Change>
Result<MathValue> each(const MathValue& value, Change change) {
  if (const auto* one = std::get_if<Series>(&value)) return MathValue{change(*one)};
  if (const auto* many = std::get_if<SeriesList>(&value)) {
    SeriesList changed;
    for (const auto& series : *many) changed.push_back(change(series));
    return MathValue{std::move(changed)};
  }
  return wrong("the function takes a time series");
}

template <double (*function)(double)>
Result<MathValue> pointwise(Arguments& arguments, MathScope&) {
  if (const auto* number = std::get_if<double>(arguments.data())) return MathValue{function(*number)};
  return each(arguments[0],
              [](const Series& series) { return mapped(series, [](int64_t, double value) { return function(value); }); });
}

double sum_of(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }
double average_of(const std::vector<double>& values) { return sum_of(values) / static_cast<double>(values.size()); }
double minimum_of(const std::vector<double>& values) { return *std::ranges::min_element(values); }
double maximum_of(const std::vector<double>& values) { return *std::ranges::max_element(values); }
double deviation_of(const std::vector<double>& values) {
  const auto average = average_of(values);
  double squares = 0;
  for (const auto value : values) squares += (value - average) * (value - average);
  return std::sqrt(squares / static_cast<double>(values.size()));
}

/// Of one series a number; of a list a series, over what its series have at each time.
template <double (*function)(const std::vector<double>&)>
Result<MathValue> aggregated(Arguments& arguments, MathScope&) {
  if (const auto* one = std::get_if<Series>(arguments.data())) {
    if (one->points.empty()) return MathValue{0.0};
    std::vector<double> values;
    for (const auto& [_, value] : one->points) values.push_back(value);
    return MathValue{function(values)};
  }
  const auto* many = std::get_if<SeriesList>(arguments.data());
  if (many == nullptr) return wrong("the function takes a time series or a list of them");
  std::map<int64_t, std::vector<double>> by_time;
  Series result;
  for (const auto& series : *many) {
    result.period_seconds = std::max(result.period_seconds, series.period_seconds);
    for (const auto& [time, value] : series.points) by_time[time].push_back(value);
  }
  for (const auto& [time, values] : by_time) result.points.emplace(time, function(values));
  return MathValue{std::move(result)};
}

/// What changes from each point to the next.
template <typename Change>
Result<MathValue> between(const MathValue& value, Change change) {
  return each(value, [&](const Series& series) {
    Series result{series.label, series.period_seconds, {}};
    for (auto at = series.points.begin(), last = at; at != series.points.end(); last = at++) {
      if (at == series.points.begin()) continue;
      result.points.emplace(at->first, change(at->second - last->second, static_cast<double>(at->first - last->first)));
    }
    return result;
  });
}

Result<MathValue> rate(Arguments& arguments, MathScope&) {
  return between(arguments[0], [](double by, double seconds) { return by / seconds; });
}
Result<MathValue> diff(Arguments& arguments, MathScope&) {
  return between(arguments[0], [](double by, double) { return by; });
}
Result<MathValue> diff_time(Arguments& arguments, MathScope&) {
  return between(arguments[0], [](double, double seconds) { return seconds; });
}

Result<MathValue> running_sum(Arguments& arguments, MathScope&) {
  return each(arguments[0], [](const Series& series) {
    double sum = 0;
    return mapped(series, [&](int64_t, double value) { return sum += value; });
  });
}

Result<MathValue> fill(Arguments& arguments, MathScope& scope) {
  const auto* number = std::get_if<double>(&arguments[1]);
  const auto* word = std::get_if<std::string>(&arguments[1]);
  const auto* other = std::get_if<Series>(&arguments[1]);
  if (number == nullptr && other == nullptr && (word == nullptr || (*word != "REPEAT" && *word != "LINEAR"))) {
    return wrong("FILL takes a number, a time series, REPEAT or LINEAR");
  }
  return each(arguments[0], [&](const Series& series) {
    auto filled = series;
    for (const auto time : scope.times(series.period_seconds)) {
      if (series.points.contains(time)) continue;
      if (number != nullptr) {
        filled.points.emplace(time, *number);
        continue;
      }
      if (other != nullptr) {
        if (const auto found = other->points.find(time); found != other->points.end())
          filled.points.emplace(time, found->second);
        continue;
      }
      const auto next = series.points.upper_bound(time);
      if (next == series.points.begin()) continue;
      const auto last = std::prev(next);
      if (*word == "REPEAT") {
        filled.points.emplace(time, last->second);
      } else if (next != series.points.end()) {
        const auto share = static_cast<double>(time - last->first) / static_cast<double>(next->first - last->first);
        filled.points.emplace(time, last->second + share * (next->second - last->second));
      }
    }
    return filled;
  });
}

Result<MathValue> when(Arguments& arguments, MathScope&) {
  const auto value_at = [](const MathValue& value, int64_t time) -> std::optional<double> {
    if (const auto* number = std::get_if<double>(&value)) return *number;
    if (const auto* series = std::get_if<Series>(&value)) {
      if (const auto found = series->points.find(time); found != series->points.end()) return found->second;
    }
    return {};
  };
  if (const auto* number = std::get_if<double>(arguments.data())) {
    if (*number != 0) return arguments[1];
    return arguments.size() > 2 ? arguments[2] : MathValue{Series{}};
  }
  const auto* condition = std::get_if<Series>(arguments.data());
  if (condition == nullptr) return wrong("IF takes a time series or a number as its condition");
  Series result{condition->label, condition->period_seconds, {}};
  for (const auto& [time, holds] : condition->points) {
    if (holds == 0 && arguments.size() < 3) continue;
    if (const auto value = value_at(arguments[holds != 0 ? 1 : 2], time)) result.points.emplace(time, *value);
  }
  return MathValue{std::move(result)};
}

Result<MathValue> metrics(Arguments& arguments, MathScope& scope) {
  std::string containing;
  if (!arguments.empty()) {
    const auto* text = std::get_if<std::string>(arguments.data());
    if (text == nullptr) return wrong("METRICS takes a text");
    containing = *text;
  }
  TRY(list, scope.metrics(containing));
  return MathValue{std::move(list)};
}

SeriesList as_list(const MathValue& value) {
  if (const auto* many = std::get_if<SeriesList>(&value)) return *many;
  if (const auto* one = std::get_if<Series>(&value)) return {*one};
  return {};
}

Result<MathValue> metric_count(Arguments& arguments, MathScope&) {
  return MathValue{static_cast<double>(as_list(arguments[0]).size())};
}
Result<MathValue> datapoint_count(Arguments& arguments, MathScope&) {
  double count = 0;
  for (const auto& series : as_list(arguments[0])) count += static_cast<double>(series.points.size());
  return MathValue{count};
}
Result<MathValue> remove_empty(Arguments& arguments, MathScope&) {
  auto list = as_list(arguments[0]);
  std::erase_if(list, [](const Series& series) { return series.points.empty(); });
  return MathValue{std::move(list)};
}

Result<MathValue> slice(Arguments& arguments, MathScope&) {
  auto list = as_list(arguments[0]);
  const auto size = static_cast<double>(list.size());
  const auto* begin = std::get_if<double>(&arguments[1]);
  const auto* end = arguments.size() > 2 ? std::get_if<double>(&arguments[2]) : &size;
  if (begin == nullptr || end == nullptr) return wrong("SLICE takes numbers");
  const auto first = static_cast<std::ptrdiff_t>(std::clamp(*begin, 0.0, size));
  const auto last = static_cast<std::ptrdiff_t>(std::clamp(*end, static_cast<double>(first), size));
  return MathValue{SeriesList(list.begin() + first, list.begin() + last)};
}

Result<MathValue> sorted(Arguments& arguments, MathScope&) {
  auto list = as_list(arguments[0]);
  const auto* by = std::get_if<std::string>(&arguments[1]);
  const auto* order = std::get_if<std::string>(&arguments[2]);
  if (by == nullptr || order == nullptr) return wrong("SORT takes a function and an order");
  const auto rank = [&](const Series& series) {
    std::vector<double> values;
    for (const auto& [_, value] : series.points) values.push_back(value);
    if (values.empty()) return -HUGE_VAL;
    return *by == "AVG"   ? average_of(values)
           : *by == "MIN" ? minimum_of(values)
           : *by == "MAX" ? maximum_of(values)
                          : sum_of(values);
  };
  std::ranges::stable_sort(
      list, [&](const Series& a, const Series& b) { return *order == "DESC" ? rank(a) > rank(b) : rank(a) < rank(b); });
  if (arguments.size() > 3) {
    const auto* limit = std::get_if<double>(&arguments[3]);
    if (limit == nullptr || *limit < 0) return wrong("SORT takes a number as its limit");
    if (*limit < static_cast<double>(list.size())) list.resize(static_cast<std::size_t>(*limit));
  }
  return MathValue{std::move(list)};
}

Result<MathValue> period(Arguments& arguments, MathScope&) {
  const auto* series = std::get_if<Series>(arguments.data());
  if (series == nullptr) return wrong("PERIOD takes a time series");
  return MathValue{static_cast<double>(series->period_seconds)};
}

Result<MathValue> time_series(Arguments& arguments, MathScope& scope) {
  const auto* number = std::get_if<double>(arguments.data());
  if (number == nullptr) return wrong("TIME_SERIES takes a number");
  Series series{"", scope.period_seconds(), {}};
  for (const auto time : scope.times(series.period_seconds)) series.points.emplace(time, *number);
  return MathValue{std::move(series)};
}

template <double (*part)(std::chrono::sys_seconds)>
Result<MathValue> part_of_time(Arguments& arguments, MathScope&) {
  return each(arguments[0], [](const Series& series) {
    return mapped(series, [](int64_t time, double) { return part(std::chrono::sys_seconds{std::chrono::seconds{time}}); });
  });
}
std::chrono::year_month_day day_of(std::chrono::sys_seconds time) { return {std::chrono::floor<std::chrono::days>(time)}; }
double minute(std::chrono::sys_seconds time) { return static_cast<double>(time.time_since_epoch().count() / 60 % 60); }
double hour(std::chrono::sys_seconds time) { return static_cast<double>(time.time_since_epoch().count() / 3600 % 24); }
double weekday(std::chrono::sys_seconds time) {
  return std::chrono::weekday{std::chrono::floor<std::chrono::days>(time)}.iso_encoding();
}
double date(std::chrono::sys_seconds time) { return static_cast<unsigned>(day_of(time).day()); }
double month(std::chrono::sys_seconds time) { return static_cast<unsigned>(day_of(time).month()); }
double year(std::chrono::sys_seconds time) { return static_cast<int>(day_of(time).year()); }
double epoch(std::chrono::sys_seconds time) { return static_cast<double>(time.time_since_epoch().count()); }

double absolute(double value) { return std::abs(value); }
double ceiling(double value) { return std::ceil(value); }
double floored(double value) { return std::floor(value); }
double natural_logarithm(double value) { return std::log(value); }
double decimal_logarithm(double value) { return std::log10(value); }

struct Function {
  std::string_view name;
  std::size_t least, most;
  Result<MathValue> (*call)(Arguments&, MathScope&);
};

constexpr auto functions = std::to_array<Function>({
    {"ABS", 1, 1, pointwise<absolute>},
    {"AVG", 1, 1, aggregated<average_of>},
    {"CEIL", 1, 1, pointwise<ceiling>},
    {"DATAPOINT_COUNT", 1, 1, datapoint_count},
    {"DATE", 1, 1, part_of_time<date>},
    {"DAY", 1, 1, part_of_time<weekday>},
    {"DIFF", 1, 1, diff},
    {"DIFF_TIME", 1, 1, diff_time},
    {"EPOCH", 1, 1, part_of_time<epoch>},
    {"FILL", 2, 2, fill},
    {"FLOOR", 1, 1, pointwise<floored>},
    {"HOUR", 1, 1, part_of_time<hour>},
    {"IF", 2, 3, when},
    {"LOG", 1, 1, pointwise<natural_logarithm>},
    {"LOG10", 1, 1, pointwise<decimal_logarithm>},
    {"MAX", 1, 1, aggregated<maximum_of>},
    {"METRICS", 0, 1, metrics},
    {"METRIC_COUNT", 1, 1, metric_count},
    {"MIN", 1, 1, aggregated<minimum_of>},
    {"MINUTE", 1, 1, part_of_time<minute>},
    {"MONTH", 1, 1, part_of_time<month>},
    {"PERIOD", 1, 1, period},
    {"RATE", 1, 1, rate},
    {"REMOVE_EMPTY", 1, 1, remove_empty},
    {"RUNNING_SUM", 1, 1, running_sum},
    {"SLICE", 2, 3, slice},
    {"SORT", 3, 4, sorted},
    {"STDDEV", 1, 1, aggregated<deviation_of>},
    {"SUM", 1, 1, aggregated<sum_of>},
    {"TIME_SERIES", 1, 1, time_series},
    {"YEAR", 1, 1, part_of_time<year>},
});

}  // namespace

Result<MathValue> call_function(std::string_view name, std::vector<MathValue> arguments, MathScope& scope) {
  const auto found = std::ranges::find(functions, name, &Function::name);
  if (found == functions.end()) return wrong(fmt::format("the function {} is not supported", name));
  if (arguments.size() < found->least || arguments.size() > found->most) {
    return wrong(fmt::format("the function {} does not take {} arguments", name, arguments.size()));
  }
  return found->call(arguments, scope);
}

Result<MathValue> combine(const MathValue& left, const MathValue& right, double (*operation)(double, double)) {
  if (std::holds_alternative<std::string>(left) || std::holds_alternative<std::string>(right))
    return wrong("a text is no operand");
  const auto* left_number = std::get_if<double>(&left);
  const auto* right_number = std::get_if<double>(&right);
  if (left_number != nullptr && right_number != nullptr) return MathValue{operation(*left_number, *right_number)};
  if (right_number != nullptr) {
    return each(left, [&](const Series& series) {
      return mapped(series, [&](int64_t, double value) { return operation(value, *right_number); });
    });
  }
  if (left_number != nullptr) {
    return each(right, [&](const Series& series) {
      return mapped(series, [&](int64_t, double value) { return operation(*left_number, value); });
    });
  }
  if (const auto* one = std::get_if<Series>(&right)) {
    return each(left, [&](const Series& series) { return combined(series, *one, operation); });
  }
  if (const auto* one = std::get_if<Series>(&left)) {
    return each(right, [&](const Series& series) {
      auto result = combined(*one, series, operation);
      result.label = series.label;
      return result;
    });
  }
  return wrong("two lists of time series cannot be combined");
}

}  // namespace mastic::cloudwatch
