// Where the lines that a run prints go, besides the run's own files.
#pragma once

#include <span>
#include <string_view>

namespace mastic::jobs {

enum class Channel { output, error };

/// Implemented by whoever composes the rooms: CloudWatch Logs for a server, the terminal for `mastic run`.
class LogSink {
 public:
  virtual ~LogSink() = default;
  /// Whole lines without their newlines, in order; the last one of a run may have had none. Called from one thread at a
  /// time, and soon after the lines were printed. After a crash of this process a few lines may come twice.
  virtual void write(std::string_view run_id, Channel channel, std::span<const std::string_view> lines) = 0;
};

}  // namespace mastic::jobs
