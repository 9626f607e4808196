#include "program/run_monitor.h"

#include <fmt/format.h>
#include <simdjson.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "aws/encoding.h"
#include "aws/json.h"
#include "aws/models/glue.h"
#include "base/files.h"
#include "base/log.h"
#include "glue/codegen/preview.h"

namespace mastic::program {
namespace {

constexpr std::chrono::seconds publish_interval{30};
constexpr std::chrono::seconds look_interval{1};

std::optional<std::string> argument(const jobs::RunRecord& run, std::string_view name) {
  const auto found = std::ranges::find(run.arguments, name);
  if (found == run.arguments.end()) return {};
  const auto value = std::next(found);
  return value == run.arguments.end() || value->starts_with("--") ? std::string() : *value;
}

bool wants_metrics(const jobs::RunRecord& run) {
  const auto value = argument(run, "--enable-metrics");
  return value && *value != "false";
}

std::optional<std::chrono::microseconds> notify_delay(const jobs::RunRecord& run) {
  const auto details = aws::from_json<aws::glue::JobRun>(run.details);
  if (!details || !details->notification_property) return {};
  const auto minutes = details->notification_property->notify_delay_after;
  return minutes ? std::optional<std::chrono::microseconds>(std::chrono::minutes(*minutes)) : std::nullopt;
}

uint64_t machine_memory_bytes() {
  static const auto bytes = static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  return bytes;
}

/// The severity and message of AWS's event about a run's end.
struct Verdict {
  std::string_view severity;
  std::string message;
};
Verdict verdict(const jobs::RunRecord& run) {
  switch (run.state) {
    case jobs::State::succeeded: return {"INFO", "Job run succeeded"};
    case jobs::State::stopped: return {"INFO", "Job run stopped"};
    case jobs::State::timed_out: return {"WARN", run.error_message.empty() ? "Job run timed out" : run.error_message};
    default: return {"ERROR", run.error_message};
  }
}

std::string run_detail(const jobs::RunRecord& run, std::string_view severity, std::string_view message) {
  std::string text;
  aws::JsonWriter writer(text);
  const auto member = [&](std::string_view name, std::string_view value) {
    writer.key(name);
    writer.text(value);
  };
  writer.open_object();
  member("jobName", run.job_name);
  member("severity", severity);
  // EventBridge has no ERROR state of runs: what could not be started has failed.
  member("state", run.state == jobs::State::error ? "FAILED" : jobs::name_of(run.state));
  member("jobRunId", run.run_id);
  member("message", message);
  writer.close_object();
  return text;
}

}  // namespace

EngineTotals read_totals(const std::filesystem::path& run_folder) {
  EngineTotals totals;
  const auto text = read_file(run_folder / "usage.json");
  if (!text) return totals;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(*text).get(root) != simdjson::SUCCESS) return totals;
  const auto read = [&](std::string_view name, int64_t& into) {
    int64_t number = 0;
    if (root[name].get(number) == simdjson::SUCCESS) into = number;
  };
  read("queries", totals.queries);
  read("operators", totals.operators);
  read("rows_in", totals.rows_in);
  read("rows_out", totals.rows_out);
  read("bytes_read", totals.bytes_read);
  read("bytes_written", totals.bytes_written);
  read("spilled_bytes", totals.spilled_bytes);
  return totals;
}

struct RunMonitor::Gate {
  std::mutex mutex;
  RunMonitor* monitor = nullptr;
};

RunMonitor::RunMonitor(jobs::Runs& runs, cloudwatch::CloudWatch& metrics, announce::Events& events, const Clock& clock,
                       std::chrono::days keep)
    : runs_(runs), metrics_(metrics), events_(events), clock_(clock), keep_(keep), gate_(std::make_shared<Gate>()) {
  gate_->monitor = this;
  runs_.on_change([gate = gate_](const jobs::RunRecord& run) {
    const std::scoped_lock lock(gate->mutex);
    if (gate->monitor != nullptr) gate->monitor->on_change(run);
  });
}

RunMonitor::~RunMonitor() {
  end();
  const std::scoped_lock lock(gate_->mutex);
  gate_->monitor = nullptr;
}

void RunMonitor::begin() {
  thread_ = std::thread([this] { loop(); });
}

void RunMonitor::end() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void RunMonitor::on_change(const jobs::RunRecord& run) {
  if (run.run_id.starts_with(glue::codegen::preview_run_prefix)) return;
  const auto now = clock_.now();
  const bool is_final = jobs::is_final(run.state);
  const auto [severity, message] = is_final ? verdict(run) : Verdict{"INFO", ""};
  if (is_final)
    events_.publish({.detail_type = "Glue Job State Change", .resources = {}, .detail = run_detail(run, severity, message)});
  events_.publish({.detail_type = "Mastic Job Run State Change",
                   .resources = {"job/" + run.job_name},
                   .detail = run_detail(run, severity, message),
                   .is_local = true});
  Watched ended;
  {
    const std::scoped_lock lock(mutex_);
    const auto [found, is_new] = watched_.try_emplace(run.run_id);
    auto& watched = found->second;
    if (is_new) {
      watched.has_metrics = wants_metrics(run);
      watched.notify_after = notify_delay(run);
    }
    if (is_new || !watched.run.started) watched.told_at = run.started.value_or(now);
    watched.run = run;
    if (!is_final) return;
    ended = std::move(watched);
    watched_.erase(found);
  }
  if (ended.has_metrics && ended.run.started) publish(ended, now);
}

void RunMonitor::loop() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    changed_.wait_for(lock, look_interval, [&] { return ending_; });
    if (ending_) return;
    const auto now = clock_.now();
    if (keep_.count() > 0 && now - cleaned_ >= std::chrono::days(1)) {
      cleaned_ = now;
      lock.unlock();
      runs_.forget_files(now - keep_);
      lock.lock();
    }
    for (auto& [_, watched] : watched_) {
      notify(watched, now);
      if (watched.has_metrics && watched.run.started && now - watched.told_at >= publish_interval) publish(watched, now);
    }
  }
}

uint64_t RunMonitor::memory_bytes() const {
  const std::scoped_lock lock(mutex_);
  uint64_t bytes = 0;
  for (const auto& [run_id, watched] : watched_) {
    if (!watched.run.started) continue;
    const auto usage = runs_.usage(run_id);
    if (usage && *usage) bytes += (*usage)->memory_bytes;
  }
  return bytes;
}

/// Glue tells of a run that takes longer than its job's NotifyDelayAfter, once for each state it is in by then.
void RunMonitor::notify(Watched& watched, Instant now) {
  const auto& run = watched.run;
  const auto state = jobs::name_of(run.state);
  const bool is_told_of =
      run.state == jobs::State::starting || run.state == jobs::State::running || run.state == jobs::State::stopping;
  if (!watched.notify_after || !is_told_of || watched.notified_state == state || now - run.accepted < *watched.notify_after)
    return;
  watched.notified_state = state;
  std::string detail;
  aws::JsonWriter writer(detail);
  const auto member = [&](std::string_view name, std::string_view value) {
    writer.key(name);
    writer.text(value);
  };
  writer.open_object();
  member("jobName", run.job_name);
  member("severity", "INFO");
  writer.key("notificationCondition");
  writer.raw(
      fmt::format(R"({{"NotifyDelayAfter":{}.0}})", std::chrono::floor<std::chrono::minutes>(*watched.notify_after).count()));
  member("state", state);
  member("jobRunId", run.run_id);
  member("message", fmt::format("Job is in {} state", state));
  member("startedOn", aws::to_iso_time(run.accepted, false));
  writer.close_object();
  events_.publish({.detail_type = "Glue Job Run Status", .resources = {}, .detail = std::move(detail)});
}

/// Glue's metrics: counts of what was done since the last time, gauges of now. This machine is driver and executors in one,
/// so what is said of the driver is said of ALL.
void RunMonitor::publish(Watched& watched, Instant now) {
  const auto& run = watched.run;
  const auto totals = read_totals(runs_.run_folder(run.run_id));
  const auto found = runs_.usage(run.run_id);
  const auto usage = found ? found->value_or(jobs::RunUsage{}) : jobs::RunUsage{};
  const auto elapsed = std::max<std::chrono::microseconds>(now - watched.told_at, std::chrono::microseconds{1});
  const auto limit =
      run.memory_limit_bytes > 0 ? std::min(2 * run.memory_limit_bytes, machine_memory_bytes()) : machine_memory_bytes();
  const auto cores = std::max(1U, std::thread::hardware_concurrency());
  const auto memory = static_cast<double>(usage.memory_bytes);
  const auto load = std::clamp(
      static_cast<double>((usage.cpu() - watched.told_cpu).count()) / (static_cast<double>(elapsed.count()) * cores), 0.0, 1.0);
  struct Row {
    std::string_view name;
    bool is_count;
    double value;
    std::string_view unit;
  };
  const auto since = [](int64_t after, int64_t before) { return static_cast<double>(std::max<int64_t>(after - before, 0)); };
  const auto& told = watched.told;
  constexpr double mebibyte = 1024.0 * 1024.0;
  const auto rows = std::to_array<Row>({
      {"glue.driver.aggregate.bytesRead", true, since(totals.bytes_read, told.bytes_read), "Bytes"},
      {"glue.driver.aggregate.elapsedTime", true, static_cast<double>(elapsed.count()) / 1000, "Milliseconds"},
      {"glue.driver.aggregate.numCompletedStages", true, since(totals.queries, told.queries), "Count"},
      {"glue.driver.aggregate.numCompletedTasks", true, since(totals.operators, told.operators), "Count"},
      {"glue.driver.aggregate.numFailedTasks", true, 0, "Count"},
      {"glue.driver.aggregate.numKilledTasks", true, 0, "Count"},
      {"glue.driver.aggregate.recordsRead", true, since(totals.rows_in, told.rows_in), "Count"},
      {"glue.driver.aggregate.shuffleBytesWritten", true, since(totals.spilled_bytes, told.spilled_bytes), "Bytes"},
      {"glue.driver.BlockManager.disk.diskSpaceUsed_MB", false, static_cast<double>(totals.spilled_bytes) / mebibyte,
       "Megabytes"},
      {"glue.driver.ExecutorAllocationManager.executors.numberAllExecutors", false, 1, "Count"},
      {"glue.driver.ExecutorAllocationManager.executors.numberMaxNeededExecutors", false, 1, "Count"},
      {"glue.driver.jvm.heap.usage", false, memory / static_cast<double>(limit), "Percent"},
      {"glue.ALL.jvm.heap.usage", false, memory / static_cast<double>(limit), "Percent"},
      {"glue.driver.jvm.heap.used", false, memory, "Bytes"},
      {"glue.ALL.jvm.heap.used", false, memory, "Bytes"},
      {"glue.driver.s3.filesystem.read_bytes", false, since(totals.bytes_read, told.bytes_read), "Bytes"},
      {"glue.ALL.s3.filesystem.read_bytes", false, since(totals.bytes_read, told.bytes_read), "Bytes"},
      {"glue.driver.s3.filesystem.write_bytes", false, since(totals.bytes_written, told.bytes_written), "Bytes"},
      {"glue.ALL.s3.filesystem.write_bytes", false, since(totals.bytes_written, told.bytes_written), "Bytes"},
      {"glue.driver.system.cpuSystemLoad", false, load, "Percent"},
      {"glue.ALL.system.cpuSystemLoad", false, load, "Percent"},
  });
  std::vector<cloudwatch::Sample> samples;
  for (const auto& row : rows) {
    for (const auto& run_id : {run.run_id, std::string("ALL")}) {
      samples.push_back(
          {.name = std::string(row.name),
           .dimensions = {{"JobName", run.job_name}, {"JobRunId", run_id}, {"Type", row.is_count ? "count" : "gauge"}},
           .time = now,
           .values = cloudwatch::Distribution::of(row.value),
           .unit = std::string(row.unit)});
    }
  }
  if (const auto kept = metrics_.put("Glue", samples); !kept) {
    log::warn("cloudwatch", "the metrics of run {} could not be kept: {}", run.run_id, kept.error().message);
  }
  watched.told = totals;
  watched.told_cpu = usage.cpu();
  watched.told_at = now;
}

}  // namespace mastic::program
