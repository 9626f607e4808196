#include "engine/engine.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <thread>

#include "access/access.h"
#include "base/identifiers.h"
#include "engine/local_catalog.h"
#include "engine/profile.h"
#include "lineage/keeper.h"
#include "program/commands.h"
#include "program/run_report.h"
#include "program/stop_signal.h"
#include "spark/connect/server.h"

namespace mastic::program {
namespace {

std::string environment_or(const char* name, const char* otherwise) {
  const char* set = std::getenv(name);
  return set != nullptr && *set != '\0' ? set : otherwise;
}

int complain(const std::string& message) {
  std::fprintf(stderr, "mastic engine: %s\n", message.c_str());
  return 1;
}

/// Takes in `run RUN_ID FOLDER`, which says whose queries these are from now on.
void take_line(const std::string& line) {
  constexpr std::string_view mark = "run ";
  const auto space = line.find(' ', mark.size());
  if (!line.starts_with(mark) || space == std::string::npos) return;
  auto report = std::make_shared<RunReport>(line.substr(space + 1));
  engine::profile_queries([report](engine::QueryProfile&& profile) { report->add(std::move(profile)); });
}

/// Ends with the process that started this one: the kernel kills it then, and the end of standard input is the polite way.
void follow_parent() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::thread([] {
    char buffer[256];
    std::string line;
    while (true) {
      const auto size = read(STDIN_FILENO, buffer, sizeof buffer);
      if (size == 0 || (size < 0 && errno != EINTR)) break;
      for (ssize_t at = 0; at < size; ++at) {
        if (buffer[at] != '\n') {
          line += buffer[at];
          continue;
        }
        take_line(line);
        line.clear();
      }
    }
    kill(getpid(), SIGTERM);
  }).detach();
}

/// This process, as a run.
const std::string own_run = random_uuid();

/// A keeper without a store: this process is its one run.
Result<std::unique_ptr<lineage::Keeper>> own_lineage(const std::string& file, const Clock& clock) {
  TRY(keeper,
      lineage::Keeper::open({.folder = {}, .event_file = file, .collector = lineage::collector_of_environment()}, clock));
  keeper->begin({.run_key = own_run,
                 .job_namespace = lineage::namespace_of_environment(),
                 .job_name = environment_or("OPENLINEAGE_APP_NAME", "mastic-engine"),
                 .job_type = "APPLICATION",
                 .integration = "SPARK",
                 .engine_version = MASTIC_VERSION,
                 .parent = lineage::parent_of_environment()},
                clock.now());
  return keeper;
}

}  // namespace

int engine(const command_line::Engine& command) {
  StopSignal stop;
  if (command.with_parent) follow_parent();
  const SystemClock clock;
  std::unique_ptr<lineage::Keeper> keeper;  // of an engine without a server
  std::shared_ptr<lineage::Sink> lineage;
  engine::Stores stores;
  if (!command.access_socket.empty()) {
    const auto ticket = environment_or("MASTIC_TICKET", "");
    auto connected = access::connect(command.access_socket, ticket);
    unsetenv("MASTIC_TICKET");  // It is this process's alone.
    if (!connected) return complain(connected.error().message);
    stores = std::move(*connected);
    auto sink = access::connect_lineage(command.access_socket, ticket);
    if (!sink) return complain(sink.error().message);
    lineage = std::move(*sink);
  } else if (!command.lineage_file.empty()) {
    auto opened = own_lineage(command.lineage_file, clock);
    if (!opened) return complain(opened.error().message);
    keeper = std::move(*opened);
    lineage = std::make_shared<lineage::OwnSink>(*keeper, clock, own_run);
  }
  spark_connect::ServerOptions options{.host = command.host, .port = command.port};
  options.lineage = std::move(lineage);
  if (stores.catalog == nullptr) {
    // Without a server: a catalog of the engine's own, whose tables lie in a folder that goes with it.
    options.scratch_folder = spark_connect::fresh_scratch_folder();
    stores.catalog = engine::make_local_catalog((options.scratch_folder / "spark-warehouse").string());
  }
  constexpr uint64_t bytes_per_mib = 1024 * 1024;
  auto engine = engine::Engine::open({.threads = static_cast<int>(command.threads),
                                      .memory_bytes_max = command.memory_mib * bytes_per_mib,
                                      .temporary_folder = {},
                                      .python = environment_or("MASTIC_PYTHON", MASTIC_PYTHON),
                                      .python_path = environment_or("MASTIC_PYTHON_PATH", MASTIC_SOURCE_DIR "/python")},
                                     std::move(stores));
  if (!engine) return complain(engine.error().message);
  const std::string token = command.with_token ? random_hex(32) : "";
  options.token = token;
  auto server = spark_connect::Server::start(**engine, std::move(options));
  if (!server) return complain(server.error().message);
  // Standard output, so that who starts an engine with port 0 learns its address.
  // The client sends a token without encryption to localhost, by that name, only.
  if (token.empty()) {
    std::printf("sc://%s:%d\n", command.host.c_str(), (*server)->port());
  } else {
    std::printf("sc://localhost:%d/;token=%s\n", (*server)->port(), token.c_str());
  }
  std::fflush(stdout);
  stop.wait();
  stop.end_at_once_from_now();
  (*server)->stop();
  server->reset();  // It tells the rest of its lineage.
  if (keeper) keeper->end(own_run, "COMPLETE", clock.now(), {});
  return 0;
}

}  // namespace mastic::program
