#include <algorithm>
#include <charconv>
#include <tuple>

#include "aws/models/logs.h"
#include "logs/errors.h"
#include "logs/operations/naming.h"
#include "logs/operations/operations.h"
#include "logs/store.h"

namespace mastic::logs {
namespace {

namespace wire = aws::logs;
using Context = aws::CallContext;

/// Where a listing stands: by name the time is 0, by time both count.
using ListingKey = std::pair<int64_t, std::string>;

std::string token_of(const ListingKey& key) { return std::to_string(key.first) + "/" + key.second; }

Result<ListingKey> key_of(const std::string& token) {
  const auto slash = token.find('/');
  if (slash == std::string::npos) return fail(error::invalid_token());
  int64_t time = 0;
  const auto [end, failure] = std::from_chars(token.data(), token.data() + slash, time);
  if (failure != std::errc() || end != token.data() + slash) return fail(error::invalid_token());
  return ListingKey{time, token.substr(slash + 1)};
}

wire::LogStream answer_of(const Stream& stream, std::string_view group, const Context& context) {
  wire::LogStream answer;
  answer.log_stream_name = stream.name;
  answer.creation_time = stream.created_ms;
  answer.arn = group_arn(group, context) + ":log-stream:" + stream.name;
  answer.stored_bytes = 0;  // CloudWatch reports 0 for every stream since 2019; a group tells its bytes
  if (stream.facts) {
    answer.first_event_timestamp = stream.facts->first_event_ms;
    answer.last_event_timestamp = stream.facts->last_event_ms;
    answer.last_ingestion_time = stream.facts->last_ingestion_ms;
  }
  return answer;
}

Result<wire::CreateLogStreamResponse> create_stream(const wire::CreateLogStreamRequest& request, Store& store) {
  TRY_DO(store.create_stream(request.log_group_name, request.log_stream_name));
  return wire::CreateLogStreamResponse{};
}

Result<wire::DeleteLogStreamResponse> delete_stream(const wire::DeleteLogStreamRequest& request, Store& store) {
  TRY_DO(store.delete_stream(request.log_group_name, request.log_stream_name));
  return wire::DeleteLogStreamResponse{};
}

Result<wire::DescribeLogStreamsResponse> describe_streams(const wire::DescribeLogStreamsRequest& request,
                                                          const Context& context, Store& store) {
  TRY(group, group_of(request.log_group_name, request.log_group_identifier));
  const bool by_time = request.order_by == "LastEventTime";
  if (by_time && request.log_stream_name_prefix) {
    return fail(error::invalid_parameter("Cannot order by LastEventTime with a logStreamNamePrefix."));
  }
  TRY(streams, store.list_streams(group, request.log_stream_name_prefix.value_or("")));
  if (by_time) {
    for (auto& stream : streams) TRY_DO(store.look_up_facts(stream));
  }
  const auto key = [by_time](const Stream& stream) {
    return ListingKey{by_time && stream.facts ? stream.facts->last_event_ms : 0, stream.name};
  };
  std::ranges::sort(streams, {}, key);
  const bool descending = request.descending.value_or(false);
  if (descending) std::ranges::reverse(streams);
  if (request.next_token) {
    TRY(after, key_of(*request.next_token));
    std::erase_if(streams, [&](const Stream& stream) { return descending ? key(stream) >= after : key(stream) <= after; });
  }

  const auto limit = static_cast<std::size_t>(request.limit.value_or(50));
  wire::DescribeLogStreamsResponse response;
  response.log_streams.emplace();
  for (auto& stream : streams) {
    if (response.log_streams->size() == limit) {
      response.next_token = token_of(key(streams[limit - 1]));
      break;
    }
    if (!by_time) TRY_DO(store.look_up_facts(stream));
    response.log_streams->push_back(answer_of(stream, group, context));
  }
  return response;
}

}  // namespace

void add_stream_operations(aws::Service& service, Store& store) {
  service.on<wire::CreateLogStream>([&](const auto& request, const Context&) { return create_stream(request, store); });
  service.on<wire::DeleteLogStream>([&](const auto& request, const Context&) { return delete_stream(request, store); });
  service.on<wire::DescribeLogStreams>(
      [&](const auto& request, const Context& context) { return describe_streams(request, context, store); });
}

}  // namespace mastic::logs
