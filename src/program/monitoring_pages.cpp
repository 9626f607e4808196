#include "program/monitoring_pages.h"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "aws/json.h"
#include "base/files.h"
#include "base/identifiers.h"

namespace mastic::program {
namespace {

constexpr uint64_t free_bytes_min = 256ULL * 1024 * 1024;
constexpr std::chrono::seconds heartbeat{15};

struct Check {
  std::string name;
  bool fine = false;
  std::string detail;
};

Check check_disk(const std::filesystem::path& data) {
  struct statvfs room{};
  if (statvfs(data.c_str(), &room) != 0) return {"disk", false, "the data folder cannot be looked at"};
  const auto free = static_cast<uint64_t>(room.f_bavail) * room.f_frsize;
  return {"disk", free >= free_bytes_min, fmt::format("{} bytes free", free)};
}

Check check_writable(const std::filesystem::path& data) {
  const auto probe = data / (".ready-" + random_hex(8));
  const auto written = write_file_durably(probe, "ready\n");
  std::error_code ignored;
  std::filesystem::remove(probe, ignored);
  return {"data", written.has_value(), written ? "a file could be written" : written.error().message};
}

Check check_pool(const jobs::Runs& runs) {
  const auto figures = runs.figures();
  return {"runs", figures.waiting < 1000,
          fmt::format("{} running of {}, {} waiting, {} engines ready", figures.running, figures.running_maximum,
                      figures.waiting, figures.engines_ready)};
}

aws::PageAnswer ready(const Monitored& monitored) {
  std::vector<Check> checks{check_disk(monitored.data), check_writable(monitored.data), check_pool(monitored.runs)};
  for (const auto& [name, check] : monitored.stores) {
    const auto works = check();
    checks.push_back({name, works.has_value(), works ? "it answers" : works.error().message});
  }
  const bool fine = std::ranges::all_of(checks, &Check::fine);
  aws::PageAnswer answer{.status = fine ? 200 : 503};
  aws::JsonWriter writer(answer.body);
  writer.open_object();
  writer.key("ready");
  writer.boolean(fine);
  writer.key("checks");
  writer.open_object();
  for (const auto& check : checks) {
    writer.any_key(check.name);
    writer.open_object();
    writer.key("fine");
    writer.boolean(check.fine);
    writer.key("detail");
    writer.text(check.detail);
    writer.close_object();
  }
  writer.close_object();
  writer.close_object();
  answer.body += '\n';
  return answer;
}

class EventStream final : public aws::PageStream {
 public:
  EventStream(const announce::Events& events, uint64_t after) : events_(events), after_(after) {}
  std::optional<std::string> next() override {
    const auto now = std::chrono::steady_clock::now();
    std::string text;
    for (const auto& event : events_.after(after_)) {
      text += fmt::format("id: {}\ndata: {}\n\n", event.sequence, event.body);
      after_ = event.sequence;
    }
    if (text.empty() && now - sent_ >= heartbeat) text = ": still here\n\n";
    if (!text.empty()) sent_ = now;
    return text;
  }

 private:
  const announce::Events& events_;
  uint64_t after_;
  std::chrono::steady_clock::time_point sent_;  // long ago: the first answer is a comment, so that the client sees a stream
};

std::optional<uint64_t> read_number(std::optional<std::string_view> text) {
  uint64_t number = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), number).ec != std::errc{}) return {};
  return number;
}

aws::PageAnswer stream_events(const announce::Events& events, const aws::PageRequest& request) {
  auto after = read_number(request.call.parameter("after"));
  if (!after) after = read_number(request.call.header("last-event-id"));
  // A server that was started again counts from one: a number from before means everything since.
  auto from = after.value_or(events.newest());
  if (from > events.newest()) from = 0;
  aws::PageAnswer answer{.content_type = "text/event-stream"};
  answer.headers.emplace_back("Cache-Control", "no-cache");
  answer.stream = std::make_unique<EventStream>(events, from);
  return answer;
}

}  // namespace

void add_monitoring_pages(aws::Pages& pages, Monitored given) {
  const auto monitored = std::make_shared<const Monitored>(std::move(given));
  const auto begun = monitored->clock.now();
  pages.add(
      {.prefix = "/_mastic/health", .access = aws::PageAccess::everybody},
      [monitored, begun](const aws::PageRequest&) -> Result<aws::PageAnswer> {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(monitored->clock.now() - begun).count();
        return aws::PageAnswer{.body = fmt::format("{{\"status\":\"running\",\"version\":\"{}\",\"uptime_seconds\":{}}}\n",
                                                   MASTIC_VERSION, seconds)};
      });
  pages.add({.prefix = "/_mastic/ready", .access = aws::PageAccess::everybody},
            [monitored](const aws::PageRequest&) -> Result<aws::PageAnswer> { return ready(*monitored); });
  pages.add({.prefix = "/_mastic/metrics", .access = aws::PageAccess::everybody},
            [monitored](const aws::PageRequest&) -> Result<aws::PageAnswer> {
              return aws::PageAnswer{.content_type = "text/plain; version=0.0.4; charset=utf-8",
                                     .body = metrics_text(*monitored)};
            });
  pages.add({.prefix = "/_mastic/events", .action = "glue:GetJobRun"},
            [monitored](const aws::PageRequest& request) -> Result<aws::PageAnswer> {
              return stream_events(monitored->events, request);
            });
  pages.add({.prefix = "/_mastic/runs", .action = "glue:GetJobRun"},
            [monitored](const aws::PageRequest& request) { return run_page(monitored->runs, request.rest); });
}

}  // namespace mastic::program
