// The server's side of the socket: each call is one of the engine's interfaces.
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <sys/stat.h>

#include <algorithm>

#include "access/access.h"
#include "access/conversions.h"
#include "access/guard.h"
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
  Service(engine::Stores stores, Permit permit, TakeLineage take_lineage)
      : stores_(std::move(stores)), permit_(std::move(permit)), take_lineage_(std::move(take_lineage)) {
    if (!permit_) permit_ = [](auto, auto, auto, auto) { return Result<void>{}; };
  }

  // Objects
  Status BucketExists(ServerContext* context, const Bucket* request, Flag* response) override {
    const auto exists = objects(*context).bucket_exists(request->name());
    if (!exists) return to_status(exists.error());
    response->set_value(*exists);
    return Status::OK;
  }
  Status ListObjects(ServerContext* context, const ObjectQuery* request, ServerWriter<Objects>* writer) override {
    const auto listed = objects(*context).list(request->bucket(), request->key());
    if (!listed) return to_status(listed.error());
    for (std::size_t begin = 0; begin < listed->size(); begin += objects_per_part) {
      Objects part;
      const auto end = std::min(begin + objects_per_part, listed->size());
      for (auto index = begin; index < end; ++index) write((*listed)[index], *part.add_objects());
      if (!writer->Write(part)) return Status::CANCELLED;
    }
    return Status::OK;
  }
  Status FindObject(ServerContext* context, const ObjectQuery* request, Objects* response) override {
    return answer_optional(objects(*context).find(request->bucket(), request->key()), [&] { return response->add_objects(); });
  }
  Status NewFile(ServerContext* context, const Nothing*, Path* response) override {
    const auto file = objects(*context).new_file();
    if (!file) return to_status(file.error());
    response->set_path(*file);
    return Status::OK;
  }
  Status CommitObjects(ServerContext* context, const Commit* request, Nothing*) override {
    std::vector<engine::NewObject> added;
    for (const auto& message : request->added()) added.push_back(read(message));
    return answer(objects(*context).commit(request->bucket(), std::move(added),
                                           {request->removed_keys().begin(), request->removed_keys().end()}));
  }

  // Items
  Status FindItemTable(ServerContext* context, const TableName* request, FoundItemTable* response) override {
    return answer_optional(items(*context).find_table(request->name()), [&] { return response->mutable_table(); });
  }
  Status ScanItems(ServerContext* context, const Scan* request, ServerWriter<Batch>* writer) override {
    std::vector<engine::ItemCondition> conditions;
    for (const auto& message : request->conditions()) conditions.push_back(read(message));
    return answer(items(*context).scan(request->table(), request->segment(), request->segments(),
                                       {request->attributes().begin(), request->attributes().end()}, conditions,
                                       [&](std::string_view items) {
                                         Batch batch;
                                         batch.set_items(std::string(items));
                                         return writer->Write(batch);
                                       }));
  }
  Status PutItems(ServerContext* context, const Put* request, Nothing*) override {
    return answer(items(*context).put(request->table(), request->items()));
  }

  // Catalog
  Status ListDatabases(ServerContext* context, const Nothing*, Databases* response) override {
    return answer_list(catalog(*context).list_databases(), [&] { return response->add_databases(); });
  }
  Status FindDatabase(ServerContext* context, const CatalogName* request, Databases* response) override {
    return answer_optional(catalog(*context).find_database(request->database()), [&] { return response->add_databases(); });
  }
  Status CreateDatabase(ServerContext* context, const Database* request, Nothing*) override {
    return answer(catalog(*context).create_database(read(*request)));
  }
  Status DropDatabase(ServerContext* context, const CatalogName* request, Nothing*) override {
    return answer(catalog(*context).drop_database(request->database()));
  }
  Status ListTables(ServerContext* context, const CatalogName* request, Tables* response) override {
    return answer_list(catalog(*context).list_tables(request->database()), [&] { return response->add_tables(); });
  }
  Status FindTable(ServerContext* context, const CatalogName* request, Tables* response) override {
    return answer_optional(catalog(*context).find_table(request->database(), request->table()),
                           [&] { return response->add_tables(); });
  }
  Status CreateTable(ServerContext* context, const Table* request, Nothing*) override {
    return answer(catalog(*context).create_table(read(*request)));
  }
  Status UpdateTable(ServerContext* context, const Table* request, Nothing*) override {
    return answer(catalog(*context).update_table(read(*request)));
  }
  Status DropTable(ServerContext* context, const CatalogName* request, Nothing*) override {
    return answer(catalog(*context).drop_table(request->database(), request->table()));
  }
  Status ListPartitions(ServerContext* context, const PartitionQuery* request, Partitions* response) override {
    return answer_list(catalog(*context).list_partitions(request->database(), request->table(), request->expression()),
                       [&] { return response->add_partitions(); });
  }
  Status PutPartitions(ServerContext* context, const Partitions* request, Nothing*) override {
    std::vector<engine::CatalogPartition> partitions;
    for (const auto& message : request->partitions()) partitions.push_back(read(message));
    return answer(catalog(*context).put_partitions(request->database(), request->table(), std::move(partitions)));
  }
  Status DropPartitions(ServerContext* context, const Partitions* request, Nothing*) override {
    std::vector<std::vector<std::string>> values;
    for (const auto& message : request->partitions()) values.push_back(read(message).values);
    return answer(catalog(*context).drop_partitions(request->database(), request->table(), values));
  }

  // Lineage
  Status RecordLineage(ServerContext* context, const LineageReport* request, Nothing*) override {
    if (take_lineage_) take_lineage_(ticket_of(*context), request->report());
    return Status::OK;
  }

 private:
  /// Lives as long as the call.
  static std::string_view ticket_of(const ServerContext& context) {
    const auto& sent = context.client_metadata();
    const auto found = sent.find(grpc::string_ref(ticket_key.data(), ticket_key.size()));
    return found == sent.end() ? std::string_view{} : std::string_view(found->second.data(), found->second.size());
  }
  [[nodiscard]] GuardedObjects objects(const ServerContext& context) const {
    return {*stores_.objects, permit_, ticket_of(context)};
  }
  [[nodiscard]] GuardedItems items(const ServerContext& context) const { return {*stores_.items, permit_, ticket_of(context)}; }
  [[nodiscard]] GuardedCatalog catalog(const ServerContext& context) const {
    return {*stores_.catalog, permit_, ticket_of(context)};
  }

  engine::Stores stores_;
  Permit permit_;
  TakeLineage take_lineage_;
};

}  // namespace

struct Server::State {
  State(engine::Stores stores, Permit permit, TakeLineage take_lineage)
      : service(std::move(stores), std::move(permit), std::move(take_lineage)) {}
  Service service;
  std::unique_ptr<grpc::Server> server;
};

Server::Server() = default;
Server::~Server() {
  if (state_ && state_->server) state_->server->Shutdown(std::chrono::system_clock::now() + shutdown_grace);
}

Result<std::unique_ptr<Server>> Server::listen(const std::filesystem::path& socket, engine::Stores stores, Permit permit,
                                               TakeLineage take_lineage) {
  std::unique_ptr<Server> server(new Server);
  server->state_ = std::make_unique<State>(std::move(stores), std::move(permit), std::move(take_lineage));
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
