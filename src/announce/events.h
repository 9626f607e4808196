// Events about changes of state, in EventBridge's envelope.
//
//   TRY(events, announce::Events::open({.folder = data / "events", .webhook = "http://hooks/glue"}, clock));
//   events->publish({.detail_type = "Glue Job State Change", .detail = R"({"jobName":"x","state":"SUCCEEDED"})"});
//
// `publish` is durable when a delivery is configured; the delivery is asynchronous, in order, at least once: an event that
// five attempts with growing pauses could not deliver is logged and dropped, and so is the oldest of more than 100,000.
// Subscribers read the newest 1,000 from memory. Thread-safe. Owner: main. Its destructor gives a delivery that is under way
// two seconds; what is left is delivered by the next process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace mastic::announce {

struct Options {
  std::filesystem::path folder;
  std::string webhook;               // http:// or https://; empty: none
  std::vector<std::string> command;  // argv; empty: none. At most one of the two
  std::string region = "us-east-1";
  std::string account_id = "000000000000";
};

struct Event {
  std::string detail_type;
  std::vector<std::string> resources;  // "database/db": ARNs of Glue are made of them; whole ARNs stay as they are
  std::string detail;                  // a JSON object
  std::string source = "aws.glue";
  bool is_local = false;  // for subscribers in this process only; EventBridge has no such event
};

struct Published {
  uint64_t sequence = 0;
  std::string body;  // the whole envelope, JSON
};

struct Figures {
  uint64_t published = 0;
  uint64_t delivered = 0;
  uint64_t dropped = 0;
  uint64_t waiting = 0;
};

class Events {
 public:
  static Result<std::unique_ptr<Events>> open(Options options, const Clock& clock);
  ~Events();
  Events(const Events&) = delete;
  Events& operator=(const Events&) = delete;

  /// Never fails: what could not be kept is logged.
  void publish(const Event& event);

  /// The sequence of the newest event; 0: there was none in this process.
  [[nodiscard]] uint64_t newest() const;
  /// Those behind `sequence` that are still there, oldest first.
  [[nodiscard]] std::vector<Published> after(uint64_t sequence, std::size_t limit = 100) const;
  [[nodiscard]] Figures figures() const;

 private:
  struct State;
  explicit Events(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace mastic::announce
