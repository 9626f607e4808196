#include "spark/analyze/table_entry.h"

#include <simdjson.h>

#include <algorithm>
#include <array>

#include "spark/analyze/state.h"
#include "spark/sql/parser.h"

namespace mastic::spark {
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
    FormatClasses{"binaryfile", text_input, text_output, "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"},
};

constexpr std::string_view schema_prefix = "spark.sql.sources.schema.";
constexpr std::string_view provider_key = "spark.sql.sources.provider";
constexpr std::string_view clustering_key = "clusteringColumns";
constexpr std::size_t schema_part_bytes_max = 4000;  // as Spark cuts it; the metastore's columns are not wide

std::string lower(std::string_view text) {
  std::string result(text);
  for (auto& letter : result) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return result;
}

std::string parameter(const engine::CatalogTable& table, std::string_view key) {
  const auto found = table.parameters.find(std::string(key));
  return found == table.parameters.end() ? std::string() : found->second;
}

std::vector<std::string> numbered(const engine::CatalogTable& table, const std::string& count_key, const std::string& prefix) {
  std::vector<std::string> values;
  const auto count = std::atoi(parameter(table, count_key).c_str());
  for (int i = 0; i < count; ++i) values.push_back(parameter(table, prefix + std::to_string(i)));
  return values;
}

void set_numbered(engine::CatalogTable& table, const std::string& count_key, const std::string& prefix,
                  const std::vector<std::string>& values) {
  if (values.empty()) return;
  table.parameters[count_key] = std::to_string(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) table.parameters[prefix + std::to_string(i)] = values[i];
}

std::string quoted_json(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') json += '\\';
    if (c == '\n') {
      json += "\\n";
    } else if (c == '\t') {
      json += "\\t";
    } else if (static_cast<unsigned char>(c) >= 0x20) {
      json += c;
    }
  }
  return json + "\"";
}

SparkResult<std::vector<StructField>> fields_of(const std::vector<engine::CatalogColumn>& columns) {
  std::vector<StructField> fields;
  for (const auto& column : columns) {
    TRY(type, sql::parse_data_type(column.type));
    fields.push_back({column.name, type, true, column.comment.empty() ? "" : with_comment({}, column.comment)});
  }
  return fields;
}

std::string schema_json(const engine::CatalogTable& table) {
  if (const auto whole = parameter(table, "spark.sql.sources.schema"); !whole.empty()) return whole;
  std::string json;
  const auto parts = std::atoi(parameter(table, "spark.sql.sources.schema.numParts").c_str());
  for (int i = 0; i < parts; ++i) json += parameter(table, "spark.sql.sources.schema.part." + std::to_string(i));
  return json;
}

/// Whether Spark's schema still is that of the columns: somebody else may have changed them since.
bool same_columns(const TableSchema& schema, const engine::CatalogTable& table) {
  const auto equal = [](const std::vector<StructField>& fields, const std::vector<engine::CatalogColumn>& columns) {
    return std::ranges::equal(fields, columns, [](const StructField& field, const engine::CatalogColumn& column) {
      return lower(field.name) == lower(column.name);
    });
  };
  return equal(schema.data, table.columns) && equal(schema.partitions, table.partition_keys);
}

}  // namespace

std::vector<StructField> TableSchema::all() const {
  auto fields = data;
  fields.insert(fields.end(), partitions.begin(), partitions.end());
  return fields;
}

SparkResult<TableSchema> schema_of_table(const engine::CatalogTable& table) {
  if (const auto json = schema_json(table); !json.empty()) {
    if (auto parsed = parse_schema_text(json); parsed && parsed->is(TypeKind::struct_)) {
      std::vector<std::string> keys;
      for (const auto& key : table.partition_keys) keys.push_back(lower(key.name));
      TableSchema schema;
      for (auto& field : parsed->fields)
        (std::ranges::find(keys, lower(field.name)) == keys.end() ? schema.data : schema.partitions).push_back(field);
      if (same_columns(schema, table)) return schema;
    }
  }
  TRY(data, fields_of(table.columns));
  TRY(partitions, fields_of(table.partition_keys));
  return TableSchema{std::move(data), std::move(partitions)};
}

void set_schema(engine::CatalogTable& table, const TableSchema& schema) {
  const auto columns_of = [](const std::vector<StructField>& fields) {
    std::vector<engine::CatalogColumn> columns;
    for (const auto& field : fields) columns.push_back({lower(field.name), simple_string(field.type), comment_of(field)});
    return columns;
  };
  table.columns = columns_of(schema.data);
  table.partition_keys = columns_of(schema.partitions);
  std::erase_if(table.parameters, [](const auto& entry) {
    return entry.first.starts_with("spark.sql.sources.schema.part.") || entry.first == "spark.sql.sources.schema.numParts" ||
           entry.first.starts_with("spark.sql.sources.schema.partCol.") || entry.first == "spark.sql.sources.schema";
  });
  const std::string json = json_string(types::structure(schema.all()));
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < json.size(); at += schema_part_bytes_max)
    parts.push_back(json.substr(at, schema_part_bytes_max));
  set_numbered(table, "spark.sql.sources.schema.numParts", "spark.sql.sources.schema.part.", parts);
  std::vector<std::string> keys;
  for (const auto& field : schema.partitions) keys.push_back(field.name);
  table.parameters.erase("spark.sql.sources.schema.numPartCols");
  set_numbered(table, "spark.sql.sources.schema.numPartCols", "spark.sql.sources.schema.partCol.", keys);
}

bool is_table_format(std::string_view format) {
  return std::ranges::find(formats, lower(format), [](const FormatClasses& row) { return std::string(row.format); }) !=
         formats.end();
}

namespace {

/// What a crawler recognises and no reader here reads: its name stands in the error, instead of wrong rows in the answer.
std::string unread_format(const engine::CatalogTable& table) {
  const auto classification = lower(parameter(table, "classification"));
  if (table.serialization_library.find("GrokSerDe") != std::string::npos) return classification + " (grok)";
  const auto path = parameter(table, "jsonPath");
  const bool one_array = table.columns.size() == 1 && table.columns[0].name == "array" &&
                         table.columns[0].type.starts_with("array<") && parameter(table, "multiLine") == "true";
  if (classification == "json" && one_array && path.empty())
    return "json whose documents are arrays; crawl it with a JSON classifier of the path $[*]";
  if (classification == "json" && !path.empty() && path != "$" && path != "$[*]") return "json with jsonPath " + path;
  return {};
}

}  // namespace

std::string format_of(const engine::CatalogTable& table) {
  if (auto unread = unread_format(table); !unread.empty()) return unread;
  for (const auto key : {provider_key, std::string_view("classification")}) {
    const auto format = lower(parameter(table, key));
    if (format == "dynamodb" || is_table_format(format)) return format;
  }
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> words{{{"parquet", "parquet"},
                                                                                       {"orc", "orc"},
                                                                                       {"json", "json"},
                                                                                       {"opencsv", "csv"},
                                                                                       {"lazysimple", "csv"},
                                                                                       {"avro", "avro"},
                                                                                       {"dynamodb", "dynamodb"},
                                                                                       {"textinputformat", "csv"}}};
  const auto hints = lower(table.serialization_library + " " + table.input_format);
  for (const auto& [word, format] : words)
    if (hints.find(word) != std::string::npos) return std::string(format);
  // A format that Mastic has no reader for keeps its name, so that the error can say it.
  for (const auto key : {provider_key, std::string_view("classification")})
    if (const auto format = lower(parameter(table, key)); !format.empty() && format != "hive" && format != "unknown")
      return format;
  return "parquet";
}

std::string provider_of(const engine::CatalogTable& table) {
  const auto provider = lower(parameter(table, provider_key));
  return provider.empty() ? "hive" : provider;
}

void set_format(engine::CatalogTable& table, std::string_view format, const std::map<std::string, std::string>& options) {
  const std::string name = lower(format);
  if (const auto* found = std::ranges::find(formats, name, &FormatClasses::format); found != formats.end()) {
    table.input_format = found->input_format;
    table.output_format = found->output_format;
    table.serialization_library = found->serialization_library;
  }
  table.parameters[std::string(provider_key)] = name;
  table.parameters["classification"] = name;
  table.serde_parameters["serialization.format"] = "1";
  for (const auto& [key, value] : options)
    if (lower(key) != "path") table.serde_parameters[key] = value;
  if (name != "csv") return;
  // What others read it by: Athena and Glue's own readers know Hive's names only.
  const auto option = [&](std::string_view wanted) -> std::string {
    for (const auto& [key, value] : options)
      if (lower(key) == wanted) return value;
    return {};
  };
  const auto separator = option("sep").empty() ? option("delimiter") : option("sep");
  table.serde_parameters["field.delim"] = separator.empty() ? "," : separator;
  if (lower(option("header")) == "true") table.parameters["skip.header.line.count"] = "1";
}

std::map<std::string, std::string> file_options_of(const engine::CatalogTable& table) {
  std::map<std::string, std::string> options;
  const auto format = format_of(table);
  if (!parameter(table, provider_key).empty() && provider_of(table) != "hive") {
    // Spark's own table: the serializer's parameters are the options of its reader.
    for (const auto& [key, value] : table.serde_parameters)
      if (key != "serialization.format" && key != "field.delim" && key != "path") options[lower(key)] = value;
    if (const auto delimiter = table.serde_parameters.find("field.delim");
        format == "csv" && delimiter != table.serde_parameters.end() && !options.contains("sep") &&
        !options.contains("delimiter"))
      options["sep"] = delimiter->second;
    return options;
  }
  // A crawler's word for documents that are no lines of their own.
  if (format == "json" && lower(parameter(table, "multiLine")) == "true") options["multiline"] = "true";
  if (format != "csv") return options;
  const auto find = [&](std::string_view key) -> const std::string* {
    const auto found = table.serde_parameters.find(std::string(key));
    return found == table.serde_parameters.end() ? nullptr : &found->second;
  };
  const bool hive_text =
      parameter(table, "classification").empty() && table.serialization_library.find("LazySimpleSerDe") != std::string::npos;
  if (hive_text) {
    // Hive's delimited text: no quotes, ^A between fields, \\N for NULL.
    const auto* delimiter = find("field.delim");
    if (delimiter == nullptr) delimiter = find("serialization.format");
    options["sep"] = delimiter == nullptr || *delimiter == "1" ? std::string(1, '\x01') : *delimiter;
    options["quote"] = "";
    options["escape"] = "";
    options["nullvalue"] = "\\N";
    options["emptyvalue"] = "";
  }
  for (const auto* key : {"field.delim", "separatorChar", "serialization.format"})
    if (const auto* value = find(key); value != nullptr && !options.contains("sep") && value->size() == 1)
      options["sep"] = *value;
  if (!options.contains("sep")) {
    const auto delimiter = table.parameters.find("delimiter");
    options["sep"] = delimiter != table.parameters.end() ? delimiter->second : ",";
  }
  if (const auto* quote = find("quoteChar")) options["quote"] = *quote;
  if (const auto* escape = find("escapeChar")) options["escape"] = *escape;
  if (const auto* null_text = find("serialization.null.format")) options["nullvalue"] = *null_text;
  const auto skip = table.parameters.find("skip.header.line.count");
  if (skip != table.parameters.end() && skip->second != "0") options["header"] = "true";
  if (const auto header = table.parameters.find("header"); header != table.parameters.end()) options["header"] = header->second;
  return options;
}

std::optional<TableBuckets> buckets_of(const engine::CatalogTable& table) {
  TableBuckets buckets;
  buckets.count = std::atoi(parameter(table, "spark.sql.sources.schema.numBuckets").c_str());
  if (buckets.count <= 0) return std::nullopt;
  buckets.columns = numbered(table, "spark.sql.sources.schema.numBucketCols", "spark.sql.sources.schema.bucketCol.");
  buckets.sorted_by = numbered(table, "spark.sql.sources.schema.numSortCols", "spark.sql.sources.schema.sortCol.");
  return buckets;
}

void set_buckets(engine::CatalogTable& table, const TableBuckets& buckets) {
  table.parameters["spark.sql.sources.schema.numBuckets"] = std::to_string(buckets.count);
  set_numbered(table, "spark.sql.sources.schema.numBucketCols", "spark.sql.sources.schema.bucketCol.", buckets.columns);
  set_numbered(table, "spark.sql.sources.schema.numSortCols", "spark.sql.sources.schema.sortCol.", buckets.sorted_by);
}

// Spark's form: [["a"],["b","c"]], a list of names' parts.
std::vector<std::string> clustering_of(const engine::CatalogTable& table) {
  std::vector<std::string> columns;
  const auto json = parameter(table, clustering_key);
  if (json.empty()) return columns;
  simdjson::dom::parser parser;
  simdjson::dom::array names;
  if (parser.parse(json).get(names) != simdjson::SUCCESS) return columns;
  for (const auto name : names) {
    std::string dotted;
    simdjson::dom::array parts;
    if (name.get(parts) != simdjson::SUCCESS) continue;
    for (const auto part : parts) {
      std::string_view text;
      if (part.get(text) == simdjson::SUCCESS) dotted += (dotted.empty() ? "" : ".") + std::string(text);
    }
    columns.push_back(std::move(dotted));
  }
  return columns;
}

void set_clustering(engine::CatalogTable& table, const std::vector<std::string>& columns) {
  std::string json;
  for (const auto& column : columns) json += (json.empty() ? "[" : ",[") + quoted_json(column) + "]";
  table.parameters[std::string(clustering_key)] = "[" + json + "]";
}

std::map<std::string, std::string> user_properties(const engine::CatalogTable& table) {
  static constexpr std::array<std::string_view, 14> kept{"classification",
                                                         "EXTERNAL",
                                                         "transient_lastDdlTime",
                                                         "comment",
                                                         "totalSize",
                                                         "numRows",
                                                         "rawDataSize",
                                                         "numFiles",
                                                         "numPartitions",
                                                         "COLUMN_STATS_ACCURATE",
                                                         "typeOfData",
                                                         "table_type_",
                                                         "lastAccessTime",
                                                         "spark.sql.create.version"};
  std::map<std::string, std::string> properties;
  for (const auto& [key, value] : table.parameters) {
    if (std::ranges::find(kept, key) != kept.end() || key.starts_with("spark.sql.sources.") ||
        key.starts_with("spark.sql.statistics.") || key.starts_with("view.") || key == clustering_key ||
        key == "skip.header.line.count")
      continue;
    properties[key] = value;
  }
  return properties;
}

std::optional<std::string> metadata_text(const std::string& metadata_json, std::string_view key) {
  if (metadata_json.empty()) return std::nullopt;
  simdjson::dom::parser parser;
  simdjson::dom::element value;
  std::string_view text;
  if (parser.parse(metadata_json).at_key(key).get(value) != simdjson::SUCCESS || value.get(text) != simdjson::SUCCESS)
    return std::nullopt;
  return std::string(text);
}

std::string comment_of(const StructField& field) { return metadata_text(field.metadata_json, "comment").value_or(""); }

std::string with_comment(const std::string& metadata_json, const std::string& comment) {
  std::string members;
  if (!comment.empty()) members = "\"comment\":" + quoted_json(comment);
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (!metadata_json.empty() && parser.parse(metadata_json).get(object) == simdjson::SUCCESS) {
    for (const auto& [key, value] : object) {
      if (key == "comment") continue;
      members += (members.empty() ? "" : ",") + quoted_json(key) + ":" + simdjson::minify(value);
    }
  }
  return members.empty() ? std::string() : "{" + members + "}";
}

}  // namespace mastic::spark
