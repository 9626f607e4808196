// The members of Glue's CodeGenConfigurationNode, of which a node sets one: its kind, and what part it plays.
#pragma once

#include <cstdint>
#include <string_view>

#include "aws/models/glue.h"

namespace mastic::glue::codegen {

enum class NodeRole : uint8_t { source, transform, target };

/// `name` is the member's name in the API.
struct NodeKind {
  std::string_view name;
  NodeRole role = NodeRole::transform;
};

/// Calls visit(kind, member) for every member, set or not, in the model's order.
template <typename Visit>
void visit_members(const aws::glue::CodeGenConfigurationNode& node, const Visit& visit) {
  visit(NodeKind{"AthenaConnectorSource", NodeRole::source}, node.athena_connector_source);
  visit(NodeKind{"JDBCConnectorSource", NodeRole::source}, node.jdbc_connector_source);
  visit(NodeKind{"SparkConnectorSource", NodeRole::source}, node.spark_connector_source);
  visit(NodeKind{"CatalogSource", NodeRole::source}, node.catalog_source);
  visit(NodeKind{"RedshiftSource", NodeRole::source}, node.redshift_source);
  visit(NodeKind{"S3CatalogSource", NodeRole::source}, node.s3_catalog_source);
  visit(NodeKind{"S3CsvSource", NodeRole::source}, node.s3_csv_source);
  visit(NodeKind{"S3JsonSource", NodeRole::source}, node.s3_json_source);
  visit(NodeKind{"S3ParquetSource", NodeRole::source}, node.s3_parquet_source);
  visit(NodeKind{"RelationalCatalogSource", NodeRole::source}, node.relational_catalog_source);
  visit(NodeKind{"DynamoDBCatalogSource", NodeRole::source}, node.dynamodb_catalog_source);
  visit(NodeKind{"JDBCConnectorTarget", NodeRole::target}, node.jdbc_connector_target);
  visit(NodeKind{"SparkConnectorTarget", NodeRole::target}, node.spark_connector_target);
  visit(NodeKind{"CatalogTarget", NodeRole::target}, node.catalog_target);
  visit(NodeKind{"RedshiftTarget", NodeRole::target}, node.redshift_target);
  visit(NodeKind{"S3CatalogTarget", NodeRole::target}, node.s3_catalog_target);
  visit(NodeKind{"S3GlueParquetTarget", NodeRole::target}, node.s3_glue_parquet_target);
  visit(NodeKind{"S3DirectTarget", NodeRole::target}, node.s3_direct_target);
  visit(NodeKind{"ApplyMapping", NodeRole::transform}, node.apply_mapping);
  visit(NodeKind{"SelectFields", NodeRole::transform}, node.select_fields);
  visit(NodeKind{"DropFields", NodeRole::transform}, node.drop_fields);
  visit(NodeKind{"RenameField", NodeRole::transform}, node.rename_field);
  visit(NodeKind{"Spigot", NodeRole::transform}, node.spigot);
  visit(NodeKind{"Join", NodeRole::transform}, node.join);
  visit(NodeKind{"SplitFields", NodeRole::transform}, node.split_fields);
  visit(NodeKind{"SelectFromCollection", NodeRole::transform}, node.select_from_collection);
  visit(NodeKind{"FillMissingValues", NodeRole::transform}, node.fill_missing_values);
  visit(NodeKind{"Filter", NodeRole::transform}, node.filter);
  visit(NodeKind{"CustomCode", NodeRole::transform}, node.custom_code);
  visit(NodeKind{"SparkSQL", NodeRole::transform}, node.spark_sql);
  visit(NodeKind{"DirectKinesisSource", NodeRole::source}, node.direct_kinesis_source);
  visit(NodeKind{"DirectKafkaSource", NodeRole::source}, node.direct_kafka_source);
  visit(NodeKind{"CatalogKinesisSource", NodeRole::source}, node.catalog_kinesis_source);
  visit(NodeKind{"CatalogKafkaSource", NodeRole::source}, node.catalog_kafka_source);
  visit(NodeKind{"DropNullFields", NodeRole::transform}, node.drop_null_fields);
  visit(NodeKind{"Merge", NodeRole::transform}, node.merge);
  visit(NodeKind{"Union", NodeRole::transform}, node.union_);
  visit(NodeKind{"PIIDetection", NodeRole::transform}, node.pii_detection);
  visit(NodeKind{"Aggregate", NodeRole::transform}, node.aggregate);
  visit(NodeKind{"DropDuplicates", NodeRole::transform}, node.drop_duplicates);
  visit(NodeKind{"GovernedCatalogTarget", NodeRole::target}, node.governed_catalog_target);
  visit(NodeKind{"GovernedCatalogSource", NodeRole::source}, node.governed_catalog_source);
  visit(NodeKind{"MicrosoftSQLServerCatalogSource", NodeRole::source}, node.microsoft_sql_server_catalog_source);
  visit(NodeKind{"MySQLCatalogSource", NodeRole::source}, node.my_sql_catalog_source);
  visit(NodeKind{"OracleSQLCatalogSource", NodeRole::source}, node.oracle_sql_catalog_source);
  visit(NodeKind{"PostgreSQLCatalogSource", NodeRole::source}, node.postgre_sql_catalog_source);
  visit(NodeKind{"MicrosoftSQLServerCatalogTarget", NodeRole::target}, node.microsoft_sql_server_catalog_target);
  visit(NodeKind{"MySQLCatalogTarget", NodeRole::target}, node.my_sql_catalog_target);
  visit(NodeKind{"OracleSQLCatalogTarget", NodeRole::target}, node.oracle_sql_catalog_target);
  visit(NodeKind{"PostgreSQLCatalogTarget", NodeRole::target}, node.postgre_sql_catalog_target);
  visit(NodeKind{"Route", NodeRole::transform}, node.route);
  visit(NodeKind{"DynamicTransform", NodeRole::transform}, node.dynamic_transform);
  visit(NodeKind{"EvaluateDataQuality", NodeRole::transform}, node.evaluate_data_quality);
  visit(NodeKind{"S3CatalogHudiSource", NodeRole::source}, node.s3_catalog_hudi_source);
  visit(NodeKind{"CatalogHudiSource", NodeRole::source}, node.catalog_hudi_source);
  visit(NodeKind{"S3HudiSource", NodeRole::source}, node.s3_hudi_source);
  visit(NodeKind{"S3HudiCatalogTarget", NodeRole::target}, node.s3_hudi_catalog_target);
  visit(NodeKind{"S3HudiDirectTarget", NodeRole::target}, node.s3_hudi_direct_target);
  visit(NodeKind{"DirectJDBCSource", NodeRole::source}, node.direct_jdbc_source);
  visit(NodeKind{"S3CatalogDeltaSource", NodeRole::source}, node.s3_catalog_delta_source);
  visit(NodeKind{"CatalogDeltaSource", NodeRole::source}, node.catalog_delta_source);
  visit(NodeKind{"S3DeltaSource", NodeRole::source}, node.s3_delta_source);
  visit(NodeKind{"S3DeltaCatalogTarget", NodeRole::target}, node.s3_delta_catalog_target);
  visit(NodeKind{"S3DeltaDirectTarget", NodeRole::target}, node.s3_delta_direct_target);
  visit(NodeKind{"AmazonRedshiftSource", NodeRole::source}, node.amazon_redshift_source);
  visit(NodeKind{"AmazonRedshiftTarget", NodeRole::target}, node.amazon_redshift_target);
  visit(NodeKind{"EvaluateDataQualityMultiFrame", NodeRole::transform}, node.evaluate_data_quality_multi_frame);
  visit(NodeKind{"Recipe", NodeRole::transform}, node.recipe);
  visit(NodeKind{"SnowflakeSource", NodeRole::source}, node.snowflake_source);
  visit(NodeKind{"SnowflakeTarget", NodeRole::target}, node.snowflake_target);
  visit(NodeKind{"ConnectorDataSource", NodeRole::source}, node.connector_data_source);
  visit(NodeKind{"ConnectorDataTarget", NodeRole::target}, node.connector_data_target);
  visit(NodeKind{"S3CatalogIcebergSource", NodeRole::source}, node.s3_catalog_iceberg_source);
  visit(NodeKind{"CatalogIcebergSource", NodeRole::source}, node.catalog_iceberg_source);
  visit(NodeKind{"S3IcebergCatalogTarget", NodeRole::target}, node.s3_iceberg_catalog_target);
  visit(NodeKind{"S3IcebergDirectTarget", NodeRole::target}, node.s3_iceberg_direct_target);
  visit(NodeKind{"S3ExcelSource", NodeRole::source}, node.s3_excel_source);
  visit(NodeKind{"S3HyperDirectTarget", NodeRole::target}, node.s3_hyper_direct_target);
  visit(NodeKind{"DynamoDBELTConnectorSource", NodeRole::source}, node.dynamodb_elt_connector_source);
}

}  // namespace mastic::glue::codegen
