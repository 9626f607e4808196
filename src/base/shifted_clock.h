// A clock that goes on as the machine's does, from wherever a test has put it.
#pragma once

#include <atomic>

#include "base/clock.h"

namespace mastic {

/// Thread-safe.
class ShiftedClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return machine_.now() + std::chrono::microseconds(shift_us_.load()); }
  void advance(std::chrono::microseconds by) { shift_us_ += by.count(); }

 private:
  SystemClock machine_;
  std::atomic<int64_t> shift_us_{0};
};

}  // namespace mastic
