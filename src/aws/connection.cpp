#include "aws/connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <exception>

#include "aws/aws_chunked.h"
#include "aws/chunked.h"
#include "aws/http_answer.h"
#include "aws/node.h"
#include "base/files.h"
#include "base/log.h"

namespace mastic::aws {
namespace {

namespace asio = boost::asio;

constexpr std::size_t padding_bytes = 64;  // simdjson reads so far behind what it parses
constexpr std::size_t first_buffer_bytes = 8 * 1024;
constexpr std::size_t kept_buffer_bytes = 64 * 1024;  // what a connection may keep for its next request
constexpr uint64_t drained_bytes_max = 4 * 1024 * 1024;

/// How long the thread that served a request waits for the next one on the same connection before it gives the connection
/// back to the reactor. A client in a loop answers sooner: its request then costs no hand-over between threads.
constexpr int linger_milliseconds = 5;

int64_t nanoseconds(std::chrono::steady_clock::time_point time) { return time.time_since_epoch().count(); }

}  // namespace

Connection::Connection(Socket socket, ServerShared& shared)
    : socket_(std::move(socket)), descriptor_(socket_.native_handle()), shared_(shared) {
  const std::scoped_lock lock(shared_.mutex);
  place_ = shared_.connections.insert(shared_.connections.end(), this);
  boost::system::error_code unknown;
  const auto peer = socket_.remote_endpoint(unknown);
  if (!unknown) {
    auto address = peer.address();
    if (address.is_v6() && address.to_v6().is_v4_mapped())
      address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    exchange_.origin.address = address.to_string();
    exchange_.origin.is_private = address.is_loopback();
  }
  enter(Phase::idle);
}

Connection::~Connection() {
  // Out of the list before the descriptor is closed: end_if_overdue must not shut a stranger's socket down.
  const std::scoped_lock lock(shared_.mutex);
  shared_.connections.erase(place_);
}

void Connection::enter(Phase phase) {
  const auto& options = shared_.options;
  std::chrono::seconds allowed{0};
  switch (phase) {
    case Phase::idle: allowed = options.idle_timeout; break;
    case Phase::head: allowed = options.header_timeout; break;
    case Phase::body:
    case Phase::answer: allowed = options.body_timeout; break;
    case Phase::handler: break;
  }
  phase_.store(phase, std::memory_order_relaxed);
  deadline_.store(allowed.count() == 0 ? 0 : nanoseconds(std::chrono::steady_clock::now() + allowed),
                  std::memory_order_relaxed);
}

void Connection::end_if_overdue(std::chrono::steady_clock::time_point now, bool idle_too) {
  const auto deadline = deadline_.load(std::memory_order_relaxed);
  const bool overdue = deadline != 0 && nanoseconds(now) > deadline;
  if (overdue || (idle_too && phase_.load(std::memory_order_relaxed) == Phase::idle)) ::shutdown(descriptor_, SHUT_RDWR);
}

// Reading.

/// Whether this thread may wait for the connection's next request: some threads always stay with the reactor.
bool Connection::wait_here() const {
  if (shared_.stopping.load(std::memory_order_relaxed)) return false;
  const auto limit = static_cast<int>(shared_.options.threads * 3 / 4);
  if (shared_.lingering.fetch_add(1, std::memory_order_relaxed) >= limit) {
    shared_.lingering.fetch_sub(1, std::memory_order_relaxed);
    return false;
  }
  pollfd waiting{.fd = descriptor_, .events = POLLIN, .revents = 0};
  const int ready = ::poll(&waiting, 1, linger_milliseconds);
  shared_.lingering.fetch_sub(1, std::memory_order_relaxed);
  return ready > 0;
}

Connection::Task<std::size_t> Connection::receive(char* into, std::size_t length, bool between_requests) {
  if (between_requests) wait_here();
  while (true) {
    const auto got = ::recv(descriptor_, into, length, 0);
    if (got >= 0) co_return static_cast<std::size_t>(got);
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) co_return 0;
    boost::system::error_code error;
    co_await socket_.async_wait(Socket::wait_read, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return 0;
  }
}

void Connection::reserve(std::size_t length) {
  if (begin_ == end_) begin_ = end_ = 0;
  if (capacity_ - begin_ >= length && buffer_) return;
  const auto held = end_ - begin_;
  if (buffer_ && capacity_ >= length) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, held);
  } else {
    const auto capacity = std::max({length, first_buffer_bytes, capacity_ * 2});
    auto bigger = std::make_unique_for_overwrite<char[]>(capacity + padding_bytes);
    std::copy_n(buffer_.get() + begin_, held, bigger.get());
    buffer_ = std::move(bigger);
    capacity_ = capacity;
  }
  begin_ = 0;
  end_ = held;
}

/// Appends what has arrived to the buffer.
Connection::Task<bool> Connection::fill(bool between_requests) {
  const auto got = co_await receive(buffer_.get() + end_, capacity_ - end_, between_requests);
  end_ += got;
  co_return got > 0;
}

/// Gathers a head; its length, or 0 when the connection is over.
Connection::Task<std::size_t> Connection::read_head() {
  std::size_t searched = 0;
  if (!pipelined_.empty()) {
    reserve(end_ - begin_ + pipelined_.size());
    std::ranges::copy(pipelined_, buffer_.get() + end_);
    end_ += pipelined_.size();
    pipelined_.clear();
  }
  bool between_requests = end_ == begin_ && capacity_ > 0;
  while (true) {
    if (const auto length = find_head_end(buffered(), searched)) co_return *length;
    searched = end_ - begin_;
    if (searched >= shared_.options.header_bytes_max) {
      co_await send(bare_answer(431), {});
      co_await drain();
      co_return 0;
    }
    if (searched > 0 && phase_.load(std::memory_order_relaxed) == Phase::idle) enter(Phase::head);
    reserve(searched + 1);
    const bool more = co_await fill(between_requests);
    if (!more) co_return 0;
    between_requests = false;
  }
}

// Bodies.

Connection::Task<Result<void>> Connection::invite_body() {
  // Not when the body is on its way already.
  if (!exchange_.head.expects_continue || begin_ != end_) co_return Result<void>{};
  const bool sent = co_await send("HTTP/1.1 100 Continue\r\n\r\n", {});
  if (!sent) co_return fail(Error{"RequestTimeout", "The client is gone."});
  co_return Result<void>{};
}

Connection::Task<Result<void>> Connection::read_body() {
  const auto& head = exchange_.head;
  const auto length = body_left_;
  const bool decoded = head.chunked || exchange_.aws_chunked || exchange_.streams();
  const auto limit = exchange_.streams() ? shared_.options.stream_body_bytes_max : shared_.options.json_body_bytes_max;
  if (length > limit + limit / 4) {
    co_return fail(Error{exchange_.model->protocol == Protocol::rest_xml ? "EntityTooLarge" : "RequestEntityTooLargeException",
                         "The request's body is larger than this operation accepts.", exchange_.streams() ? 400 : 413});
  }
  if (body_done_ && !exchange_.streams()) co_return Result<void>{};
  if (!body_done_) {
    enter(Phase::body);
    auto invited = co_await invite_body();
    if (!invited) co_return invited;
  }
  if (decoded) co_return co_await read_decoded_body();
  co_return co_await read_sized_body(length);
}

/// A body with a length for a reader that wants it whole: behind the head in the buffer when it fits there.
Connection::Task<Result<void>> Connection::read_sized_body(uint64_t length) {
  const auto gone = [] { return fail(Error{"IncompleteBody", "The connection ended before the body did."}); };
  if (begin_ + length <= capacity_) {
    while (end_ - begin_ < length) {
      const bool more = co_await fill(false);
      if (!more) co_return gone();
    }
    exchange_.call.body = buffered().substr(0, length);
    begin_ += length;
  } else {
    body_.reserve(length + padding_bytes);
    body_.assign(buffered().substr(0, length));
    begin_ += body_.size();
    auto have = body_.size();
    body_.resize(length);
    while (have < length) {
      const auto got = co_await receive(body_.data() + have, length - have, false);
      if (got == 0) co_return gone();
      have += got;
      enter(Phase::body);
    }
    exchange_.call.body = body_;
  }
  body_left_ = 0;
  body_done_ = true;
  co_return Result<void>{};
}

namespace {

/// The stages between the socket and a body's sink: HTTP's chunks, then AWS's.
class BodyDecoder {
 public:
  BodyDecoder(bool chunked, bool aws_chunked, std::optional<ChunkSigning> signing, BodySink& sink) : sink_(sink) {
    if (chunked) outer_.emplace();
    if (aws_chunked) inner_.emplace(std::move(signing));
  }

  /// Uses up a front part of the bytes; more than that part only when the transfer coding has ended.
  Result<std::size_t> add(std::string_view bytes) {
    if (!outer_) {
      TRY_DO(add_content(bytes));
      return bytes.size();
    }
    std::size_t used = 0;
    while (used < bytes.size() && !outer_->done()) {
      std::string_view piece;
      const auto taken = outer_->take(bytes.substr(used), piece);
      if (taken == 0) return fail(Error{"InvalidRequest", "The chunked transfer coding of the body is malformed."});
      used += taken;
      TRY_DO(add_content(piece));
    }
    return used;
  }
  [[nodiscard]] bool done() const { return outer_ && outer_->done(); }

  Result<void> end() {
    if (!inner_) return {};
    if (!inner_->may_end()) return fail(problem());
    for (const auto& [name, value] : inner_->trailers()) sink_.promises().note_trailer(name, value);
    return {};
  }

 private:
  [[nodiscard]] Error problem() const {
    if (inner_->forged()) {
      return {"SignatureDoesNotMatch", "The signature of a chunk of the body does not match its bytes.", 403};
    }
    return {"IncompleteBody", "The aws-chunked body is malformed or ends too early."};
  }

  Result<void> add_content(std::string_view bytes) {
    if (!inner_) return sink_.add(bytes);
    while (!bytes.empty()) {
      std::string_view piece;
      const auto taken = inner_->take(bytes, piece);
      if (taken == 0) return fail(problem());
      bytes.remove_prefix(taken);
      TRY_DO(sink_.add(piece));
    }
    return {};
  }

  BodySink& sink_;
  std::optional<ChunkedDecoder> outer_;
  std::optional<AwsChunkedDecoder> inner_;
};

constexpr std::size_t stream_buffer_bytes = 256 * 1024;

}  // namespace

/// A body that is streamed, chunked or both: through the decoders into a sink.
Connection::Task<Result<void>> Connection::read_decoded_body() {
  const bool streams = exchange_.streams();
  const auto limit = streams ? shared_.options.stream_body_bytes_max : shared_.options.json_body_bytes_max;
  const auto extra =
      streams && exchange_.service != nullptr ? checksum_kind(exchange_.service->extra_checksum()) : std::nullopt;
  BodySink sink(exchange_.service != nullptr ? exchange_.service->spool_folder() : std::filesystem::path{},
                std::exchange(exchange_.promises, {}), extra);
  BodyDecoder decoder(exchange_.head.chunked, exchange_.aws_chunked, shared_.dispatcher.chunk_signing(exchange_), sink);
  std::unique_ptr<char[]> large;
  while (!body_done_) {
    // What came with the head first, then from the socket; a long rest through a buffer of its own.
    std::string_view bytes = buffered();
    const bool from_head = !bytes.empty();
    if (!from_head) {
      if (!large) large = std::make_unique_for_overwrite<char[]>(stream_buffer_bytes);
      const auto wanted = exchange_.head.chunked ? stream_buffer_bytes : std::min<uint64_t>(stream_buffer_bytes, body_left_);
      const auto got = co_await receive(large.get(), static_cast<std::size_t>(wanted), false);
      if (got == 0) co_return fail(Error{"IncompleteBody", "The connection ended before the body did."});
      enter(Phase::body);
      bytes = {large.get(), got};
    }
    if (!exchange_.head.chunked)
      bytes = bytes.substr(0, static_cast<std::size_t>(std::min<uint64_t>(bytes.size(), body_left_)));
    if (!exchange_.head.chunked) {
      body_left_ -= bytes.size();
      body_done_ = body_left_ == 0;
    }
    auto used = decoder.add(bytes);
    if (!used) {
      if (from_head && !exchange_.head.chunked) begin_ += bytes.size();
      co_return std::unexpected(std::move(used).error());
    }
    if (sink.size() > limit) {
      co_return fail(Error{"EntityTooLarge", "The request's body is larger than this operation accepts.", 400});
    }
    if (exchange_.head.chunked) body_done_ = decoder.done();
    if (from_head) {
      begin_ += *used;
    } else if (*used < bytes.size()) {
      // The next request's first bytes. The head's views point into the buffer, so they wait beside it.
      pipelined_ = bytes.substr(*used);
    }
  }
  auto ended = decoder.end();
  if (!ended) co_return ended;
  auto body = sink.finish();
  if (!body) co_return std::unexpected(std::move(body).error());
  if (streams) {
    exchange_.call.stream = std::move(*body);
    co_return Result<void>{};
  }
  if (body->in_file()) {
    auto content = read_file(body->file());
    if (!content) co_return std::unexpected(std::move(content).error());
    body_ = std::move(*content);
  } else {
    body_ = std::move(body->small);
  }
  body_.reserve(body_.size() + padding_bytes);
  exchange_.call.body = body_;
  co_return Result<void>{};
}

/// Reads what the client still sends, within reason, so that it sees our answer and not a reset connection.
Connection::Task<void> Connection::drain() {
  enter(Phase::head);
  ::shutdown(descriptor_, SHUT_WR);
  std::array<char, 16 * 1024> waste;
  for (uint64_t total = 0; total < drained_bytes_max;) {
    const auto got = co_await receive(waste.data(), waste.size(), false);
    if (got == 0) co_return;
    total += got;
  }
}

// Requests.

Connection::Task<void> Connection::answer_operation() {
  const auto& dispatcher = shared_.dispatcher;
  auto worked = dispatcher.begin(exchange_);
  if (worked) worked = co_await read_body();
  if (worked) {
    enter(Phase::handler);
    try {
      worked = dispatcher.finish(exchange_);
    } catch (const std::exception& exception) {
      worked = fail(Error::internal(std::string("an exception reached the wire: ") + exception.what()));
    }
  }
  if (!worked) dispatcher.refuse(exchange_, worked.error());
}

namespace {

/// A page's failures that come from below, of its body, are worded as those of the JSON services are.
constexpr ServiceModel page_model{.name = "page",
                                  .signing_name = "",
                                  .protocol = Protocol::json,
                                  .json_version = "1.1",
                                  .target_prefix = "",
                                  .api_version = "",
                                  .xml_namespace = "",
                                  .operations = {}};

}  // namespace

/// Paths of the server itself, for browsers and probes.
Connection::Task<void> Connection::answer_page() {
  auto& head = exchange_.head;
  exchange_.model = &page_model;
  exchange_.context.account_id = shared_.options.account_id;
  exchange_.context.endpoint = "http://" + std::string(head.host);
  exchange_.call.method = head.method;
  exchange_.call.headers = head.headers;
  if (!head.query.empty()) exchange_.call.query = parse_parameters(head.query, true);
  auto received = co_await read_body();
  if (!received) {
    take(Pages::refusal(received.error()));
    co_return;
  }
  enter(Phase::handler);
  Result<PageAnswer> answer;
  try {
    answer = shared_.options.pages->answer(exchange_, shared_.options.keys, shared_.clock.now());
  } catch (const std::exception& exception) {
    answer = fail(Error::internal(std::string("an exception reached the wire: ") + exception.what()));
  }
  if (!answer && answer.error().http_status >= 500) log::error("aws", "{}: {}", head.path, answer.error().message);
  take(answer ? std::move(*answer) : Pages::refusal(answer.error()));
}

void Connection::take(PageAnswer answer) {
  exchange_.answer.status = answer.status;
  exchange_.answer.content_type = std::move(answer.content_type);
  for (const auto& [name, value] : answer.headers) exchange_.answer.header(name, value);
  exchange_.answer.body = std::move(answer.body);
  exchange_.answer.stream = std::move(answer.file);
  page_stream_ = std::move(answer.stream);
  poll_interval_ = answer.poll_interval;
}

void Connection::tell_served(std::chrono::steady_clock::time_point begun) const {
  const auto& told = shared_.options.served;
  if (!told) return;
  const auto time = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun);
  told({.service = exchange_.service != nullptr ? std::string_view(exchange_.service->name()) : std::string_view{},
        .operation = exchange_.operation != nullptr ? exchange_.operation->name : std::string_view{},
        .request_id = exchange_.context.request_id,
        .method = exchange_.head.method,
        .path = exchange_.head.path,
        .access_key = exchange_.context.access_key,
        .status = exchange_.answer.status,
        .time = time});
}

Connection::Task<Connection::Next> Connection::handle(std::size_t head_length) {
  const auto begun = std::chrono::steady_clock::now();
  exchange_.reset();
  auto& head = exchange_.head;
  const auto problem = parse_head({buffer_.get() + begin_, head_length}, shared_.options.headers_max, head);
  begin_ += head_length;
  if (problem != HeadProblem::none) {
    co_await send(bare_answer(static_cast<int>(problem)), {});
    co_return Next::drain_and_close;
  }
  body_left_ = head.content_length.value_or(0);
  body_done_ = !head.chunked && body_left_ == 0;
  if (shared_.options.pages != nullptr && shared_.options.pages->owns(exchange_)) {
    co_await answer_page();
  } else {
    co_await answer_operation();
  }
  // A refused request's body may be here already, unread; if it is still on its way, the connection ends after the answer.
  if (!body_done_ && !head.chunked && body_left_ <= end_ - begin_) {
    begin_ += body_left_;
    body_done_ = true;
  }
  const bool keep_alive = head.keep_alive && body_done_ && !shared_.stopping.load(std::memory_order_relaxed);
  enter(Phase::answer);
  if (page_stream_ && head.method != "HEAD") {
    co_await send_stream();
    page_stream_.reset();
    tell_served(begun);
    co_return Next::close;
  }
  page_stream_.reset();
  const bool sent = co_await send_answer(keep_alive);
  tell_served(begun);
  if (!sent) co_return Next::close;
  if (!body_done_) co_return Next::drain_and_close;
  co_return keep_alive ? Next::keep_alive : Next::close;
}

/// Memory that one large request needed is not kept for the small ones that follow.
void Connection::shrink() {
  if (body_.capacity() > kept_buffer_bytes) body_ = {};
  if (out_.capacity() > kept_buffer_bytes) out_ = {};
  if (exchange_.answer.body.capacity() > kept_buffer_bytes) exchange_.answer.body = {};
  if (begin_ == end_ && capacity_ > kept_buffer_bytes) {
    buffer_.reset();
    capacity_ = begin_ = end_ = 0;
  }
}

Connection::Task<void> Connection::serve() {
  while (true) {
    const auto head_length = co_await read_head();
    if (head_length == 0) co_return;
    const auto next = co_await handle(head_length);
    if (next == Next::drain_and_close) co_await drain();
    if (next != Next::keep_alive) co_return;
    enter(Phase::idle);
    shrink();
  }
}

}  // namespace mastic::aws
