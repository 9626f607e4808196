#include "glue/crawler/table_definition.h"

#include <algorithm>
#include <map>

namespace mastic::glue::crawler {
namespace {

using Parameters = std::map<std::string, std::string>;

/// Glue writes these on the table and on its storage descriptor alike.
Parameters crawler_parameters(const Finding& finding, const std::string& crawler_name) {
  const auto average = finding.record_count == 0 ? 0 : finding.size_bytes / finding.record_count;
  return {{"CrawlerSchemaDeserializerVersion", "1.0"},
          {"CrawlerSchemaSerializerVersion", "1.0"},
          {"UPDATED_BY_CRAWLER", crawler_name},
          {"averageRecordSize", std::to_string(average)},
          {"classification", "dynamodb"},
          {"hasEncryption", "false"},
          {"recordCount", std::to_string(finding.record_count)},
          {"sizeKey", std::to_string(finding.size_bytes)},
          {"typeOfData", "table"}};
}

Parameters over(const std::optional<Parameters>& existing, const Parameters& ours) {
  auto merged = existing.value_or(Parameters{});
  merged.erase("DEPRECATED_BY_CRAWLER");  // the source is back
  for (const auto& [name, value] : ours) merged.insert_or_assign(name, value);
  return merged;
}

const wire::Column* find_column(const std::optional<wire::Table>& table, const std::string& name) {
  if (!table || !table->storage_descriptor || !table->storage_descriptor->columns) return nullptr;
  const auto& columns = *table->storage_descriptor->columns;
  const auto found = std::ranges::find(columns, name, &wire::Column::name);
  return found == columns.end() ? nullptr : &*found;
}

std::vector<wire::Column> columns_of(const InferredSchema& schema, const std::optional<wire::Table>& existing) {
  std::vector<wire::Column> columns;
  for (const auto& [name, type] : schema.columns()) {
    wire::Column column;
    column.name = name;
    column.type = type.text();
    if (const auto* before = find_column(existing, name)) {
      column.comment = before->comment;
      column.parameters = before->parameters;
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

}  // namespace

wire::TableInput unchanged_input(const wire::Table& table) {
  wire::TableInput input;
  input.name = table.name;
  input.description = table.description;
  input.owner = table.owner;
  input.last_access_time = table.last_access_time;
  input.last_analyzed_time = table.last_analyzed_time;
  input.retention = table.retention;
  input.storage_descriptor = table.storage_descriptor;
  input.partition_keys = table.partition_keys;
  input.view_original_text = table.view_original_text;
  input.view_expanded_text = table.view_expanded_text;
  input.table_type = table.table_type;
  input.parameters = table.parameters;
  input.target_table = table.target_table;
  input.federated_table = table.federated_table;
  return input;
}

wire::TableInput table_input(const Finding& finding, const std::string& crawler_name,
                             const std::optional<wire::Table>& existing) {
  auto input = existing ? unchanged_input(*existing) : wire::TableInput{};
  input.name = finding.table_name;
  if (!input.owner) input.owner = "owner";
  if (!input.table_type) input.table_type = "EXTERNAL_TABLE";
  if (!input.storage_descriptor) {
    auto& storage = input.storage_descriptor.emplace();
    storage.compressed = false;
    storage.number_of_buckets = -1;
    storage.serde_info.emplace().parameters.emplace();
    storage.bucket_columns.emplace();
    storage.sort_columns.emplace();
    storage.stored_as_sub_directories = false;
  }
  const auto parameters = crawler_parameters(finding, crawler_name);
  auto& storage = *input.storage_descriptor;
  storage.columns = columns_of(finding.schema, existing);
  storage.location = finding.location;
  storage.parameters = over(storage.parameters, parameters);
  input.parameters = over(input.parameters, parameters);
  return input;
}

bool schema_changed(const wire::Table& existing, const wire::TableInput& input) {
  if (!existing.storage_descriptor) return true;
  const auto& before = *existing.storage_descriptor;
  const auto& after = *input.storage_descriptor;
  if (before.location != after.location) return true;
  const auto same = [](const wire::Column& a, const wire::Column& b) { return a.name == b.name && a.type == b.type; };
  return !before.columns || !std::ranges::equal(*before.columns, *after.columns, same);
}

}  // namespace mastic::glue::crawler
