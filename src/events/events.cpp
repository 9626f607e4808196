#include "events/events.h"

#include <fmt/format.h>

#include <chrono>

#include "aws/service.h"
#include "base/identifiers.h"
#include "base/log.h"
#include "events/operations/operations.h"
#include "events/pattern.h"
#include "events/store.h"

namespace mastic::events {

struct Events::Compiled {
  std::string name;
  Pattern pattern;
  std::vector<StoredTarget> targets;
};

Events::Events(Dependencies dependencies, std::unique_ptr<Store> store)
    : dependencies_(std::move(dependencies)), store_(std::move(store)) {}
Events::~Events() = default;

Result<std::unique_ptr<Events>> Events::open(Dependencies dependencies) {
  TRY(store, Store::open(dependencies.folder));
  return std::unique_ptr<Events>(new Events(std::move(dependencies), std::move(store)));
}

aws::Service Events::make_service() {
  aws::Service service("events");
  const auto changed = [this] { this->changed(); };
  add_rule_operations(service, *store_, changed);
  add_target_operations(service, *store_, dependencies_.accepts, changed);
  add_tag_operations(service, *store_);
  add_put_events(service, [this](Event event) { return publish(std::move(event)); });
  return service;
}

void Events::changed() {
  const std::scoped_lock lock(mutex_);
  compiled_.reset();
}

Result<std::shared_ptr<const std::vector<Events::Compiled>>> Events::rules() {
  const std::scoped_lock lock(mutex_);
  if (compiled_) return compiled_;
  auto compiled = std::make_shared<std::vector<Compiled>>();
  TRY(stored, store_->list("", "", SIZE_MAX >> 1U));
  for (const auto& rule : stored) {
    if (rule.state == "DISABLED") continue;
    TRY(pattern, Pattern::parse(rule.pattern));
    TRY(targets, store_->targets(rule.name));
    if (!targets.empty()) compiled->push_back({rule.name, std::move(pattern), std::move(targets)});
  }
  compiled_ = std::move(compiled);
  return compiled_;
}

Result<std::string> Events::publish(Event event) {
  if (event.id.empty()) event.id = random_uuid();
  TRY(rules, this->rules());
  if (rules->empty()) return std::move(event.id);
  const auto detail = nlohmann::json::parse(event.detail, nullptr, /*allow_exceptions=*/false);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(event.time.value_or(dependencies_.clock.now()));
  const std::time_t time = std::chrono::system_clock::to_time_t(seconds);
  std::tm utc{};
  gmtime_r(&time, &utc);
  const nlohmann::json document{{"version", "0"},
                                {"id", event.id},
                                {"detail-type", event.detail_type},
                                {"source", event.source},
                                {"account", event.account_id},
                                {"time", fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", utc.tm_year + 1900, utc.tm_mon + 1,
                                                     utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec)},
                                {"region", event.region},
                                {"resources", event.resources},
                                {"detail", detail.is_discarded() ? nlohmann::json::object() : detail}};
  const auto text = document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  for (const auto& rule : *rules) {
    if (!rule.pattern.matches(document)) continue;
    for (const auto& target : rule.targets) {
      const auto delivered = dependencies_.deliver(target.arn, event.id, text);
      if (!delivered)
        log::warn("events", "rule {} could not deliver to {}: {}", rule.name, target.arn, delivered.error().message);
    }
  }
  return std::move(event.id);
}

}  // namespace mastic::events
