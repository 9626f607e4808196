#include "engine/python/worker.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <duckdb.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "base/identifiers.h"
#include "engine/duckdb_failure.h"
#include "engine/python/wire.h"

extern char** environ;

namespace mastic::engine {
namespace {

constexpr std::size_t idle_workers_max = 16;
constexpr auto idle_time_max = std::chrono::minutes(1);
/// Importing pandas and pyarrow on a machine under load.
constexpr int start_limit_milliseconds = 60'000;

[[noreturn]] void fail_io(const std::string& what) {
  throw duckdb::IOException("Python workers: " + what + ": " + std::strerror(errno));
}

std::pair<int, int> socket_pair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) fail_io("making a socket");
  return {ends[0], ends[1]};
}

void send_all(int socket, const std::string& bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const auto sent = send(socket, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) fail_io("asking the warm process");
    done += static_cast<std::size_t>(sent);
  }
}

/// The first bytes of a request, with a descriptor beside them.
void send_descriptor(int socket, int descriptor, const std::string& bytes) {
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  iovec part{.iov_base = const_cast<char*>(bytes.data()), .iov_len = bytes.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
  if (sendmsg(socket, &message, MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size())) fail_io("asking the warm process");
}

}  // namespace

/// `python -m mastic.worker`: has imported what workers need and forks one for each request.
class WorkerPool::WarmProcess {
 public:
  explicit WarmProcess(const PythonOptions& options) {
    const auto [ours, theirs] = socket_pair();
    socket_ = ours;
    std::vector<std::string> variables;
    std::string module_path = options.module_path;
    for (char** entry = environ; *entry != nullptr; ++entry) {
      const std::string_view variable(*entry);
      if (variable.starts_with("PYTHONPATH=")) {
        module_path += ':';
        module_path += variable.substr(11);
      } else if (!variable.starts_with("MASTIC_") && !variable.starts_with("SPARK_REMOTE=")) {
        variables.emplace_back(variable);
      }
    }
    variables.push_back("PYTHONPATH=" + module_path);
    std::vector<std::string> arguments{options.executable, "-P", "-m", "mastic.worker", std::to_string(getpid())};
    const auto pointers = [](std::vector<std::string>& texts) {
      std::vector<char*> list;
      for (auto& text : texts) list.push_back(text.data());
      list.push_back(nullptr);
      return list;
    };
    const auto argument_pointers = pointers(arguments);
    const auto variable_pointers = pointers(variables);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, 2, 1);  // what functions print goes where the engine complains
    posix_spawn_file_actions_adddup2(&actions, theirs, 3);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    const int failed = posix_spawnp(&process_, options.executable.c_str(), &actions, &attributes, argument_pointers.data(),
                                    variable_pointers.data());
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    close(theirs);
    if (failed != 0) {
      close(socket_);
      throw duckdb::IOException("Python workers: " + options.executable + " cannot be started: " + std::strerror(failed));
    }
  }

  ~WarmProcess() {
    close(socket_);
    ::kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  WarmProcess(const WarmProcess&) = delete;
  WarmProcess& operator=(const WarmProcess&) = delete;

  [[nodiscard]] bool has_ended() const { return waitpid(process_, nullptr, WNOHANG) != 0; }

  /// Forks a worker that holds `socket`; gives its process number.
  pid_t fork_worker(int socket, const PythonEnvironment& environment) {
    std::string body;
    wire::add_text(body, environment.files_folder);
    for (const auto& [name, value] : environment.variables) {
      wire::add_text(body, name);
      wire::add_text(body, value);
    }
    std::string head;
    wire::add_number(head, static_cast<int32_t>(body.size()));
    send_descriptor(socket_, socket, head);
    send_all(socket_, body);
    uint8_t answer[4];
    for (std::size_t have = 0; have < sizeof answer;) {
      pollfd wait{.fd = socket_, .events = POLLIN, .revents = 0};
      if (poll(&wait, 1, start_limit_milliseconds) != 1) fail_io("waiting for the warm process");
      const auto size = recv(socket_, answer + have, sizeof answer - have, 0);
      if (size <= 0) throw duckdb::IOException("Python workers: the warm process ended; its reason is in the engine's log");
      have += static_cast<std::size_t>(size);
    }
    return wire::read_number(answer);
  }

 private:
  int socket_ = -1;
  pid_t process_ = -1;
};

Worker::Worker(PythonEnvironment environment, int socket, pid_t process, int process_handle)
    : environment_(std::move(environment)), socket_(socket), process_(process), process_handle_(process_handle) {}

Worker::~Worker() {
  kill();
  close(socket_);
  if (process_handle_ >= 0) close(process_handle_);
}

void Worker::kill() const {
  if (process_handle_ >= 0) syscall(SYS_pidfd_send_signal, process_handle_, SIGKILL, nullptr, 0);
}

bool Worker::has_ended() const {
  pollfd wait{.fd = process_handle_, .events = POLLIN, .revents = 0};
  return process_handle_ < 0 || poll(&wait, 1, 0) == 1;
}

WorkerPool::WorkerPool(PythonOptions options) : options_(std::move(options)) {
  const auto folder = std::filesystem::temp_directory_path() / ("mastic-python-" + random_hex(12));
  fault_folder_ = folder.string();
}

WorkerPool::~WorkerPool() {
  std::error_code ignored;
  std::filesystem::remove_all(fault_folder_, ignored);
}

std::unique_ptr<Worker> WorkerPool::take(const PythonEnvironment& environment) {
  {
    const std::scoped_lock lock(mutex_);
    drop_old();
    const auto found = std::ranges::find_if(idle_, [&](const Idle& idle) { return idle.worker->environment() == environment; });
    if (found != idle_.end()) {
      auto worker = std::move(found->worker);
      idle_.erase(found);
      return worker;
    }
  }
  return start(environment);
}

std::unique_ptr<Worker> WorkerPool::start(const PythonEnvironment& environment) {
  if (options_.executable.empty()) {
    throw duckdb::IOException("This engine knows no Python to run functions with: set MASTIC_PYTHON");
  }
  const std::scoped_lock lock(starting_);
  if (warm_ != nullptr && warm_->has_ended()) warm_.reset();
  if (warm_ == nullptr) {
    std::error_code ignored;
    std::filesystem::create_directories(fault_folder_, ignored);
    warm_ = std::make_unique<WarmProcess>(options_);
  }
  const auto [ours, theirs] = socket_pair();
  pid_t process = -1;
  try {
    process = warm_->fork_worker(theirs, environment);
  } catch (...) {
    close(ours);
    close(theirs);
    warm_.reset();
    throw;
  }
  close(theirs);
  fcntl(ours, F_SETFL, O_NONBLOCK);
  const int handle = process > 0 ? static_cast<int>(syscall(SYS_pidfd_open, process, 0)) : -1;
  return std::make_unique<Worker>(environment, ours, process, handle);
}

void WorkerPool::give_back(std::unique_ptr<Worker> worker) {
  if (worker->has_ended()) return;
  const std::scoped_lock lock(mutex_);
  idle_.push_back({std::move(worker), std::chrono::steady_clock::now()});
  drop_old();
}

EngineResult<std::string> WorkerPool::ask(const PythonEnvironment& environment, const std::string& module,
                                          const std::string& request, const WorkerLimits& limits,
                                          const std::function<bool()>& interrupted) {
  try {
    auto with_module = environment;
    with_module.variables["MASTIC_WORKER_MODULE"] = module;
    const auto worker = start(with_module);
    auto answer = converse(*worker, request, limits, interrupted);
    // Helpers answer at once, or with what was raised: nothing at all is a crash.
    if (answer.empty()) throw_worker_died(fault_folder_, worker->process(), limits.fault_handler);
    return answer;
  } catch (const std::exception& exception) {
    return fail(to_failure(exception));
  }
}

std::string WorkerPool::converse(const Worker& worker, const std::string& request, const WorkerLimits& limits,
                                 const std::function<bool()>& interrupted) {
  std::string answer;
  auto last_sign = std::chrono::steady_clock::now();
  std::size_t sent = 0;
  char buffer[1 << 16];
  while (true) {
    const bool to_send = sent < request.size();
    pollfd wait{.fd = worker.socket(), .events = static_cast<short>(POLLIN | (to_send ? POLLOUT : 0)), .revents = 0};
    constexpr int look_around_milliseconds = 50;
    (void)poll(&wait, 1, look_around_milliseconds);
    if (interrupted()) throw duckdb::InterruptException();
    const auto now = std::chrono::steady_clock::now();
    if (wait.revents != 0) last_sign = now;
    const bool idle = now - last_sign > std::chrono::seconds(limits.idle_timeout_seconds);
    if (limits.idle_timeout_seconds > 0 && limits.kill_on_idle_timeout && idle)
      throw_idle_too_long(limits.idle_timeout_seconds);
    if ((wait.revents & POLLOUT) != 0) {
      const auto size = send(worker.socket(), request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
      if (size > 0) sent += static_cast<std::size_t>(size);
      if (sent == request.size()) shutdown(worker.socket(), SHUT_WR);  // so that the worker ends when it has answered
    }
    if ((wait.revents & (POLLIN | POLLHUP | POLLERR)) == 0) continue;
    const auto size = recv(worker.socket(), buffer, sizeof buffer, 0);
    if (size > 0) {
      answer.append(buffer, static_cast<std::size_t>(size));
    } else if (size == 0 || (errno != EAGAIN && errno != EINTR)) {
      return answer;
    }
  }
}

void throw_worker_died(const std::string& fault_folder, pid_t process, bool fault_handler) {
  const auto trace = std::filesystem::path(fault_folder) / std::to_string(process);
  std::ostringstream text;
  if (std::ifstream file(trace); fault_handler && file) text << file.rdbuf();
  std::error_code ignored;
  std::filesystem::remove(trace, ignored);
  std::string message = "Python worker exited unexpectedly (crashed)";
  if (!text.str().empty()) {
    message += ": " + text.str();
  } else if (!fault_handler) {
    message +=
        ". Consider setting 'spark.sql.execution.pyspark.udf.faulthandler.enabled' or "
        "'spark.python.worker.faulthandler.enabled' "
        "configuration to 'true' for the better Python traceback.";
  }
  throw_spark_error("PYTHON_WORKER_FAILED", {{"message", message}});
}

void throw_idle_too_long(int seconds) {
  throw_spark_error(
      "PYTHON_WORKER_FAILED",
      {{"message", "Python worker process terminated due to idle timeout (timeout: " + std::to_string(seconds) + " seconds)"}});
}

void WorkerPool::forget(const std::string& session) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(idle_, [&](const Idle& idle) { return idle.worker->environment().session == session; });
}

void WorkerPool::drop_old() {
  const auto now = std::chrono::steady_clock::now();
  std::erase_if(idle_, [&](const Idle& idle) { return now - idle.since > idle_time_max || idle.worker->has_ended(); });
  if (idle_.size() > idle_workers_max) idle_.erase(idle_.begin(), idle_.end() - idle_workers_max);
}

}  // namespace mastic::engine
