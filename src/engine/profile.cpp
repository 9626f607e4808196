#include "engine/profile.h"

#include <duckdb.hpp>
#include <duckdb/common/file_opener.hpp>
#include <duckdb/main/client_config.hpp>
#include <duckdb/main/query_profiler.hpp>
#include <memory>
#include <mutex>

#include "base/log.h"

namespace mastic::engine {
namespace {

std::mutex sink_mutex;
std::shared_ptr<const ProfileSink> sink;  // guarded by sink_mutex

std::shared_ptr<const ProfileSink> current_sink() {
  const std::scoped_lock lock(sink_mutex);
  return sink;
}

constexpr int depth_max = 60;
constexpr std::size_t detail_bytes_max = 400;

using duckdb::MetricType;

template <typename T>
T value_of(const duckdb::ProfilingInfo& info, MetricType type) {
  const auto found = info.metrics.find(type);
  if (found == info.metrics.end() || found->second.IsNull()) return T{};
  return found->second.template GetValue<T>();
}

void add_details(const duckdb::ProfilingInfo& info, OperatorProfile& into) {
  if (!info.metrics.contains(MetricType::EXTRA_INFO)) return;
  for (const auto& [name, value] :
       info.GetMetricValue<duckdb::InsertionOrderPreservingMap<std::string>>(MetricType::EXTRA_INFO)) {
    if (value.empty() || name == "__estimated_cardinality__") continue;
    // What DuckDB's own drawing shows without a title: __projections__.
    const auto begin = std::min(name.find_first_not_of('_'), name.size());
    const auto end = name.find_last_not_of('_') + 1;
    into.details.emplace_back(name.substr(begin, end > begin ? end - begin : 0), value.substr(0, detail_bytes_max));
  }
}

void read(duckdb::ProfilingNode& node, OperatorProfile& into, int depth) {
  const auto& info = node.GetProfilingInfo();
  into.name = value_of<std::string>(info, MetricType::OPERATOR_NAME);
  into.seconds = value_of<double>(info, MetricType::OPERATOR_TIMING);
  into.rows = value_of<uint64_t>(info, MetricType::OPERATOR_CARDINALITY);
  into.bytes = value_of<uint64_t>(info, MetricType::RESULT_SET_SIZE);
  add_details(info, into);
  if (depth > depth_max) return;
  for (duckdb::idx_t at = 0; at < node.GetChildCount(); ++at) read(*node.GetChild(at), into.inputs.emplace_back(), depth + 1);
}

/// Lives with a connection.
struct ReadCount final : duckdb::ClientContextState {
  ByteCount bytes = std::make_shared<std::atomic<uint64_t>>(0);
};

}  // namespace

ByteCount read_count_of(duckdb::ClientContext& context) {
  if (!current_sink()) return nullptr;
  return context.registered_state->GetOrCreate<ReadCount>("mastic_read_count")->bytes;
}

ByteCount read_count_of(duckdb::FileOpener* opener) {
  auto context = duckdb::FileOpener::TryGetClientContext(opener);
  return context ? read_count_of(*context) : nullptr;
}

void report_written(uint64_t bytes) {
  if (const auto receive = current_sink()) (*receive)({.bytes_written = bytes, .root = {}, .is_query = false});
}

void profile_queries(ProfileSink new_sink) {
  auto shared = std::make_shared<const ProfileSink>(std::move(new_sink));
  const std::scoped_lock lock(sink_mutex);
  sink = std::move(shared);
}

void set_profiling(duckdb::ClientContext& context) {
  if (!current_sink()) return;
  auto& settings = duckdb::ClientConfig::GetConfig(context);
  settings.enable_profiler = true;
  settings.emit_profiler_output = false;
  settings.profiler_print_format = duckdb::ProfilerPrintFormat::NO_OUTPUT;
  settings.profiling_coverage = duckdb::ProfilingCoverage::ALL;
}

void report_profile(duckdb::ClientContext& context) noexcept {
  const auto receive = current_sink();
  if (!receive) return;
  try {
    auto& profiler = duckdb::QueryProfiler::Get(context);
    if (!profiler.IsEnabled()) return;
    profiler.FinalizeMetrics();
    QueryProfile profile;
    bool any = false;
    profiler.GetRootUnderLock([&](duckdb::optional_ptr<duckdb::ProfilingNode> root) {
      if (!root) return;
      any = true;
      const auto& info = root->GetProfilingInfo();
      profile.seconds = value_of<double>(info, MetricType::LATENCY);
      profile.cpu_seconds = value_of<double>(info, MetricType::CPU_TIME);
      profile.rows = value_of<uint64_t>(info, MetricType::ROWS_RETURNED);
      profile.peak_memory_bytes = value_of<uint64_t>(info, MetricType::SYSTEM_PEAK_BUFFER_MEMORY);
      profile.spilled_bytes = value_of<uint64_t>(info, MetricType::SYSTEM_PEAK_TEMP_DIR_SIZE);
      // The root itself is the query, not an operator.
      if (root->GetChildCount() > 0) read(*root->GetChild(0), profile.root, 0);
    });
    if (const auto count = read_count_of(context)) profile.bytes_read = count->exchange(0);
    if (any) (*receive)(std::move(profile));
  } catch (const std::exception& exception) {
    log::debug("engine", "a query's profile could not be read: {}", exception.what());
  }
}

}  // namespace mastic::engine
