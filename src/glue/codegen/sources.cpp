// Option names and values: "Connection types and options for ETL in AWS Glue" and "Data format options" of the AWS Glue
// Developer Guide.
#include <fmt/format.h>

#include <array>

#include "glue/codegen/python_text.h"
#include "glue/codegen/write_node.h"

namespace mastic::glue::codegen {
namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

constexpr auto separators = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"comma", ","}, {"ctrla", "\x01"}, {"pipe", "|"}, {"semicolon", ";"}, {"tab", "\t"}});

std::string separator_of(std::string_view name) {
  for (const auto& [each, text] : separators) {
    if (each == name) return std::string(text);
  }
  return ",";
}

// -1 switches quoting off.
std::string quote_of(std::string_view name) {
  if (name == "quillemet") return python_string("\u00ab");
  if (name == "single_quote") return python_string("'");
  if (name == "disabled") return "-1";
  return python_string("\"");
}

void add(Entries& entries, std::string key, const std::optional<std::string>& text) {
  if (text && !text->empty()) entries.emplace_back(std::move(key), python_string(*text));
}
void add(Entries& entries, std::string key, const std::optional<bool>& value) {
  if (value) entries.emplace_back(std::move(key), python_boolean(*value));
}
template <typename Number>
void add_number(Entries& entries, std::string key, const std::optional<Number>& value) {
  if (value) entries.emplace_back(std::move(key), fmt::format("{}", *value));
}

/// What the three sources of files have in common.
template <typename Source>
Entries connection_options(const Source& source) {
  Entries options{{"paths", python_list(source.paths)}};
  add(options, "recurse", source.recurse);
  if (source.exclusions && !source.exclusions->empty()) {
    // Glue takes the patterns as the text of a JSON list.
    options.emplace_back("exclusions", python_string(python_list(*source.exclusions)));
  }
  add(options, "compressionType", source.compression_type);
  add(options, "groupFiles", source.group_files);
  add(options, "groupSize", source.group_size);
  add_number(options, "maxBand", source.max_band);
  add_number(options, "maxFilesInBand", source.max_files_in_band);
  if (source.additional_options) {
    add_number(options, "boundedSize", source.additional_options->bounded_size);
    add_number(options, "boundedFiles", source.additional_options->bounded_files);
  }
  return options;
}

template <typename Source>
void write_files_source(const Node& node, const Source& source, std::string_view format, const Entries& format_options,
                        Writer& writer) {
  if (source.paths.empty()) writer.wrong(node, "Name a path to read: s3://BUCKET/FOLDER/.");
  writer.statement(node, fmt::format("{0} = glueContext.create_dynamic_frame.from_options(\n"
                                     "    connection_type=\"s3\",\n"
                                     "    connection_options={1},\n"
                                     "    format=\"{2}\",\n"
                                     "    format_options={3},\n"
                                     "    transformation_ctx=\"{0}\",\n)",
                                     node.variable, python_dictionary(connection_options(source)), format,
                                     python_dictionary(format_options)));
}

void write_catalog_source(const Node& node, const std::string& database, const std::string& table,
                          const std::optional<std::string>& predicate, const Entries& additional, Writer& writer) {
  std::string options;
  if (predicate && !predicate->empty()) options += fmt::format("    push_down_predicate={},\n", python_string(*predicate));
  if (!additional.empty()) options += fmt::format("    additional_options={},\n", python_dictionary(additional));
  writer.statement(node, fmt::format("{0} = glueContext.create_dynamic_frame.from_catalog(\n"
                                     "    database={1},\n"
                                     "    table_name={2},\n"
                                     "{3}"
                                     "    transformation_ctx=\"{0}\",\n)",
                                     node.variable, python_string(database), python_string(table), options));
}

}  // namespace

void write_node(const Node& node, const wire::S3CsvSource& source, Writer& writer) {
  Entries format{{"separator", python_string(separator_of(source.separator))}, {"quoteChar", quote_of(source.quote_char)}};
  add(format, "withHeader", source.with_header);
  add(format, "skipFirst", source.skip_first);
  add(format, "escaper", source.escaper);
  add(format, "multiline", source.multiline);
  add(format, "optimizePerformance", source.optimize_performance);
  write_files_source(node, source, "csv", format, writer);
}

void write_node(const Node& node, const wire::S3JsonSource& source, Writer& writer) {
  Entries format;
  add(format, "jsonPath", source.json_path);
  add(format, "multiline", source.multiline);
  write_files_source(node, source, "json", format, writer);
}

void write_node(const Node& node, const wire::S3ParquetSource& source, Writer& writer) {
  write_files_source(node, source, "parquet", {}, writer);
}

void write_node(const Node& node, const wire::S3CatalogSource& source, Writer& writer) {
  Entries additional;
  if (source.additional_options) {
    add_number(additional, "boundedSize", source.additional_options->bounded_size);
    add_number(additional, "boundedFiles", source.additional_options->bounded_files);
  }
  write_catalog_source(node, source.database, source.table, source.partition_predicate, additional, writer);
}

void write_node(const Node& node, const wire::CatalogSource& source, Writer& writer) {
  write_catalog_source(node, source.database, source.table, source.partition_predicate, {}, writer);
}

void write_node(const Node& node, const wire::DynamoDBCatalogSource& source, Writer& writer) {
  if (source.pitr_enabled.value_or(false)) {
    writer.unsupported(node, "Mastic reads DynamoDB tables themselves, not their exports: turn PitrEnabled off.");
  }
  write_catalog_source(node, source.database, source.table, std::nullopt, {}, writer);
}

}  // namespace mastic::glue::codegen
