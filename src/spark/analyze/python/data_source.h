// Data sources in Python: spark.read.format(name) of a class that the client registered.
#pragma once

#include "spark/analyze/state.h"

namespace mastic::spark {

/// The rows of all partitions, in order. `options` as written; `paths` become the option `path`, or `paths` as JSON.
SparkResult<RelationPtr> read_python_data_source(AnalyzerState& state, const proto::CommonInlineUserDefinedDataSource& source,
                                                 const std::string& provider, std::map<std::string, std::string> options,
                                                 const std::vector<std::string>& paths, const std::optional<DataType>& schema);

/// What a source is asked for, by the options that sources have for that: its path, table, …; empty: nothing of the kind.
std::string asked_for(const std::map<std::string, std::string>& options);

/// Such a relation is not planned before it is known what is done with its rows: until then it has no command.
[[nodiscard]] bool is_unplanned_source(const Relation& relation);
/// The rows of an unplanned source, planned, that meet the conditions: the source takes over what it can of them.
SparkResult<RelationPtr> plan_python_data_source(AnalyzerState& state, const Relation& relation,
                                                 const std::vector<ExpressionPtr>& conditions);

}  // namespace mastic::spark
