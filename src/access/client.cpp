// engine/stores.h on the engine's side of the socket.
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <chrono>

#include "access/access.h"
#include "access/conversions.h"
#include "lineage/sink.h"
#include "stores.grpc.pb.h"

namespace mastic::access {
namespace {

constexpr std::chrono::seconds connect_limit{10};

/// The stub with what every call does.
class Caller {
 public:
  Caller(std::shared_ptr<Stores::Stub> stub, std::string ticket) : stub_(std::move(stub)), ticket_(std::move(ticket)) {}

  template <typename Request, typename Response>
  Result<Response> call(grpc::Status (Stores::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                        const Request& request) const {
    grpc::ClientContext context;
    if (!ticket_.empty()) context.AddMetadata(std::string(ticket_key), ticket_);
    Response response;
    const auto status = ((*stub_).*method)(&context, request, &response);
    if (!status.ok()) return fail(to_error(status));
    return response;
  }

  /// Each message of a stream, until `receive` returns false.
  template <typename Request, typename Part>
  Result<void> stream(std::unique_ptr<grpc::ClientReader<Part>> (Stores::Stub::*method)(grpc::ClientContext*, const Request&),
                      const Request& request, const std::function<bool(const Part&)>& receive) const {
    grpc::ClientContext context;
    if (!ticket_.empty()) context.AddMetadata(std::string(ticket_key), ticket_);
    const auto reader = ((*stub_).*method)(&context, request);
    Part part;
    bool stopped = false;
    while (reader->Read(&part)) {
      if (stopped || receive(part)) continue;
      stopped = true;
      context.TryCancel();
    }
    const auto status = reader->Finish();
    if (!stopped && !status.ok()) return fail(to_error(status));
    return {};
  }

 private:
  std::shared_ptr<Stores::Stub> stub_;
  std::string ticket_;
};

Result<void> done(const Result<Nothing>& answer) {
  if (!answer) return fail(Error(answer.error()));
  return {};
}

template <typename Value, typename Messages>
std::vector<Value> read_all(const Messages& messages) {
  std::vector<Value> values;
  for (const auto& message : messages) values.push_back(read(message));
  return values;
}

template <typename Value, typename Messages>
std::optional<Value> read_one(const Messages& messages) {
  if (messages.empty()) return std::nullopt;
  return read(messages[0]);
}

class RemoteObjects final : public engine::ObjectStore {
 public:
  explicit RemoteObjects(Caller caller) : caller_(std::move(caller)) {}

  Result<bool> bucket_exists(std::string_view bucket) override {
    Bucket request;
    request.set_name(std::string(bucket));
    TRY(flag, caller_.call(&Stores::Stub::BucketExists, request));
    return flag.value();
  }
  Result<std::vector<engine::ObjectInfo>> list(std::string_view bucket, std::string_view prefix) override {
    std::vector<engine::ObjectInfo> objects;
    TRY_DO(caller_.stream<ObjectQuery, Objects>(&Stores::Stub::ListObjects, query(bucket, prefix), [&](const Objects& part) {
      for (const auto& message : part.objects()) objects.push_back(read(message));
      return true;
    }));
    return objects;
  }
  Result<std::optional<engine::ObjectInfo>> find(std::string_view bucket, std::string_view key) override {
    TRY(found, caller_.call(&Stores::Stub::FindObject, query(bucket, key)));
    return read_one<engine::ObjectInfo>(found.objects());
  }
  Result<std::string> new_file() override {
    TRY(path, caller_.call(&Stores::Stub::NewFile, Nothing{}));
    return path.path();
  }
  Result<void> commit(std::string_view bucket, std::vector<engine::NewObject> added,
                      std::vector<std::string> removed_keys) override {
    Commit request;
    request.set_bucket(std::string(bucket));
    for (const auto& object : added) write(object, *request.add_added());
    for (auto& key : removed_keys) request.add_removed_keys(std::move(key));
    return done(caller_.call(&Stores::Stub::CommitObjects, request));
  }

 private:
  static ObjectQuery query(std::string_view bucket, std::string_view key) {
    ObjectQuery request;
    request.set_bucket(std::string(bucket));
    request.set_key(std::string(key));
    return request;
  }
  Caller caller_;
};

class RemoteItems final : public engine::ItemStore {
 public:
  explicit RemoteItems(Caller caller) : caller_(std::move(caller)) {}

  Result<std::optional<engine::ItemTable>> find_table(std::string_view name) override {
    TableName request;
    request.set_name(std::string(name));
    TRY(found, caller_.call(&Stores::Stub::FindItemTable, request));
    if (!found.has_table()) return std::optional<engine::ItemTable>{};
    return std::optional(read(found.table()));
  }
  Result<void> scan(std::string_view table, uint32_t segment, uint32_t segments, const std::vector<std::string>& attributes,
                    const std::vector<engine::ItemCondition>& conditions,
                    const std::function<bool(std::string_view batch)>& receive) override {
    Scan request;
    request.set_table(std::string(table));
    request.set_segment(segment);
    request.set_segments(segments);
    for (const auto& attribute : attributes) request.add_attributes(attribute);
    for (const auto& condition : conditions) write(condition, *request.add_conditions());
    return caller_.stream<Scan, Batch>(&Stores::Stub::ScanItems, request,
                                       [&](const Batch& batch) { return receive(batch.items()); });
  }
  Result<void> put(std::string_view table, std::string_view batch) override {
    Put request;
    request.set_table(std::string(table));
    request.set_items(std::string(batch));
    return done(caller_.call(&Stores::Stub::PutItems, request));
  }

 private:
  Caller caller_;
};

class RemoteCatalog final : public engine::Catalog {
 public:
  explicit RemoteCatalog(Caller caller) : caller_(std::move(caller)) {}

  Result<std::vector<engine::CatalogDatabase>> list_databases() override {
    TRY(found, caller_.call(&Stores::Stub::ListDatabases, Nothing{}));
    return read_all<engine::CatalogDatabase>(found.databases());
  }
  Result<std::optional<engine::CatalogDatabase>> find_database(std::string_view name) override {
    TRY(found, caller_.call(&Stores::Stub::FindDatabase, named(name)));
    return read_one<engine::CatalogDatabase>(found.databases());
  }
  Result<void> create_database(const engine::CatalogDatabase& database) override {
    Database request;
    write(database, request);
    return done(caller_.call(&Stores::Stub::CreateDatabase, request));
  }
  Result<void> drop_database(std::string_view name) override {
    return done(caller_.call(&Stores::Stub::DropDatabase, named(name)));
  }
  Result<std::vector<engine::CatalogTable>> list_tables(std::string_view database) override {
    TRY(found, caller_.call(&Stores::Stub::ListTables, named(database)));
    return read_all<engine::CatalogTable>(found.tables());
  }
  Result<std::optional<engine::CatalogTable>> find_table(std::string_view database, std::string_view name) override {
    TRY(found, caller_.call(&Stores::Stub::FindTable, named(database, name)));
    return read_one<engine::CatalogTable>(found.tables());
  }
  Result<void> create_table(const engine::CatalogTable& table) override {
    Table request;
    write(table, request);
    return done(caller_.call(&Stores::Stub::CreateTable, request));
  }
  Result<void> update_table(const engine::CatalogTable& table) override {
    Table request;
    write(table, request);
    return done(caller_.call(&Stores::Stub::UpdateTable, request));
  }
  Result<void> drop_table(std::string_view database, std::string_view name) override {
    return done(caller_.call(&Stores::Stub::DropTable, named(database, name)));
  }
  Result<std::vector<engine::CatalogPartition>> list_partitions(std::string_view database, std::string_view table,
                                                                std::string_view expression) override {
    PartitionQuery request;
    request.set_database(std::string(database));
    request.set_table(std::string(table));
    request.set_expression(std::string(expression));
    TRY(found, caller_.call(&Stores::Stub::ListPartitions, request));
    return read_all<engine::CatalogPartition>(found.partitions());
  }
  Result<void> put_partitions(std::string_view database, std::string_view table,
                              std::vector<engine::CatalogPartition> partitions) override {
    auto request = partitions_of(database, table);
    for (const auto& partition : partitions) write(partition, *request.add_partitions());
    return done(caller_.call(&Stores::Stub::PutPartitions, request));
  }
  Result<void> drop_partitions(std::string_view database, std::string_view table,
                               const std::vector<std::vector<std::string>>& values) override {
    auto request = partitions_of(database, table);
    for (const auto& of_one : values) write(engine::CatalogPartition{of_one, "", {}}, *request.add_partitions());
    return done(caller_.call(&Stores::Stub::DropPartitions, request));
  }

 private:
  static CatalogName named(std::string_view database, std::string_view table = "") {
    CatalogName request;
    request.set_database(std::string(database));
    request.set_table(std::string(table));
    return request;
  }
  static Partitions partitions_of(std::string_view database, std::string_view table) {
    Partitions request;
    request.set_database(std::string(database));
    request.set_table(std::string(table));
    return request;
  }
  Caller caller_;
};

class RemoteLineage final : public lineage::Sink {
 public:
  explicit RemoteLineage(Caller caller) : caller_(std::move(caller)) {}
  Result<void> record(const std::string& report) override {
    LineageReport request;
    request.set_report(report);
    return done(caller_.call(&Stores::Stub::RecordLineage, request));
  }

 private:
  Caller caller_;
};

Result<Caller> call_through(const std::filesystem::path& socket, const std::string& ticket) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetMaxSendMessageSize(-1);
  const auto channel = grpc::CreateCustomChannel("unix:" + std::filesystem::absolute(socket).string(),
                                                 grpc::InsecureChannelCredentials(), arguments);
  if (!channel->WaitForConnected(std::chrono::system_clock::now() + connect_limit)) {
    return fail(Error::io("reaching the stores", "nobody answers at " + socket.string()));
  }
  return Caller(Stores::NewStub(channel), ticket);
}

}  // namespace

Result<std::shared_ptr<lineage::Sink>> connect_lineage(const std::filesystem::path& socket, const std::string& ticket) {
  TRY(caller, call_through(socket, ticket));
  return std::make_shared<RemoteLineage>(caller);
}

Result<engine::Stores> connect(const std::filesystem::path& socket, const std::string& ticket) {
  TRY(caller, call_through(socket, ticket));
  return engine::Stores{std::make_shared<RemoteObjects>(caller), std::make_shared<RemoteItems>(caller),
                        std::make_shared<RemoteCatalog>(caller)};
}

}  // namespace mastic::access
