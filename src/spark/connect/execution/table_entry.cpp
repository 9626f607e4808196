#include "spark/connect/execution/table_entry.h"

#include <algorithm>
#include <array>

#include "spark/connect/views.h"

namespace mastic::spark_connect {
namespace {

struct FormatClasses {
  std::string_view format;
  std::string_view input_format;
  std::string_view output_format;
  std::string_view serialization_library;
};

constexpr std::string_view text_input = "org.apache.hadoop.mapred.TextInputFormat";
constexpr std::string_view text_output = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat";

constexpr std::array formats{
    FormatClasses{"parquet", "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
                  "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
                  "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"},
    FormatClasses{"orc", "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat", "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
                  "org.apache.hadoop.hive.ql.io.orc.OrcSerde"},
    FormatClasses{"avro", "org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat",
                  "org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat",
                  "org.apache.hadoop.hive.serde2.avro.AvroSerDe"},
    FormatClasses{"csv", text_input, text_output, "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"},
    FormatClasses{"json", text_input, text_output, "org.openx.data.jsonserde.JsonSerDe"},
    FormatClasses{"text", text_input, text_output, "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"},
};

}  // namespace

engine::CatalogTable make_table_entry(const spark::WriteFiles& write, const std::string& location) {
  engine::CatalogTable table;
  table.database = write.database;
  table.name = write.table;
  table.table_type = "EXTERNAL_TABLE";
  table.location = location;
  const auto is_partition = [&](const std::string& name) {
    return std::ranges::any_of(write.partition_columns, [&](const auto& column) { return to_lower(column) == to_lower(name); });
  };
  for (const spark::Attribute& attribute : write.input->output) {
    (is_partition(attribute.name) ? table.partition_keys : table.columns)
        .push_back({.name = to_lower(attribute.name), .type = spark::simple_string(attribute.type), .comment = {}});
  }
  if (const auto* found = std::ranges::find(formats, write.format, &FormatClasses::format); found != formats.end()) {
    table.input_format = found->input_format;
    table.output_format = found->output_format;
    table.serialization_library = found->serialization_library;
  }
  table.parameters = {{"classification", write.format}, {"spark.sql.sources.provider", write.format}};
  if (write.format == "csv") {
    const auto separator = write.options.find("sep");
    table.serde_parameters["field.delim"] = separator == write.options.end() ? "," : separator->second;
    if (const auto header = write.options.find("header"); header != write.options.end() && header->second == "true") {
      table.parameters["skip.header.line.count"] = "1";
    }
  }
  return table;
}

std::string format_of(const engine::CatalogTable& table) {
  for (const char* key : {"spark.sql.sources.provider", "classification"}) {
    const auto found = table.parameters.find(key);
    if (found == table.parameters.end()) continue;
    const std::string format = to_lower(found->second);
    if (std::ranges::find(formats, format, &FormatClasses::format) != formats.end()) return format;
  }
  const auto* found = std::ranges::find(formats, table.serialization_library, &FormatClasses::serialization_library);
  return found == formats.end() ? std::string() : std::string(found->format);
}

std::vector<engine::CatalogPartition> written_partitions(const spark::WriteSummary& summary) {
  std::vector<engine::CatalogPartition> partitions;
  for (const auto& partition : summary.partitions) {
    partitions.push_back({.values = partition.values, .location = partition.location, .parameters = {}});
  }
  return partitions;
}

}  // namespace mastic::spark_connect
