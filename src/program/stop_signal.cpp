#include "program/stop_signal.h"

#include <pthread.h>

namespace mastic::program {

StopSignal::StopSignal() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

std::optional<int> StopSignal::wait(std::optional<std::chrono::milliseconds> limit) {
  if (!limit) {
    int number = 0;
    sigwait(&signals_, &number);
    return number;
  }
  const timespec time{.tv_sec = limit->count() / 1000, .tv_nsec = limit->count() % 1000 * 1'000'000};
  const int number = sigtimedwait(&signals_, nullptr, &time);
  return number > 0 ? std::optional(number) : std::nullopt;
}

void StopSignal::end_at_once_from_now() { pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr); }

}  // namespace mastic::program
