// One client's connection: reads requests, lets the dispatcher answer them, writes the answers, one after the other.
//
// It runs as a coroutine on the server's threads. Between a request's last byte and its answer's first byte nothing is
// handed to another thread: the thread that read the request runs the handler and writes the answer.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "aws/asio.h"
#include "aws/dispatcher.h"
#include "aws/exchange.h"
#include "aws/pages.h"
#include "aws/server.h"

namespace mastic::aws {

class Connection;

/// What all connections of a server share.
struct ServerShared {
  ServerShared(const ServerOptions& server_options, const Clock& server_clock, std::vector<const Service*> services)
      : options(server_options),
        clock(server_clock),
        dispatcher(std::move(services), options.keys, clock, options.account_id, options.authorizer, options.session_of) {}

  const ServerOptions options;
  const Clock& clock;
  const Dispatcher dispatcher;
  std::atomic<bool> stopping{false};
  std::atomic<int> lingering{0};  // threads that wait for a next request on a connection they just served
  std::mutex mutex;
  std::list<Connection*> connections;  // guarded by mutex
};

class Connection {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  template <typename T>
  using Task = boost::asio::awaitable<T>;

  Connection(Socket socket, ServerShared& shared);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Serves until the client closes, something is wrong with what it sends, or a deadline passes.
  Task<void> serve();

  /// From any thread, under ServerShared::mutex: ends the connection if its deadline has passed (or it idles and
  /// `idle_too`), by shutting the socket down; serve() then returns.
  void end_if_overdue(std::chrono::steady_clock::time_point now, bool idle_too);

 private:
  enum class Phase : uint8_t { idle, head, body, handler, answer };
  enum class Next : uint8_t { keep_alive, close, drain_and_close };

  // Reading. Zero bytes mean that the client is gone.
  Task<std::size_t> receive(char* into, std::size_t length, bool between_requests);
  Task<bool> fill(bool between_requests);
  Task<std::size_t> read_head();
  bool wait_here() const;

  // Bodies.
  Task<Result<void>> read_body();
  Task<Result<void>> read_sized_body(uint64_t length);
  Task<Result<void>> read_decoded_body();
  Task<Result<void>> invite_body();
  Task<void> drain();

  // Writing. False when the client is gone.
  Task<bool> send(std::string_view head, std::string_view body);
  Task<bool> send_file(std::string_view head, const OutgoingBody& body);
  Task<bool> send_answer(bool keep_alive);
  Task<bool> send_stream();
  Task<Next> handle(std::size_t head_length);
  void tell_served(std::chrono::steady_clock::time_point begun) const;
  Task<void> answer_operation();
  Task<void> answer_page();
  void take(PageAnswer answer);

  void enter(Phase phase);
  void shrink();
  [[nodiscard]] std::string_view buffered() const { return {buffer_.get() + begin_, end_ - begin_}; }
  void reserve(std::size_t length);

  Socket socket_;
  const int descriptor_;
  ServerShared& shared_;
  std::list<Connection*>::iterator place_;
  std::atomic<int64_t> deadline_{0};  // steady nanoseconds; 0: none
  std::atomic<Phase> phase_{Phase::idle};

  std::unique_ptr<char[]> buffer_;  // capacity_ bytes and simdjson's padding
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;  // what lies in [begin_, end_) has arrived and is not used up
  std::size_t end_ = 0;
  std::string body_;       // of a request whose body does not fit behind its head in the buffer
  std::string pipelined_;  // what arrived behind a body that was read past the buffer
  std::string out_;
  Exchange exchange_;
  std::unique_ptr<PageStream> page_stream_;  // the answer's body, when it comes bit by bit
  std::chrono::milliseconds poll_interval_{0};
  uint64_t body_left_ = 0;  // of a body with a length, not yet received
  bool body_done_ = true;   // the whole body of the current request was received
};

}  // namespace mastic::aws
