#include "jobs/jobs.h"

#include <doctest/doctest.h>
#include <signal.h>

#include <fstream>
#include <iterator>
#include <set>
#include <thread>

#include "base/files.h"
#include "jobs/testing.h"

using namespace mastic;
using namespace mastic::jobs;
using namespace mastic::jobs::testing;

namespace {

struct Bench {
  TemporaryFolder folder;
  KeepingSink sink;
  ManualClock clock;
  std::mutex mutex;
  std::vector<std::string> changes;
  std::unique_ptr<Runs> runs;  // Last: it goes first, and calls back until it has gone.

  explicit Bench(const std::function<void(Options&)>& adapt = [](Options&) {}) { restart(adapt); }
  void restart(const std::function<void(Options&)>& adapt = [](Options&) {}) {
    runs.reset();
    auto options = options_in(folder.path);
    adapt(options);
    runs = Runs::open(options, clock, sink).value();
    runs->on_change([this](const RunRecord& run) {
      const std::scoped_lock lock(mutex);
      changes.push_back(run.run_id + " " + std::string(name_of(run.state)));
    });
    REQUIRE(runs->begin({{"FROM_SERVER", "1"}}));
  }
  RunRecord run(const std::string& run_id, const std::string& script) {
    REQUIRE(runs->start(request(run_id, script)));
    return runs->wait(run_id, patience).value();
  }
  std::string printed(const std::string& run_id, Channel channel = Channel::output) {
    std::string text;
    for (const auto& line : sink.lines(run_id, channel)) text += line + "\n";
    return text;
  }
};

std::string child_of(pid_t parent, std::string_view command_part) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const auto stat = read_file(entry.path() / "stat").value_or("");
    const auto command = read_file(entry.path() / "cmdline").value_or("");
    const auto after_name = stat.rfind(')');
    if (after_name == std::string::npos || command.find(command_part) == std::string::npos) continue;
    if (stat.substr(after_name + 4, std::to_string(parent).size() + 1) == std::to_string(parent) + " ") {
      return entry.path().filename();
    }
  }
  return "";
}

}  // namespace

TEST_CASE("a run's life: states, output, arguments, environment, working folder") {
  Bench bench;
  auto wanted = request("jr_1", R"(
import os, sys, helper
print(sys.argv[1:], os.path.basename(sys.argv[0]), os.path.basename(__file__), __name__)
print(os.environ["FROM_SERVER"], os.environ["OWN"], os.environ["SPARK_REMOTE"], os.environ["MASTIC_RUN_ID"], helper.NAME)
print(open("beside.txt").read(), os.listdir(), file=sys.stderr)
print("no newline at the end", end="")
)");
  wanted.arguments = {"--JOB_NAME", "job", "--text", "ä b\nc"};
  wanted.environment = {{"OWN", "2"}};
  wanted.python_files = {{"helper.py", "NAME = 'helper'"}};
  wanted.files = {{"beside.txt", "beside"}};
  wanted.details = "details";
  const auto accepted = bench.runs->start(wanted).value();
  CHECK(accepted.state == State::starting);
  const auto run = bench.runs->wait("jr_1", patience).value();
  CHECK(name_of(run.state) == "SUCCEEDED");
  CHECK(run.error_message.empty());
  CHECK(run.exit_code == 0);
  CHECK(run.details == "details");
  CHECK(run.arguments == wanted.arguments);
  CHECK(run.started.has_value());
  CHECK(run.completed.has_value());
  CHECK(bench.printed("jr_1") ==
        "['--JOB_NAME', 'job', '--text', 'ä b\\nc'] script.py script.py __main__\n"
        "1 2 sc://127.0.0.1:1 jr_1 helper\nno newline at the end\n");
  CHECK(bench.printed("jr_1", Channel::error) == "beside ['beside.txt']\n");
  CHECK(read_file(bench.runs->run_folder("jr_1") / "stderr").value() == "beside ['beside.txt']\n");
  CHECK_FALSE(std::filesystem::exists(bench.runs->run_folder("jr_1") / "work"));
  bench.runs->end();  // The last callback comes after the state that `wait` sees.
  const std::scoped_lock lock(bench.mutex);
  CHECK(bench.changes == std::vector<std::string>{"jr_1 STARTING", "jr_1 RUNNING", "jr_1 SUCCEEDED"});
}

TEST_CASE("how a script ends decides state, message and exit code") {
  Bench bench;
  struct Case {
    const char* name;
    const char* script;
    const char* state;
    const char* message;
    std::optional<int32_t> exit_code;
  };
  const Case cases[] = {
      {"raise", "def f():\n  raise ValueError('x')\nf()", "FAILED", "ValueError: x", 1},
      {"syntax", "print(", "FAILED", "SyntaxError: '(' was never closed", 1},
      {"exit-0", "import sys; sys.exit(0)", "SUCCEEDED", "", 0},
      {"exit-3", "import sys; sys.exit(3)", "FAILED", "SystemExit: 3", 3},
      {"exit-text", "import sys; sys.exit('no input')", "FAILED", "SystemExit: no input", 1},
      {"os-exit-0", "import os; os._exit(0)", "SUCCEEDED", "", 0},
      {"os-exit-4", "import os; os._exit(4)", "FAILED", "The script ended with exit code 4", 4},
      {"killed", "import os; os.kill(os.getpid(), 11)", "FAILED",
       "The script's process was killed: signal 11 (Segmentation fault)", std::nullopt},
      {"thread", "import threading, time\nthreading.Thread(target=lambda: (time.sleep(0.1), print('late'))).start()",
       "SUCCEEDED", "", 0},
      {"atexit", "import atexit\natexit.register(print, 'at exit')", "SUCCEEDED", "", 0},
  };
  for (const auto& [name, script, state, message, exit_code] : cases) {
    CAPTURE(name);
    const auto run = bench.run(name, script);
    CHECK(name_of(run.state) == state);
    CHECK(run.error_message == message);
    CHECK(run.exit_code == exit_code);
  }
  CHECK(bench.printed("thread") == "late\n");
  CHECK(bench.printed("atexit") == "at exit\n");
  CHECK(bench.printed("exit-text", Channel::error) == "no input\n");
  const auto script = (bench.runs->run_folder("raise") / "script/script.py").string();
  CHECK(bench.printed("raise", Channel::error) == "Traceback (most recent call last):\n  File \"" + script +
                                                      "\", line 3, in <module>\n    f()\n  File \"" + script +
                                                      "\", line 2, in f\n    raise ValueError('x')\nValueError: x\n");
}

TEST_CASE("a stop ends what the script has started too, and kills what ignores it") {
  Bench bench;
  REQUIRE(bench.runs->start(request("polite", "import time\nprint('begun')\ntime.sleep(1000)")));
  REQUIRE(bench.runs->start(request("stubborn", R"(
import signal, subprocess, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(subprocess.Popen(['sleep', '1000'], start_new_session=False).pid)
while True: time.sleep(1)
)")));
  await_output(bench.sink, "polite");
  await_output(bench.sink, "stubborn");
  CHECK(name_of(bench.runs->stop("polite").value().state) == "STOPPING");
  CHECK(name_of(bench.runs->wait("polite", patience).value().state) == "STOPPED");
  CHECK(name_of(bench.runs->stop("polite").value().state) == "STOPPED");

  CHECK(name_of(bench.runs->stop("stubborn").value().state) == "STOPPING");
  bench.clock.advance(std::chrono::seconds(6));
  bench.runs->clock_moved();
  const auto run = bench.runs->wait("stubborn", patience).value();
  CHECK(name_of(run.state) == "STOPPED");
  CHECK(run.exit_signal == SIGKILL);
  const auto grandchild = std::stoi(bench.printed("stubborn"));
  const auto limit = std::chrono::steady_clock::now() + patience;
  while (kill(grandchild, 0) == 0 && std::chrono::steady_clock::now() < limit) {
    bench.runs->clock_moved();  // Strays are collected when the supervisor looks.
    std::this_thread::yield();
  }
  CHECK(kill(grandchild, 0) != 0);
  CHECK(bench.runs->stop("nobody").error().code == "EntityNotFoundException");
}

TEST_CASE("the timeout counts by the clock from the script's begin") {
  Bench bench;
  auto wanted = request("slow", "import time\nprint('begun')\ntime.sleep(1000)");
  wanted.timeout = std::chrono::minutes(5);
  REQUIRE(bench.runs->start(wanted));
  await_output(bench.sink, "slow");
  bench.clock.advance(std::chrono::minutes(4));
  bench.runs->clock_moved();
  CHECK(name_of(bench.runs->find("slow").value()->state) == "RUNNING");
  bench.clock.advance(std::chrono::minutes(1));
  bench.runs->clock_moved();
  const auto run = bench.runs->wait("slow", patience).value();
  CHECK(name_of(run.state) == "TIMEOUT");
  CHECK(run.error_message == "The run was ended because it took longer than its timeout of 5 minutes");
  CHECK(execution_seconds(run, bench.clock.now()) == 300);
}

TEST_CASE("what does not fit waits in order, and limits are kept") {
  Bench bench([](Options& options) {
    options.running_maximum = 1;
    options.waiting_maximum = 2;
  });
  REQUIRE(bench.runs->start(request("first", "import time\nprint('begun')\ntime.sleep(1000)")));
  await_output(bench.sink, "first");
  auto second = request("second", "print('second')");
  second.concurrent_runs_maximum = 1;
  CHECK(bench.runs->start(second).error().code == "ConcurrentRunsExceededException");
  second.concurrent_runs_maximum = 2;
  CHECK(name_of(bench.runs->start(second).value().state) == "WAITING");
  CHECK(bench.runs->start(second).error().code == "AlreadyExistsException");
  REQUIRE(bench.runs->start(request("third", "print('third')")));
  CHECK(bench.runs->start(request("fourth", "")).error().code == "ResourceNumberLimitExceededException");
  CHECK(bench.runs->unfinished("job").value() == 3);
  CHECK(name_of(bench.runs->stop("third").value().state) == "STOPPED");
  REQUIRE(bench.runs->stop("first"));
  CHECK(name_of(bench.runs->wait("second", patience).value().state) == "SUCCEEDED");
  const auto listed = bench.runs->list({.job_name = "job", .after_run_id = "third"}).value();
  REQUIRE(listed.size() == 2);
  CHECK(listed[0].run_id == "second");
  REQUIRE(bench.runs->forget("job"));
  CHECK(bench.runs->list({}).value().empty());
  CHECK_FALSE(std::filesystem::exists(bench.runs->run_folder("second")));
}

TEST_CASE("a killed engine costs its run, a killed zygote costs none") {
  Bench bench;
  REQUIRE(bench.runs->start(request("one", "import time\nprint('begun')\ntime.sleep(1000)")));
  await_output(bench.sink, "one");
  SUBCASE("engine") {
    // The pool's next engine is not started before the clock moves: there is but one.
    kill(std::stoi(child_of(getpid(), "cat")), SIGKILL);
    const auto run = bench.runs->wait("one", patience).value();
    CHECK(name_of(run.state) == "FAILED");
    CHECK(run.error_message == "The run's engine ended while the script was running, with signal 9 (Killed)");
  }
  SUBCASE("zygote") {
    kill(std::stoi(child_of(getpid(), "zygote")), SIGKILL);
    CHECK(name_of(bench.run("two", "print(2)").state) == "SUCCEEDED");
    CHECK(name_of(bench.runs->find("one").value()->state) == "RUNNING");
  }
}

TEST_CASE("an engine that does not come up is an error of the run, with the engine's own words") {
  Bench bench([](Options& options) { options.engine_command = {"/bin/sh", "-c", "echo no port is free >&2; exit 3"}; });
  const auto run = bench.run("one", "print(1)");
  CHECK(name_of(run.state) == "ERROR");
  CHECK(run.error_message == "The run could not be started: an engine ended: exit code 3; its last words: no port is free");
}

TEST_CASE("the pool is emptied when nobody has needed it for a while, and a cold start works") {
  Bench bench([](Options& options) { options.idle = std::chrono::seconds(60); });
  CHECK(child_of(getpid(), "zygote").empty());
  CHECK(name_of(bench.run("one", "print(1)").state) == "SUCCEEDED");
  CHECK_FALSE(child_of(getpid(), "zygote").empty());
  bench.clock.advance(std::chrono::seconds(61));
  bench.runs->clock_moved();
  const auto limit = std::chrono::steady_clock::now() + patience;
  while (!child_of(getpid(), "zygote").empty() && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
  CHECK(child_of(getpid(), "zygote").empty());
  CHECK(child_of(getpid(), "cat").empty());
  CHECK(name_of(bench.run("two", "print(2)").state) == "SUCCEEDED");
}

TEST_CASE("a shutdown ends what runs and keeps what waits") {
  Bench bench([](Options& options) { options.running_maximum = 1; });
  REQUIRE(bench.runs->start(request("runs", "import time\nprint('begun')\ntime.sleep(1000)")));
  await_output(bench.sink, "runs");
  REQUIRE(bench.runs->start(request("waits", "print('at last')")));
  bench.restart();
  const auto ended = bench.runs->find("runs").value();
  CHECK(name_of(ended->state) == "FAILED");
  CHECK(ended->error_message == "The run was ended because the server was shut down");
  CHECK(name_of(bench.runs->wait("waits", patience).value().state) == "SUCCEEDED");
  CHECK(bench.printed("waits") == "at last\n");
}

TEST_CASE("requests that could leave the run's folder or break its processes are refused") {
  Bench bench;
  CHECK(bench.runs->start(request("../x", "")).error().code == "InvalidInputException");
  auto wanted = request("x", "");
  wanted.script_name = "a/b.py";
  CHECK(bench.runs->start(wanted).error().code == "InvalidInputException");
  wanted = request("x", "");
  wanted.files = {{"..", ""}};
  CHECK(bench.runs->start(wanted).error().code == "InvalidInputException");
  wanted = request("x", "");
  wanted.arguments = {std::string("a\0b", 3)};
  CHECK(bench.runs->start(wanted).error().code == "InvalidInputException");
  CHECK_FALSE(bench.runs->find("x").value().has_value());
}
