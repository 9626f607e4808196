#include "jobs/output.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <cstring>
#include <utility>
#include <vector>

namespace mastic::jobs {
namespace {

constexpr std::size_t chunk_bytes = 256 * 1024;
/// A line without an end is handed on in pieces of this size.
constexpr std::size_t unfinished_bytes_maximum = 1024 * 1024;

constexpr std::pair<Channel, const char*> files[] = {{Channel::output, "stdout"}, {Channel::error, "stderr"}};

Result<Descriptor> open_or_make(const std::filesystem::path& path, int flags) {
  const int number = open(path.c_str(), flags | O_CREAT | O_CLOEXEC, 0600);
  if (number < 0) return fail(Error::io("opening " + path.string(), std::strerror(errno)));
  return Descriptor(number);
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

}  // namespace

Result<std::unique_ptr<OutputFollower>> OutputFollower::start(LogSink& sink) {
  std::unique_ptr<OutputFollower> follower(new OutputFollower(sink));
  follower->notifier_ = Descriptor(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (!follower->notifier_.is_open()) return fail(Error::io("inotify_init", std::strerror(errno)));
  TRY(stop, make_pipe());
  follower->stop_ = std::move(stop);
  follower->thread_ = std::thread([raw = follower.get()] { raw->loop(); });
  return follower;
}

OutputFollower::~OutputFollower() {
  stop_.write_end.close();
  if (thread_.joinable()) thread_.join();
}

Result<void> OutputFollower::follow(std::string_view run_id, const std::filesystem::path& run_folder) {
  for (const auto& [channel, name] : files) {
    Stream stream{.run_id = std::string(run_id), .channel = channel};
    TRY(file, open_or_make(run_folder / name, O_RDONLY));
    TRY(delivered_file, open_or_make(run_folder / ("." + std::string(name) + ".delivered"), O_RDWR));
    stream.file = std::move(file);
    stream.delivered_file = std::move(delivered_file);
    if (pread(stream.delivered_file.get(), &stream.delivered, sizeof stream.delivered, 0) != sizeof stream.delivered) {
      stream.delivered = 0;
    }
    const std::scoped_lock lock(mutex_);
    const int watch = inotify_add_watch(notifier_.get(), (run_folder / name).c_str(), IN_MODIFY);
    if (watch < 0) return fail(Error::io("following " + (run_folder / name).string(), std::strerror(errno)));
    deliver(streams_.insert_or_assign(watch, std::move(stream)).first->second);
  }
  return {};
}

void OutputFollower::finish(std::string_view run_id) {
  const std::scoped_lock lock(mutex_);
  for (auto at = streams_.begin(); at != streams_.end();) {
    auto& [watch, stream] = *at;
    if (stream.run_id != run_id) {
      ++at;
      continue;
    }
    deliver(stream);
    if (!stream.unfinished.empty()) hand_over(stream, std::exchange(stream.unfinished, {}));
    inotify_rm_watch(notifier_.get(), watch);
    at = streams_.erase(at);
  }
}

void OutputFollower::loop() {
  pollfd waiting[] = {{.fd = notifier_.get(), .events = POLLIN, .revents = 0},
                      {.fd = stop_.read_end.get(), .events = POLLIN, .revents = 0}};
  alignas(inotify_event) char buffer[16 * 1024];
  while (true) {
    poll(waiting, 2, -1);
    if (waiting[1].revents != 0) return;
    const auto size = read(notifier_.get(), buffer, sizeof buffer);
    const std::scoped_lock lock(mutex_);
    for (ssize_t at = 0; at < size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
      if ((event->mask & IN_Q_OVERFLOW) != 0) {
        for (auto& [_, stream] : streams_) deliver(stream);
      } else if (const auto found = streams_.find(event->wd); found != streams_.end()) {
        deliver(found->second);
      }
    }
  }
}

void OutputFollower::deliver(Stream& stream) {
  std::string chunk(chunk_bytes, '\0');
  while (true) {
    const auto at = static_cast<off_t>(stream.delivered + stream.unfinished.size());
    const auto size = pread(stream.file.get(), chunk.data(), chunk.size(), at);
    if (size <= 0) return;
    stream.unfinished.append(chunk.data(), static_cast<std::size_t>(size));
    const auto end = stream.unfinished.rfind('\n');
    const auto whole = end == std::string::npos ? 0 : end + 1;
    const auto ready = stream.unfinished.size() - whole > unfinished_bytes_maximum ? stream.unfinished.size() : whole;
    if (ready == 0) continue;
    const auto text = stream.unfinished.substr(0, ready);
    stream.unfinished.erase(0, ready);
    hand_over(stream, text);
  }
}

void OutputFollower::hand_over(Stream& stream, std::string_view text) {
  const auto lines = split_lines(text);
  sink_.write(stream.run_id, stream.channel, lines);
  stream.delivered += text.size();
  // Not synced: it must survive this process, not the machine.
  [[maybe_unused]] const auto written = pwrite(stream.delivered_file.get(), &stream.delivered, sizeof stream.delivered, 0);
}

}  // namespace mastic::jobs
