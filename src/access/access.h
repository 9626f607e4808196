// The stores, across processes.
//
//   TRY(server, access::Server::listen(socket, access::stores_of(*objects, *items, glue->catalog())));   // mastic serve
//   TRY(stores, access::connect(socket, ticket));                                                        // mastic engine
//
// Thread-safe. Who can open the socket's path reaches the stores: the caller puts it into a folder of mode 0700. With a
// Permit each call needs a ticket, and happens with the rights of whom the ticket stands for.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/stores.h"

namespace mastic::lineage {
class Sink;
}
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

/// Whether the holder of a ticket may do `action` ("s3:ListBucket") on an ARN; `prefix` is a listing's. Fails with AWS's
/// sentence. Thread-safe.
using Permit = std::function<Result<void>(std::string_view ticket, std::string_view action, std::string_view resource,
                                          std::string_view prefix)>;

/// What an engine says of lineage (lineage/sink.h); whose it is, the ticket tells. Thread-safe; does not block for long.
using TakeLineage = std::function<void(std::string_view ticket, const std::string& report)>;

/// Answers engines until it is destroyed, which cuts calls short. Without `permit` everybody may do everything.
class Server {
 public:
  static Result<std::unique_ptr<Server>> listen(const std::filesystem::path& socket, engine::Stores stores, Permit permit = {},
                                                TakeLineage take_lineage = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

 private:
  Server();
  struct State;
  std::unique_ptr<State> state_;
};

/// Stores that ask the server behind the socket, as the holder of `ticket`. Fails when nobody listens there. A call whose
/// server has gone fails.
Result<engine::Stores> connect(const std::filesystem::path& socket, const std::string& ticket = {});
/// The same way for lineage.
Result<std::shared_ptr<lineage::Sink>> connect_lineage(const std::filesystem::path& socket, const std::string& ticket = {});

}  // namespace mastic::access
