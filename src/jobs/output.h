// Follows what runs print: from the files that drivers write, line by line, to the sink.
//
// A driver writes its `stdout` and `stderr` straight into files in its run's folder, so nothing it printed is lost however
// this process ends. How far a file has been handed on is kept beside it, in `.stdout.delivered`: after a crash the rest is
// delivered, and a line comes twice only when the crash fell between handing it on and noting that.
// Thread-safe; it has one thread of its own, which the kernel wakes when a file grows (inotify).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/result.h"
#include "jobs/log_sink.h"
#include "jobs/process.h"

namespace mastic::jobs {

class OutputFollower {
 public:
  static Result<std::unique_ptr<OutputFollower>> start(LogSink& sink);
  ~OutputFollower();

  /// Makes the files when they are missing, and follows them.
  Result<void> follow(std::string_view run_id, const std::filesystem::path& run_folder);
  /// Delivers what is left and stops following. A last line without a newline is delivered too.
  void finish(std::string_view run_id);

 private:
  struct Stream {
    std::string run_id;
    Channel channel = Channel::output;
    Descriptor file;
    Descriptor delivered_file;
    uint64_t delivered = 0;  // Bytes that the sink has.
    std::string unfinished;  // Bytes behind them, without a newline so far.
  };

  explicit OutputFollower(LogSink& sink) : sink_(sink) {}
  void loop();
  void deliver(Stream& stream);
  void hand_over(Stream& stream, std::string_view text);

  LogSink& sink_;
  Descriptor notifier_;
  Pipe stop_;
  std::mutex mutex_;
  std::map<int, Stream> streams_;  // By inotify's watch.
  std::thread thread_;
};

}  // namespace mastic::jobs
