// The HTTP server in front of the services.
//
//   aws::Server server({&s3, &dynamodb, &glue, &logs}, {.port = 4566});
//   TRY_DO(server.listen());                       // port() is known from here on, also when 0 was asked for
//   server.run();                                  // until stop(), which any thread (or a signal's) may call
//
// HTTP/1.1 with keep-alive and pipelining, Expect: 100-continue, chunked and aws-chunked bodies. A request finds its
// service by the credential scope, else X-Amz-Target, else Action; what remains is S3's. With a KeyStore every signature
// is verified; without one any key, and none, is accepted.
//
// Threads: `threads` of them run both the sockets and the handlers; a handler that blocks holds one of them. Services,
// KeyStore, Authorizer and Clock must outlive the server and be thread-safe. It does not speak TLS: put a proxy before it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "aws/key_store.h"
#include "aws/service.h"
#include "base/clock.h"
#include "base/result.h"

namespace mastic::aws {

class Authorizer;
struct HttpHead;
class Pages;

/// One request that was answered. Views live as long as the call that gets it.
struct Served {
  std::string_view service;    // "glue"; empty: the server's own paths, or a service that there is not
  std::string_view operation;  // as the model has it; empty when it was not known
  std::string_view request_id;
  std::string_view method, path;
  std::string_view access_key;
  int status = 0;
  std::chrono::microseconds time{0};  // from the request's head to the answer's last byte
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  uint16_t port = 0;
  std::size_t threads = 64;
  std::size_t connections_max = 4096;
  std::size_t header_bytes_max = 64 * 1024;
  std::size_t headers_max = 200;
  std::size_t json_body_bytes_max = 16 * 1024 * 1024;          // of requests that do not stream
  uint64_t stream_body_bytes_max = 5ULL * 1024 * 1024 * 1024;  // S3's limit of one PUT
  std::chrono::seconds idle_timeout{120};                      // between two requests
  std::chrono::seconds header_timeout{20};                     // for a request's head, once it has begun
  std::chrono::seconds body_timeout{60};                       // without any byte of a body, either way
  const KeyStore* keys = nullptr;                              // null: signatures are not verified
  const Authorizer* authorizer = nullptr;                      // asked only when signatures are verified
  const Clock* clock = nullptr;                                // null: the machine's
  std::string account_id = "000000000000";
  /// Called after each request, on the thread that served it. Must be quick and thread-safe.
  std::function<void(const Served&)> served;
  const Pages* pages = nullptr;  // the paths of the server's own; outlives the server
  /// With keys: the access key in whose name an unsigned request comes (the console's cookie); nothing: nobody's.
  std::function<std::optional<std::string>(const HttpHead&)> session_of;
};

class Server {
 public:
  Server(std::vector<const Service*> services, ServerOptions options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds the address. Fails when it is taken or may not be bound.
  Result<void> listen();
  [[nodiscard]] uint16_t port() const;

  /// Serves until stop(); then accepts nothing more, lets requests that have begun end (five seconds at most), returns.
  void run();
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mastic::aws
