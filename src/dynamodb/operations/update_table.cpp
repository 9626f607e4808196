#include <algorithm>

#include "dynamodb/errors.h"
#include "dynamodb/operations/table_lookup.h"
#include "dynamodb/operations/table_shapes.h"

namespace mastic::dynamodb {
namespace {

Result<void> check_supported(const wire::UpdateTableRequest& request) {
  if (request.stream_specification && request.stream_specification->stream_enabled)
    return fail(errors::not_supported("StreamSpecification with StreamEnabled"));
  if (request.sse_specification && request.sse_specification->enabled.value_or(false))
    return fail(errors::not_supported("SSESpecification with Enabled"));
  if (request.replica_updates) return fail(errors::not_supported("ReplicaUpdates"));
  if (request.global_table_witness_updates) return fail(errors::not_supported("GlobalTableWitnessUpdates"));
  if (request.vector_index_updates) return fail(errors::not_supported("VectorIndexUpdates"));
  return {};
}

Result<void> change_index(const wire::GlobalSecondaryIndexUpdate& update, TableDefinition& definition) {
  if (update.create) {
    if (definition.find_index(update.create->index_name))
      return fail(errors::validation("Attempting to create an index which already exists"));
    TRY(index, read_global_index(*update.create, definition.attributes, definition.on_demand));
    definition.indexes.push_back(std::move(index));
    return {};
  }
  const auto& name = update.update ? update.update->index_name : update.delete_ ? update.delete_->index_name : std::string();
  const auto at =
      std::ranges::find_if(definition.indexes, [&](const auto& index) { return index.global && index.name == name; });
  if (at == definition.indexes.end())
    return fail(Error{"ResourceNotFoundException", "Requested resource not found: Index: " + name + " not found"});
  if (update.delete_) {
    definition.indexes.erase(at);
    return {};
  }
  if (update.update->provisioned_throughput) {
    TRY(throughput, read_throughput(update.update->provisioned_throughput, definition.on_demand, name));
    at->throughput = throughput;
  }
  return {};
}

Result<void> change(const wire::UpdateTableRequest& request, TableDefinition& definition) {
  if (request.billing_mode) definition.on_demand = *request.billing_mode == "PAY_PER_REQUEST";
  if (request.provisioned_throughput || request.billing_mode) {
    TRY(throughput, read_throughput(request.provisioned_throughput, definition.on_demand, ""));
    definition.throughput = throughput;
  }
  if (request.deletion_protection_enabled) definition.deletion_protection = *request.deletion_protection_enabled;
  if (request.table_class) definition.table_class = *request.table_class;
  for (const auto& [name, type] : request.attribute_definitions.value_or(std::vector<wire::AttributeDefinition>())) {
    TRY(read, read_attributes({{name, type}}));
    const auto known = std::ranges::find(definition.attributes, name, &KeyAttribute::name);
    if (known == definition.attributes.end())
      definition.attributes.push_back(read.front());
    else if (known->type != read.front().type)
      return fail(errors::invalid_parameter("Attribute " + name + " is defined with another type already"));
  }
  for (const auto& update : request.global_secondary_index_updates.value_or(std::vector<wire::GlobalSecondaryIndexUpdate>()))
    TRY_DO(change_index(update, definition));
  // What no key uses any more is not defined any more.
  std::erase_if(definition.attributes, [&](const KeyAttribute& attribute) {
    const auto uses = [&](const KeySchema& keys) {
      return keys.partition.name == attribute.name || (keys.sort && keys.sort->name == attribute.name);
    };
    return !uses(definition.keys) &&
           std::ranges::none_of(definition.indexes, [&](const auto& index) { return uses(index.keys); });
  });
  return {};
}

}  // namespace

Result<wire::UpdateTableResponse> update_table(const wire::UpdateTableRequest& request, Environment& environment,
                                               const aws::CallContext&) {
  TRY(name, table_name_of(request.table_name));
  TRY_DO(check_supported(request));
  const auto table = environment.store.find_table(name);
  if (!table) return fail(errors::table_not_found(name));
  TRY_DO(environment.store.change_table(table, [&](TableDefinition& definition) { return change(request, definition); }));
  return wire::UpdateTableResponse{.table_description = describe(environment.store, table)};
}

}  // namespace mastic::dynamodb
