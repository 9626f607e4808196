// The operations of this room, by family.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "aws/models/events.h"
#include "aws/service.h"
#include "events/errors.h"
#include "events/events.h"
#include "events/store.h"

namespace mastic::events {

namespace wire = aws::events;

void add_rule_operations(aws::Service& service, Store& store, const std::function<void()>& changed);
void add_target_operations(aws::Service& service, Store& store, const std::function<bool(std::string_view)>& accepts,
                           const std::function<void()>& changed);
void add_tag_operations(aws::Service& service, Store& store);
void add_put_events(aws::Service& service, std::function<Result<std::string>(Event)> publish);

inline std::string rule_arn(std::string_view name, const aws::CallContext& context) {
  return fmt::format("arn:aws:events:{}:{}:rule/{}", context.region, context.account_id, name);
}

/// There is the default bus alone, by name or by ARN.
inline Result<void> check_bus(const std::optional<std::string>& bus) {
  if (!bus || *bus == "default" || bus->ends_with(":event-bus/default")) return {};
  return fail(error::bus_not_found(*bus));
}

inline Result<StoredRule> require_rule(Store& store, std::string_view name) {
  TRY(rule, store.find(name));
  if (!rule) return fail(error::rule_not_found(name));
  return std::move(*rule);
}

/// Pages go on behind a name, which is the token.
template <typename Entry>
std::optional<std::string> cut(std::vector<Entry>& entries, std::size_t limit, std::string Entry::* name) {
  if (entries.size() <= limit) return std::nullopt;
  entries.resize(limit);
  return entries.back().*name;
}

}  // namespace mastic::events
