// The condition operators.
//
// A key that the request lacks satisfies the negated operators, …IfExists and ForAllValues, and nothing else. Without a
// quantifier one of the request's values that equals one of the policy's suffices; a negated operator wants that none does.
#include <algorithm>
#include <cstdlib>

#include "aws/encoding.h"
#include "iam/policy/evaluate.h"

namespace mastic::iam::policy {
namespace {

bool is_negated(Operator test) {
  switch (test) {
    case Operator::string_not_equals:
    case Operator::string_not_equals_ignore_case:
    case Operator::string_not_like:
    case Operator::numeric_not_equals:
    case Operator::date_not_equals:
    case Operator::not_ip_address:
    case Operator::arn_not_equals:
    case Operator::arn_not_like: return true;
    default: return false;
  }
}

template <typename Number>
bool compare(Operator test, Number asked, Number wanted) {
  switch (test) {
    case Operator::numeric_less_than:
    case Operator::date_less_than: return asked < wanted;
    case Operator::numeric_less_than_equals:
    case Operator::date_less_than_equals: return asked <= wanted;
    case Operator::numeric_greater_than:
    case Operator::date_greater_than: return asked > wanted;
    case Operator::numeric_greater_than_equals:
    case Operator::date_greater_than_equals: return asked >= wanted;
    default: return asked == wanted;
  }
}

bool compare_numbers(Operator test, const std::string& asked, const std::string& wanted) {
  char* asked_end = nullptr;
  char* wanted_end = nullptr;
  const double left = std::strtod(asked.c_str(), &asked_end);
  const double right = std::strtod(wanted.c_str(), &wanted_end);
  if (asked.empty() || wanted.empty() || *asked_end != '\0' || *wanted_end != '\0') return false;
  return compare(test, left, right);
}

std::optional<Instant> time_of(const std::string& text) {
  if (!text.empty() && text.find_first_not_of("0123456789") == std::string::npos && text.size() > 8) {
    return Instant{std::chrono::seconds{std::atoll(text.c_str())}};
  }
  return aws::parse_time(text);
}

bool compare_dates(Operator test, const std::string& asked, const std::string& wanted) {
  const auto left = time_of(asked);
  const auto right = time_of(wanted);
  return left && right && compare(test, *left, *right);
}

/// Whether one value of the request satisfies one of the policy, leaving negation aside.
bool agrees(Operator test, const std::string& asked, const std::string& wanted) {
  switch (test) {
    case Operator::string_equals:
    case Operator::string_not_equals: return unescape(wanted) == asked;
    case Operator::string_equals_ignore_case:
    case Operator::string_not_equals_ignore_case: return lower(unescape(wanted)) == lower(asked);
    case Operator::string_like:
    case Operator::string_not_like: return matches(wanted, asked);
    case Operator::arn_equals:
    case Operator::arn_not_equals:
    case Operator::arn_like:
    case Operator::arn_not_like: return arn_matches(wanted, asked);
    case Operator::boolean: return lower(wanted) == lower(asked);
    case Operator::ip_address:
    case Operator::not_ip_address: return address_in(wanted, asked);
    case Operator::numeric_equals:
    case Operator::numeric_not_equals:
    case Operator::numeric_less_than:
    case Operator::numeric_less_than_equals:
    case Operator::numeric_greater_than:
    case Operator::numeric_greater_than_equals: return compare_numbers(test, asked, wanted);
    case Operator::date_equals:
    case Operator::date_not_equals:
    case Operator::date_less_than:
    case Operator::date_less_than_equals:
    case Operator::date_greater_than:
    case Operator::date_greater_than_equals: return compare_dates(test, asked, wanted);
    case Operator::null: return false;
  }
  return false;
}

bool agrees_with_any(const Condition& condition, const std::string& asked, const Keys& keys) {
  return std::ranges::any_of(condition.values, [&](const std::string& wanted) {
    if (wanted.find("${") == std::string::npos) return agrees(condition.test, asked, wanted);
    const auto filled = substitute(wanted, keys);
    return filled && agrees(condition.test, asked, *filled);
  });
}

}  // namespace

bool holds(const Condition& condition, const Keys& keys) {
  const auto found = keys.find(condition.key);
  const bool missing = found == keys.end() || found->second.empty();
  if (condition.test == Operator::null) {
    return std::ranges::any_of(condition.values, [&](const auto& value) { return (lower(value) == "true") == missing; });
  }
  const bool negated = is_negated(condition.test);
  if (missing) {
    if (condition.quantifier == Quantifier::for_any_value) return condition.if_exists;
    return condition.if_exists || negated || condition.quantifier == Quantifier::for_all_values;
  }
  const auto good = [&](const std::string& asked) { return agrees_with_any(condition, asked, keys) != negated; };
  switch (condition.quantifier) {
    case Quantifier::for_all_values: return std::ranges::all_of(found->second, good);
    case Quantifier::for_any_value: return std::ranges::any_of(found->second, good);
    case Quantifier::none: break;
  }
  return negated ? std::ranges::all_of(found->second, good) : std::ranges::any_of(found->second, good);
}

}  // namespace mastic::iam::policy
