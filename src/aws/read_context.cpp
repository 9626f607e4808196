#include "aws/read_context.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <vector>

#include "aws/pattern.h"

namespace mastic::aws {
namespace {

/// AWS quotes the whole value; a megabyte of it would help nobody.
constexpr std::size_t quoted_length_max = 1000;
constexpr int violations_max = 10;

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// Messages spell a member with a small first letter: TableName is 'tableName'.
void append_member(std::string& path, std::string_view name) {
  if (!path.empty()) path += '.';
  if (name.empty()) return;
  path += static_cast<char>(name[0] >= 'A' && name[0] <= 'Z' ? name[0] - 'A' + 'a' : name[0]);
  path += name.substr(1);
}

std::string joined(std::span<const std::string_view> values) { return fmt::format("[{}]", fmt::join(values, ", ")); }

}  // namespace

bool ReadContext::fail(std::string message) {
  if (!failure_) failure_ = std::move(message);
  return false;
}

bool ReadContext::reject(Error error) {
  if (!rejection_) rejection_ = std::move(error);
  return false;
}

std::string ReadContext::path(std::string_view member) const {
  std::vector<const Step*> steps;
  for (const auto* step = path_; step != nullptr; step = step->outer_) steps.push_back(step);
  std::string text;
  for (const auto* step : std::views::reverse(steps)) {
    if (step->index_ > 0) {
      text += fmt::format(".{}.member", step->index_);
    } else if (step->is_key_) {
      text += fmt::format(".{}.member", step->name_);
    } else {
      append_member(text, step->name_);
    }
  }
  if (!member.empty()) append_member(text, member);
  return text;
}

void ReadContext::add(std::string_view value, std::string_view at, std::string_view constraint) {
  ++count_;
  if (count_ > violations_max) return;
  if (!text_.empty()) text_ += "; ";
  text_ += fmt::format("Value {} at '{}' failed to satisfy constraint: {}", value, at, constraint);
}

void ReadContext::violate(std::string_view value, std::string_view constraint) {
  const auto at = path({});
  if (std::ranges::find(missing_, at) != missing_.end()) return;
  add(fmt::format("'{}'", value.substr(0, quoted_length_max)), at, constraint);
}

void ReadContext::missing(std::string_view member) {
  if (!strict_) return;
  add("null", missing_.emplace_back(path(member)), "Member must not be null");
}

std::string ReadContext::violations() const {
  return fmt::format("{} validation error{} detected: {}", count_, count_ == 1 ? "" : "s", text_);
}

void ReadContext::check_length(std::string_view value, int64_t min, int64_t max) {
  const auto length = static_cast<int64_t>(characters(value));
  if (length < min) violate(value, fmt::format("Member must have length greater than or equal to {}", min));
  if (length > max) violate(value, fmt::format("Member must have length less than or equal to {}", max));
}

void ReadContext::check_size(std::size_t size, int64_t min, int64_t max) {
  const auto length = static_cast<int64_t>(size);
  const auto value = fmt::format("[{} element{}]", size, size == 1 ? "" : "s");
  if (length < min) violate(size == 0 ? "[]" : value, fmt::format("Member must have length greater than or equal to {}", min));
  if (length > max) violate(value, fmt::format("Member must have length less than or equal to {}", max));
}

void ReadContext::check_range(int64_t value, int64_t min, int64_t max) {
  if (value < min) violate(fmt::to_string(value), fmt::format("Member must have value greater than or equal to {}", min));
  if (value > max) violate(fmt::to_string(value), fmt::format("Member must have value less than or equal to {}", max));
}

void ReadContext::check_range(double value, double min, double max) {
  // Written so that NaN breaks both.
  if (!(value >= min)) violate(fmt::to_string(value), fmt::format("Member must have value greater than or equal to {}", min));
  if (!(value <= max)) violate(fmt::to_string(value), fmt::format("Member must have value less than or equal to {}", max));
}

void ReadContext::check_enum(std::string_view value, std::span<const std::string_view> sorted_values) {
  if (!std::ranges::binary_search(sorted_values, value)) {
    violate(value, "Member must satisfy enum value set: " + joined(sorted_values));
  }
}

void ReadContext::check_pattern(std::string_view value, const Pattern& pattern) {
  if (!pattern.matches(value)) {
    violate(value, fmt::format("Member must satisfy regular expression pattern: {}", pattern.shown()));
  }
}

}  // namespace mastic::aws
