#include "aws/server.h"

#include <thread>

#include "aws/asio.h"
#include "aws/connection.h"
#include "aws/http_answer.h"
#include "base/log.h"

namespace mastic::aws {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto sweep_interval = std::chrono::milliseconds{100};
constexpr auto stop_interval = std::chrono::milliseconds{20};
constexpr auto stop_grace = std::chrono::seconds{5};
constexpr auto accept_pause = std::chrono::milliseconds{100};  // when the process is out of descriptors

const SystemClock machine_clock;

asio::awaitable<void> serve(std::unique_ptr<Connection> connection) { co_await connection->serve(); }

}  // namespace

struct Server::State {
  State(std::vector<const Service*> services, const ServerOptions& options)
      : shared(options, options.clock != nullptr ? *options.clock : machine_clock, std::move(services)),
        io(static_cast<int>(options.threads)),
        acceptor(io) {}

  asio::awaitable<void> accept();
  asio::awaitable<void> sweep();
  std::size_t end_overdue(bool idle_too);

  ServerShared shared;
  asio::io_context io;
  tcp::acceptor acceptor;
  uint16_t port = 0;
};

/// Takes connections until the acceptor is closed.
asio::awaitable<void> Server::State::accept() {
  while (acceptor.is_open()) {
    boost::system::error_code error;
    auto socket = co_await acceptor.async_accept(io, asio::redirect_error(asio::use_awaitable, error));
    if (shared.stopping) co_return;
    if (error) {
      if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) co_return;
      log::warn("aws", "cannot accept a connection: {}", error.message());
      asio::steady_timer pause(io, accept_pause);
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
      continue;
    }
    std::size_t open = 0;
    {
      const std::scoped_lock lock(shared.mutex);
      open = shared.connections.size();
    }
    socket.native_non_blocking(true, error);
    if (open >= shared.options.connections_max) {
      // 503 tells a client to come back; there is no request yet that an error could be modelled for.
      const auto answer = bare_answer(503);
      socket.send(asio::buffer(answer), 0, error);
      continue;
    }
    socket.set_option(tcp::no_delay(true), error);
    asio::co_spawn(io, serve(std::make_unique<Connection>(std::move(socket), shared)), asio::detached);
  }
}

std::size_t Server::State::end_overdue(bool idle_too) {
  const auto now = std::chrono::steady_clock::now();
  const std::scoped_lock lock(shared.mutex);
  for (auto* connection : shared.connections) connection->end_if_overdue(now, idle_too);
  return shared.connections.size();
}

/// Ends what is overdue, ten times a second; once stopping, ends what idles and, after the grace, everything.
asio::awaitable<void> Server::State::sweep() {
  asio::steady_timer timer(io);
  std::optional<std::chrono::steady_clock::time_point> stop_by;
  while (true) {
    const bool stopping = shared.stopping;
    if (stopping && !stop_by) {
      stop_by = std::chrono::steady_clock::now() + stop_grace;
      boost::system::error_code ignored;
      acceptor.close(ignored);
    }
    const auto open = end_overdue(stopping);
    if (stopping && (open == 0 || std::chrono::steady_clock::now() > *stop_by)) {
      io.stop();
      co_return;
    }
    timer.expires_after(stopping ? stop_interval : sweep_interval);
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

Server::Server(std::vector<const Service*> services, ServerOptions options)
    : state_(std::make_unique<State>(std::move(services), options)) {}
Server::~Server() = default;

Result<void> Server::listen() {
  auto& acceptor = state_->acceptor;
  const auto& options = state_->shared.options;
  boost::system::error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) return fail(Error::invalid("not an address to listen on: " + options.address));
  const tcp::endpoint endpoint(address, options.port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(1024, error);
  if (error) {
    return fail(Error::io("cannot listen on " + options.address + ":" + std::to_string(options.port) +
                              " (is another server running there? choose another port)",
                          error.message()));
  }
  state_->port = acceptor.local_endpoint(error).port();
  return {};
}

uint16_t Server::port() const { return state_->port; }

void Server::run() {
  auto& io = state_->io;
  asio::co_spawn(io, state_->accept(), asio::detached);
  asio::co_spawn(io, state_->sweep(), asio::detached);
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < state_->shared.options.threads; ++i) threads.emplace_back([&io] { io.run(); });
  io.run();
}

void Server::stop() {
  // No more than that, so that a signal's handler may call it: the next sweep sees it.
  state_->shared.stopping = true;
}

}  // namespace mastic::aws
