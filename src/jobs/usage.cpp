#include "jobs/usage.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace mastic::jobs {
namespace {

constexpr std::size_t samples_max = 360;

std::string read_text(pid_t process, std::string_view file) {
  std::ifstream stream(fmt::format("/proc/{}/{}", process, file));
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

struct Stat {
  pid_t parent = 0;
  std::chrono::microseconds own_cpu{0};
  std::chrono::microseconds cpu{0};  // with that of children that it waited for
};

std::optional<Stat> read_stat(pid_t process) {
  // Behind the command's name, which may hold anything: state is the third field, the parent the fourth, utime, stime, cutime
  // and cstime from the 14th on.
  const auto text = read_text(process, "stat");
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(name_end + 1));
  std::string skipped;
  Stat stat;
  fields >> skipped >> stat.parent;
  for (int field = 5; field < 14; ++field) fields >> skipped;
  uint64_t user = 0;
  uint64_t system = 0;
  uint64_t user_of_children = 0;
  uint64_t system_of_children = 0;
  fields >> user >> system >> user_of_children >> system_of_children;
  const auto ticks = static_cast<uint64_t>(std::max(sysconf(_SC_CLK_TCK), 1L));
  stat.own_cpu = std::chrono::microseconds((user + system) * 1'000'000 / ticks);
  stat.cpu = stat.own_cpu + std::chrono::microseconds((user_of_children + system_of_children) * 1'000'000 / ticks);
  return stat;
}

uint64_t resident_bytes(pid_t process) {
  std::istringstream pages(read_text(process, "statm"));
  uint64_t all = 0;
  uint64_t resident = 0;
  return pages >> all >> resident ? resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

/// A forked child's pages are its parent's until one of them writes: each has its share of them (Pss).
uint64_t proportional_bytes(pid_t process) {
  std::istringstream lines(read_text(process, "smaps_rollup"));
  std::string word;
  while (lines >> word) {
    uint64_t kibibytes = 0;
    if (word == "Pss:" && lines >> kibibytes) return kibibytes * 1024;
  }
  return resident_bytes(process);
}

}  // namespace

ProcessUsage read_usage(pid_t process) {
  const auto stat = process > 0 ? read_stat(process) : std::nullopt;
  return stat ? ProcessUsage{.cpu = stat->own_cpu, .memory_bytes = resident_bytes(process)} : ProcessUsage{};
}

ProcessTable ProcessTable::read() {
  ProcessTable table;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
    const auto name = entry.path().filename().string();
    pid_t process = 0;
    const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), process);
    if (problem != std::errc{} || end != name.data() + name.size()) continue;
    if (const auto stat = read_stat(process)) table.children_.emplace(stat->parent, process);
  }
  return table;
}

ProcessUsage ProcessTable::usage_of(pid_t process) const {
  ProcessUsage usage;
  if (process <= 0) return usage;
  const auto stat = read_stat(process);
  if (!stat) return usage;
  usage.cpu = stat->cpu;
  const auto [first, last] = children_.equal_range(process);
  usage.memory_bytes = first == last ? resident_bytes(process) : proportional_bytes(process);
  std::vector<pid_t> open;
  for (auto child = first; child != last; ++child) open.push_back(child->second);
  while (!open.empty()) {
    const auto one = open.back();
    open.pop_back();
    const auto of_it = read_stat(one);
    if (!of_it) continue;  // It has ended since: whoever waited for it has its time by the next look.
    usage.cpu += of_it->cpu;
    usage.memory_bytes += proportional_bytes(one);
    const auto [begin, end] = children_.equal_range(one);
    for (auto child = begin; child != end; ++child) open.push_back(child->second);
  }
  return usage;
}

void UsageMeter::look(pid_t engine, pid_t driver, Instant now) {
  const auto table = ProcessTable::read();
  const auto of_engine = table.usage_of(engine);
  const auto of_driver = table.usage_of(driver);
  usage_.engine_cpu = std::max(usage_.engine_cpu, of_engine.cpu - before_);
  usage_.driver_cpu = std::max(usage_.driver_cpu, of_driver.cpu);
  usage_.memory_bytes = of_engine.memory_bytes + of_driver.memory_bytes;
  usage_.peak_memory_bytes = std::max(usage_.peak_memory_bytes, usage_.memory_bytes);
  const auto milliseconds = [](auto duration) { return std::chrono::duration_cast<std::chrono::milliseconds>(duration); };
  usage_.samples.push_back({.at = milliseconds(now - begun_),
                            .cpu = milliseconds(usage_.cpu()),
                            .engine_memory_bytes = of_engine.memory_bytes,
                            .driver_memory_bytes = of_driver.memory_bytes});
  if (usage_.samples.size() >= samples_max) {
    // Every other one goes, and looks come half as often from here on.
    std::size_t kept = 0;
    for (std::size_t at = 0; at < usage_.samples.size(); at += 2) usage_.samples[kept++] = usage_.samples[at];
    usage_.samples.resize(kept);
    interval_ *= 2;
  }
  due_ = now + interval_ / 4;
}

std::string pack_usage(const RunUsage& usage) {
  auto text = fmt::format("{} {} {} {}", usage.engine_cpu.count(), usage.driver_cpu.count(), usage.memory_bytes,
                          usage.peak_memory_bytes);
  for (const auto& sample : usage.samples) {
    text += fmt::format(" {} {} {} {}", sample.at.count(), sample.cpu.count(), sample.engine_memory_bytes,
                        sample.driver_memory_bytes);
  }
  return text;
}

std::optional<RunUsage> unpack_usage(std::string_view text) {
  std::vector<int64_t> numbers;
  while (!text.empty()) {
    int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{}) return {};
    numbers.push_back(number);
    text.remove_prefix(std::min(static_cast<std::size_t>(end - text.data()) + 1, text.size()));
  }
  if (numbers.size() < 4 || numbers.size() % 4 != 0) return {};
  RunUsage usage{.engine_cpu = std::chrono::microseconds(numbers[0]),
                 .driver_cpu = std::chrono::microseconds(numbers[1]),
                 .memory_bytes = static_cast<uint64_t>(numbers[2]),
                 .peak_memory_bytes = static_cast<uint64_t>(numbers[3]),
                 .samples = {}};
  for (std::size_t at = 4; at < numbers.size(); at += 4) {
    usage.samples.push_back({.at = std::chrono::milliseconds(numbers[at]),
                             .cpu = std::chrono::milliseconds(numbers[at + 1]),
                             .engine_memory_bytes = static_cast<uint64_t>(numbers[at + 2]),
                             .driver_memory_bytes = static_cast<uint64_t>(numbers[at + 3])});
  }
  return usage;
}

}  // namespace mastic::jobs
