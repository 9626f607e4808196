#include <algorithm>
#include <queue>
#include <tuple>

#include "base/log.h"
#include "logs/errors.h"
#include "logs/store.h"

namespace mastic::logs {
namespace {

constexpr int64_t day_ms = 24LL * 60 * 60 * 1000;

/// Where a stream's reading goes on when the group's reading stands at `from`.
Position position_in(int64_t stream_id, const GroupPosition& from) {
  if (stream_id == from.stream_id) return {from.timestamp_ms, from.offset};
  return {stream_id > from.stream_id ? from.timestamp_ms : from.timestamp_ms + 1, 0};
}

/// One stream's events, read a chunk at a time.
struct Source {
  int64_t stream_id = 0;
  std::string name;
  std::shared_ptr<StreamFile> file;
  Position from;
  Position to;
  std::vector<Event> chunk;
  std::size_t at = 0;

  Result<bool> fill(std::size_t events) {
    if (at < chunk.size()) return true;
    if (!chunk.empty()) from = {chunk.back().timestamp_ms, chunk.back().offset + 1};
    TRY(more, file->read_forward(from, to, events, 1U << 20U));
    chunk = std::move(more);
    at = 0;
    return !chunk.empty();
  }
  [[nodiscard]] auto key() const { return std::tuple(chunk[at].timestamp_ms, stream_id, chunk[at].offset); }
};

}  // namespace

Result<void> Store::put_events(std::string_view group, std::string_view stream, std::span<const NewEvent> events) {
  TRY(id, require_stream(group, stream));
  expire_when_due();
  TRY_DO(file_of(id)->append(events, now_ms(), /*durable=*/true));
  filters_.look_at(group, events);
  return {};
}

Result<void> Store::append(std::string_view group, std::string_view stream, std::span<const NewEvent> events) {
  TRY(known, find_stream(group, stream));
  if (!known) {
    TRY_DO(database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
      TRY_DO(t.run("INSERT INTO log_group(name, created_ms, class) VALUES(?, ?, 'STANDARD') ON CONFLICT DO NOTHING", group,
                   now_ms()));
      TRY_DO(t.run("INSERT INTO log_stream(group_name, name, created_ms) VALUES(?, ?, ?) ON CONFLICT DO NOTHING", group, stream,
                   now_ms()));
      return {};
    }));
  }
  TRY(id, require_stream(group, stream));
  expire_when_due();
  TRY_DO(file_of(id)->append(events, now_ms(), /*durable=*/false));
  filters_.look_at(group, events);
  return {};
}

Result<int64_t> Store::shown_from_ms(std::string_view group) {
  expire_when_due();
  TRY(found, find_group(group));
  if (!found) return fail(error::group_not_found());
  return found->retention_days ? now_ms() - *found->retention_days * day_ms : 0;
}

Result<std::vector<Event>> Store::read_forward(std::string_view group, std::string_view stream, Position from, Position to,
                                               std::size_t limit, std::size_t bytes_max) {
  TRY(id, require_stream(group, stream));
  TRY(shown_from, shown_from_ms(group));
  return file_of(id)->read_forward(std::max(from, Position{shown_from, 0}), to, limit, bytes_max);
}

Result<std::vector<Event>> Store::read_backward(std::string_view group, std::string_view stream, Position from, Position to,
                                                std::size_t limit, std::size_t bytes_max) {
  TRY(id, require_stream(group, stream));
  TRY(shown_from, shown_from_ms(group));
  return file_of(id)->read_backward(std::max(from, Position{shown_from, 0}), to, limit, bytes_max);
}

Result<FilterAnswer> Store::filter(std::string_view group, const FilterPattern& pattern, const FilterRequest& request) {
  constexpr std::size_t read_bytes_max = 64U << 20U;
  TRY(shown_from, shown_from_ms(group));
  TRY(streams, list_streams(group, request.stream_prefix));
  for (const auto& name : request.stream_names) {
    if (std::ranges::find(streams, name, &Stream::name) == streams.end()) return fail(error::stream_not_found());
  }

  std::vector<Source> sources;
  for (auto& stream : streams) {
    if (!request.stream_names.empty() && std::ranges::find(request.stream_names, stream.name) == request.stream_names.end()) {
      continue;
    }
    TRY_DO(look_up_facts(stream));
    const auto from = std::max(position_in(stream.id, request.from), Position{shown_from, 0});
    if (!stream.facts || stream.facts->last_event_ms < from.timestamp_ms || stream.facts->first_event_ms >= request.until_ms) {
      continue;
    }
    sources.push_back({stream.id, stream.name, file_of(stream.id), from, {request.until_ms, 0}, {}, 0});
  }

  const auto chunk_events = std::clamp<std::size_t>(20'000 / std::max<std::size_t>(sources.size(), 1), 16, 2'000);
  const auto later = [](const Source* a, const Source* b) { return a->key() > b->key(); };
  std::priority_queue<Source*, std::vector<Source*>, decltype(later)> next(later);
  for (auto& source : sources) {
    TRY(more, source.fill(chunk_events));
    if (more) next.push(&source);
  }

  FilterAnswer answer;
  std::size_t read_bytes = 0;
  std::size_t answer_bytes = 0;
  while (!next.empty()) {
    auto* source = next.top();
    auto& event = source->chunk[source->at];
    if (answer.events.size() == request.limit || read_bytes > read_bytes_max || answer_bytes > (1U << 20U)) {
      answer.next = GroupPosition{event.timestamp_ms, source->stream_id, event.offset};
      break;
    }
    next.pop();
    read_bytes += event.message.size();
    if (pattern.matches(event.message)) {
      answer_bytes += event.message.size();
      answer.events.push_back({source->stream_id, source->name, event});
    }
    ++source->at;
    TRY(more, source->fill(chunk_events));
    if (more) next.push(source);
  }
  return answer;
}

Result<void> Store::expire() {
  TRY(rows, database_->query("SELECT s.id, g.retention_days FROM log_stream s JOIN log_group g ON g.name = s.group_name "
                             "WHERE g.retention_days IS NOT NULL"));
  for (const auto& row : rows) {
    const auto shown_from = now_ms() - row.integer(1) * day_ms;
    Stream stream{row.integer(0), "", 0, std::nullopt};
    TRY_DO(look_up_facts(stream));
    if (stream.facts && stream.facts->first_event_ms < shown_from) TRY_DO(file_of(stream.id)->remove_before(shown_from));
  }
  return {};
}

void Store::expire_when_due() {
  constexpr int64_t hour_ms = 60LL * 60 * 1000;
  const auto now = now_ms();
  auto due = expiry_due_ms_.load();
  if (now < due || !expiry_due_ms_.compare_exchange_strong(due, now + hour_ms)) return;
  // Whoever calls wants something else: what cannot be removed now is tried again in an hour.
  if (const auto expired = expire(); !expired)
    log::warn("logs", "old events could not be removed: {}", expired.error().message);
}

}  // namespace mastic::logs
