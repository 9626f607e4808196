// A node's statements, by its kind. Kinds without an overload here are not run by Mastic, and say so by name.
#pragma once

#include "glue/codegen/writer.h"

namespace mastic::glue::codegen {

namespace wire = mastic::aws::glue;

// Sources
void write_node(const Node& node, const wire::S3CsvSource& source, Writer& writer);
void write_node(const Node& node, const wire::S3JsonSource& source, Writer& writer);
void write_node(const Node& node, const wire::S3ParquetSource& source, Writer& writer);
void write_node(const Node& node, const wire::S3CatalogSource& source, Writer& writer);
void write_node(const Node& node, const wire::CatalogSource& source, Writer& writer);
void write_node(const Node& node, const wire::DynamoDBCatalogSource& source, Writer& writer);

// Transforms of fields
void write_node(const Node& node, const wire::ApplyMapping& transform, Writer& writer);
void write_node(const Node& node, const wire::SelectFields& transform, Writer& writer);
void write_node(const Node& node, const wire::DropFields& transform, Writer& writer);
void write_node(const Node& node, const wire::RenameField& transform, Writer& writer);
void write_node(const Node& node, const wire::SplitFields& transform, Writer& writer);
void write_node(const Node& node, const wire::DropNullFields& transform, Writer& writer);

// Transforms of rows
void write_node(const Node& node, const wire::Filter& transform, Writer& writer);
void write_node(const Node& node, const wire::Route& transform, Writer& writer);
void write_node(const Node& node, const wire::Join& transform, Writer& writer);
void write_node(const Node& node, const wire::Union& transform, Writer& writer);
void write_node(const Node& node, const wire::Merge& transform, Writer& writer);
void write_node(const Node& node, const wire::Aggregate& transform, Writer& writer);
void write_node(const Node& node, const wire::DropDuplicates& transform, Writer& writer);

// Whatever their author writes
void write_node(const Node& node, const wire::SparkSQL& transform, Writer& writer);
void write_node(const Node& node, const wire::CustomCode& transform, Writer& writer);
void write_node(const Node& node, const wire::SelectFromCollection& transform, Writer& writer);
void write_node(const Node& node, const wire::Spigot& transform, Writer& writer);

// Targets
void write_node(const Node& node, const wire::S3DirectTarget& target, Writer& writer);
void write_node(const Node& node, const wire::S3GlueParquetTarget& target, Writer& writer);
void write_node(const Node& node, const wire::S3CatalogTarget& target, Writer& writer);
void write_node(const Node& node, const wire::BasicCatalogTarget& target, Writer& writer);

}  // namespace mastic::glue::codegen
