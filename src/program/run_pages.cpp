// What a run took and did, as JSON.
#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <sstream>

#include "aws/json.h"
#include "base/files.h"
#include "program/monitoring_pages.h"

namespace mastic::program {
namespace {

std::unexpected<Error> not_found(std::string_view what) {
  return fail(Error{"EntityNotFoundException", fmt::format("There is no such {}.", what), 404});
}

void member(aws::JsonWriter& writer, std::string_view name, std::string_view value) {
  writer.key(name);
  writer.text(value);
}
void member(aws::JsonWriter& writer, std::string_view name, int64_t value) {
  writer.key(name);
  writer.number(value);
}

void write_usage(const jobs::RunUsage& usage, aws::JsonWriter& writer) {
  constexpr double million = 1e6;
  writer.key("cpu_seconds");
  writer.number(static_cast<double>(usage.cpu().count()) / million);
  writer.key("engine_cpu_seconds");
  writer.number(static_cast<double>(usage.engine_cpu.count()) / million);
  writer.key("driver_cpu_seconds");
  writer.number(static_cast<double>(usage.driver_cpu.count()) / million);
  member(writer, "memory_bytes", static_cast<int64_t>(usage.memory_bytes));
  member(writer, "peak_memory_bytes", static_cast<int64_t>(usage.peak_memory_bytes));
}

std::string summary(const jobs::Runs& runs, const jobs::RunRecord& run, const jobs::RunUsage& usage) {
  std::string text;
  aws::JsonWriter writer(text);
  writer.open_object();
  member(writer, "job", run.job_name);
  member(writer, "run", run.run_id);
  member(writer, "state", jobs::name_of(run.state));
  if (run.started) {
    writer.key("started");
    writer.iso_time(*run.started);
  }
  if (run.completed) {
    writer.key("completed");
    writer.iso_time(*run.completed);
  }
  write_usage(usage, writer);
  writer.key("totals");
  auto totals = read_file(runs.run_folder(run.run_id) / "usage.json").value_or("null");
  while (!totals.empty() && totals.back() == '\n') totals.pop_back();
  writer.raw(totals.empty() ? "null" : totals);
  writer.close_object();
  return text + "\n";
}

std::string series(const jobs::RunUsage& usage) {
  std::string text;
  aws::JsonWriter writer(text);
  writer.open_object();
  writer.key("samples");
  writer.open_array();
  for (const auto& sample : usage.samples) {
    writer.open_object();
    member(writer, "milliseconds", sample.at.count());
    member(writer, "cpu_milliseconds", sample.cpu.count());
    member(writer, "engine_memory_bytes", static_cast<int64_t>(sample.engine_memory_bytes));
    member(writer, "driver_memory_bytes", static_cast<int64_t>(sample.driver_memory_bytes));
    writer.close_object();
  }
  writer.close_array();
  writer.close_object();
  return text + "\n";
}

/// The queries that the engine has told of: one a line; `number` 0: all, without their plans.
Result<std::string> queries(const std::filesystem::path& folder, uint64_t number) {
  std::ifstream file(folder / "queries.jsonl");
  std::string line;
  std::string all = "{\"queries\":[";
  uint64_t at = 0;
  while (std::getline(file, line)) {
    if (line.empty() || line.back() != '}') continue;  // the last one may be half written
    ++at;
    if (number > 0) {
      if (at == number) return line + "\n";
      continue;
    }
    constexpr std::string_view mark = ",\"plan\":";
    if (at > 1) all += ',';
    all += line.substr(0, line.find(mark)) + "}";
  }
  if (number > 0) return not_found("query of the run");
  return all + "]}\n";
}

}  // namespace

Result<aws::PageAnswer> run_page(const jobs::Runs& runs, std::string_view rest) {
  std::vector<std::string_view> parts;
  for (auto left = rest; !left.empty();) {
    left.remove_prefix(1);
    const auto end = std::min(left.find('/'), left.size());
    if (end > 0) parts.push_back(left.substr(0, end));
    left.remove_prefix(end);
  }
  if (parts.size() < 2 || parts.size() > 4) return not_found("page: it is /_mastic/runs/JOB/RUN and what lies below");
  TRY(run, runs.find(parts[1]));
  if (!run || run->job_name != parts[0]) return not_found("run of the job");
  TRY(found, runs.usage(run->run_id));
  const auto usage = found.value_or(jobs::RunUsage{});
  if (parts.size() == 2) return aws::PageAnswer{.body = summary(runs, *run, usage)};
  if (parts[2] == "usage" && parts.size() == 3) return aws::PageAnswer{.body = series(usage)};
  if (parts[2] != "queries") return not_found("page of a run");
  uint64_t number = 0;
  if (parts.size() == 4) {
    const auto [end, problem] = std::from_chars(parts[3].data(), parts[3].data() + parts[3].size(), number);
    if (problem != std::errc{} || end != parts[3].data() + parts[3].size() || number == 0) return not_found("query of the run");
  }
  TRY(body, queries(runs.run_folder(run->run_id), number));
  return aws::PageAnswer{.body = std::move(body)};
}

}  // namespace mastic::program
