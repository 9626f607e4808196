// Sends events to an OpenLineage collector over HTTP, by OpenLineage's own environment variables:
//
//   OPENLINEAGE_URL        http://collector:5000          without it nothing is sent
//   OPENLINEAGE_ENDPOINT   api/v1/lineage                 the path below it
//   OPENLINEAGE_API_KEY                                   sent as a bearer token
//   OPENLINEAGE_DISABLED   true                           sends nothing
//
// Asynchronous: one thread sends in order, repeats what fails (connection, 408, 429, 5xx) up to five times with growing
// pauses, then drops the event and logs it. At most ten thousand events wait. Never fails and never blocks its caller; its
// destructor tries what is left for two seconds.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace mastic::lineage {

struct CollectorOptions {
  std::string url;  // complete
  std::string api_key;
};

/// Nothing when the environment names no collector.
std::optional<CollectorOptions> collector_of_environment();

class Collector {
 public:
  explicit Collector(CollectorOptions options);
  ~Collector();
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  void send(std::string event);
  [[nodiscard]] uint64_t sent() const;
  [[nodiscard]] uint64_t dropped() const;

 private:
  void run();
  /// The HTTP status; 0: no answer.
  long post(const std::string& event) const;
  bool pause(int attempt);

  const CollectorOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> queue_;
  uint64_t sent_ = 0;
  uint64_t dropped_ = 0;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace mastic::lineage
