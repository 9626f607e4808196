#include "glue/crawler/table_definition.h"

#include <algorithm>
#include <map>

#include "aws/json.h"

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

const wire::Column* find_key(const std::optional<wire::Table>& table, const std::string& name) {
  if (!table || !table->partition_keys) return nullptr;
  const auto found = std::ranges::find(*table->partition_keys, name, &wire::Column::name);
  return found == table->partition_keys->end() ? nullptr : &*found;
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

bool same_columns(const std::optional<std::vector<wire::Column>>& left, const std::optional<std::vector<wire::Column>>& right) {
  const auto same = [](const wire::Column& a, const wire::Column& b) { return a.name == b.name && a.type == b.type; };
  return std::ranges::equal(left.value_or(std::vector<wire::Column>{}), right.value_or(std::vector<wire::Column>{}), same);
}

std::string parameter(const std::optional<Parameters>& parameters, const std::string& name) {
  if (!parameters) return {};
  const auto found = parameters->find(name);
  return found == parameters->end() ? std::string() : found->second;
}

}  // namespace

bool same_place(std::string_view left, std::string_view right) {
  while (left.ends_with('/')) left.remove_suffix(1);
  while (right.ends_with('/')) right.remove_suffix(1);
  return left == right;
}

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

namespace {

/// What Glue writes of files on the table, on its storage descriptor, and on each partition and its own.
Parameters file_parameters(const Summary& summary, const std::string& crawler_name) {
  const auto average = summary.records == 0 ? 0 : summary.size_bytes / summary.records;
  Parameters parameters{{"CrawlerSchemaDeserializerVersion", "1.0"},
                        {"CrawlerSchemaSerializerVersion", "1.0"},
                        {"UPDATED_BY_CRAWLER", crawler_name},
                        {"averageRecordSize", std::to_string(average)},
                        {"classification", summary.like->classification},
                        {"compressionType", summary.like->compression},
                        {"objectCount", std::to_string(summary.objects)},
                        {"recordCount", std::to_string(summary.records)},
                        {"sizeKey", std::to_string(summary.size_bytes)},
                        {"typeOfData", "file"}};
  for (const auto& [name, value] : summary.like->table_parameters) parameters.insert_or_assign(name, value);
  return parameters;
}

/// Readers that take columns by their place cannot do without one; the others find them by name.
bool reads_by_place(const classify::Inspection& like) {
  return like.classification == "csv" || like.table_parameters.contains("grokPattern");
}

/// A name may not stand twice: where a file holds a column of the name of a partition key, the key's value counts. Files
/// that are read by place keep theirs, and the key gets another name.
std::vector<std::string> settle_names(const FoundTable& found, classify::Schema& columns) {
  auto keys = found.partition_keys;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto clash = std::ranges::find(columns, keys[i], &classify::Field::name);
    if (clash == columns.end()) continue;
    if (reads_by_place(*found.summary.like)) {
      keys[i] = "partition_" + std::to_string(i);
    } else {
      columns.erase(clash);
    }
  }
  return keys;
}

std::vector<wire::Column> columns_of(const classify::Schema& schema, const std::optional<wire::Table>& existing,
                                     bool keeps_existing) {
  std::vector<wire::Column> columns;
  if (keeps_existing && existing && existing->storage_descriptor && existing->storage_descriptor->columns)
    columns = *existing->storage_descriptor->columns;
  const auto kept = columns.size();
  std::map<std::string_view, const wire::Column*> known;
  if (existing && existing->storage_descriptor && existing->storage_descriptor->columns) {
    for (const auto& column : *existing->storage_descriptor->columns) known.emplace(column.name, &column);
  }
  for (const auto& field : schema) {
    const auto before = known.find(field.name);
    if (kept > 0 && before != known.end()) continue;
    wire::Column column;
    column.name = field.name;
    column.type = classify::catalog_text(field.type);
    if (before != known.end()) {
      column.comment = before->second->comment;
      column.parameters = before->second->parameters;
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

void set_format(wire::StorageDescriptor& storage, const classify::Inspection& like) {
  const auto given = [](const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); };
  storage.input_format = given(like.input_format);
  storage.output_format = given(like.output_format);
  storage.compressed = like.compression != "none";
  if (!storage.number_of_buckets) storage.number_of_buckets = -1;
  if (!storage.bucket_columns) storage.bucket_columns.emplace();
  if (!storage.sort_columns) storage.sort_columns.emplace();
  if (!storage.stored_as_sub_directories) storage.stored_as_sub_directories = false;
  if (!storage.serde_info) storage.serde_info.emplace();
  storage.serde_info->serialization_library = given(like.serialization_library);
  storage.serde_info->parameters = like.serde_parameters;
}

/// JSON's `paths` are all columns, as the files spell them.
void set_paths(wire::StorageDescriptor& storage, const Summary& summary) {
  if (!storage.serde_info || !storage.serde_info->parameters || !storage.serde_info->parameters->contains("paths")) return;
  std::string paths;
  for (const auto& column : storage.columns.value_or(std::vector<wire::Column>{})) {
    const auto spelled = summary.spellings.find(column.name);
    if (!paths.empty()) paths += ',';
    paths += spelled == summary.spellings.end() ? column.name : spelled->second;
  }
  storage.serde_info->parameters->insert_or_assign("paths", paths);
}

}  // namespace

wire::TableInput table_input(const FoundFiles& files, const std::string& crawler_name, const Configuration& configuration,
                             const std::optional<wire::Table>& existing) {
  auto input = existing ? unchanged_input(*existing) : wire::TableInput{};
  const auto& summary = files.found.summary;
  input.name = files.name;
  if (!input.owner) input.owner = "owner";
  if (!input.table_type) input.table_type = "EXTERNAL_TABLE";
  if (!input.retention) input.retention = 0;
  if (!input.storage_descriptor) input.storage_descriptor.emplace();
  auto schema = summary.columns;
  const auto keys = settle_names(files.found, schema);
  std::vector<wire::Column> partition_keys;
  for (const auto& key : keys) {
    const auto* before = find_key(existing, key);
    if (before != nullptr) {
      partition_keys.push_back(*before);  // its type may be edited by hand
    } else {
      partition_keys.emplace_back().name = key;
      partition_keys.back().type = "string";
    }
  }
  input.partition_keys = std::move(partition_keys);
  auto& storage = *input.storage_descriptor;
  storage.columns = columns_of(schema, existing, configuration.merges_new_columns);
  storage.location = files.location;
  // Where columns are only added, how they are read is left alone too.
  if (!configuration.merges_new_columns || !existing) set_format(storage, *summary.like);
  set_paths(storage, summary);
  auto parameters = file_parameters(summary, crawler_name);
  storage.parameters = over(storage.parameters, parameters);
  if (configuration.creates_partition_index && !keys.empty()) parameters["partition_filtering.enabled"] = "true";
  input.parameters = over(input.parameters, parameters);
  if (!parameters.contains("skip.header.line.count")) {
    storage.parameters->erase("skip.header.line.count");
    input.parameters->erase("skip.header.line.count");
  }
  return input;
}

wire::PartitionInput partition_input(const FoundPartition& partition, std::string_view location, const wire::TableInput& table,
                                     const std::string& crawler_name, const Configuration& configuration) {
  wire::PartitionInput input;
  input.values = partition.values;
  const auto parameters = file_parameters(partition.summary, crawler_name);
  if (configuration.partitions_inherit) {
    input.storage_descriptor = table.storage_descriptor;
  } else {
    auto& storage = input.storage_descriptor.emplace();
    auto schema = partition.summary.columns;
    for (const auto& key : table.partition_keys.value_or(std::vector<wire::Column>{}))
      std::erase_if(schema, [&](const classify::Field& field) { return field.name == key.name; });
    storage.columns = columns_of(schema, std::nullopt, false);
    set_format(storage, *partition.summary.like);
    set_paths(storage, partition.summary);
    storage.parameters = parameters;
  }
  input.storage_descriptor->location = std::string(location);
  input.parameters = parameters;
  return input;
}

wire::PartitionInput unchanged_input(const wire::Partition& partition) {
  wire::PartitionInput input;
  input.values = partition.values;
  input.last_access_time = partition.last_access_time;
  input.storage_descriptor = partition.storage_descriptor;
  input.parameters = partition.parameters;
  input.last_analyzed_time = partition.last_analyzed_time;
  return input;
}

bool differs(const wire::Partition& existing, const wire::PartitionInput& input) {
  return aws::to_json(unchanged_input(existing)) != aws::to_json(input);
}

bool schema_changed(const wire::Table& existing, const wire::TableInput& input) {
  if (!existing.storage_descriptor) return true;
  const auto& before = *existing.storage_descriptor;
  const auto& after = *input.storage_descriptor;
  if (!same_place(before.location.value_or(""), after.location.value_or(""))) return true;
  if (before.input_format != after.input_format || before.output_format != after.output_format) return true;
  const auto library = [](const wire::StorageDescriptor& storage) {
    return storage.serde_info ? storage.serde_info->serialization_library.value_or("") : std::string();
  };
  if (library(before) != library(after)) return true;
  if (parameter(existing.parameters, "classification") != parameter(input.parameters, "classification")) return true;
  return !same_columns(before.columns, after.columns) || !same_columns(existing.partition_keys, input.partition_keys);
}

}  // namespace mastic::glue::crawler
