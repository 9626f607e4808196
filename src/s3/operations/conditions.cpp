#include "s3/operations/conditions.h"

#include <chrono>

#include "aws/encoding.h"
#include "s3/errors.h"

namespace mastic::s3 {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool matches(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    const auto item = trimmed(list.substr(0, comma));
    if (item == "*" || unquoted_etag(item) == etag) return true;
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
  }
  return false;
}

auto in_seconds(Instant instant) { return std::chrono::floor<std::chrono::seconds>(instant); }

/// The condition of the first group that does not hold, or nothing.
std::optional<std::string_view> failed_match(const Conditions& conditions, const Object& object) {
  if (conditions.if_match) {
    if (!matches(*conditions.if_match, object.etag)) return "If-Match";
  } else if (conditions.if_unmodified_since && in_seconds(object.last_modified) > in_seconds(*conditions.if_unmodified_since)) {
    return "If-Unmodified-Since";
  }
  return std::nullopt;
}

std::optional<std::string_view> failed_none_match(const Conditions& conditions, const Object& object) {
  if (conditions.if_none_match) {
    if (matches(*conditions.if_none_match, object.etag)) return "If-None-Match";
  } else if (conditions.if_modified_since && in_seconds(object.last_modified) <= in_seconds(*conditions.if_modified_since)) {
    return "If-Modified-Since";
  }
  return std::nullopt;
}

}  // namespace

std::string_view unquoted_etag(std::string_view etag) {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') return etag.substr(1, etag.size() - 2);
  return etag;
}

std::string quoted_etag(std::string_view etag) { return '"' + std::string(etag) + '"'; }

Result<void> check_read(const Conditions& conditions, const Object& object) {
  if (const auto failed = failed_match(conditions, object)) return fail(errors::precondition_failed(*failed));
  if (failed_none_match(conditions, object)) {
    return fail(errors::not_modified(quoted_etag(object.etag), aws::to_http_time(object.last_modified)));
  }
  return {};
}

Result<void> check_copy_source(const Conditions& conditions, const Object& object) {
  if (const auto failed = failed_match(conditions, object))
    return fail(errors::precondition_failed("x-amz-copy-source-" + std::string(*failed)));
  if (const auto failed = failed_none_match(conditions, object))
    return fail(errors::precondition_failed("x-amz-copy-source-" + std::string(*failed)));
  return {};
}

Result<Precondition> write_precondition(const std::optional<std::string>& if_match,
                                        const std::optional<std::string>& if_none_match, std::string_view key) {
  if (if_none_match && trimmed(*if_none_match) != "*")
    return fail(errors::not_implemented("If-None-Match of a write, other than *"));
  if (if_match && if_none_match) return fail(errors::not_implemented("If-Match together with If-None-Match in a write"));
  if (if_none_match) {
    return Precondition([](const Object* current) -> Result<void> {
      if (current != nullptr) return fail(errors::precondition_failed("If-None-Match"));
      return {};
    });
  }
  if (if_match) {
    return Precondition([wanted = *if_match, key = std::string(key)](const Object* current) -> Result<void> {
      if (current == nullptr) return fail(errors::no_such_key(key));
      if (!matches(wanted, current->etag)) return fail(errors::precondition_failed("If-Match"));
      return {};
    });
  }
  return Precondition{};
}

}  // namespace mastic::s3
