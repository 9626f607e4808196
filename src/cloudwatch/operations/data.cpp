// GetMetricData: metrics and math over them.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "aws/models/cloudwatch.h"
#include "aws/service.h"
#include "cloudwatch/math/series.h"
#include "cloudwatch/operations/keys.h"
#include "cloudwatch/operations/operations.h"
#include "cloudwatch/operations/window.h"
#include "cloudwatch/statistic.h"

namespace mastic::cloudwatch {
namespace {

namespace wire = aws::cloudwatch;

constexpr std::size_t queries_max = 500;
constexpr int64_t datapoints_max = 100'800;

/// One request while it is worked on.
class Request final : public MathScope {
 public:
  Request(const wire::GetMetricDataRequest& request, Store& store, Instant now) : request_(request), store_(store), now_(now) {}

  Result<void> check() const {
    const auto& queries = request_.metric_data_queries;
    if (queries.empty()) return fail(error::validation("The parameter MetricDataQueries must not be empty."));
    if (queries.size() > queries_max) {
      return fail(error::validation(
          fmt::format("The collection MetricDataQueries must not have a size greater than {}.", queries_max)));
    }
    std::set<std::string_view> ids;
    for (const auto& query : queries) {
      if (!(query.id[0] >= 'a' && query.id[0] <= 'z')) {
        return fail(
            error::validation(fmt::format("The value {} for parameter Id must start with a lowercase letter.", query.id)));
      }
      if (!ids.insert(query.id).second) return fail(error::validation(fmt::format("The Id {} is there twice.", query.id)));
      if (query.metric_stat.has_value() == query.expression.has_value()) {
        return fail(error::validation(fmt::format("The query {} must have either MetricStat or Expression.", query.id)));
      }
      if (query.label && query.label->find("${") != std::string::npos) {
        return fail(error::validation(fmt::format("The label of {} is dynamic (${{…}}), which is not supported.", query.id)));
      }
    }
    return {};
  }

  Result<SeriesList> series_of(const wire::MetricDataQuery& query) {
    TRY(value, value_of(query.id));
    auto* one = std::get_if<Series>(&value);
    auto* many = std::get_if<SeriesList>(&value);
    if (one == nullptr && many == nullptr) {
      return fail(error::validation(fmt::format("Error in expression '{}': it must give a time series, not a single value.",
                                                query.expression.value_or(""))));
    }
    auto list = one != nullptr ? SeriesList{std::move(*one)} : std::move(*many);
    for (auto& series : list) {
      if (many != nullptr && query.label) series.label = *query.label + " " + series.label;
      if (many == nullptr) series.label = query.label.value_or(query.expression ? query.id : series.label);
    }
    return list;
  }

  // MathScope
  Result<MathValue> value_of(const std::string& id) override {
    if (const auto found = values_.find(id); found != values_.end()) return found->second;
    const auto query = std::ranges::find(request_.metric_data_queries, id, &wire::MetricDataQuery::id);
    if (query == request_.metric_data_queries.end()) {
      return fail(error::validation(fmt::format("The expression names an Id that is not there: {}", id)));
    }
    if (!working_on_.insert(id).second) return fail(error::validation(fmt::format("The expression {} depends on itself.", id)));
    auto value = compute(*query);
    working_on_.erase(id);
    if (!value) return value;
    return values_.emplace(id, std::move(*value)).first->second;
  }
  Result<SeriesList> metrics(std::string_view containing) override {
    SeriesList list;
    for (const auto& query : request_.metric_data_queries) {
      if (!query.metric_stat || query.id.find(containing) == std::string::npos) continue;
      TRY(value, value_of(query.id));
      list.push_back(std::get<Series>(std::move(value)));
    }
    return list;
  }
  [[nodiscard]] std::vector<int64_t> times(int64_t period) const override {
    std::vector<int64_t> all;
    const auto window = make_window(request_.start_time, request_.end_time, period, now_);
    if (!window || window->count() > datapoints_max) return all;
    for (auto time = window->start; time < window->end; time += window->period) all.push_back(time);
    return all;
  }
  [[nodiscard]] int64_t period_seconds() const override {
    int64_t period = 0;
    for (const auto& query : request_.metric_data_queries) {
      if (query.metric_stat) period = std::max<int64_t>(period, query.metric_stat->period);
    }
    return period > 0 ? period : 60;
  }

 private:
  Result<MathValue> compute(const wire::MetricDataQuery& query) {
    if (query.expression) {
      auto text = std::string_view(*query.expression);
      if (text.starts_with("SELECT") || text.starts_with("select")) {
        return fail(error::validation("Metrics Insights queries (SELECT …) are not supported."));
      }
      return evaluate(text, *this);
    }
    const auto& stat = *query.metric_stat;
    if (!stat.metric.namespace_ || !stat.metric.metric_name) {
      return fail(error::validation(fmt::format("The metric of {} must have a Namespace and a MetricName.", query.id)));
    }
    TRY(statistic, Statistic::parse(stat.stat));
    TRY(window, make_window(request_.start_time, request_.end_time, stat.period, now_));
    TRY(dimensions, read_dimensions(stat.metric.dimensions));
    TRY(data,
        store_.read({*stat.metric.namespace_, *stat.metric.metric_name, std::move(dimensions)}, window.start, window.end));
    std::map<int64_t, Distribution> periods;
    for (const auto& [_, of_unit] : by_period(data, window, stat.unit)) {
      for (const auto& [time, values] : of_unit) periods[time].add(values);
    }
    Series series{*stat.metric.metric_name, window.period, {}};
    for (const auto& [time, values] : periods) {
      if (const auto value = statistic.of(values)) series.points.emplace(time, *value);
    }
    return MathValue{std::move(series)};
  }

  const wire::GetMetricDataRequest& request_;
  Store& store_;
  const Instant now_;
  std::map<std::string, MathValue> values_;
  std::set<std::string> working_on_;
};

/// Where a page begins: a result and a point in it.
struct Place {
  std::size_t result = 0;
  std::size_t point = 0;
};

Result<Place> read_token(const std::optional<std::string>& token) {
  Place place;
  if (!token) return place;
  const auto* end = token->data() + token->size();
  const auto result = std::from_chars(token->data(), end, place.result);
  if (result.ec != std::errc{} || result.ptr == end || *result.ptr != '-') return fail(error::invalid_token());
  const auto point = std::from_chars(result.ptr + 1, end, place.point);
  if (point.ec != std::errc{} || point.ptr != end) return fail(error::invalid_token());
  return place;
}

wire::MetricDataResult page_of(const std::string& id, const Series& series, bool descending, std::size_t from,
                               std::size_t count) {
  wire::MetricDataResult result{.id = id, .label = series.label, .timestamps = {{}}, .values = {{}}, .status_code = "Complete"};
  std::vector<std::pair<int64_t, double>> points(series.points.begin(), series.points.end());
  if (descending) std::ranges::reverse(points);
  for (std::size_t at = from; at < std::min(points.size(), from + count); ++at) {
    result.timestamps->push_back(Instant{std::chrono::seconds{points[at].first}});
    result.values->push_back(points[at].second);
  }
  if (from + count < points.size()) result.status_code = "PartialData";
  return result;
}

}  // namespace

void add_data_operation(aws::Service& service, Store& store, const Clock& clock) {
  service.on<wire::GetMetricData>([&store, &clock](const wire::GetMetricDataRequest& given,
                                                   const aws::CallContext&) -> Result<wire::GetMetricDataResponse> {
    Request request(given, store, clock.now());
    TRY_DO(request.check());
    TRY(begin, read_token(given.next_token));
    const auto limit =
        static_cast<std::size_t>(std::clamp<int64_t>(given.max_datapoints.value_or(datapoints_max), 1, datapoints_max));
    const bool descending = given.scan_by.value_or("TimestampDescending") == "TimestampDescending";
    wire::GetMetricDataResponse response{.metric_data_results = {{}}, .messages = {{}}};
    std::size_t index = 0;  // of results, over all pages
    std::size_t left = limit;
    for (const auto& query : given.metric_data_queries) {
      TRY(list, request.series_of(query));  // also where it is not returned: what is wrong with it is said
      if (!query.return_data.value_or(true)) continue;
      for (const auto& series : list) {
        const auto from = index == begin.result ? begin.point : 0;
        if (index++ < begin.result || response.next_token) continue;
        response.metric_data_results->push_back(page_of(query.id, series, descending, from, left));
        const auto rest = series.points.size() - std::min(from, series.points.size());
        if (rest > left) response.next_token = fmt::format("{}-{}", index - 1, from + left);
        left -= std::min(left, rest);
      }
    }
    return response;
  });
}

}  // namespace mastic::cloudwatch
