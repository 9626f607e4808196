// What the tests of this room share: a folder that goes, a sink that keeps, a Runs over the real zygote (without its
// slow imports) and a fake engine.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/identifiers.h"
#include "jobs/jobs.h"

namespace mastic::jobs::testing {

struct TemporaryFolder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("mastic-jobs-" + random_hex(12));
  TemporaryFolder() { std::filesystem::create_directories(path); }
  ~TemporaryFolder() { std::filesystem::remove_all(path); }
};

class KeepingSink final : public LogSink {
 public:
  void write(std::string_view run_id, Channel channel, std::span<const std::string_view> lines) override {
    const std::scoped_lock lock(mutex_);
    for (const auto line : lines) lines_[{std::string(run_id), channel}].emplace_back(line);
  }
  std::vector<std::string> lines(const std::string& run_id, Channel channel) {
    const std::scoped_lock lock(mutex_);
    return lines_[{run_id, channel}];
  }

 private:
  std::mutex mutex_;
  std::map<std::pair<std::string, Channel>, std::vector<std::string>> lines_;
};

/// Listens nowhere, but behaves as an engine does towards the pool.
inline std::vector<std::string> fake_engine() { return {"/bin/sh", "-c", "echo sc://127.0.0.1:1; exec cat >/dev/null"}; }

/// The real zygote without the imports that take a second.
inline std::vector<std::string> quick_zygote() {
  return {"/usr/bin/env",
          "PYTHONPATH=" MASTIC_SOURCE_DIR "/python",
          MASTIC_PYTHON,
          "-P",
          "-c",
          "import sys, types\n"
          "sys.modules['mastic.stand_in'] = types.ModuleType('mastic.stand_in')\n"
          "from mastic import zygote\n"
          "zygote._import_everything = lambda: None\n"
          "zygote.main()\n"};
}

inline Options options_in(const std::filesystem::path& folder) {
  return {.folder = folder, .engine_command = fake_engine(), .zygote_command = quick_zygote(), .running_maximum = 4};
}

inline RunRequest request(std::string run_id, std::string script) {
  return {.run_id = std::move(run_id), .job_name = "job", .script_name = "script.py", .script = std::move(script)};
}

constexpr std::chrono::seconds patience{30};

/// Waits until the run has printed something: its script is under way.
inline void await_output(KeepingSink& sink, const std::string& run_id) {
  const auto limit = std::chrono::steady_clock::now() + patience;
  while (sink.lines(run_id, Channel::output).empty() && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
  REQUIRE_FALSE(sink.lines(run_id, Channel::output).empty());
}

}  // namespace mastic::jobs::testing
