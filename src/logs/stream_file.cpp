#include "logs/stream_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <tuple>

namespace mastic::logs {
namespace {

static_assert(std::endian::native == std::endian::little, "records are written as the machine holds them");

constexpr std::size_t head_bytes = 4 + 4 + 8 + 8;
constexpr std::size_t tail_bytes = 4;
constexpr uint32_t message_bytes_max = 64U << 20U;
constexpr std::size_t window_bytes = 256U << 10U;

struct Head {
  uint32_t length = 0;
  uint32_t check = 0;
  int64_t timestamp_ms = 0;
  int64_t ingestion_ms = 0;
};

uint32_t check_of(int64_t timestamp_ms, int64_t ingestion_ms, std::string_view message) {
  uint32_t hash = 2166136261U;
  const auto mix = [&hash](uint64_t word) {
    hash = (hash ^ static_cast<uint32_t>(word)) * 16777619U;
    hash = (hash ^ static_cast<uint32_t>(word >> 32U)) * 16777619U;
  };
  mix(static_cast<uint64_t>(timestamp_ms));
  mix(static_cast<uint64_t>(ingestion_ms));
  for (const char byte : message) hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619U;
  return hash;
}

template <typename T>
void put(std::string& bytes, T value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <typename T>
T take(const char* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

Head head_from(const char* bytes) {
  return {take<uint32_t>(bytes), take<uint32_t>(bytes + 4), take<int64_t>(bytes + 8), take<int64_t>(bytes + 16)};
}

Error failed(std::string_view what, const std::filesystem::path& path) {
  return Error::io(std::string(what) + " log file " + path.string(), std::strerror(errno));
}

/// Reads exactly `size` bytes unless the file ends before; gives the number read.
std::size_t read_at(int file, char* into, std::size_t size, uint64_t offset) {
  std::size_t done = 0;
  while (done < size) {
    const auto got = ::pread(file, into + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// A file seen through a buffer that moves forward: scanning and paging read nearly in order.
class Window {
 public:
  Window(int file, uint64_t size) : file_(file), size_(size) {}
  /// `count` bytes at `offset`, or nothing when the file ends before. Valid until the next call.
  const char* at(uint64_t offset, std::size_t count) {
    if (offset + count > size_) return nullptr;
    if (offset < start_ || offset + count > start_ + bytes_.size()) {
      const auto wanted = std::min<uint64_t>(std::max(count, window_bytes), size_ - offset);
      bytes_.resize(wanted);
      start_ = offset;
      const auto got = read_at(file_, bytes_.data(), wanted, offset);
      if (got < count) return nullptr;
      bytes_.resize(got);
    }
    return bytes_.data() + (offset - start_);
  }

 private:
  int file_;
  uint64_t size_;
  uint64_t start_ = 0;
  std::string bytes_;
};

}  // namespace

StreamFile::~StreamFile() {
  if (file_ >= 0) ::close(file_);
}

Result<void> StreamFile::clear() {
  const std::scoped_lock lock(mutex_);
  return empty();
}

Result<void> StreamFile::remove_before(int64_t timestamp_ms) {
  constexpr int64_t wait_ms = 24LL * 60 * 60 * 1000;
  constexpr std::size_t few = 8;
  const std::scoped_lock lock(mutex_);
  TRY_DO(build_index());
  const auto first = index_of({timestamp_ms, 0});
  if (first == 0) return {};
  if (first == index_.size()) return empty();
  if (first * few < index_.size() && index_.front().timestamp_ms + wait_ms > timestamp_ms) return {};
  return keep_from(first);
}

/// Copies what stays beside the file and puts it in its place: a reader, and a machine that stops, sees one or the other.
Result<void> StreamFile::keep_from(std::size_t first) {
  std::vector<Entry> kept(index_.begin() + static_cast<std::ptrdiff_t>(first), index_.end());
  std::ranges::sort(kept, {}, &Entry::offset);
  auto beside = path_;
  beside += ".new";
  const int copy = ::open(beside.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
  if (copy < 0) return fail(failed("open", beside));
  Window window(file_, size_);
  uint64_t offset = 0;
  bool good = true;
  for (auto& entry : kept) {
    const auto bytes = head_bytes + entry.length + tail_bytes;
    const char* record = window.at(entry.offset, bytes);
    good = record != nullptr && write_all(copy, {record, bytes});
    if (!good) break;
    entry.offset = offset;
    offset += bytes;
  }
  if (!good || ::fdatasync(copy) != 0 || ::rename(beside.c_str(), path_.c_str()) != 0) {
    const auto error = failed("shorten", path_);
    ::close(copy);
    ::unlink(beside.c_str());
    return fail(error);
  }
  ::close(file_);
  file_ = copy;
  size_ = offset;
  std::ranges::sort(kept, [](const Entry& a, const Entry& b) {
    return std::tie(a.timestamp_ms, a.offset) < std::tie(b.timestamp_ms, b.offset);
  });
  index_ = std::move(kept);
  return {};
}

Result<void> StreamFile::empty() {
  TRY_DO(open_file());
  if (::ftruncate(file_, 0) != 0) return fail(failed("empty", path_));
  index_.clear();
  facts_ = {};
  size_ = 0;
  indexed_ = true;
  return {};
}

Result<void> StreamFile::open_file() {
  if (file_ >= 0) return {};
  file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file_ < 0) return fail(failed("open", path_));
  return {};
}

Result<void> StreamFile::build_index() {
  if (indexed_) return {};
  TRY_DO(open_file());
  struct stat status{};
  if (::fstat(file_, &status) != 0) return fail(failed("inspect", path_));
  const auto file_size = static_cast<uint64_t>(status.st_size);
  Window window(file_, file_size);
  index_.clear();
  facts_ = {};
  uint64_t offset = 0;
  bool in_order = true;
  while (const char* bytes = window.at(offset, head_bytes)) {
    const auto head = head_from(bytes);
    if (head.length > message_bytes_max) break;
    const char* record = window.at(offset, head_bytes + head.length + tail_bytes);
    if (record == nullptr) break;
    const std::string_view message(record + head_bytes, head.length);
    if (take<uint32_t>(record + head_bytes + head.length) != head.length) break;
    if (check_of(head.timestamp_ms, head.ingestion_ms, message) != head.check) break;
    if (!index_.empty() && head.timestamp_ms < index_.back().timestamp_ms) in_order = false;
    index_.push_back({head.timestamp_ms, offset, head.length});
    facts_.last_ingestion_ms = head.ingestion_ms;
    offset += head_bytes + head.length + tail_bytes;
  }
  if (offset < file_size && ::ftruncate(file_, static_cast<off_t>(offset)) != 0) return fail(failed("shorten", path_));
  if (!in_order) {
    std::ranges::sort(index_, [](const Entry& a, const Entry& b) {
      return std::tie(a.timestamp_ms, a.offset) < std::tie(b.timestamp_ms, b.offset);
    });
  }
  size_ = offset;
  indexed_ = true;
  return {};
}

Result<void> StreamFile::append(std::span<const NewEvent> events, int64_t ingestion_ms, bool durable) {
  if (events.empty()) return {};
  const std::scoped_lock lock(mutex_);
  TRY_DO(build_index());
  std::string bytes;
  std::vector<Entry> added;
  added.reserve(events.size());
  for (const auto& event : events) {
    const auto message = event.message.substr(0, message_bytes_max);
    const auto length = static_cast<uint32_t>(message.size());
    added.push_back({event.timestamp_ms, size_ + bytes.size(), length});
    put(bytes, length);
    put(bytes, check_of(event.timestamp_ms, ingestion_ms, message));
    put(bytes, event.timestamp_ms);
    put(bytes, ingestion_ms);
    bytes += message;
    put(bytes, length);
  }
  if (!write_all(file_, bytes)) {
    const auto error = failed("write", path_);
    // A disk that filled up leaves no half record behind.
    if (::ftruncate(file_, static_cast<off_t>(size_)) != 0) indexed_ = false;
    return fail(error);
  }
  if (durable && ::fdatasync(file_) != 0) return fail(failed("sync", path_));
  size_ += bytes.size();
  facts_.last_ingestion_ms = ingestion_ms;
  for (const auto& entry : added) {
    if (index_.empty() || index_.back().timestamp_ms <= entry.timestamp_ms) {
      index_.push_back(entry);
    } else {
      index_.insert(index_.begin() + static_cast<std::ptrdiff_t>(index_of({entry.timestamp_ms, entry.offset})), entry);
    }
  }
  return {};
}

std::size_t StreamFile::index_of(Position position) const {
  const auto found = std::ranges::lower_bound(index_, position, {},
                                              [](const Entry& entry) { return Position{entry.timestamp_ms, entry.offset}; });
  return static_cast<std::size_t>(found - index_.begin());
}

Result<std::vector<Event>> StreamFile::read_entries(std::size_t begin, std::size_t end) {
  std::vector<Event> events;
  events.reserve(end - begin);
  Window window(file_, size_);
  for (auto at = begin; at < end; ++at) {
    const auto& entry = index_[at];
    const char* record = window.at(entry.offset, head_bytes + entry.length);
    if (record == nullptr) return fail(failed("read", path_));
    const auto head = head_from(record);
    events.push_back({head.timestamp_ms, head.ingestion_ms, std::string(record + head_bytes, entry.length), entry.offset});
  }
  return events;
}

Result<std::vector<Event>> StreamFile::read_forward(Position from, Position to, std::size_t limit, std::size_t bytes_max) {
  const std::scoped_lock lock(mutex_);
  TRY_DO(build_index());
  const auto begin = index_of(from);
  const auto bound = std::max(begin, index_of(to));
  auto end = begin;
  for (std::size_t bytes = 0; end < bound && end - begin < limit; ++end) {
    bytes += index_[end].length;
    if (bytes > bytes_max && end > begin) break;
  }
  return read_entries(begin, end);
}

Result<std::vector<Event>> StreamFile::read_backward(Position from, Position to, std::size_t limit, std::size_t bytes_max) {
  const std::scoped_lock lock(mutex_);
  TRY_DO(build_index());
  const auto bound = index_of(from);
  const auto end = std::max(bound, index_of(to));
  auto begin = end;
  for (std::size_t bytes = 0; begin > bound && end - begin < limit; --begin) {
    bytes += index_[begin - 1].length;
    if (bytes > bytes_max && begin < end) break;
  }
  return read_entries(begin, end);
}

Result<std::optional<StreamFacts>> StreamFile::facts() {
  const std::scoped_lock lock(mutex_);
  TRY_DO(build_index());
  if (index_.empty()) return std::nullopt;
  return StreamFacts{index_.front().timestamp_ms, index_.back().timestamp_ms, facts_.last_ingestion_ms,
                     static_cast<int64_t>(size_)};
}

std::optional<std::optional<StreamFacts>> StreamFile::glance(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return errno == ENOENT ? std::optional(std::optional<StreamFacts>()) : std::nullopt;
  const auto look = [&]() -> std::optional<std::optional<StreamFacts>> {
    struct stat status{};
    if (::fstat(file, &status) != 0) return std::nullopt;
    const auto size = static_cast<uint64_t>(status.st_size);
    if (size == 0) return std::optional<StreamFacts>();
    char bytes[head_bytes];
    if (size < head_bytes + tail_bytes || read_at(file, bytes, head_bytes, 0) != head_bytes) return std::nullopt;
    const auto first = head_from(bytes);
    if (read_at(file, bytes, tail_bytes, size - tail_bytes) != tail_bytes) return std::nullopt;
    const auto length = take<uint32_t>(bytes);
    if (length > message_bytes_max || head_bytes + length + tail_bytes > size) return std::nullopt;
    std::string record(head_bytes + length, '\0');
    const auto at = size - tail_bytes - length - head_bytes;
    if (read_at(file, record.data(), record.size(), at) != record.size()) return std::nullopt;
    const auto last = head_from(record.data());
    const auto message = std::string_view(record).substr(head_bytes);
    if (last.length != length || last.check != check_of(last.timestamp_ms, last.ingestion_ms, message)) return std::nullopt;
    return StreamFacts{std::min(first.timestamp_ms, last.timestamp_ms), std::max(first.timestamp_ms, last.timestamp_ms),
                       last.ingestion_ms, status.st_size};
  };
  auto facts = look();
  ::close(file);
  return facts;
}

}  // namespace mastic::logs
