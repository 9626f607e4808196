// How many requests were answered, by service, operation and status, and how long they took. Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <tuple>

#include "aws/server.h"

namespace mastic::program {

class RequestCounts {
 public:
  /// Cheap: one lookup under a lock of a sixteenth of the keys. The keys are the models' names: there is a bound to them.
  void add(const aws::Served& served);
  /// Appends Prometheus' text.
  void write(std::string& into) const;

 private:
  static constexpr std::array<double, 12> bounds_seconds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 30};
  using Key = std::tuple<std::string, std::string>;  // service, operation
  struct Counts {
    std::map<int, uint64_t> by_status;
    std::array<uint64_t, bounds_seconds.size() + 1> buckets{};
    uint64_t count = 0;
    double seconds = 0;
  };
  struct Shard {
    mutable std::mutex mutex;
    std::map<Key, Counts, std::less<>> counts;
  };
  std::array<Shard, 16> shards_;
};

}  // namespace mastic::program
