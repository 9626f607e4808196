#include "program/request_counts.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>

namespace mastic::program {

void RequestCounts::add(const aws::Served& served) {
  auto& shard = shards_[std::hash<std::string_view>{}(served.operation) % shards_.size()];
  const auto seconds = static_cast<double>(served.time.count()) / 1e6;
  const auto bucket = std::ranges::lower_bound(bounds_seconds, seconds) - bounds_seconds.begin();
  const std::scoped_lock lock(shard.mutex);
  auto found = shard.counts.find(std::tuple<std::string_view, std::string_view>(served.service, served.operation));
  if (found == shard.counts.end()) {
    found = shard.counts.emplace(Key(served.service, served.operation), Counts{}).first;
  }
  auto& counts = found->second;
  ++counts.by_status[served.status];
  ++counts.buckets[static_cast<std::size_t>(bucket)];
  ++counts.count;
  counts.seconds += seconds;
}

void RequestCounts::write(std::string& into) const {
  std::map<Key, Counts> all;
  for (const auto& shard : shards_) {
    const std::scoped_lock lock(shard.mutex);
    all.insert(shard.counts.begin(), shard.counts.end());
  }
  auto out = std::back_inserter(into);
  const auto name_of = [](const std::string& name) { return name.empty() ? "other" : name; };
  into += "# HELP mastic_requests_total Requests that were answered.\n# TYPE mastic_requests_total counter\n";
  for (const auto& [key, counts] : all) {
    const auto& [service, operation] = key;
    for (const auto& [status, count] : counts.by_status) {
      fmt::format_to(out, "mastic_requests_total{{service=\"{}\",operation=\"{}\",status=\"{}\"}} {}\n", name_of(service),
                     name_of(operation), status, count);
    }
  }
  into +=
      "# HELP mastic_request_duration_seconds From a request's head to its answer's last byte.\n"
      "# TYPE mastic_request_duration_seconds histogram\n";
  for (const auto& [key, counts] : all) {
    const auto labels = fmt::format("service=\"{}\",operation=\"{}\"", name_of(std::get<0>(key)), name_of(std::get<1>(key)));
    uint64_t below = 0;
    for (std::size_t at = 0; at < bounds_seconds.size(); ++at) {
      below += counts.buckets[at];
      fmt::format_to(out, "mastic_request_duration_seconds_bucket{{{},le=\"{}\"}} {}\n", labels, bounds_seconds[at], below);
    }
    fmt::format_to(out, "mastic_request_duration_seconds_bucket{{{},le=\"+Inf\"}} {}\n", labels, counts.count);
    fmt::format_to(out, "mastic_request_duration_seconds_sum{{{}}} {}\n", labels, counts.seconds);
    fmt::format_to(out, "mastic_request_duration_seconds_count{{{}}} {}\n", labels, counts.count);
  }
}

}  // namespace mastic::program
