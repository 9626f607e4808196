// The stores, across processes.
//
//   TRY(server, access::Server::listen(socket, access::stores_of(*objects, *items, glue->catalog())));   // mastic serve
//   TRY(stores, access::connect(socket));                                                                // mastic engine
//
// Thread-safe. Who can open the socket's path has all access: the caller puts it into a folder of mode 0700.
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.h"
#include "engine/stores.h"

namespace mastic::s3 {
class ObjectStore;
}
namespace mastic::dynamodb {
class Database;
}
namespace mastic::glue {
class CatalogView;
}

namespace mastic::access {

/// The rooms behind the engine's interfaces; they outlive the answer.
engine::Stores stores_of(s3::ObjectStore& objects, dynamodb::Database& items, glue::CatalogView& catalog);

/// Answers engines until it is destroyed, which cuts calls short.
class Server {
 public:
  static Result<std::unique_ptr<Server>> listen(const std::filesystem::path& socket, engine::Stores stores);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

 private:
  Server();
  struct State;
  std::unique_ptr<State> state_;
};

/// Stores that ask the server behind the socket. Fails when nobody listens there. A call whose server has gone fails.
Result<engine::Stores> connect(const std::filesystem::path& socket);

}  // namespace mastic::access
