#include "jobs/zygote.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

#include "base/log.h"
#include "jobs/packed.h"

namespace mastic::jobs {
namespace {

/// A zygote that does not read a request for so long is stuck.
constexpr int send_limit_milliseconds = 5000;

void append_list(std::vector<std::string>& message, const std::vector<std::string>& list) {
  message.push_back(std::to_string(list.size()));
  message.insert(message.end(), list.begin(), list.end());
}

/// In the order of `python/mastic/request.py`.
std::vector<std::string> to_message(const Launch& launch) {
  std::vector<std::string> message{launch.run_id, launch.folder.string(), launch.script.string(),
                                   launch.working_folder.string(), std::to_string(launch.memory_limit_bytes)};
  std::vector<std::string> names;
  std::vector<std::string> values;
  for (const auto& [name, value] : launch.environment) {
    names.push_back(name);
    values.push_back(value);
  }
  append_list(message, launch.arguments);
  append_list(message, launch.python_path);
  append_list(message, names);
  append_list(message, values);
  return message;
}

Result<void> send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    pollfd wait{.fd = socket, .events = POLLOUT, .revents = 0};
    if (errno != EAGAIN || poll(&wait, 1, send_limit_milliseconds) != 1) {
      return fail(Error::io("sending a run to the zygote", std::strerror(errno)));
    }
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Zygote>> Zygote::start(const std::vector<std::string>& command,
                                              const std::map<std::string, std::string>& environment,
                                              std::filesystem::path log_file, Instant now) {
  TRY(sockets, make_socket_pair());
  TRY(log, open_log_file(log_file));
  auto with_server = environment;
  with_server["MASTIC_SERVER_PID"] = std::to_string(getpid());
  TRY(process,
      spawn({.command = command, .environment = with_server, .descriptors = {-1, log.get(), log.get(), sockets.second.get()}}));
  std::unique_ptr<Zygote> zygote(new Zygote);
  zygote->process_ = process;
  zygote->started_ = now;
  zygote->socket_ = std::move(sockets.first);
  zygote->log_file_ = std::move(log_file);
  TRY(watched, watch(process));
  zygote->watch_ = std::move(watched);
  return zygote;
}

Zygote::~Zygote() {
  if (process_ < 0 || process_ended_) return;
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
}

void Zygote::advance() {
  if (!process_ended_ && reap(process_)) process_ended_ = true;
  if (phase_ == Phase::ended) return;
  char buffer[4096];
  while (true) {
    const auto size = recv(socket_.get(), buffer, sizeof buffer, MSG_DONTWAIT);
    if (size > 0) {
      received_.append(buffer, static_cast<std::size_t>(size));
      continue;
    }
    // The end, and not just nothing to read: neither the zygote nor a driver that it forked holds the other end.
    if (size == 0 || errno != EAGAIN) phase_ = Phase::ended;
    break;
  }
  while (received_.size() >= 4 && received_.size() - 4 >= read_size(received_)) {
    const auto size = read_size(received_);
    if (const auto strings = unpack(std::string_view(received_).substr(4, size))) take_message(*strings);
    received_.erase(0, 4 + size);
  }
}

void Zygote::take_message(const std::vector<std::string>& strings) {
  if (strings.size() == 1 && strings[0] == "ready") {
    if (phase_ == Phase::starting) phase_ = Phase::ready;
  } else if (strings.size() == 3 && strings[0] == "started") {
    reported_.push_back({strings[1], static_cast<pid_t>(std::stol(strings[2]))});
  } else {
    log::warn("jobs", "the zygote sent a message that is not understood, of {} strings", strings.size());
  }
}

void Zygote::add_descriptors(std::vector<int>& into) const {
  if (!process_ended_) into.push_back(watch_.get());
  if (phase_ != Phase::ended) into.push_back(socket_.get());
}

Result<void> Zygote::launch(const Launch& launch) {
  const auto body = pack(to_message(launch));
  std::string message;
  append_size(message, body.size());
  return send_all(socket_.get(), message + body);
}

std::vector<StartedDriver> Zygote::take_started() { return std::exchange(reported_, {}); }

}  // namespace mastic::jobs
