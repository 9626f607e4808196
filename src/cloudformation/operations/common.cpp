#include <algorithm>

#include "cloudformation/errors.h"
#include "cloudformation/operations/operations.h"

namespace mastic::cloudformation {

Result<StackRecord> require_stack(const House& house, const Context& context, std::string_view name) {
  TRY(stack, house.store.find_stack(context.region, name));
  if (!stack) return fail(error::no_stack(name));
  return std::move(*stack);
}

Result<std::string> template_of(const House& house, const Context& context, const std::optional<std::string>& body,
                                const std::optional<std::string>& url, const std::string* previous) {
  if (body && url) return fail(error::validation("Either Template URL or Template Body must be specified."));
  if (body) return *body;
  if (url) return house.read_template_url(*url, context);
  if (previous != nullptr) return *previous;
  return fail(error::validation("Either Template URL or Template Body must be specified."));
}

std::vector<wire::Parameter> parameters_of(const Specification& specification) {
  std::vector<wire::Parameter> parameters;
  for (const auto& [key, value] : specification.parameters) {
    wire::Parameter parameter;
    parameter.parameter_key = key;
    const bool masked = std::ranges::find(specification.masked, key) != specification.masked.end();
    parameter.parameter_value = masked ? "****" : value;
    if (const auto at = specification.resolved.find(key); at != specification.resolved.end()) {
      parameter.resolved_value = masked ? "****" : at->second;
    }
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

std::vector<wire::Tag> tags_of(const Specification& specification) {
  std::vector<wire::Tag> tags;
  for (const auto& [key, value] : specification.tags) tags.push_back({key, value});
  return tags;
}

std::optional<std::string> unless_empty(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

std::optional<Instant> unless_zero(int64_t time) {
  if (time == 0) return std::nullopt;
  return from_microseconds(time);
}

}  // namespace mastic::cloudformation
