#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "base/files.h"
#include "base/identifiers.h"
#include "program/commands.h"
#include "program/house.h"
#include "program/line_sinks.h"
#include "program/stop_signal.h"

namespace mastic::program {
namespace {

constexpr int interrupted_exit_code = 130;  // As a shell has it: 128 and SIGINT's number.
constexpr std::chrono::milliseconds look_interval{50};

int complain(const std::string& message) {
  std::fprintf(stderr, "mastic run: %s\n", message.c_str());
  return 1;
}

Result<jobs::RunRequest> request_of(const command_line::Run& command) {
  const std::filesystem::path path = command.script;
  if (!std::filesystem::is_regular_file(path)) return fail(Error::invalid("there is no such script: " + command.script));
  TRY(script, read_file(path));
  auto arguments = command.arguments;
  const auto names_job = [](const std::string& argument) {
    return argument == "--JOB_NAME" || argument.starts_with("--JOB_NAME=");
  };
  if (std::ranges::none_of(arguments, names_job)) {
    arguments.insert(arguments.begin(), {"--JOB_NAME", path.stem().string()});
  }
  return jobs::RunRequest{.run_id = "jr_" + random_hex(64),
                          .job_name = path.stem().string(),
                          .script_name = path.filename().string(),
                          .script = std::move(script),
                          .arguments = std::move(arguments),
                          // As with python itself: modules beside the script and files named from here are found.
                          .script_path = std::filesystem::absolute(path).string(),
                          .working_folder = std::filesystem::current_path().string(),
                          .is_bound_to_process = true,
                          .glue_version = command.glue_version,
                          .timeout = command.timeout};
}

int exit_code_of(const jobs::RunRecord& run) {
  if (run.state == jobs::State::succeeded) return 0;
  if (run.state == jobs::State::stopped) return interrupted_exit_code;
  // A script's own exit code; its traceback is on the terminal already.
  if (run.state == jobs::State::failed && run.exit_code.value_or(0) != 0) return *run.exit_code;
  return complain(run.error_message);
}

}  // namespace

int run(const command_line::Run& command) {
  StopSignal stop;
  TerminalSink terminal;
  auto request = request_of(command);
  if (!request) return complain(request.error().message);
  auto house = House::open({.data = command.data, .warm_engines = 0, .sink = &terminal});
  if (!house) return complain(house.error().message);
  if (const auto begun = (*house)->begin(); !begun) return complain(begun.error().message);

  auto& runs = (*house)->runs();
  const auto run_id = request->run_id;
  if (const auto started = runs.start(std::move(*request)); !started) return complain(started.error().message);
  bool stopping = false;
  while (true) {
    const auto run = runs.wait(run_id, look_interval);
    if (!run) return complain(run.error().message);
    if (jobs::is_final(run->state)) return exit_code_of(*run);
    if (!stopping && stop.wait(std::chrono::milliseconds(0))) {
      stopping = true;
      if (const auto stopped = runs.stop(run_id); !stopped) return complain(stopped.error().message);
      stop.end_at_once_from_now();
    }
  }
}

}  // namespace mastic::program
