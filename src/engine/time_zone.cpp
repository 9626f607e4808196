#include "engine/time_zone.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <sstream>

namespace mastic::engine {
namespace {

constexpr int64_t second = 1'000'000;
constexpr int64_t cycle_seconds = 10'227LL * 86'400;    // 28 years: the calendar repeats
constexpr int64_t cycle_end_seconds = 2'145'916'800LL;  // 2038-01-01

/// `+5`, `+05:30`, `-0800`, `+01:02:03`.
std::optional<int> parse_offset(std::string_view text) {
  if (text.size() < 2 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const int sign = text[0] == '-' ? -1 : 1;
  text.remove_prefix(1);
  int parts[3] = {0, 0, 0};
  int count = 0;
  if (text.find(':') == std::string_view::npos && text.size() > 2) {
    if (text.size() != 4 && text.size() != 6) return std::nullopt;
    for (std::size_t i = 0; i < text.size(); i += 2) {
      if (!std::isdigit(static_cast<unsigned char>(text[i])) || !std::isdigit(static_cast<unsigned char>(text[i + 1]))) {
        return std::nullopt;
      }
      parts[count++] = (text[i] - '0') * 10 + (text[i + 1] - '0');
    }
  } else {
    while (!text.empty() && count < 3) {
      std::size_t digits = 0;
      while (digits < text.size() && std::isdigit(static_cast<unsigned char>(text[digits]))) {
        parts[count] = parts[count] * 10 + (text[digits] - '0');
        ++digits;
      }
      if (digits == 0 || digits > 2) return std::nullopt;
      ++count;
      text.remove_prefix(digits);
      if (text.empty()) break;
      if (text[0] != ':') return std::nullopt;
      text.remove_prefix(1);
      if (text.empty()) return std::nullopt;
    }
    if (!text.empty()) return std::nullopt;
  }
  if (parts[0] > 18 || parts[1] > 59 || parts[2] > 59) return std::nullopt;
  return sign * (parts[0] * 3600 + parts[1] * 60 + parts[2]);
}

int64_t big_endian(const std::string& bytes, std::size_t at, std::size_t width) {
  uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i) value = value << 8 | static_cast<uint8_t>(bytes[at + i]);
  return width == 4 ? static_cast<int32_t>(static_cast<uint32_t>(value)) : static_cast<int64_t>(value);
}

std::string offset_name(int seconds) {
  if (seconds == 0) return "Z";
  char text[16];
  const int absolute = std::abs(seconds);
  std::snprintf(text, sizeof text, "%c%02d:%02d", seconds < 0 ? '-' : '+', absolute / 3600, absolute / 60 % 60);
  return text;
}

}  // namespace

const TimeZone* TimeZone::load(const std::string& name) {
  auto zone = std::make_unique<TimeZone>();
  zone->name_ = name;
  if (name == "UTC" || name == "Z" || name == "GMT" || name == "UT" || name == "Etc/UTC") return zone.release();
  std::string_view rest = name;
  for (const std::string_view prefix : {"UTC", "GMT", "UT"}) {
    if (rest.starts_with(prefix) && rest.size() > prefix.size()) {
      rest.remove_prefix(prefix.size());
      break;
    }
  }
  if (const auto offset = parse_offset(rest)) {
    zone->initial_ = {0, *offset, offset_name(*offset)};
    return zone.release();
  }
  if (name.empty() || name.front() == '/' || name.find("..") != std::string::npos) return nullptr;
  std::ifstream file("/usr/share/zoneinfo/" + name, std::ios::binary);
  if (!file) return nullptr;
  std::ostringstream content;
  content << file.rdbuf();
  const std::string bytes = content.str();
  // RFC 8536: a version-1 block, then (version 2 and up) the same again with 64-bit times.
  if (bytes.size() < 44 || !bytes.starts_with("TZif")) return nullptr;
  std::size_t header = 0;
  std::size_t width = 4;
  const auto count = [&](int index) {
    return static_cast<std::size_t>(big_endian(bytes, header + 20 + 4 * static_cast<std::size_t>(index), 4));
  };
  const auto block_size = [&] {
    return 44 + count(3) * width + count(3) + count(4) * 6 + count(5) + count(2) * (width + 4) + count(1) + count(0);
  };
  if (bytes[4] >= '2') {
    header = block_size();
    width = 8;
  }
  if (bytes.size() < header + 44 || bytes.size() < header + block_size()) return nullptr;
  const std::size_t times = header + 44;
  const std::size_t indexes = times + count(3) * width;
  const std::size_t kinds = indexes + count(3);
  const std::size_t names = kinds + count(4) * 6;
  const auto kind = [&](std::size_t index, int64_t at) {
    const std::size_t place = kinds + index * 6;
    return Transition{at, static_cast<int>(big_endian(bytes, place, 4)),
                      bytes.c_str() + names + static_cast<uint8_t>(bytes[place + 5])};
  };
  if (count(4) == 0) return nullptr;
  zone->initial_ = kind(0, 0);
  for (std::size_t i = 0; i < count(3); ++i) {
    zone->transitions_.push_back(kind(static_cast<uint8_t>(bytes[indexes + i]), big_endian(bytes, times + i * width, width)));
  }
  return zone.release();
}

namespace {
/// java.time.ZoneId.SHORT_IDS.
std::string_view long_name(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> names[] = {
      {"ACT", "Australia/Darwin"},
      {"AET", "Australia/Sydney"},
      {"AGT", "America/Argentina/Buenos_Aires"},
      {"ART", "Africa/Cairo"},
      {"AST", "America/Anchorage"},
      {"BET", "America/Sao_Paulo"},
      {"BST", "Asia/Dhaka"},
      {"CAT", "Africa/Harare"},
      {"CNT", "America/St_Johns"},
      {"CST", "America/Chicago"},
      {"CTT", "Asia/Shanghai"},
      {"EAT", "Africa/Addis_Ababa"},
      {"ECT", "Europe/Paris"},
      {"IET", "America/Indiana/Indianapolis"},
      {"IST", "Asia/Kolkata"},
      {"JST", "Asia/Tokyo"},
      {"MIT", "Pacific/Apia"},
      {"NET", "Asia/Yerevan"},
      {"NST", "Pacific/Auckland"},
      {"PLT", "Asia/Karachi"},
      {"PNT", "America/Phoenix"},
      {"PRT", "America/Puerto_Rico"},
      {"PST", "America/Los_Angeles"},
      {"SST", "Pacific/Guadalcanal"},
      {"VST", "Asia/Ho_Chi_Minh"},
      {"EST", "-05:00"},
      {"MST", "-07:00"},
      {"HST", "-10:00"},
  };
  for (const auto& [brief, full] : names)
    if (brief == name) return full;
  return name;
}
}  // namespace

const TimeZone* TimeZone::find(std::string_view name) {
  static std::mutex mutex;
  static std::map<std::string, const TimeZone*, std::less<>> known;
  const std::scoped_lock lock(mutex);
  if (const auto found = known.find(name); found != known.end()) return found->second;
  return known[std::string(name)] = load(std::string(long_name(name)));
}

const TimeZone::Transition& TimeZone::rule_at(int64_t utc_seconds) const {
  if (transitions_.empty()) return initial_;
  if (utc_seconds >= cycle_end_seconds) {
    utc_seconds -= ((utc_seconds - cycle_end_seconds) / cycle_seconds + 1) * cycle_seconds;
  }
  const auto after = std::upper_bound(transitions_.begin(), transitions_.end(), utc_seconds,
                                      [](int64_t at, const Transition& one) { return at < one.at_utc_seconds; });
  return after == transitions_.begin() ? initial_ : *(after - 1);
}

int TimeZone::offset_seconds(int64_t utc_seconds) const { return rule_at(utc_seconds).offset_seconds; }
std::string TimeZone::abbreviation(int64_t utc_seconds) const { return rule_at(utc_seconds).abbreviation; }

int64_t TimeZone::to_local(int64_t utc_microseconds) const {
  const int64_t seconds = utc_microseconds / second - (utc_microseconds % second < 0 ? 1 : 0);
  return utc_microseconds + offset_seconds(seconds) * second;
}

int64_t TimeZone::to_utc(int64_t local_microseconds) const {
  if (transitions_.empty()) return local_microseconds - initial_.offset_seconds * second;
  const int64_t local = local_microseconds / second - (local_microseconds % second < 0 ? 1 : 0);
  const int before = offset_seconds(local - 86'400);
  const int after = offset_seconds(local + 86'400);
  if (before == after || offset_seconds(local - before) == before) return local_microseconds - before * second;
  if (offset_seconds(local - after) == after) return local_microseconds - after * second;
  return local_microseconds - before * second;  // in a gap
}

}  // namespace mastic::engine
