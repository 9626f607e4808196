#include <set>

#include "base/identifiers.h"
#include "dynamodb/errors.h"
#include "dynamodb/operations/table_lookup.h"
#include "dynamodb/operations/table_shapes.h"

namespace mastic::dynamodb {
namespace {

constexpr std::size_t local_indexes_max = 5;
constexpr std::size_t global_indexes_max = 20;

Result<void> check_supported(const wire::CreateTableRequest& request) {
  if (request.stream_specification && request.stream_specification->stream_enabled)
    return fail(errors::not_supported("StreamSpecification with StreamEnabled"));
  if (request.sse_specification && request.sse_specification->enabled.value_or(false))
    return fail(errors::not_supported("SSESpecification with Enabled"));
  if (request.resource_policy) return fail(errors::not_supported("ResourcePolicy"));
  if (request.global_table_source_arn) return fail(errors::not_supported("GlobalTableSourceArn"));
  if (request.vector_indexes) return fail(errors::not_supported("VectorIndexes"));
  return {};
}

Result<void> read_local_indexes(const std::vector<wire::LocalSecondaryIndex>& given, TableDefinition& definition) {
  if (given.empty()) return fail(errors::invalid_parameter("List of LocalSecondaryIndexes is empty"));
  if (!definition.keys.sort)
    return fail(errors::invalid_parameter(
        "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex"));
  for (const auto& one : given) {
    Index index{.name = one.index_name, .global = false};
    TRY(keys, read_keys(one.key_schema, definition.attributes));
    index.keys = std::move(keys);
    if (!index.keys.sort)
      return fail(errors::invalid_parameter("Index KeySchema does not have a range key for index: " + index.name));
    if (index.keys.partition.name != definition.keys.partition.name)
      return fail(errors::invalid_parameter(
          "Index KeySchema does not have the same leading hash key as table KeySchema for index: " + index.name +
          ". index hash key: " + index.keys.partition.name + ", table hash key: " + definition.keys.partition.name));
    TRY_DO(read_projection(one.projection, index));
    definition.indexes.push_back(std::move(index));
  }
  if (given.size() > local_indexes_max)
    return fail(errors::invalid_parameter("Number of LocalSecondaryIndexes exceeds per-table limit of 5"));
  return {};
}

Result<void> read_global_indexes(const std::vector<wire::GlobalSecondaryIndex>& given, TableDefinition& definition) {
  if (given.empty()) return fail(errors::invalid_parameter("List of GlobalSecondaryIndexes is empty"));
  for (const auto& one : given) {
    TRY(index, read_global_index(one, definition.attributes, definition.on_demand));
    definition.indexes.push_back(std::move(index));
  }
  if (given.size() > global_indexes_max)
    return fail(errors::invalid_parameter("GlobalSecondaryIndex count exceeds the per-table limit of 20"));
  return {};
}

Result<void> check_index_names(const TableDefinition& definition) {
  std::set<std::string_view> names;
  for (const auto& index : definition.indexes)
    if (!names.insert(index.name).second) return fail(errors::invalid_parameter("Duplicate index name: " + index.name));
  return {};
}

}  // namespace

// The table is ACTIVE at once: there is nothing to wait for.
Result<wire::CreateTableResponse> create_table(const wire::CreateTableRequest& request, Environment& environment,
                                               const aws::CallContext& context) {
  TRY(name, table_name_of(request.table_name));
  TRY_DO(check_supported(request));
  if (!request.attribute_definitions || !request.key_schema)
    return fail(errors::validation(std::string("1 validation error detected: Value null at '") +
                                   (request.key_schema ? "attributeDefinitions" : "keySchema") +
                                   "' failed to satisfy constraint: Member must not be null"));
  TableDefinition definition{.name = name, .id = random_uuid(), .region = context.region};
  definition.on_demand = request.billing_mode == "PAY_PER_REQUEST";
  TRY(throughput, read_throughput(request.provisioned_throughput, definition.on_demand, ""));
  definition.throughput = throughput;
  TRY(attributes, read_attributes(*request.attribute_definitions));
  definition.attributes = std::move(attributes);
  TRY(keys, read_keys(*request.key_schema, definition.attributes));
  definition.keys = std::move(keys);
  if (request.local_secondary_indexes) TRY_DO(read_local_indexes(*request.local_secondary_indexes, definition));
  if (request.global_secondary_indexes) TRY_DO(read_global_indexes(*request.global_secondary_indexes, definition));
  TRY_DO(check_index_names(definition));
  TRY_DO(check_attributes_used(definition));
  definition.deletion_protection = request.deletion_protection_enabled.value_or(false);
  definition.table_class = request.table_class.value_or("");
  definition.created = environment.clock.now();
  for (const auto& [key, value] : request.tags.value_or(std::vector<wire::Tag>())) definition.tags[key] = value;

  TRY(table, environment.store.create_table(std::move(definition)));
  return wire::CreateTableResponse{.table_description = describe(environment.store, table)};
}

}  // namespace mastic::dynamodb
