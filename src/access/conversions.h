// Structures of engine/stores.h as messages and back.
#pragma once

#include <grpcpp/support/status.h>

#include "base/result.h"
#include "engine/stores.h"
#include "stores.pb.h"

namespace mastic::access {

/// The metadata of a call that carries its ticket.
inline constexpr std::string_view ticket_key = "mastic-ticket";

grpc::Status to_status(const Error& error);
Error to_error(const grpc::Status& status);

void write(const engine::ObjectInfo& object, Object& message);
engine::ObjectInfo read(const Object& message);
void write(const engine::NewObject& object, NewObject& message);
engine::NewObject read(const NewObject& message);

void write(const engine::ItemTable& table, ItemTable& message);
engine::ItemTable read(const ItemTable& message);
void write(const engine::ItemCondition& condition, ItemCondition& message);
engine::ItemCondition read(const ItemCondition& message);

void write(const engine::CatalogDatabase& database, Database& message);
engine::CatalogDatabase read(const Database& message);
void write(const engine::CatalogTable& table, Table& message);
engine::CatalogTable read(const Table& message);
void write(const engine::CatalogPartition& partition, Partition& message);
engine::CatalogPartition read(const Partition& message);

}  // namespace mastic::access
