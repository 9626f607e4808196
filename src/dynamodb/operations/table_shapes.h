// Table definitions between the wire and the store.
#pragma once

#include <string>
#include <vector>

#include "dynamodb/operations/operations.h"

namespace mastic::dynamodb {

/// What DescribeTable shows; `status` is ACTIVE, or DELETING in the answer of DeleteTable.
wire::TableDescription describe(Store& store, const TablePtr& table, std::string status = "ACTIVE");

/// AttributeDefinitions: each name once.
Result<std::vector<KeyAttribute>> read_attributes(const std::vector<wire::AttributeDefinition>& attributes);

/// A key schema whose attributes are defined.
Result<KeySchema> read_keys(const std::vector<wire::KeySchemaElement>& schema, const std::vector<KeyAttribute>& attributes);

/// An index's Projection into the index.
Result<void> read_projection(const wire::Projection& projection, Index& index);

/// ProvisionedThroughput as the billing mode demands it: there when provisioned, absent when on demand. `of` names the index,
/// or is empty for the table.
Result<Throughput> read_throughput(const std::optional<wire::ProvisionedThroughput>& throughput, bool on_demand,
                                   const std::string& of);

/// A global index, as CreateTable and UpdateTable give it.
template <typename Given>
Result<Index> read_global_index(const Given& given, const std::vector<KeyAttribute>& attributes, bool on_demand) {
  Index index{.name = given.index_name, .global = true};
  TRY(keys, read_keys(given.key_schema, attributes));
  index.keys = std::move(keys);
  TRY_DO(read_projection(given.projection, index));
  TRY(throughput, read_throughput(given.provisioned_throughput, on_demand, given.index_name));
  index.throughput = throughput;
  return index;
}

/// Every attribute defined is a key of the table or of an index.
Result<void> check_attributes_used(const TableDefinition& definition);

}  // namespace mastic::dynamodb
