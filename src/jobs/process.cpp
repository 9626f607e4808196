#include "jobs/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>

namespace mastic::jobs {
namespace {

std::string error_text(int number) { return std::strerror(number); }

/// The fields of /proc/PID/stat from the state on: the name before them may hold anything.
std::optional<std::vector<std::string>> stat_fields(pid_t process) {
  std::ifstream file(fmt::format("/proc/{}/stat", process));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::vector<std::string> fields;
  for (std::size_t begin = name_end + 2; begin < text.size();) {
    const auto end = std::min(text.find(' ', begin), text.size());
    fields.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return fields;
}

constexpr std::size_t state_field = 0;
constexpr std::size_t session_field = 3;
constexpr std::size_t start_field = 19;

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (auto& text : strings) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    close();
    number_ = std::exchange(other.number_, -1);
  }
  return *this;
}

void Descriptor::close() {
  if (number_ >= 0) ::close(std::exchange(number_, -1));
}

Result<pid_t> spawn(const SpawnRequest& request) {
  // First above the wanted numbers, then onto them: else one dup2 could overwrite the source of the next.
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const auto count = static_cast<int>(request.descriptors.size());
  std::vector<Descriptor> raised;
  for (int number = 0; number < count; ++number) {
    const int source = request.descriptors[number];
    if (source < 0) {
      posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0);
      continue;
    }
    raised.emplace_back(fcntl(source, F_DUPFD_CLOEXEC, std::max(count, 16)));
    posix_spawn_file_actions_adddup2(&actions, raised.back().get(), number);
  }
  posix_spawn_file_actions_addclosefrom_np(&actions, count);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);

  auto command = request.command;
  std::vector<std::string> environment;
  for (const auto& [name, value] : request.environment) environment.push_back(name + "=" + value);
  pid_t process = -1;
  const int failure =
      posix_spawnp(&process, command[0].c_str(), &actions, &attributes, pointers(command).data(), pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) return fail(Error::io("starting " + command[0], error_text(failure)));
  return process;
}

std::map<std::string, std::string> inherited_environment() {
  std::map<std::string, std::string> result;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || text.starts_with("MASTIC_") || text.starts_with("AWS_")) continue;
    result.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return result;
}

Result<Descriptor> watch(pid_t process) {
  const auto number = static_cast<int>(syscall(SYS_pidfd_open, process, 0));
  if (number < 0) return fail(Error::io(fmt::format("watching process {}", process), error_text(errno)));
  return Descriptor(number);
}

std::optional<int> reap(pid_t process) {
  int status = 0;
  if (waitpid(process, &status, WNOHANG) != process) return std::nullopt;
  return status;
}

void reap_strays(const std::vector<pid_t>& known) {
  // waitid can only show the first that has ended: one that is known stays for its owner and hides those behind it, until
  // the owner has reaped it.
  while (true) {
    siginfo_t info{};
    if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) return;
    if (std::ranges::find(known, info.si_pid) != known.end()) return;
    waitpid(info.si_pid, nullptr, WNOHANG);
  }
}

std::optional<uint64_t> start_ticks(pid_t process) {
  const auto fields = stat_fields(process);
  if (!fields || fields->size() <= start_field || (*fields)[state_field] == "Z") return std::nullopt;
  return std::stoull((*fields)[start_field]);
}

void kill_session(pid_t leader) {
  ::kill(-leader, SIGKILL);
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
    const auto name = entry.path().filename().string();
    pid_t process = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), process).ec != std::errc{}) continue;
    const auto fields = stat_fields(process);
    if (fields && fields->size() > session_field && (*fields)[session_field] == std::to_string(leader)) {
      ::kill(process, SIGKILL);
    }
  }
}

void adopt_orphans() { prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

Result<Pipe> make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return fail(Error::io("making a pipe", error_text(errno)));
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

Result<std::pair<Descriptor, Descriptor>> make_socket_pair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return fail(Error::io("making a pair of sockets", error_text(errno)));
  }
  return std::pair{Descriptor(ends[0]), Descriptor(ends[1])};
}

Result<Descriptor> open_log_file(const std::filesystem::path& path) {
  const int number = open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (number < 0) return fail(Error::io("opening " + path.string(), error_text(errno)));
  return Descriptor(number);
}

std::string describe_status(int status) {
  if (WIFSIGNALED(status)) return fmt::format("signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)));
  return fmt::format("exit code {}", WEXITSTATUS(status));
}

}  // namespace mastic::jobs
