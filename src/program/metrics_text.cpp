// Prometheus' text of the server.
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <mutex>

#include "jobs/usage.h"
#include "program/monitoring_pages.h"

namespace mastic::program {
namespace {

/// What a folder holds. Nothing when it holds too many files to count them at every look.
std::optional<uint64_t> folder_bytes(const std::filesystem::path& folder) {
  constexpr int files_max = 20'000;
  uint64_t bytes = 0;
  int files = 0;
  std::error_code error;
  for (auto at = std::filesystem::recursive_directory_iterator(folder, error);
       !error && at != std::filesystem::recursive_directory_iterator(); at.increment(error)) {
    if (++files > files_max) return {};
    std::error_code unknown;
    if (at->is_regular_file(unknown) && !unknown) {
      const auto size = at->file_size(unknown);
      if (!unknown) bytes += size;
    }
  }
  return bytes;
}

/// Sizes of the rooms' folders, at most a minute old.
std::map<std::string, uint64_t> store_sizes(const std::filesystem::path& data) {
  static std::mutex mutex;
  static std::map<std::string, uint64_t> sizes;
  static std::chrono::steady_clock::time_point taken{};
  const std::scoped_lock lock(mutex);
  const auto now = std::chrono::steady_clock::now();
  if (taken != std::chrono::steady_clock::time_point{} && now - taken < std::chrono::minutes(1)) return sizes;
  taken = now;
  sizes.clear();
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(data, error)) {
    if (!entry.is_directory(error)) continue;
    if (const auto bytes = folder_bytes(entry.path())) sizes.emplace(entry.path().filename().string(), *bytes);
  }
  return sizes;
}

class Text {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
    name_ = name;
  }
  template <typename T>
  void value(T number, std::string_view labels = {}) {
    if (labels.empty()) {
      fmt::format_to(std::back_inserter(text_), "{} {}\n", name_, number);
    } else {
      fmt::format_to(std::back_inserter(text_), "{}{{{}}} {}\n", name_, labels, number);
    }
  }
  template <typename T>
  void single(std::string_view name, std::string_view type, std::string_view help, T number) {
    family(name, type, help);
    value(number);
  }
  [[nodiscard]] std::string& text() { return text_; }

 private:
  std::string text_;
  std::string_view name_;
};

void write_runs(Text& text, const Monitored& monitored) {
  text.family("mastic_runs", "gauge", "Job runs by state, ended ones too.");
  if (const auto counts = monitored.runs.counts()) {
    for (const auto& [state, count] : *counts) text.value(count, fmt::format("state=\"{}\"", state));
  }
  const auto figures = monitored.runs.figures();
  text.single("mastic_runs_waiting", "gauge", "Job runs in the queue.", figures.waiting);
  text.single("mastic_runs_running", "gauge", "Job runs with processes of their own.", figures.running);
  text.single("mastic_runs_maximum", "gauge", "Job runs that may run at the same time.", figures.running_maximum);
  text.single("mastic_pool_engines_ready", "gauge", "Engines that wait for a run.", figures.engines_ready);
  text.single("mastic_pool_zygote_ready", "gauge", "Whether drivers can be forked at once.", figures.has_zygote ? 1 : 0);
  text.single("mastic_runs_memory_bytes", "gauge", "Resident memory of the running runs' engines and drivers.",
              monitored.run_monitor.memory_bytes());
}

void write_events(Text& text, const Monitored& monitored) {
  const auto figures = monitored.events.figures();
  text.single("mastic_events_published_total", "counter", "Events about changes of state.", figures.published);
  text.single("mastic_events_delivered_total", "counter", "Events that the webhook or command took.", figures.delivered);
  text.single("mastic_events_dropped_total", "counter", "Events that could not be delivered.", figures.dropped);
  text.single("mastic_events_waiting", "gauge", "Events that are still to be delivered.", figures.waiting);
}

void write_process(Text& text) {
  const auto usage = jobs::read_usage(getpid());
  text.single("process_cpu_seconds_total", "counter", "Processor time of the server.",
              static_cast<double>(usage.cpu.count()) / 1e6);
  text.single("process_resident_memory_bytes", "gauge", "Resident memory of the server.", usage.memory_bytes);
  std::error_code error;
  const auto files =
      std::distance(std::filesystem::directory_iterator("/proc/self/fd", error), std::filesystem::directory_iterator());
  text.single("process_open_fds", "gauge", "Open file descriptors.", files);
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
    text.single("process_max_fds", "gauge", "Descriptors that may be open.", limit.rlim_cur);
  const auto threads =
      std::distance(std::filesystem::directory_iterator("/proc/self/task", error), std::filesystem::directory_iterator());
  text.single("process_threads", "gauge", "Threads of the server.", threads);
}

}  // namespace

std::string metrics_text(const Monitored& monitored) {
  Text text;
  text.family("mastic_build_info", "gauge", "The version that runs.");
  text.value(1, "version=\"" MASTIC_VERSION "\"");
  monitored.requests.write(text.text());
  write_runs(text, monitored);
  write_events(text, monitored);
  text.family("mastic_store_bytes", "gauge", "Bytes of the files of a store; of one with very many files nothing is said.");
  for (const auto& [store, bytes] : store_sizes(monitored.data)) text.value(bytes, fmt::format("store=\"{}\"", store));
  const auto space = std::filesystem::space(monitored.data);
  text.single("mastic_disk_free_bytes", "gauge", "Room that is left for the data folder.", space.available);
  write_process(text);
  return std::move(text.text());
}

}  // namespace mastic::program
