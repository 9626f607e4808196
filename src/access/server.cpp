// The server's side of the socket: each call is one of the engine's interfaces.
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <sys/stat.h>

#include <algorithm>

#include "access/access.h"
#include "access/conversions.h"
#include "stores.grpc.pb.h"

namespace mastic::access {
namespace {

using grpc::ServerContext;
using grpc::ServerWriter;
using grpc::Status;

constexpr std::size_t objects_per_part = 1000;
constexpr std::chrono::seconds shutdown_grace{1};

Status answer(const Result<void>& result) { return result ? Status::OK : to_status(result.error()); }

/// The values of a successful result, written to the messages that `add` makes.
template <typename Values, typename Add>
Status answer_list(const Result<Values>& result, Add add) {
  if (!result) return to_status(result.error());
  for (const auto& value : *result) write(value, *add());
  return Status::OK;
}

template <typename Value, typename Add>
Status answer_optional(const Result<std::optional<Value>>& result, Add add) {
  if (!result) return to_status(result.error());
  if (*result) write(**result, *add());
  return Status::OK;
}

class Service final : public Stores::Service {
 public:
  explicit Service(engine::Stores stores) : stores_(std::move(stores)) {}

  // Objects
  Status BucketExists(ServerContext*, const Bucket* request, Flag* response) override {
    const auto exists = stores_.objects->bucket_exists(request->name());
    if (!exists) return to_status(exists.error());
    response->set_value(*exists);
    return Status::OK;
  }
  Status ListObjects(ServerContext*, const ObjectQuery* request, ServerWriter<Objects>* writer) override {
    const auto objects = stores_.objects->list(request->bucket(), request->key());
    if (!objects) return to_status(objects.error());
    for (std::size_t begin = 0; begin < objects->size(); begin += objects_per_part) {
      Objects part;
      const auto end = std::min(begin + objects_per_part, objects->size());
      for (auto index = begin; index < end; ++index) write((*objects)[index], *part.add_objects());
      if (!writer->Write(part)) return Status::CANCELLED;
    }
    return Status::OK;
  }
  Status FindObject(ServerContext*, const ObjectQuery* request, Objects* response) override {
    return answer_optional(stores_.objects->find(request->bucket(), request->key()), [&] { return response->add_objects(); });
  }
  Status NewFile(ServerContext*, const Nothing*, Path* response) override {
    const auto file = stores_.objects->new_file();
    if (!file) return to_status(file.error());
    response->set_path(*file);
    return Status::OK;
  }
  Status CommitObjects(ServerContext*, const Commit* request, Nothing*) override {
    std::vector<engine::NewObject> added;
    for (const auto& message : request->added()) added.push_back(read(message));
    return answer(stores_.objects->commit(request->bucket(), std::move(added),
                                          {request->removed_keys().begin(), request->removed_keys().end()}));
  }

  // Items
  Status FindItemTable(ServerContext*, const TableName* request, FoundItemTable* response) override {
    return answer_optional(stores_.items->find_table(request->name()), [&] { return response->mutable_table(); });
  }
  Status ScanItems(ServerContext*, const Scan* request, ServerWriter<Batch>* writer) override {
    std::vector<engine::ItemCondition> conditions;
    for (const auto& message : request->conditions()) conditions.push_back(read(message));
    return answer(stores_.items->scan(request->table(), request->segment(), request->segments(),
                                      {request->attributes().begin(), request->attributes().end()}, conditions,
                                      [&](std::string_view items) {
                                        Batch batch;
                                        batch.set_items(std::string(items));
                                        return writer->Write(batch);
                                      }));
  }
  Status PutItems(ServerContext*, const Put* request, Nothing*) override {
    return answer(stores_.items->put(request->table(), request->items()));
  }

  // Catalog
  Status ListDatabases(ServerContext*, const Nothing*, Databases* response) override {
    return answer_list(stores_.catalog->list_databases(), [&] { return response->add_databases(); });
  }
  Status FindDatabase(ServerContext*, const CatalogName* request, Databases* response) override {
    return answer_optional(stores_.catalog->find_database(request->database()), [&] { return response->add_databases(); });
  }
  Status CreateDatabase(ServerContext*, const Database* request, Nothing*) override {
    return answer(stores_.catalog->create_database(read(*request)));
  }
  Status DropDatabase(ServerContext*, const CatalogName* request, Nothing*) override {
    return answer(stores_.catalog->drop_database(request->database()));
  }
  Status ListTables(ServerContext*, const CatalogName* request, Tables* response) override {
    return answer_list(stores_.catalog->list_tables(request->database()), [&] { return response->add_tables(); });
  }
  Status FindTable(ServerContext*, const CatalogName* request, Tables* response) override {
    return answer_optional(stores_.catalog->find_table(request->database(), request->table()),
                           [&] { return response->add_tables(); });
  }
  Status CreateTable(ServerContext*, const Table* request, Nothing*) override {
    return answer(stores_.catalog->create_table(read(*request)));
  }
  Status UpdateTable(ServerContext*, const Table* request, Nothing*) override {
    return answer(stores_.catalog->update_table(read(*request)));
  }
  Status DropTable(ServerContext*, const CatalogName* request, Nothing*) override {
    return answer(stores_.catalog->drop_table(request->database(), request->table()));
  }
  Status ListPartitions(ServerContext*, const PartitionQuery* request, Partitions* response) override {
    return answer_list(stores_.catalog->list_partitions(request->database(), request->table(), request->expression()),
                       [&] { return response->add_partitions(); });
  }
  Status PutPartitions(ServerContext*, const Partitions* request, Nothing*) override {
    std::vector<engine::CatalogPartition> partitions;
    for (const auto& message : request->partitions()) partitions.push_back(read(message));
    return answer(stores_.catalog->put_partitions(request->database(), request->table(), std::move(partitions)));
  }
  Status DropPartitions(ServerContext*, const Partitions* request, Nothing*) override {
    std::vector<std::vector<std::string>> values;
    for (const auto& message : request->partitions()) values.push_back(read(message).values);
    return answer(stores_.catalog->drop_partitions(request->database(), request->table(), values));
  }

 private:
  engine::Stores stores_;
};

}  // namespace

struct Server::State {
  explicit State(engine::Stores stores) : service(std::move(stores)) {}
  Service service;
  std::unique_ptr<grpc::Server> server;
};

Server::Server() = default;
Server::~Server() {
  if (state_ && state_->server) state_->server->Shutdown(std::chrono::system_clock::now() + shutdown_grace);
}

Result<std::unique_ptr<Server>> Server::listen(const std::filesystem::path& socket, engine::Stores stores) {
  std::unique_ptr<Server> server(new Server);
  server->state_ = std::make_unique<State>(std::move(stores));
  grpc::ServerBuilder builder;
  builder.AddListeningPort("unix:" + std::filesystem::absolute(socket).string(), grpc::InsecureServerCredentials());
  builder.SetMaxReceiveMessageSize(-1);
  builder.SetMaxSendMessageSize(-1);
  builder.RegisterService(&server->state_->service);
  server->state_->server = builder.BuildAndStart();
  if (!server->state_->server) return fail(Error::io("listening for engines", socket.string()));
  chmod(socket.c_str(), 0600);
  return server;
}

}  // namespace mastic::access
