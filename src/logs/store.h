// Groups, streams and their events on disk: `logs.db` (SQLite) knows the names, `streams/ID.log` holds the events.
//
// A stream gets a number when it is made and never shares it, so a file left over by a crash between two steps belongs
// to nobody and is removed at the next opening. Thread-safe. Owner: Logs.
// Does NOT know the wire: limits of requests, tokens and ARNs are the operations'.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/sqlite.h"
#include "logs/filter_pattern.h"
#include "logs/metric_filters.h"
#include "logs/stream_file.h"

namespace mastic::logs {

struct Group {
  std::string name;
  int64_t created_ms = 0;
  std::optional<int64_t> retention_days;
  std::string group_class;
  std::optional<std::string> kms_key_id;  // kept and shown; nothing is encrypted with it
};

struct Stream {
  int64_t id = 0;
  std::string name;
  int64_t created_ms = 0;
  std::optional<StreamFacts> facts;  // what look_up_facts finds: nothing for a stream without events
};

struct StreamEvent {
  int64_t stream_id = 0;
  std::string stream_name;
  Event event;
};

/// A place in the events of several streams, which are read in the order of (timestamp, stream, offset).
struct GroupPosition {
  int64_t timestamp_ms = 0;
  int64_t stream_id = 0;
  uint64_t offset = 0;
};

struct FilterRequest {
  std::vector<std::string> stream_names;  // empty: every stream with the prefix
  std::string stream_prefix;
  GroupPosition from;
  int64_t until_ms = 0;  // exclusive
  std::size_t limit = 0;
};

struct FilterAnswer {
  std::vector<StreamEvent> events;
  std::optional<GroupPosition> next;  // set when there may be more
};

class Store {
 public:
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder, const Clock& clock);

  Result<void> create_group(std::string_view name, std::string_view group_class,
                            const std::map<std::string, std::string>& tags = {},
                            const std::optional<std::string>& kms_key_id = {});
  Result<void> delete_group(std::string_view name);
  Result<std::optional<Group>> find_group(std::string_view name);
  /// In the order of names, those behind `after`, with the prefix or containing the text.
  Result<std::vector<Group>> list_groups(std::string_view prefix, std::string_view containing, std::string_view after,
                                         std::size_t limit);
  Result<void> set_retention(std::string_view group, std::optional<int64_t> days);
  Result<void> set_kms_key(std::string_view group, const std::optional<std::string>& kms_key_id);
  /// Fail when there is no such group; a group has at most 50 tags.
  Result<std::map<std::string, std::string>> tags_of(std::string_view group);
  Result<void> add_tags(std::string_view group, const std::map<std::string, std::string>& tags);
  Result<void> remove_tags(std::string_view group, const std::vector<std::string>& keys);
  /// Every group's, those without tags too.
  Result<std::map<std::string, std::map<std::string, std::string>>> all_tags();
  Result<int64_t> stored_bytes(std::string_view group);

  Result<void> create_stream(std::string_view group, std::string_view name);
  Result<void> delete_stream(std::string_view group, std::string_view name);
  /// In the order of names, without their facts; fails when there is no such group.
  Result<std::vector<Stream>> list_streams(std::string_view group, std::string_view prefix);
  Result<void> look_up_facts(Stream& stream);

  /// Adds events to a stream that is there, durably.
  Result<void> put_events(std::string_view group, std::string_view stream, std::span<const NewEvent> events);
  /// Adds events to a stream that is made when missing; see Logs::append for what is promised.
  Result<void> append(std::string_view group, std::string_view stream, std::span<const NewEvent> events);

  Result<std::vector<Event>> read_forward(std::string_view group, std::string_view stream, Position from, Position to,
                                          std::size_t limit, std::size_t bytes_max);
  Result<std::vector<Event>> read_backward(std::string_view group, std::string_view stream, Position from, Position to,
                                           std::size_t limit, std::size_t bytes_max);
  /// Matching events of a group's streams, merged by time. Stops after `limit` events or a bounded amount of reading.
  Result<FilterAnswer> filter(std::string_view group, const FilterPattern& pattern, const FilterRequest& request);

  [[nodiscard]] MetricFilters& metric_filters() { return filters_; }

  /// Removes what the groups' retention no longer keeps. It happens at opening, when a retention is set, and every hour
  /// of the clock with the first call that writes or reads events. Reads never show events that are too old.
  Result<void> expire();

 private:
  using File = std::shared_ptr<StreamFile>;
  struct Opened {
    File file;
    uint64_t used = 0;
  };

  Store(std::filesystem::path folder, std::unique_ptr<sqlite::Database> database, const Clock& clock);
  [[nodiscard]] int64_t now_ms() const;
  [[nodiscard]] std::filesystem::path path_of(int64_t stream_id) const;
  Result<void> remove_orphans();
  Result<std::optional<int64_t>> find_stream(std::string_view group, std::string_view stream);
  Result<int64_t> require_stream(std::string_view group, std::string_view stream);
  File file_of(int64_t stream_id);
  void forget(int64_t stream_id);
  /// The oldest moment that the group's retention still shows.
  Result<int64_t> shown_from_ms(std::string_view group);
  void expire_when_due();

  const std::filesystem::path folder_;
  const std::unique_ptr<sqlite::Database> database_;
  MetricFilters filters_;
  const Clock& clock_;
  std::atomic<int64_t> expiry_due_ms_ = 0;
  std::mutex mutex_;  // guards what follows
  uint64_t uses_ = 0;
  std::unordered_map<int64_t, Opened> opened_;
  std::map<std::pair<std::string, std::string>, int64_t, std::less<>> stream_ids_;
};

}  // namespace mastic::logs
