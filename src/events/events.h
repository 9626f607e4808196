// EventBridge for the rest of the house.
//
//   TRY(events, events::Events::open({.folder = data / "events", .clock = clock, .accepts = …, .deliver = …}));
//   services.push_back(events->make_service());
//   events->publish({.source = "aws.s3", .detail_type = "Object Created", .detail = R"({"bucket": …})", .resources = {…}});
//
// Owner: main; it outlives the service made from it. Thread-safe. `publish` delivers before it returns, in the caller's thread.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace mastic::aws {
class Service;
}

namespace mastic::events {

class Store;
class Pattern;

struct Event {
  std::string source;
  std::string detail_type;
  std::string detail;  // JSON
  std::vector<std::string> resources = {};
  std::string region = "us-east-1";
  std::string account_id = "000000000000";
  std::string id = {};               // empty: one is given
  std::optional<Instant> time = {};  // none: now
};

struct Dependencies {
  std::filesystem::path folder;
  const Clock& clock;
  /// Whether something of this ARN can be a target.
  std::function<bool(std::string_view arn)> accepts;
  /// Hands an event, as JSON text, to a target. Durable when it returns.
  std::function<Result<void>(std::string_view arn, std::string_view event_id, std::string_view event)> deliver;
};

class Events {
 public:
  static Result<std::unique_ptr<Events>> open(Dependencies dependencies);
  ~Events();
  Events(const Events&) = delete;
  Events& operator=(const Events&) = delete;

  aws::Service make_service();

  /// Gives the event's id. A delivery that fails is logged and does not keep the others from theirs.
  Result<std::string> publish(Event event);

 private:
  struct Compiled;
  explicit Events(Dependencies dependencies, std::unique_ptr<Store> store);
  Result<std::shared_ptr<const std::vector<Compiled>>> rules();
  void changed();

  Dependencies dependencies_;
  std::unique_ptr<Store> store_;
  std::mutex mutex_;  // guards what follows: the enabled rules, read once for many events
  std::shared_ptr<const std::vector<Compiled>> compiled_;
};

}  // namespace mastic::events
