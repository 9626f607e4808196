// The schema of XML files, by the elements that are rows: XmlInferSchema.
#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"
#include "spark/lower/file_options.h"
#include "spark/lower/lower.h"
#include "spark/plan/spark_error.h"

namespace mastic::spark {

SparkResult<std::vector<StructField>> infer_xml(engine::Connection& connection, const std::vector<std::string>& paths,
                                                const FileOptions& options);

/// The same for texts that a relation's one column holds.
SparkResult<std::vector<StructField>> infer_xml_rows(engine::Connection& connection, const Relation& relation,
                                                     const FileOptions& options, const LowerOptions& lower_options);

}  // namespace mastic::spark
