// CloudWatch Logs for the rest of the house.
//
//   TRY(logs, logs::Logs::open(data_folder / "logs", clock));
//   TRY_DO(logs->append("/aws-glue/jobs/output", run_id, lines));      // makes group and stream when they are missing
//   services.push_back(logs->make_service());
//
// Owner: main; it outlives the services made from it. Thread-safe. What `append` returned for is readable at once and
// survives the end of this process (not a power failure: a job's output is not worth an fsync a line); events taken by
// PutLogEvents survive that too. Lines that are no UTF-8 are kept with U+FFFD for what cannot be read; a line over
// CloudWatch's limit for an event becomes several events.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/tagged_resource.h"
#include "logs/measurement.h"

namespace mastic::aws {
class Service;
}

namespace mastic::logs {

class Store;

class Logs {
 public:
  /// Opens or creates the folder. `clock` must outlive the answer.
  static Result<std::unique_ptr<Logs>> open(const std::filesystem::path& folder, const Clock& clock);
  ~Logs();
  Logs(const Logs&) = delete;
  Logs& operator=(const Logs&) = delete;

  /// One event for each line, in order, stamped now.
  Result<void> append(std::string_view group, std::string_view stream, std::span<const std::string_view> lines);
  /// The same, stamped by the caller.
  Result<void> append(std::string_view group, std::string_view stream, Instant time, std::span<const std::string_view> lines);

  /// Every group, those without tags too. Groups belong to no region here: their ARNs name the one that is asked for.
  Result<std::vector<TaggedResource>> tagged_resources(std::string_view region, std::string_view account_id);

  /// Where what metric filters find goes. Before the first event; it must not add events to a group with filters.
  void on_measured(Measured measured);

  /// The operations of the service; see `src/aws/service.h`.
  aws::Service make_service();

  [[nodiscard]] Store& store() { return *store_; }

 private:
  Logs(std::unique_ptr<Store> store, const Clock& clock);
  std::unique_ptr<Store> store_;
  const Clock& clock_;
};

}  // namespace mastic::logs
