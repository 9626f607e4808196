#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "glue/codegen/python_text.h"
#include "glue/codegen/write_node.h"

namespace mastic::glue::codegen {
namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;
using PartitionKeys = std::optional<std::vector<std::vector<std::string>>>;

// What awsglue here writes files in.
constexpr auto written_formats = std::to_array<std::string_view>({"json", "csv", "avro", "orc", "parquet", "glueparquet"});

std::string keys_text(const PartitionKeys& keys) {
  std::vector<std::string> names;
  for (const auto& key : keys.value_or(std::vector<std::vector<std::string>>{})) names.push_back(field_path(key));
  return python_list(names);
}

/// The frame to write: with a number of partitions, in that many files.
std::string frame_in_partitions(const Node& node, const std::optional<std::string>& number, Writer& writer) {
  auto frame = writer.input(node);
  if (!number || number->empty()) return frame;
  int32_t count = 0;
  const auto [end, error] = std::from_chars(number->data(), number->data() + number->size(), count);
  if (error != std::errc{} || end != number->data() + number->size() || count < 0) {
    writer.wrong(node, fmt::format("NumberTargetPartitions is no number: {}", *number));
    return frame;
  }
  return count == 0 ? frame : fmt::format("{}.coalesce({})", frame, count);
}

struct Files {
  std::string path;
  std::string format;
  std::optional<std::string> compression;
  PartitionKeys partition_keys;
  std::optional<std::string> number_of_partitions;
  std::optional<wire::DirectSchemaChangePolicy> policy;
};

void write_with_catalog(const Node& node, const Files& files, const std::string& frame, Writer& writer) {
  const auto& policy = *files.policy;
  if (policy.database.value_or("").empty() || policy.table.value_or("").empty()) {
    writer.wrong(node, "To update the catalog, name the database and the table.");
  }
  std::string compression;
  if (files.compression && !files.compression->empty()) {
    compression = fmt::format("    compression={},\n", python_string(*files.compression));
  }
  writer.statement(node,
                   fmt::format("{0} = glueContext.getSink(\n"
                               "    path={1},\n"
                               "    connection_type=\"s3\",\n"
                               "    updateBehavior={2},\n"
                               "    partitionKeys={3},\n"
                               "{4}"
                               "    enableUpdateCatalog=True,\n"
                               "    transformation_ctx=\"{0}\",\n)",
                               node.variable, python_string(files.path), python_string(policy.update_behavior.value_or("LOG")),
                               keys_text(files.partition_keys), compression));
  writer.statement(node, fmt::format("{}.setCatalogInfo(catalogDatabase={}, catalogTableName={})", node.variable,
                                     python_string(policy.database.value_or("")), python_string(policy.table.value_or(""))));
  writer.statement(node, fmt::format("{}.setFormat({})", node.variable, python_string(files.format)));
  writer.statement(node, fmt::format("{}.writeFrame({})", node.variable, frame));
}

void write_files(const Node& node, const Files& files, Writer& writer) {
  if (files.path.empty()) writer.wrong(node, "Name a path to write to: s3://BUCKET/FOLDER/.");
  if (std::ranges::find(written_formats, files.format) == written_formats.end()) {
    writer.unsupported(node, fmt::format("Mastic does not write the format {}.", files.format));
  }
  const auto frame = frame_in_partitions(node, files.number_of_partitions, writer);
  if (files.policy && files.policy->enable_update_catalog.value_or(false)) {
    write_with_catalog(node, files, frame, writer);
    return;
  }
  Entries options{{"path", python_string(files.path)}, {"partitionKeys", keys_text(files.partition_keys)}};
  if (files.compression && !files.compression->empty()) options.emplace_back("compression", python_string(*files.compression));
  writer.statement(node, fmt::format("{0} = glueContext.write_dynamic_frame.from_options(\n"
                                     "    frame={1},\n"
                                     "    connection_type=\"s3\",\n"
                                     "    connection_options={2},\n"
                                     "    format={3},\n"
                                     "    transformation_ctx=\"{0}\",\n)",
                                     node.variable, frame, python_dictionary(options), python_string(files.format)));
}

void write_table(const Node& node, const std::string& database, const std::string& table, const Entries& options,
                 Writer& writer) {
  writer.statement(node, fmt::format("{0} = glueContext.write_dynamic_frame.from_catalog(\n"
                                     "    frame={1},\n"
                                     "    database={2},\n"
                                     "    table_name={3},\n"
                                     "    additional_options={4},\n"
                                     "    transformation_ctx=\"{0}\",\n)",
                                     node.variable, writer.input(node), python_string(database), python_string(table),
                                     python_dictionary(options)));
}

Entries table_options(const PartitionKeys& keys) {
  if (!keys || keys->empty()) return {};
  return {{"partitionKeys", keys_text(keys)}};
}

}  // namespace

void write_node(const Node& node, const wire::S3DirectTarget& target, Writer& writer) {
  write_files(node,
              {target.path, target.format, target.compression, target.partition_keys, target.number_target_partitions,
               target.schema_change_policy},
              writer);
}

void write_node(const Node& node, const wire::S3GlueParquetTarget& target, Writer& writer) {
  write_files(node,
              {target.path, "glueparquet", target.compression, target.partition_keys, target.number_target_partitions,
               target.schema_change_policy},
              writer);
}

void write_node(const Node& node, const wire::S3CatalogTarget& target, Writer& writer) {
  auto options = table_options(target.partition_keys);
  if (const auto& policy = target.schema_change_policy; policy && policy->enable_update_catalog.value_or(false)) {
    options.emplace_back("enableUpdateCatalog", python_boolean(true));
    options.emplace_back("updateBehavior", python_string(policy->update_behavior.value_or("LOG")));
  }
  write_table(node, target.database, target.table, options, writer);
}

void write_node(const Node& node, const wire::BasicCatalogTarget& target, Writer& writer) {
  write_table(node, target.database, target.table, table_options(target.partition_keys), writer);
}

}  // namespace mastic::glue::codegen
