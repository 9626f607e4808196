// A catalog table as Spark means it: format, schema, reader options, buckets; and how these are put into an entry.
//
// An entry made by Spark holds the schema as Spark writes it (parameters `spark.sql.sources.schema.*`), since the catalog's
// columns are Hive types in lower case. One made by a crawler, Athena or the API does not: then its columns count.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/stores.h"
#include "spark/plan/data_type.h"
#include "spark/plan/spark_error.h"

namespace mastic::spark {

struct TableSchema {
  std::vector<StructField> data;
  std::vector<StructField> partitions;
  /// Data columns, then partition columns: the order in which a table's columns are seen.
  [[nodiscard]] std::vector<StructField> all() const;
};
SparkResult<TableSchema> schema_of_table(const engine::CatalogTable& table);
/// Puts a schema in, for Spark and as Hive columns.
void set_schema(engine::CatalogTable& table, const TableSchema& schema);

/// `parquet`, `csv`, `dynamodb`, …, in lower case: what reads the table. Never empty.
std::string format_of(const engine::CatalogTable& table);
/// Whether Spark knows a format of this name for tables: what USING may name.
bool is_table_format(std::string_view format);
/// What DESCRIBE and SHOW CREATE TABLE call the provider: the format, or `hive` for one that Spark did not make.
std::string provider_of(const engine::CatalogTable& table);
/// Puts a format in: Hive's classes, the provider, Glue's classification, and the options as the serializer's parameters.
void set_format(engine::CatalogTable& table, std::string_view format, const std::map<std::string, std::string>& options);
/// Options for Spark's reader and writer, keys in lower case.
std::map<std::string, std::string> file_options_of(const engine::CatalogTable& table);

struct TableBuckets {
  int count = 0;
  std::vector<std::string> columns;
  std::vector<std::string> sorted_by;
};
std::optional<TableBuckets> buckets_of(const engine::CatalogTable& table);
void set_buckets(engine::CatalogTable& table, const TableBuckets& buckets);
std::vector<std::string> clustering_of(const engine::CatalogTable& table);
void set_clustering(engine::CatalogTable& table, const std::vector<std::string>& columns);

/// The table's parameters that are its owner's, without those that Spark, Hive and Glue keep for themselves.
std::map<std::string, std::string> user_properties(const engine::CatalogTable& table);

/// The comment of a column, out of its metadata; empty: none.
std::string comment_of(const StructField& field);
/// The metadata with another comment; empty: without one.
std::string with_comment(const std::string& metadata_json, const std::string& comment);
/// A text value of the metadata: `CURRENT_DEFAULT`.
std::optional<std::string> metadata_text(const std::string& metadata_json, std::string_view key);

}  // namespace mastic::spark
