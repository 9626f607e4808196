#include "jobs/reconcile.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "jobs/run_folder.h"
#include "jobs/testing.h"

using namespace mastic;
using namespace mastic::jobs;
using namespace mastic::jobs::testing;

namespace {

/// A store as a killed server leaves it, and the processes that it had started.
struct Wreck {
  TemporaryFolder folder;
  ManualClock clock;
  std::unique_ptr<RunStore> store = RunStore::open(folder.path / "jobs.db").value();

  void add(const std::string& run_id, State state, std::optional<DriverProcess> driver = {}) {
    RunRecord run{.run_id = run_id, .job_name = "job", .script_name = "script.py", .state = state, .accepted = clock.now()};
    REQUIRE(store->insert(request(run_id, "print(1)"), run, {.of_job = 0, .waiting = 100}));
    run.started = clock.now();
    REQUIRE(store->update(run));
    if (driver) REQUIRE(store->set_driver(run_id, *driver));
    std::filesystem::create_directories(folder_of_run(folder.path, run_id));
  }
  void write_outcome(const std::string& run_id, const std::string& text) {
    std::ofstream(folder_of_run(folder.path, run_id) / "outcome") << text;
  }
  RunRecord find(const std::string& run_id) { return store->find(run_id).value().value(); }
};

pid_t sleeping_process() {
  const pid_t process = fork();
  if (process == 0) {
    setsid();
    pause();
    _exit(0);
  }
  return process;
}

constexpr DriverProcess nobody{0x3FFFFF, 1};

}  // namespace

TEST_CASE("a restart finds out what became of each run") {
  Wreck wreck;
  wreck.add("waits", State::waiting);
  wreck.add("starts", State::starting);
  wreck.add("lost", State::running, nobody);
  wreck.add("launched", State::running);
  wreck.add("succeeded", State::running, nobody);
  wreck.write_outcome("succeeded", "0\n");
  wreck.add("failed", State::running, nobody);
  wreck.write_outcome("failed", "1\nValueError: x");
  wreck.add("half-written", State::running, nobody);
  wreck.write_outcome("half-written", "0");
  wreck.add("stopping", State::stopping, nobody);

  const auto result = reconcile(*wreck.store, wreck.folder.path, wreck.clock).value();
  REQUIRE(result.to_run.size() == 2);
  CHECK(result.to_run[0].run_id == "waits");
  CHECK(result.to_run[1].run_id == "starts");
  CHECK(result.living.empty());
  CHECK(result.ended.size() == 6);
  for (const char* run_id : {"lost", "launched", "half-written"}) {
    CHECK(name_of(wreck.find(run_id).state) == "FAILED");
    CHECK(wreck.find(run_id).error_message == "The server ended while this run was running, and the run ended with it");
    CHECK(wreck.find(run_id).completed.has_value());
  }
  CHECK(name_of(wreck.find("succeeded").state) == "SUCCEEDED");
  CHECK(wreck.find("failed").error_message == "ValueError: x");
  CHECK(name_of(wreck.find("stopping").state) == "STOPPED");
}

TEST_CASE("a driver that lives is watched on, one whose number was given to another process is not") {
  Wreck wreck;
  const pid_t driver = sleeping_process();
  const pid_t stranger = sleeping_process();
  wreck.add("living", State::running, DriverProcess{driver, start_ticks(driver).value()});
  wreck.add("recycled", State::running, DriverProcess{stranger, start_ticks(stranger).value() + 1});
  wreck.store.reset();

  KeepingSink sink;
  const auto runs = Runs::open(options_in(wreck.folder.path), wreck.clock, sink).value();
  REQUIRE(runs->begin({}));
  CHECK(name_of(runs->find("living").value()->state) == "RUNNING");
  CHECK(name_of(runs->find("recycled").value()->state) == "FAILED");
  CHECK(kill(stranger, 0) == 0);

  std::ofstream(runs->run_folder("living") / "stdout") << "printed while nobody looked\n";
  std::ofstream(runs->run_folder("living") / "outcome") << "0\n";
  kill(driver, SIGKILL);
  CHECK(name_of(runs->wait("living", patience).value().state) == "SUCCEEDED");
  CHECK(sink.lines("living", Channel::output) == std::vector<std::string>{"printed while nobody looked"});
  kill(stranger, SIGKILL);
  waitpid(stranger, nullptr, 0);
  waitpid(driver, nullptr, WNOHANG);
}
