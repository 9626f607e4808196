// Offsets of a time zone, by name as Java takes it: a region of the tz database, `UTC`, `Z`, `+05:30`, `GMT+1`, `UTC-8`.
//
// Instances live for the process; all functions are thread-safe. Local times in a gap move forward by the gap's length
// and those in an overlap take the earlier offset, as java.time does. After 2037 the rules of the 28 years before repeat.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mastic::engine {

class TimeZone {
 public:
  /// Null: no such zone.
  static const TimeZone* find(std::string_view name);

  [[nodiscard]] int offset_seconds(int64_t utc_seconds) const;
  [[nodiscard]] int64_t to_local(int64_t utc_microseconds) const;
  [[nodiscard]] int64_t to_utc(int64_t local_microseconds) const;
  [[nodiscard]] const std::string& name() const { return name_; }
  /// `CET`, `UTC`, `+05:30`.
  [[nodiscard]] std::string abbreviation(int64_t utc_seconds) const;

 private:
  struct Transition {
    int64_t at_utc_seconds;
    int offset_seconds;
    std::string abbreviation;
  };
  static const TimeZone* load(const std::string& name);
  [[nodiscard]] const Transition& rule_at(int64_t utc_seconds) const;

  std::string name_;
  Transition initial_{0, 0, "UTC"};  // before the first transition
  std::vector<Transition> transitions_;
};

}  // namespace mastic::engine
