#include "jobs/engine_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/files.h"

namespace mastic::jobs {

Result<std::unique_ptr<EngineProcess>> EngineProcess::start(const std::vector<std::string>& command,
                                                            const std::map<std::string, std::string>& environment,
                                                            std::filesystem::path log_file, Instant now, std::string ticket) {
  TRY(input, make_pipe());
  TRY(output, make_pipe());
  TRY(log, open_log_file(log_file));
  TRY(process, spawn({.command = command,
                      .environment = environment,
                      .descriptors = {input.read_end.get(), output.write_end.get(), log.get()}}));
  std::unique_ptr<EngineProcess> engine(new EngineProcess);
  engine->process_ = process;
  engine->started_ = now;
  engine->input_ = std::move(input.write_end);
  engine->output_ = std::move(output.read_end);
  engine->log_file_ = std::move(log_file);
  engine->ticket_ = std::move(ticket);
  fcntl(engine->output_.get(), F_SETFL, O_NONBLOCK);
  TRY(watched, watch(process));
  engine->watch_ = std::move(watched);
  return engine;
}

EngineProcess::~EngineProcess() {
  if (process_ < 0 || phase_ == Phase::ended) return;
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
}

void EngineProcess::advance() {
  if (phase_ == Phase::ended) return;
  char buffer[512];
  for (ssize_t size = 0; output_.is_open() && (size = read(output_.get(), buffer, sizeof buffer)) >= 0;) {
    if (size == 0) output_.close();
    if (phase_ == Phase::starting) printed_.append(buffer, static_cast<std::size_t>(size));
  }
  if (phase_ == Phase::starting) {
    const auto begin = printed_.find("sc://");
    const auto end = printed_.find('\n', begin == std::string::npos ? 0 : begin);
    if (begin != std::string::npos && end != std::string::npos) {
      address_ = printed_.substr(begin, end - begin);
      phase_ = Phase::ready;
    }
  }
  if (const auto status = reap(process_)) {
    status_ = *status;
    phase_ = Phase::ended;
  }
}

void EngineProcess::add_descriptors(std::vector<int>& into) const {
  if (phase_ == Phase::ended) return;
  into.push_back(watch_.get());
  if (phase_ == Phase::starting && output_.is_open()) into.push_back(output_.get());
}

void EngineProcess::limit_memory(uint64_t bytes) const {
  // The data segment and private mappings: what allocation takes. The address space would count mapped files as well.
  const rlimit limit{.rlim_cur = bytes, .rlim_max = bytes};
  prlimit(process_, RLIMIT_DATA, &limit, nullptr);
}

void EngineProcess::serve(const std::string& run_id, const std::filesystem::path& folder) const {
  const auto line = "run " + run_id + " " + std::filesystem::absolute(folder).string() + "\n";
  // Shorter than a pipe's room; an engine that has gone is noticed elsewhere.
  [[maybe_unused]] const auto written = write(input_.get(), line.data(), line.size());
}

void EngineProcess::ask_to_end() { input_.close(); }

void EngineProcess::move_log_to(const std::filesystem::path& path) {
  std::error_code failed;
  std::filesystem::rename(log_file_, path, failed);
  if (!failed) log_file_ = path;
}

std::string last_lines(const std::filesystem::path& log_file) {
  constexpr std::size_t length_maximum = 1000;
  auto text = read_file(log_file).value_or("");
  while (!text.empty() && text.back() == '\n') text.pop_back();
  if (text.size() > length_maximum) {
    text.erase(0, text.size() - length_maximum);
    text.erase(0, text.find('\n') + 1);
  }
  return text;
}

}  // namespace mastic::jobs
