// What an engine tells of its run: in the run's folder, for the server to read.
//
//   usage.json      totals so far, and seconds by operator; replaced after each query
//   queries.jsonl   one query a line with its plan: at most 200 plans, 64 KiB each and 4 MiB together; what comes later is
//                   counted in usage.json only
//
// Operators bear Spark's names. Thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>

#include "engine/profile.h"

namespace mastic::program {

class RunReport {
 public:
  explicit RunReport(std::filesystem::path folder) : folder_(std::move(folder)) {}
  void add(engine::QueryProfile&& profile);

 private:
  void count(const engine::OperatorProfile& profile);
  void keep_plan(const engine::QueryProfile& profile, uint64_t rows_in, uint64_t rows_out);
  void write_usage() const;

  const std::filesystem::path folder_;
  std::mutex mutex_;  // guards what follows
  uint64_t queries_ = 0;
  uint64_t plans_ = 0;
  uint64_t plan_bytes_ = 0;
  uint64_t operators_ = 0;
  uint64_t rows_in_ = 0, rows_out_ = 0, bytes_read_ = 0, bytes_written_ = 0, spilled_bytes_ = 0, peak_memory_bytes_ = 0;
  double seconds_ = 0, cpu_seconds_ = 0;
  std::map<std::string, std::pair<double, uint64_t>> by_operator_;  // seconds and rows
};

}  // namespace mastic::program
