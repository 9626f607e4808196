// Spark Connect's server over one engine: what `mastic engine` starts.
//
//   TRY(server, spark_connect::Server::start(*engine, {.port = 15002}));
//   server->port();                // the one that was given, or the free one that was found for 0
//   server->wait();                // until stop() from another thread
//
// gRPC's synchronous server: a thread a call that is being answered, two when idle. The engine must outlive the server.
// Prints nothing.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "engine/engine.h"

namespace mastic::lineage {
class Sink;
}

namespace mastic::spark_connect {

struct ServerOptions {
  std::string host = "127.0.0.1";
  int port = 0;                                      // 0: any free one
  std::string token;                                 // what clients must show; empty: nothing
  std::string spark_version = "4.1.1";               // what sessions are told, and whose defaults they get
  std::map<std::string, std::string> configuration;  // every session's, until it sets otherwise
  std::filesystem::path scratch_folder;              // uploads, warehouse; empty: a fresh one. Removed at the end
  const Clock* clock = nullptr;                      // null: the machine's
  std::shared_ptr<lineage::Sink> lineage;            // told what plans read and write; null: nobody is
};

/// A folder of this process's own under the system's temporary folder; not made yet. The server that gets it removes it.
std::filesystem::path fresh_scratch_folder();

class Server {
 public:
  static Result<std::unique_ptr<Server>> start(engine::Engine& engine, ServerOptions options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] int port() const;
  /// Cancels what runs, closes every session, returns when all threads are gone. Safe to call twice.
  void stop();
  void wait();

 private:
  Server();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mastic::spark_connect
