// The one source of time. Whatever schedules, times out or stamps takes a Clock, so that tests can hold it still.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace mastic {

using Instant = std::chrono::sys_time<std::chrono::microseconds>;

/// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
};

/// The machine's clock.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override {
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  }
};

/// A clock that stands until a test moves it.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start = Instant{std::chrono::seconds{1'700'000'000}}) : now_(start) {}
  [[nodiscard]] Instant now() const override { return now_.load(); }
  void advance(std::chrono::microseconds by) { now_.store(now_.load() + by); }

 private:
  std::atomic<Instant> now_;
};

/// Microseconds since 1970-01-01T00:00:00Z: how stores keep an instant.
inline int64_t to_microseconds(Instant instant) { return instant.time_since_epoch().count(); }
inline Instant from_microseconds(int64_t microseconds) { return Instant{std::chrono::microseconds{microseconds}}; }

}  // namespace mastic
