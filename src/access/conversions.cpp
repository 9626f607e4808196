#include "access/conversions.h"

namespace mastic::access {
namespace {

template <typename Map>
std::map<std::string, std::string> read_map(const Map& message) {
  return {message.begin(), message.end()};
}

template <typename Map>
void write_map(const std::map<std::string, std::string>& from, Map* into) {
  into->insert(from.begin(), from.end());
}

std::vector<engine::CatalogColumn> read_columns(const google::protobuf::RepeatedPtrField<Column>& messages) {
  std::vector<engine::CatalogColumn> columns;
  for (const auto& message : messages) columns.push_back({message.name(), message.type(), message.comment()});
  return columns;
}

void write_columns(const std::vector<engine::CatalogColumn>& columns, google::protobuf::RepeatedPtrField<Column>* into) {
  for (const auto& column : columns) {
    auto* message = into->Add();
    message->set_name(column.name);
    message->set_type(column.type);
    message->set_comment(column.comment);
  }
}

}  // namespace

grpc::Status to_status(const Error& error) {
  Failure failure;
  failure.set_code(error.code);
  failure.set_message(error.message);
  failure.set_http_status(error.http_status);
  return {grpc::StatusCode::FAILED_PRECONDITION, error.code, failure.SerializeAsString()};
}

Error to_error(const grpc::Status& status) {
  Failure failure;
  if (status.error_details().empty() || !failure.ParseFromString(status.error_details())) {
    return Error::internal("the server that owns the stores does not answer: " + status.error_message());
  }
  return {failure.code(), failure.message(), failure.http_status()};
}

void write(const engine::ObjectInfo& object, Object& message) {
  message.set_key(object.key);
  message.set_size_bytes(object.size_bytes);
  message.set_modified_microseconds(to_microseconds(object.modified));
  message.set_etag(object.etag);
  message.set_file(object.file);
  message.set_inlined(object.inlined);
}

engine::ObjectInfo read(const Object& message) {
  return {.key = message.key(),
          .size_bytes = message.size_bytes(),
          .modified = from_microseconds(message.modified_microseconds()),
          .etag = message.etag(),
          .file = message.file(),
          .inlined = message.inlined()};
}

void write(const engine::NewObject& object, NewObject& message) {
  message.set_key(object.key);
  message.set_file(object.file);
  message.set_size_bytes(object.size_bytes);
  message.set_content_type(object.content_type);
}

engine::NewObject read(const NewObject& message) {
  return {
      .key = message.key(), .file = message.file(), .size_bytes = message.size_bytes(), .content_type = message.content_type()};
}

void write(const engine::ItemTable& table, ItemTable& message) {
  message.set_name(table.name);
  for (const auto& attribute : table.key_attributes) message.add_key_attributes(attribute);
  write_map(table.key_attribute_types, message.mutable_key_attribute_types());
  message.set_item_count(table.item_count);
  message.set_size_bytes(table.size_bytes);
}

engine::ItemTable read(const ItemTable& message) {
  return {.name = message.name(),
          .key_attributes = {message.key_attributes().begin(), message.key_attributes().end()},
          .key_attribute_types = read_map(message.key_attribute_types()),
          .item_count = message.item_count(),
          .size_bytes = message.size_bytes()};
}

void write(const engine::ItemCondition& condition, ItemCondition& message) {
  message.set_attribute(condition.attribute);
  message.set_comparison(condition.comparison);
  message.set_type(condition.type);
  message.set_value(condition.value);
}

engine::ItemCondition read(const ItemCondition& message) {
  return {message.attribute(), message.comparison(), message.type(), message.value()};
}

void write(const engine::CatalogDatabase& database, Database& message) {
  message.set_name(database.name);
  message.set_description(database.description);
  message.set_location(database.location);
  write_map(database.parameters, message.mutable_parameters());
}

engine::CatalogDatabase read(const Database& message) {
  return {message.name(), message.description(), message.location(), read_map(message.parameters())};
}

void write(const engine::CatalogTable& table, Table& message) {
  message.set_database(table.database);
  message.set_name(table.name);
  message.set_table_type(table.table_type);
  message.set_description(table.description);
  message.set_owner(table.owner);
  write_columns(table.columns, message.mutable_columns());
  write_columns(table.partition_keys, message.mutable_partition_keys());
  message.set_location(table.location);
  message.set_input_format(table.input_format);
  message.set_output_format(table.output_format);
  message.set_serialization_library(table.serialization_library);
  write_map(table.serde_parameters, message.mutable_serde_parameters());
  write_map(table.parameters, message.mutable_parameters());
  message.set_view_text(table.view_text);
}

engine::CatalogTable read(const Table& message) {
  return {.database = message.database(),
          .name = message.name(),
          .table_type = message.table_type(),
          .description = message.description(),
          .owner = message.owner(),
          .columns = read_columns(message.columns()),
          .partition_keys = read_columns(message.partition_keys()),
          .location = message.location(),
          .input_format = message.input_format(),
          .output_format = message.output_format(),
          .serialization_library = message.serialization_library(),
          .serde_parameters = read_map(message.serde_parameters()),
          .parameters = read_map(message.parameters()),
          .view_text = message.view_text()};
}

void write(const engine::CatalogPartition& partition, Partition& message) {
  for (const auto& value : partition.values) message.add_values(value);
  message.set_location(partition.location);
  write_map(partition.parameters, message.mutable_parameters());
}

engine::CatalogPartition read(const Partition& message) {
  return {{message.values().begin(), message.values().end()}, message.location(), read_map(message.parameters())};
}

}  // namespace mastic::access
