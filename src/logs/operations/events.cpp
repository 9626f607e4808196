// PutLogEvents, GetLogEvents, FilterLogEvents.
//
// GetLogEvents pages by places between events (stream_file.h's Position). A forward token says "events from here on", a
// backward token "events before here", so that a page that is empty gives back the token it was asked with: that is how
// clients of CloudWatch know that there is nothing more.
#include <fmt/format.h>

#include <charconv>

#include "aws/models/logs.h"
#include "logs/errors.h"
#include "logs/operations/naming.h"
#include "logs/operations/operations.h"
#include "logs/store.h"

namespace mastic::logs {
namespace {

namespace wire = aws::logs;
using Context = aws::CallContext;

constexpr int64_t hour_ms = 60LL * 60 * 1000;
constexpr std::size_t page_events_max = 10'000;
constexpr std::size_t page_bytes_max = 1U << 20U;

// ------------------------------------------------------------------------------------------------------------ put

Result<void> check_batch(const std::vector<wire::InputLogEvent>& events) {
  constexpr std::size_t event_overhead_bytes = 26;
  constexpr std::size_t batch_bytes_max = 1U << 20U;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    bytes += events[i].message.size() + event_overhead_bytes;
    if (i > 0 && events[i].timestamp < events[i - 1].timestamp) {
      return fail(error::invalid_parameter("Log events in a single PutLogEvents request must be in chronological order."));
    }
  }
  if (bytes > batch_bytes_max) {
    return fail(
        error::invalid_parameter(fmt::format("Upload too large: {} bytes exceeds limit of {}", bytes, batch_bytes_max)));
  }
  if (events.back().timestamp - events.front().timestamp > 24 * hour_ms) {
    return fail(
        error::invalid_parameter("The batch of log events in a single PutLogEvents request cannot span more than 24 hours."));
  }
  return {};
}

Result<wire::PutLogEventsResponse> put_events(const wire::PutLogEventsRequest& request, Store& store, const Clock& clock) {
  TRY_DO(check_batch(request.log_events));
  const auto now_ms = to_microseconds(clock.now()) / 1000;
  std::vector<NewEvent> accepted;
  wire::RejectedLogEventsInfo rejected;
  bool any_rejected = false;
  for (std::size_t i = 0; i < request.log_events.size(); ++i) {
    const auto& event = request.log_events[i];
    if (event.timestamp < now_ms - 14 * 24 * hour_ms) {
      rejected.too_old_log_event_end_index = static_cast<int32_t>(i + 1);  // exclusive
      any_rejected = true;
    } else if (event.timestamp > now_ms + 2 * hour_ms) {
      if (!rejected.too_new_log_event_start_index) rejected.too_new_log_event_start_index = static_cast<int32_t>(i);
      any_rejected = true;
    } else {
      accepted.push_back({event.timestamp, event.message});
    }
  }
  TRY_DO(store.put_events(request.log_group_name, request.log_stream_name, accepted));
  wire::PutLogEventsResponse response;
  if (any_rejected) response.rejected_log_events_info = rejected;
  return response;
}

// ------------------------------------------------------------------------------------------------------------ get

std::string token_of(char direction, Position position) {
  return fmt::format("{}/{:020}{:020}/s", direction, position.timestamp_ms, position.offset);
}

struct Token {
  bool forward = true;
  Position position;
};

Result<Token> read_token(std::string_view text) {
  Token token;
  if (text.size() != 44 || (text[0] != 'f' && text[0] != 'b') || text[1] != '/' || !text.ends_with("/s")) {
    return fail(error::invalid_token());
  }
  token.forward = text[0] == 'f';
  const auto read = [](std::string_view digits, auto& into) {
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), into);
    return failure == std::errc() && end == digits.data() + digits.size();
  };
  if (!read(text.substr(2, 20), token.position.timestamp_ms) || !read(text.substr(22, 20), token.position.offset)) {
    return fail(error::invalid_token());
  }
  return token;
}

Result<wire::GetLogEventsResponse> get_events(const wire::GetLogEventsRequest& request, Store& store) {
  TRY(group, group_of(request.log_group_name, request.log_group_identifier));
  const Position begin{request.start_time.value_or(0), 0};
  const Position end = request.end_time ? Position{*request.end_time, 0} : last_position;
  const auto limit = static_cast<std::size_t>(request.limit.value_or(page_events_max));

  Token asked{request.start_from_head.value_or(false), begin};
  if (!asked.forward) asked.position = end;
  if (request.next_token) {
    TRY(token, read_token(*request.next_token));
    asked = token;
  }
  TRY(events,
      asked.forward
          ? store.read_forward(group, request.log_stream_name, std::max(begin, asked.position), end, limit, page_bytes_max)
          : store.read_backward(group, request.log_stream_name, begin, std::min(end, asked.position), limit, page_bytes_max));

  // Without events both tokens stand where the question stood; a question for the newest events of an empty stream
  // stands at its beginning, so that the forward token finds what comes.
  Position first = asked.position == last_position ? begin : asked.position;
  Position behind = first;
  if (!events.empty()) {
    first = {events.front().timestamp_ms, events.front().offset};
    behind = {events.back().timestamp_ms, events.back().offset + 1};
  }
  wire::GetLogEventsResponse response;
  response.next_forward_token = token_of('f', behind);
  response.next_backward_token = token_of('b', first);
  response.events.emplace();
  for (auto& event : events) {
    wire::OutputLogEvent answer;
    answer.timestamp = event.timestamp_ms;
    answer.message = std::move(event.message);
    answer.ingestion_time = event.ingestion_ms;
    response.events->push_back(std::move(answer));
  }
  return response;
}

// --------------------------------------------------------------------------------------------------------- filter

std::string token_of(const GroupPosition& position) {
  return fmt::format("{:020}{:020}{:020}", position.timestamp_ms, position.stream_id, position.offset);
}

Result<GroupPosition> read_group_token(std::string_view text) {
  GroupPosition position;
  const auto read = [&](std::size_t at, auto& into) {
    const auto* const begin = text.data() + at;
    const auto [end, failure] = std::from_chars(begin, begin + 20, into);
    return failure == std::errc() && end == begin + 20;
  };
  if (text.size() != 60 || !read(0, position.timestamp_ms) || !read(20, position.stream_id) || !read(40, position.offset)) {
    return fail(error::invalid_token());
  }
  return position;
}

Result<wire::FilterLogEventsResponse> filter_events(const wire::FilterLogEventsRequest& request, Store& store) {
  TRY(group, group_of(request.log_group_name, request.log_group_identifier));
  if (request.log_stream_names && request.log_stream_name_prefix) {
    return fail(error::invalid_parameter("logStreamNames and logStreamNamePrefix are mutually exclusive."));
  }
  if (!request.start_from_head.value_or(true)) {
    return fail(error::invalid_parameter("FilterLogEvents with startFromHead=false is not supported by this server"));
  }
  TRY(pattern, FilterPattern::parse(request.filter_pattern.value_or("")));
  FilterRequest filter;
  filter.stream_names = request.log_stream_names.value_or(std::vector<std::string>{});
  filter.stream_prefix = request.log_stream_name_prefix.value_or("");
  filter.from = GroupPosition{request.start_time.value_or(0), 0, 0};
  filter.until_ms = request.end_time && *request.end_time < std::numeric_limits<int64_t>::max()
                        ? *request.end_time + 1  // this one includes its end, unlike GetLogEvents
                        : std::numeric_limits<int64_t>::max();
  filter.limit = static_cast<std::size_t>(request.limit.value_or(page_events_max));
  if (request.next_token) {
    TRY(position, read_group_token(*request.next_token));
    filter.from = position;
  }
  TRY(answer, store.filter(group, pattern, filter));

  wire::FilterLogEventsResponse response;
  response.searched_log_streams.emplace();  // empty since 2019, whatever was searched
  if (answer.next) response.next_token = token_of(*answer.next);
  response.events.emplace();
  for (auto& found : answer.events) {
    wire::FilteredLogEvent event;
    event.log_stream_name = found.stream_name;
    event.timestamp = found.event.timestamp_ms;
    event.message = std::move(found.event.message);
    event.ingestion_time = found.event.ingestion_ms;
    event.event_id = token_of(GroupPosition{found.event.timestamp_ms, found.stream_id, found.event.offset});
    response.events->push_back(std::move(event));
  }
  return response;
}

}  // namespace

void add_event_operations(aws::Service& service, Store& store, const Clock& clock) {
  service.on<wire::PutLogEvents>([&](const auto& request, const Context&) { return put_events(request, store, clock); });
  service.on<wire::GetLogEvents>([&](const auto& request, const Context&) { return get_events(request, store); });
  service.on<wire::FilterLogEvents>([&](const auto& request, const Context&) { return filter_events(request, store); });
}

}  // namespace mastic::logs
