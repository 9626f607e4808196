#include "announce/events.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "announce/delivery.h"
#include "announce/outbox.h"
#include "aws/encoding.h"
#include "aws/json.h"
#include "base/identifiers.h"
#include "base/log.h"

namespace mastic::announce {
namespace {

constexpr std::size_t remembered_max = 1000;
constexpr int64_t attempts_max = 5;
constexpr std::chrono::milliseconds first_pause{500};
constexpr std::chrono::seconds retry_of_store{5};

std::string envelope(const Event& event, const Options& options, Instant now) {
  std::string text;
  aws::JsonWriter writer(text);
  const auto member = [&](std::string_view name, std::string_view value) {
    writer.key(name);
    writer.text(value);
  };
  writer.open_object();
  member("version", "0");
  member("id", random_uuid());
  member("detail-type", event.detail_type);
  member("source", event.is_local ? "mastic" : event.source);
  member("account", options.account_id);
  writer.key("time");  // whole seconds, as EventBridge has it
  writer.text(aws::to_iso_time(std::chrono::floor<std::chrono::seconds>(now), false));
  member("region", options.region);
  writer.key("resources");
  writer.open_array();
  for (const auto& resource : event.resources) {
    if (resource.starts_with("arn:")) {
      writer.text(resource);
      continue;
    }
    writer.text(fmt::format("arn:aws:glue:{}:{}:{}", options.region, options.account_id, resource));
  }
  writer.close_array();
  writer.key("detail");
  writer.raw(event.detail);
  writer.close_object();
  return text;
}

}  // namespace

struct Events::State {
  State(Options given, const Clock& given_clock) : options(std::move(given)), clock(given_clock) {}

  [[nodiscard]] bool delivers() const { return outbox != nullptr; }
  void run();
  void deliver(const Waiting& event);
  bool pause(std::chrono::milliseconds time);

  const Options options;
  const Clock& clock;
  std::unique_ptr<Outbox> outbox;  // null: nothing is delivered

  mutable std::mutex mutex;  // guards what follows
  std::condition_variable changed;
  std::deque<Published> remembered;
  Figures figures;
  bool added = true;  // something may wait
  bool ending = false;
  std::thread thread;
};

/// False when the end has come.
bool Events::State::pause(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex);
  changed.wait_for(lock, time, [&] { return ending; });
  return !ending;
}

void Events::State::deliver(const Waiting& event) {
  auto pause_time = first_pause;
  for (auto attempts = event.attempts;;) {
    const auto done = options.webhook.empty() ? run_command(options.command, event.body) : post(options.webhook, event.body);
    ++attempts;
    if (done || attempts >= attempts_max) {
      if (!done)
        log::error("events", "an event is dropped after {} attempts: {}: {}", attempts, done.error().message, event.body);
      if (const auto removed = outbox->remove(event.number); !removed) {
        log::error("events", "the outbox cannot be written: {}", removed.error().message);
        if (!pause(retry_of_store)) return;
      }
      const std::scoped_lock lock(mutex);
      ++(done ? figures.delivered : figures.dropped);
      return;
    }
    log::warn("events", "an event could not be delivered, attempt {} of {}: {}", attempts, attempts_max, done.error().message);
    if (const auto noted = outbox->note_attempt(event.number); !noted) {
      log::error("events", "the outbox cannot be written: {}", noted.error().message);
    }
    if (!pause(pause_time)) return;
    pause_time *= 2;
  }
}

void Events::State::run() {
  while (true) {
    {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return added || ending; });
      if (ending) return;
      added = false;
    }
    while (true) {
      const auto next = outbox->first();
      if (!next) {
        log::error("events", "the outbox cannot be read: {}", next.error().message);
        if (!pause(retry_of_store)) return;
        continue;
      }
      if (!*next) break;
      deliver(**next);
      const std::scoped_lock lock(mutex);
      if (ending) return;
    }
  }
}

Events::Events(std::unique_ptr<State> state) : state_(std::move(state)) {}

Events::~Events() {
  {
    const std::scoped_lock lock(state_->mutex);
    state_->ending = true;
  }
  state_->changed.notify_all();
  if (state_->thread.joinable()) state_->thread.join();
}

Result<std::unique_ptr<Events>> Events::open(Options options, const Clock& clock) {
  if (!options.webhook.empty() && !options.command.empty()) {
    return fail(Error::invalid("events go to a webhook or to a command, not to both"));
  }
  if (!options.webhook.empty() && !options.webhook.starts_with("http://") && !options.webhook.starts_with("https://")) {
    return fail(Error::invalid("the webhook for events is no http:// or https:// URL: " + options.webhook));
  }
  auto state = std::make_unique<State>(std::move(options), clock);
  if (!state->options.webhook.empty() || !state->options.command.empty()) {
    TRY(outbox, Outbox::open(state->options.folder));
    state->outbox = std::move(outbox);
    state->thread = std::thread([raw = state.get()] { raw->run(); });
  }
  return std::unique_ptr<Events>(new Events(std::move(state)));
}

void Events::publish(const Event& event) {
  auto body = envelope(event, state_->options, state_->clock.now());
  int64_t dropped = 0;
  const bool is_delivered = state_->delivers() && !event.is_local;
  if (is_delivered) {
    const auto kept = state_->outbox->add(body);
    if (!kept) log::error("events", "an event could not be kept: {}: {}", kept.error().message, body);
    dropped = kept.value_or(1);
    if (dropped > 0) log::error("events", "{} events are dropped undelivered: too many wait", dropped);
  }
  const std::scoped_lock lock(state_->mutex);
  auto& remembered = state_->remembered;
  remembered.push_back({++state_->figures.published, std::move(body)});
  if (remembered.size() > remembered_max) remembered.pop_front();
  state_->figures.dropped += static_cast<uint64_t>(dropped);
  if (!is_delivered) return;
  state_->added = true;
  state_->changed.notify_all();
}

uint64_t Events::newest() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->figures.published;
}

std::vector<Published> Events::after(uint64_t sequence, std::size_t limit) const {
  const std::scoped_lock lock(state_->mutex);
  std::vector<Published> found;
  const auto begin = std::ranges::upper_bound(state_->remembered, sequence, {}, &Published::sequence);
  for (auto at = begin; at != state_->remembered.end() && found.size() < limit; ++at) found.push_back(*at);
  return found;
}

Figures Events::figures() const {
  Figures figures;
  {
    const std::scoped_lock lock(state_->mutex);
    figures = state_->figures;
  }
  if (state_->outbox) figures.waiting = static_cast<uint64_t>(state_->outbox->count().value_or(0));
  return figures;
}

}  // namespace mastic::announce
