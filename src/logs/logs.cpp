#include "logs/logs.h"

#include <simdjson.h>

#include <vector>

#include "aws/service.h"
#include "logs/operations/naming.h"
#include "logs/operations/operations.h"
#include "logs/store.h"

namespace mastic::logs {
namespace {

// CloudWatch counts 26 bytes for each event besides its message.
constexpr std::size_t message_bytes_max = (1U << 20U) - 26;

/// How many bytes of `text` make one valid UTF-8 character at its beginning; 0 when they do not.
std::size_t character_bytes(std::string_view text) {
  const auto byte = static_cast<unsigned char>(text[0]);
  const std::size_t length = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 0;
  if (length == 0 || length > text.size() || !simdjson::validate_utf8(text.data(), length)) return 0;
  return length;
}

std::string readable(std::string_view text) {
  std::string clean;
  while (!text.empty()) {
    const auto length = character_bytes(text);
    clean += length == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return clean;
}

/// Where to cut a long line: not inside a character.
std::size_t cut_length(std::string_view text) {
  if (text.size() <= message_bytes_max) return text.size();
  auto cut = message_bytes_max;
  while (cut > message_bytes_max - 4 && (static_cast<unsigned char>(text[cut]) & 0xc0U) == 0x80U) --cut;
  return cut;
}

}  // namespace

Logs::Logs(std::unique_ptr<Store> store, const Clock& clock) : store_(std::move(store)), clock_(clock) {}
Logs::~Logs() = default;

Result<std::unique_ptr<Logs>> Logs::open(const std::filesystem::path& folder, const Clock& clock) {
  TRY(store, Store::open(folder, clock));
  return std::unique_ptr<Logs>(new Logs(std::move(store), clock));
}

Result<void> Logs::append(std::string_view group, std::string_view stream, std::span<const std::string_view> lines) {
  return append(group, stream, clock_.now(), lines);
}

Result<void> Logs::append(std::string_view group, std::string_view stream, Instant time,
                          std::span<const std::string_view> lines) {
  const auto time_ms = to_microseconds(time) / 1000;
  std::vector<std::string> cleaned;
  cleaned.reserve(lines.size());  // events hold views into it
  std::vector<NewEvent> events;
  events.reserve(lines.size());
  for (auto line : lines) {
    if (!simdjson::validate_utf8(line.data(), line.size())) line = cleaned.emplace_back(readable(line));
    do {
      const auto length = cut_length(line);
      events.push_back({time_ms, line.substr(0, length)});
      line.remove_prefix(length);
    } while (!line.empty());
  }
  return store_->append(group, stream, events);
}

Result<std::vector<TaggedResource>> Logs::tagged_resources(std::string_view region, std::string_view account_id) {
  TRY(groups, store_->all_tags());
  std::vector<TaggedResource> resources;
  aws::CallContext context;
  context.region = region;
  context.account_id = account_id;
  for (auto& [name, tags] : groups) resources.push_back({group_arn(name, context), std::move(tags)});
  return resources;
}

void Logs::on_measured(Measured measured) { store_->metric_filters().on_measured(std::move(measured)); }

aws::Service Logs::make_service() {
  aws::Service service("logs");
  add_group_operations(service, *store_);
  add_tag_operations(service, *store_);
  add_stream_operations(service, *store_);
  add_event_operations(service, *store_, clock_);
  add_metric_filter_operations(service, *store_, clock_);
  return service;
}

}  // namespace mastic::logs
