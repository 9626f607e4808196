// The writing half of a connection.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "aws/connection.h"
#include "aws/http_answer.h"
#include "base/log.h"

namespace mastic::aws {
namespace {

namespace asio = boost::asio;

/// Files up to this size are read and sent with the head in one call; longer ones go from the page cache to the socket.
constexpr uint64_t copied_file_bytes_max = 64 * 1024;
constexpr std::size_t sendfile_bytes_max = 1024 * 1024;

class File {
 public:
  explicit File(const std::filesystem::path& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

/// One attempt to send both; how many bytes went, -1 with errno when none could.
ssize_t send_once(int descriptor, std::string_view head, std::string_view body, int flags) {
  iovec parts[2] = {{const_cast<char*>(head.data()), head.size()}, {const_cast<char*>(body.data()), body.size()}};
  msghdr message{};
  message.msg_iov = head.empty() ? parts + 1 : parts;
  message.msg_iovlen = head.empty() || body.empty() ? 1 : 2;
  return ::sendmsg(descriptor, &message, MSG_NOSIGNAL | flags);
}

bool read_fully(int file, uint64_t offset, uint64_t length, std::string& into) {
  into.resize(length);
  for (uint64_t have = 0; have < length;) {
    const auto got = ::pread(file, into.data() + have, length - have, static_cast<off_t>(offset + have));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    have += static_cast<uint64_t>(got);
  }
  return true;
}

}  // namespace

Connection::Task<bool> Connection::send(std::string_view head, std::string_view body) {
  while (!head.empty() || !body.empty()) {
    const auto sent = send_once(descriptor_, head, body, 0);
    if (sent < 0) {
      if (errno == EINTR) continue;
      if (!would_block(errno)) co_return false;
      boost::system::error_code error;
      co_await socket_.async_wait(Socket::wait_write, asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return false;
      enter(Phase::answer);
      continue;
    }
    const auto of_head = std::min(head.size(), static_cast<std::size_t>(sent));
    head.remove_prefix(of_head);
    body.remove_prefix(static_cast<std::size_t>(sent) - of_head);
  }
  co_return true;
}

Connection::Task<bool> Connection::send_file(std::string_view head, const OutgoingBody& body) {
  const File file(body.file);
  if (file.descriptor() < 0) {
    log::error("aws", "cannot open the file of an answer: {}: {}", std::strerror(errno), body.file.string());
    co_return false;
  }
  if (body.length <= copied_file_bytes_max) {
    std::string content;
    if (!read_fully(file.descriptor(), body.offset, body.length, content)) co_return false;
    co_return co_await send(head, content);
  }
  while (!head.empty()) {
    const auto sent = send_once(descriptor_, head, {}, MSG_MORE);
    if (sent < 0 && !would_block(errno) && errno != EINTR) co_return false;
    if (sent >= 0) {
      head.remove_prefix(static_cast<std::size_t>(sent));
    } else if (would_block(errno)) {
      boost::system::error_code error;
      co_await socket_.async_wait(Socket::wait_write, asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return false;
    }
  }
  auto offset = static_cast<off_t>(body.offset);
  for (uint64_t left = body.length; left > 0;) {
    const auto sent = ::sendfile(descriptor_, file.descriptor(), &offset, std::min<uint64_t>(left, sendfile_bytes_max));
    if (sent > 0) {
      left -= static_cast<uint64_t>(sent);
      continue;
    }
    // Zero: the file is shorter than was promised. The client must not take what it has for the whole.
    if (sent == 0 || (errno != EINTR && !would_block(errno))) co_return false;
    if (errno == EINTR) continue;
    boost::system::error_code error;
    co_await socket_.async_wait(Socket::wait_write, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return false;
    enter(Phase::answer);
  }
  co_return true;
}

Connection::Task<bool> Connection::send_answer(bool keep_alive) {
  auto& answer = exchange_.answer;
  out_.clear();
  write_answer_head(exchange_, keep_alive, shared_.clock.now(), out_);
  if (exchange_.head.method == "HEAD" || answer.status == 204 || answer.status == 304) co_return co_await send(out_, {});
  if (!answer.stream) co_return co_await send(out_, answer.body);
  if (answer.stream->file.empty()) co_return co_await send(out_, answer.stream->bytes);
  co_return co_await send_file(out_, *answer.stream);
}

namespace {

bool has_gone(int descriptor) {
  char byte = 0;
  const auto got = ::recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got == 0 || (got < 0 && !would_block(errno) && errno != EINTR);
}

}  // namespace

/// Chunks until the stream ends or nobody listens any more; the connection ends with it. The stream is asked now and then,
/// so that one which is silent for hours holds no thread.
Connection::Task<bool> Connection::send_stream() {
  out_.clear();
  write_answer_head(exchange_, false, shared_.clock.now(), out_, BodyLength::unknown);
  const bool begun = co_await send(out_, {});
  if (!begun) co_return false;
  asio::steady_timer timer(socket_.get_executor());
  while (!shared_.stopping.load(std::memory_order_relaxed)) {
    auto bytes = page_stream_->next();
    if (!bytes) {
      co_return co_await send("0\r\n\r\n", {});
    }
    if (!bytes->empty()) {
      enter(Phase::answer);
      const auto size = fmt::format("{:x}\r\n", bytes->size());
      *bytes += "\r\n";
      const bool sent = co_await send(size, *bytes);
      if (!sent) co_return false;
      continue;
    }
    if (has_gone(descriptor_)) co_return false;
    enter(Phase::handler);  // waiting for the stream, not for the client: no deadline
    timer.expires_after(poll_interval_);
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  co_return false;
}

}  // namespace mastic::aws
