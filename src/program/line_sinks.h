// Where the lines of runs go.
#pragma once

#include "jobs/jobs.h"

namespace mastic::logs {
class Logs;
}

namespace mastic::program {

/// To CloudWatch Logs, as Glue does: group /aws-glue/jobs/output or /aws-glue/jobs/error, the run's id as stream.
class LogsSink final : public jobs::LogSink {
 public:
  explicit LogsSink(logs::Logs& logs) : logs_(logs) {}
  void write(std::string_view run_id, jobs::Channel channel, std::span<const std::string_view> lines) override;

 private:
  logs::Logs& logs_;
};

/// To this process's standard output and standard error.
class TerminalSink final : public jobs::LogSink {
 public:
  void write(std::string_view run_id, jobs::Channel channel, std::span<const std::string_view> lines) override;
};

}  // namespace mastic::program
