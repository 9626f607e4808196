#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>
#include <thread>

#include "program/commands.h"

#if __has_include("spark/connect/server.h")
#error "connect the engine"
#endif

namespace mastic::program {

int engine(const command_line::Engine& command) {
  (void)command;
  std::fprintf(stderr, "mastic engine: this program was built without the Spark Connect server\n");
  return 1;
}

}  // namespace mastic::program
