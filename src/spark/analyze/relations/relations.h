// The relation kinds: one function each, in the file of its name. dispatch.cpp has the table.
#pragma once

#include "spark/analyze/state.h"

namespace mastic::spark {

/// By the kind of the relation; kinds that Mastic does not have yet fail by name.
SparkResult<Resolved> resolve_relation(AnalyzerState& state, const proto::Relation& relation);

SparkResult<Resolved> resolve_read(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_project(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_filter(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_join(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_lateral_join(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_as_of_join(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_nearest_by_join(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_set_operation(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_sort(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_limit(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_offset(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_tail(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_aggregate(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_sql(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_local_relation(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_cached_local_relation(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_cached_remote_relation(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_sample(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_deduplicate(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_range(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_subquery_alias(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_repartition(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_repartition_by_expression(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_to_df(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_with_columns(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_with_columns_renamed(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_drop(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_hint(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_collect_metrics(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_unpivot(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_transpose(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_to_schema(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_fill_na(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_drop_na(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_replace(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_statistics(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_frequent_items(AnalyzerState& state, const proto::StatFreqItems& request);
SparkResult<Resolved> resolve_sample_by(AnalyzerState& state, const proto::StatSampleBy& request);
SparkResult<Resolved> resolve_parse(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_with_relations(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_table_function(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_map_partitions(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_inline_table_function(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_group_map(AnalyzerState& state, const proto::Relation& relation);
SparkResult<Resolved> resolve_co_group_map(AnalyzerState& state, const proto::Relation& relation);

/// The rows that come out of a generator over `input`. `names`: for its columns, may be empty.
SparkResult<RelationPtr> generate(AnalyzerState& state, const RelationPtr& input, const ExpressionPtr& generator,
                                  const std::vector<std::string>& names, const std::vector<std::string>& qualifier);
/// t VERSION AS OF …, t TIMESTAMP AS OF …
SparkResult<Resolved> resolve_time_travel(AnalyzerState& state, const proto::Relation& relation);
/// A common table of WITH RECURSIVE; and its own name inside its body.
SparkResult<Resolved> resolve_recursion(AnalyzerState& state, const proto::Relation& relation, const std::string& name);
SparkResult<Resolved> read_recursion(AnalyzerState& state, AnalyzerState::Recursion& recursion, const std::string& name);
/// A view, a common table or a catalog table, by its name's parts.
SparkResult<Resolved> resolve_table(AnalyzerState& state, const std::vector<std::string>& name);

SparkResult<Command> resolve_write(AnalyzerState& state, const proto::WriteOperation& write);
SparkResult<Command> resolve_write(AnalyzerState& state, const proto::WriteOperationV2& write);

/// The query that sql_keywords() and collations() stand for.
std::optional<std::string> system_function_query(std::string_view name);

}  // namespace mastic::spark
