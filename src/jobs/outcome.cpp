#include "jobs/outcome.h"

#include <fmt/format.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include <charconv>

#include "base/files.h"

namespace mastic::jobs {
namespace {

std::string timeout_text(std::chrono::seconds timeout) {
  if (timeout.count() % 60 == 0) return fmt::format("{} minute{}", timeout.count() / 60, timeout.count() == 60 ? "" : "s");
  return fmt::format("{} seconds", timeout.count());
}

/// Of a run that nobody ended.
std::string failure_message(const RunRecord& run, const DriverEnd& end) {
  if (!end.engine_status.empty()) {
    const auto error = end.written && !end.written->error.empty() ? "; the script's error: " + end.written->error : "";
    return fmt::format("The run's engine ended while the script was running, with {}{}", end.engine_status, error);
  }
  if (end.written && !end.written->error.empty()) return end.written->error;
  if (run.exit_signal == SIGKILL) {
    return "The script's process was killed, which happens when it takes more memory than there is: signal 9 (Killed)";
  }
  if (run.exit_signal) {
    return fmt::format("The script's process was killed: signal {} ({})", *run.exit_signal, strsignal(*run.exit_signal));
  }
  if (run.exit_code) return fmt::format("The script ended with exit code {}", *run.exit_code);
  return "The server ended while this run was running, and the run ended with it";
}

}  // namespace

std::optional<WrittenOutcome> read_outcome(const std::filesystem::path& run_folder) {
  const auto text = read_file(run_folder / "outcome");
  if (!text) return std::nullopt;
  WrittenOutcome outcome;
  const auto parsed = std::from_chars(text->data(), text->data() + text->size(), outcome.exit_code);
  if (parsed.ec != std::errc{} || parsed.ptr == text->data() + text->size() || *parsed.ptr != '\n') return std::nullopt;
  outcome.error = text->substr(static_cast<std::size_t>(parsed.ptr + 1 - text->data()));
  return outcome;
}

void judge(RunRecord& run, const DriverEnd& end) {
  if (end.status && WIFEXITED(*end.status)) run.exit_code = WEXITSTATUS(*end.status);
  if (end.status && WIFSIGNALED(*end.status)) run.exit_signal = WTERMSIG(*end.status);
  if (!end.status && end.written) run.exit_code = end.written->exit_code;

  switch (end.reason) {
    case Reason::stop_asked: run.state = State::stopped; return;
    case Reason::timed_out:
      run.state = State::timed_out;
      run.error_message = "The run was ended because it took longer than its timeout of " + timeout_text(run.timeout);
      return;
    case Reason::shut_down:
      run.state = State::failed;
      run.error_message = "The run was ended because the server was shut down";
      return;
    case Reason::none:
    case Reason::engine_ended: break;
  }
  if (end.reason == Reason::none && run.exit_code == 0) {
    run.state = State::succeeded;
    return;
  }
  run.state = State::failed;
  run.error_message = failure_message(run, end);
}

}  // namespace mastic::jobs
