#include <cstdio>

#include "base/log.h"
#include "program/commands.h"
#include "program/house.h"
#include "program/stop_signal.h"

namespace mastic::program {

int serve(const command_line::Serve& command) {
  StopSignal stop;
  auto house = House::open({.data = command.data,
                            .host = command.host,
                            .port = command.port,
                            .keys_file = command.keys_file,
                            .warm_engines = command.warm_engines,
                            .runs_maximum = command.runs_maximum,
                            .idle = command.idle,
                            .test_clock = command.test_clock});
  if (!house) {
    std::fprintf(stderr, "mastic serve: %s\n", house.error().message.c_str());
    return 1;
  }
  if (const auto begun = (*house)->begin(); !begun) {
    std::fprintf(stderr, "mastic serve: %s\n", begun.error().message.c_str());
    return 1;
  }
  if (!(*house)->enforces()) {
    std::fprintf(stderr, "no access keys are configured: every request is allowed, signed or not\n");
  }
  std::fprintf(stderr, "listening on %s\n", (*house)->endpoint().c_str());
  stop.wait();
  log::info("mastic", "shutting down; once more to end at once");
  stop.end_at_once_from_now();
  return 0;
}

}  // namespace mastic::program
