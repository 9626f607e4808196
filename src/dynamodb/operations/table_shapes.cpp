#include "dynamodb/operations/table_shapes.h"

#include <algorithm>
#include <set>

#include "dynamodb/errors.h"
#include "dynamodb/operations/table_lookup.h"

namespace mastic::dynamodb {
namespace {

std::vector<wire::KeySchemaElement> to_wire(const KeySchema& keys) {
  std::vector<wire::KeySchemaElement> schema{{.attribute_name = keys.partition.name, .key_type = "HASH"}};
  if (keys.sort) schema.push_back({.attribute_name = keys.sort->name, .key_type = "RANGE"});
  return schema;
}

wire::ProvisionedThroughputDescription to_wire(const Throughput& throughput) {
  return {.number_of_decreases_today = 0,
          .read_capacity_units = throughput.read_units,
          .write_capacity_units = throughput.write_units};
}

wire::Projection projection_of(const Index& index) {
  static constexpr std::string_view names[] = {"ALL", "KEYS_ONLY", "INCLUDE"};
  wire::Projection projection{.projection_type = std::string(names[static_cast<std::size_t>(index.projection)])};
  if (index.projection == Projection::include) projection.non_key_attributes = index.included;
  return projection;
}

/// What local and global index descriptions have in common.
template <typename Description>
Description describe_index(const Index& index, const TableDefinition& definition, const Statistics& statistics) {
  Description description;
  description.index_name = index.name;
  description.key_schema = to_wire(index.keys);
  description.projection = projection_of(index);
  description.index_size_bytes = static_cast<int64_t>(statistics.size_bytes);
  description.item_count = static_cast<int64_t>(statistics.item_count);
  description.index_arn = table_arn(definition) + "/index/" + index.name;
  return description;
}

std::string shown(const std::vector<std::string>& names) {
  std::string out = "[";
  for (const auto& name : names) out += (out.size() > 1 ? ", " : "") + name;
  return out + "]";
}

}  // namespace

wire::TableDescription describe(Store& store, const TablePtr& table, std::string status) {
  const auto definition = table->definition();
  const auto statistics = store.statistics(*table, definition->number);
  wire::TableDescription description;
  description.attribute_definitions.emplace();
  for (const auto& [name, type] : definition->attributes)
    description.attribute_definitions->push_back({.attribute_name = name, .attribute_type = std::string(type_name(type))});
  description.table_name = definition->name;
  description.key_schema = to_wire(definition->keys);
  description.table_status = std::move(status);
  description.creation_date_time = definition->created;
  description.provisioned_throughput = to_wire(definition->throughput);
  description.table_size_bytes = static_cast<int64_t>(statistics.size_bytes);
  description.item_count = static_cast<int64_t>(statistics.item_count);
  description.table_arn = table_arn(*definition);
  description.table_id = definition->id;
  if (definition->on_demand)
    description.billing_mode_summary = wire::BillingModeSummary{
        .billing_mode = "PAY_PER_REQUEST", .last_update_to_pay_per_request_date_time = definition->created};
  if (!definition->table_class.empty())
    description.table_class_summary = wire::TableClassSummary{.table_class = definition->table_class};
  description.deletion_protection_enabled = definition->deletion_protection;
  for (const auto& index : definition->indexes) {
    const auto counted = store.statistics(*table, index.number);
    if (index.global) {
      if (!description.global_secondary_indexes) description.global_secondary_indexes.emplace();
      auto& shape = description.global_secondary_indexes->emplace_back(
          describe_index<wire::GlobalSecondaryIndexDescription>(index, *definition, counted));
      shape.index_status = "ACTIVE";
      shape.provisioned_throughput = to_wire(index.throughput);
    } else {
      if (!description.local_secondary_indexes) description.local_secondary_indexes.emplace();
      description.local_secondary_indexes->push_back(
          describe_index<wire::LocalSecondaryIndexDescription>(index, *definition, counted));
    }
  }
  return description;
}

Result<std::vector<KeyAttribute>> read_attributes(const std::vector<wire::AttributeDefinition>& attributes) {
  std::vector<KeyAttribute> read;
  for (const auto& [name, type] : attributes) {
    if (std::ranges::any_of(read, [&](const auto& other) { return other.name == name; }))
      return fail(errors::invalid_parameter("Duplicate AttributeName in AttributeDefinitions: " + name));
    read.push_back({name, type == "N" ? Type::number : type == "B" ? Type::binary : Type::string});
  }
  return read;
}

Result<KeySchema> read_keys(const std::vector<wire::KeySchemaElement>& schema, const std::vector<KeyAttribute>& attributes) {
  std::vector<std::string> names;
  for (const auto& element : schema) names.push_back(element.attribute_name);
  std::vector<std::string> defined;
  for (const auto& attribute : attributes) defined.push_back(attribute.name);
  if (schema.size() > 2)
    return fail(errors::validation("1 validation error detected: Value '" + shown(names) +
                                   "' at 'keySchema' failed to satisfy "
                                   "constraint: Member must have length less than or equal to 2"));
  for (const auto& name : names)
    if (std::ranges::count(defined, name) == 0)
      return fail(errors::invalid_parameter("Some index key attributes are not defined in AttributeDefinitions. Keys: " +
                                            shown(names) + ", AttributeDefinitions: " + shown(defined)));
  if (names.size() == 2 && names[0] == names[1])
    return fail(errors::validation("Both the Hash Key and the Range Key element in the KeySchema have the same name"));
  if (schema[0].key_type != "HASH")
    return fail(errors::validation("Invalid KeySchema: The first KeySchemaElement is not a HASH key type"));
  if (schema.size() == 2 && schema[1].key_type != "RANGE")
    return fail(errors::validation("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"));
  const auto attribute = [&](const std::string& name) { return *std::ranges::find(attributes, name, &KeyAttribute::name); };
  KeySchema keys{.partition = attribute(names[0]), .sort = std::nullopt};
  if (names.size() == 2) keys.sort = attribute(names[1]);
  return keys;
}

Result<void> read_projection(const wire::Projection& projection, Index& index) {
  if (!projection.projection_type) return fail(errors::invalid_parameter("Unknown ProjectionType: null"));
  const auto& type = *projection.projection_type;
  if (projection.non_key_attributes && type != "INCLUDE")
    return fail(errors::invalid_parameter("ProjectionType is " + type + ", but NonKeyAttributes is specified"));
  if (type == "INCLUDE" && !projection.non_key_attributes)
    return fail(errors::invalid_parameter("ProjectionType is INCLUDE, but NonKeyAttributes is not specified"));
  index.projection = type == "ALL" ? Projection::all : type == "KEYS_ONLY" ? Projection::keys_only : Projection::include;
  if (projection.non_key_attributes) index.included = *projection.non_key_attributes;
  return {};
}

Result<Throughput> read_throughput(const std::optional<wire::ProvisionedThroughput>& throughput, bool on_demand,
                                   const std::string& of) {
  if (on_demand) {
    if (!throughput) return Throughput();
    if (of.empty())
      return fail(errors::invalid_parameter(
          "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"));
    return fail(errors::invalid_parameter("ProvisionedThroughput should not be specified for index: " + of +
                                          " when BillingMode is PAY_PER_REQUEST"));
  }
  if (!throughput) {
    if (of.empty())
      return fail(errors::invalid_parameter(
          "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"));
    return fail(errors::invalid_parameter("ProvisionedThroughput must be specified for index: " + of));
  }
  return Throughput{throughput->read_capacity_units, throughput->write_capacity_units};
}

Result<void> check_attributes_used(const TableDefinition& definition) {
  std::set<std::string> used;
  const auto use = [&](const KeySchema& keys) {
    used.insert(keys.partition.name);
    if (keys.sort) used.insert(keys.sort->name);
  };
  use(definition.keys);
  for (const auto& index : definition.indexes) use(index.keys);
  if (used.size() == definition.attributes.size()) return {};
  if (definition.indexes.empty())
    return fail(
        errors::invalid_parameter("Number of attributes in KeySchema does not exactly match number of attributes "
                                  "defined in AttributeDefinitions"));
  std::vector<std::string> defined;
  for (const auto& attribute : definition.attributes) defined.push_back(attribute.name);
  return fail(errors::invalid_parameter("Some AttributeDefinitions are not used. AttributeDefinitions: " + shown(defined) +
                                        ", keys used: " + shown({used.begin(), used.end()})));
}

}  // namespace mastic::dynamodb
