// One log stream's events: an append-only file and an index of it in memory.
//
// The file is a run of records:
//
//   u32 length of message | u32 check (FNV-1a of all that follows) | i64 timestamp ms | i64 ingestion ms | message | u32 length
//   again
//
// little-endian. The length at the end lets the last record be found without reading the whole file. A record that is
// cut off or fails its check, and all behind it, is a torn write: it is cut away when the file is opened for the index.
//
// An append is one write(2): what it returned for survives the end of this process; with `durable` also the machine's.
// Order: events are read by (timestamp, place in the file), whatever order they came in.
// Thread-safe. Owner: the Store. Does NOT know groups, retention or limits of the service.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mastic::logs {

struct NewEvent {
  int64_t timestamp_ms = 0;
  std::string_view message;
};

struct Event {
  int64_t timestamp_ms = 0;
  int64_t ingestion_ms = 0;
  std::string message;
  uint64_t offset = 0;  // its place in the file: with the timestamp, its identity in the stream
};

/// A place between events: before every event whose (timestamp, offset) is not smaller.
struct Position {
  int64_t timestamp_ms = 0;
  uint64_t offset = 0;
  auto operator<=>(const Position&) const = default;
};
inline constexpr Position last_position{std::numeric_limits<int64_t>::max(), std::numeric_limits<uint64_t>::max()};

struct StreamFacts {
  int64_t first_event_ms = 0;
  int64_t last_event_ms = 0;
  int64_t last_ingestion_ms = 0;
  int64_t stored_bytes = 0;
};

class StreamFile {
 public:
  explicit StreamFile(std::filesystem::path path) : path_(std::move(path)) {}
  ~StreamFile();
  StreamFile(const StreamFile&) = delete;
  StreamFile& operator=(const StreamFile&) = delete;

  Result<void> append(std::span<const NewEvent> events, int64_t ingestion_ms, bool durable);

  /// The first `limit` events in [from, to), in order, up to `bytes_max` of messages (at least one event).
  Result<std::vector<Event>> read_forward(Position from, Position to, std::size_t limit, std::size_t bytes_max);
  /// The last `limit` events in [from, to), in ascending order, within the same bounds.
  Result<std::vector<Event>> read_backward(Position from, Position to, std::size_t limit, std::size_t bytes_max);

  /// Nothing for a stream without events.
  Result<std::optional<StreamFacts>> facts();

  /// The facts by looking at the first and the last record only, changing nothing. Nothing at all when the end of the
  /// file is torn or being written: then `facts` knows.
  static std::optional<std::optional<StreamFacts>> glance(const std::filesystem::path& path);

  /// Removes every event.
  Result<void> clear();

  /// Removes the events older than that from the disk, unless they are few and fresh: then they wait, so that a stream
  /// that is written to all the time is not copied all the time. Those that stay get other offsets.
  Result<void> remove_before(int64_t timestamp_ms);

 private:
  struct Entry {
    int64_t timestamp_ms;
    uint64_t offset;
    uint32_t length;
  };

  Result<void> open_file();
  Result<void> build_index();
  Result<void> empty();
  Result<void> keep_from(std::size_t first);
  Result<std::vector<Event>> read_entries(std::size_t begin, std::size_t end);
  [[nodiscard]] std::size_t index_of(Position position) const;

  const std::filesystem::path path_;
  std::mutex mutex_;
  int file_ = -1;
  bool indexed_ = false;
  uint64_t size_ = 0;  // bytes of whole records; valid when indexed_
  std::vector<Entry> index_;
  StreamFacts facts_;
};

}  // namespace mastic::logs
