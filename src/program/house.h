// Every room, open and connected: what `mastic serve` and `mastic run` share.
//
//   TRY(house, House::open(options));       // listens: endpoint() is known
//   TRY_DO(house->begin());                 // serves, and runs jobs
//
// Ends in the reverse order: runs first, then the server, then the stores.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "jobs/jobs.h"

namespace mastic::program {

struct HouseOptions {
  std::string data;  // Empty: the default folder.
  std::string host = "127.0.0.1";
  uint16_t port = 0;
  std::string keys_file;
  uint32_t warm_engines = 1;
  uint32_t runs_maximum = 0;
  std::chrono::seconds idle{300};
  std::chrono::days keep{90};               // Lineage and the files of ended runs; 0: for ever.
  std::string events_webhook;               // Empty: none.
  std::vector<std::string> events_command;  // argv; empty: none.
  bool test_clock = false;                  // The clock can be moved over HTTP (test_clock.h).
  jobs::LogSink* sink = nullptr;            // Null: CloudWatch Logs.
};

class House {
 public:
  static Result<std::unique_ptr<House>> open(const HouseOptions& options);
  ~House();
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  Result<void> begin();
  [[nodiscard]] const std::string& endpoint() const;
  /// Whether keys are configured: requests are verified and policies enforced.
  [[nodiscard]] bool enforces() const;
  [[nodiscard]] jobs::Runs& runs();

 private:
  House();
  struct Rooms;
  std::unique_ptr<Rooms> rooms_;
};

}  // namespace mastic::program
