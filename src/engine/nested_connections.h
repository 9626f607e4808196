// Connections that a running query has opened itself: an interrupt of the query must reach them too.
//
// Thread-safe.
#pragma once

#include <duckdb.hpp>
#include <duckdb/main/client_context_state.hpp>
#include <mutex>
#include <set>

#include "engine/engine.h"

namespace mastic::engine {

class NestedConnections final : public duckdb::ClientContextState {
 public:
  static void add(duckdb::ClientContext& parent, Connection* connection) {
    auto nested = of(parent);
    const std::scoped_lock lock(nested->mutex_);
    nested->connections_.insert(connection);
  }
  static void remove(duckdb::ClientContext& parent, Connection* connection) {
    auto nested = of(parent);
    const std::scoped_lock lock(nested->mutex_);
    nested->connections_.erase(connection);
  }
  static void interrupt(duckdb::ClientContext& parent) {
    auto nested = of(parent);
    const std::scoped_lock lock(nested->mutex_);
    for (auto* connection : nested->connections_) connection->interrupt();
  }

 private:
  static duckdb::shared_ptr<NestedConnections> of(duckdb::ClientContext& context) {
    return context.registered_state->GetOrCreate<NestedConnections>("mastic_nested_connections");
  }
  std::mutex mutex_;
  std::set<Connection*> connections_;
};

}  // namespace mastic::engine
