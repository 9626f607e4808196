#include "announce/delivery.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <utility>

extern char** environ;

namespace mastic::announce {
namespace {

constexpr long connect_milliseconds = 5'000;
constexpr long answer_milliseconds = 10'000;
constexpr std::chrono::seconds command_limit{30};

struct Free {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::size_t ignore(char*, std::size_t size, std::size_t count, void*) { return size * count; }

Error undelivered(std::string why) { return {"DeliveryFailed", std::move(why), 502}; }

/// Both ends of a pipe; closed at the end.
struct Ends {
  int read = -1;
  int write = -1;
  Ends() {
    std::array<int, 2> made{-1, -1};
    if (pipe2(made.data(), O_CLOEXEC) == 0) {
      read = made[0];
      write = made[1];
    }
  }
  Ends(const Ends&) = delete;
  Ends& operator=(const Ends&) = delete;
  ~Ends() {
    close_read();
    close_write();
  }
  void close_read() {
    if (read >= 0) ::close(std::exchange(read, -1));
  }
  void close_write() {
    if (write >= 0) ::close(std::exchange(write, -1));
  }
};

}  // namespace

Result<void> post(const std::string& url, std::string_view event) {
  static const auto ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::unique_ptr<CURL, Free> handle(curl_easy_init());
  if (ready != CURLE_OK || !handle) return fail(Error::internal("libcurl does not begin"));
  std::unique_ptr<curl_slist, Free> headers(curl_slist_append(nullptr, "Content-Type: application/json"));
  curl_easy_setopt(handle.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDS, event.data());
  curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(event.size()));
  curl_easy_setopt(handle.get(), CURLOPT_CONNECTTIMEOUT_MS, connect_milliseconds);
  curl_easy_setopt(handle.get(), CURLOPT_TIMEOUT_MS, answer_milliseconds);
  curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, ignore);
  const auto done = curl_easy_perform(handle.get());
  if (done != CURLE_OK) return fail(undelivered(curl_easy_strerror(done)));
  long status = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status < 200 || status > 299) return fail(undelivered(fmt::format("the answer was {}", status)));
  return {};
}

// A shell stands between and tells the exit code through a pipe: the run supervisor of this process collects every child
// that it does not know, so that waitpid may find nothing.
Result<void> run_command(const std::vector<std::string>& command, std::string_view event) {
  Ends input;
  Ends status;
  if (input.read < 0 || status.read < 0) return fail(Error::internal("no pipes for the events' command"));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input.read, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, status.write, 3);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  std::vector<std::string> words{"/bin/sh", "-c", R"("$@" 3>&-; printf %s "$?" >&3)", "mastic-event"};
  words.insert(words.end(), command.begin(), command.end());
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t process = 0;
  const int failed = posix_spawn(&process, "/bin/sh", &actions, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (failed != 0) return fail(undelivered(std::strerror(failed)));
  input.close_read();
  status.close_write();

  // SIGPIPE is ignored in this process (sockets need it so): a command that does not read ends the writing.
  fcntl(input.write, F_SETFL, O_NONBLOCK);
  const auto limit = std::chrono::steady_clock::now() + command_limit;
  std::string code;
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(limit - std::chrono::steady_clock::now()).count();
    if (left <= 0) {
      kill(-process, SIGKILL);
      waitpid(process, nullptr, 0);
      return fail(undelivered("the command ran longer than 30 seconds"));
    }
    std::array<pollfd, 2> waiting{{{status.read, POLLIN, 0}, {event.empty() ? -1 : input.write, POLLOUT, 0}}};
    if (poll(waiting.data(), waiting.size(), static_cast<int>(left)) < 0 && errno != EINTR) break;
    if ((waiting[1].revents & (POLLOUT | POLLERR)) != 0) {
      const auto written = write(input.write, event.data(), event.size());
      if (written > 0) event.remove_prefix(static_cast<std::size_t>(written));
      if (written < 0 && errno != EAGAIN && errno != EINTR) event = {};
      if (event.empty()) input.close_write();
    }
    if ((waiting[0].revents & (POLLIN | POLLHUP)) == 0) continue;
    std::array<char, 16> buffer{};
    const auto size = read(status.read, buffer.data(), buffer.size());
    if (size <= 0) break;
    code.append(buffer.data(), static_cast<std::size_t>(size));
  }
  waitpid(process, nullptr, 0);
  if (code != "0") return fail(undelivered(fmt::format("the command ended with code {}", code.empty() ? "?" : code)));
  return {};
}

}  // namespace mastic::announce
