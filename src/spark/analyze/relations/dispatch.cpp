// The table of relation kinds.
#include "spark/analyze/relations/relations.h"

namespace mastic::spark {

SparkResult<Resolved> resolve_relation(AnalyzerState& state, const proto::Relation& relation) {
  using Kind = proto::Relation::RelTypeCase;
  switch (relation.rel_type_case()) {
    case Kind::kRead: return resolve_read(state, relation);
    case Kind::kProject: return resolve_project(state, relation);
    case Kind::kFilter: return resolve_filter(state, relation);
    case Kind::kJoin: return resolve_join(state, relation);
    case Kind::kLateralJoin: return resolve_lateral_join(state, relation);
    case Kind::kAsOfJoin: return resolve_as_of_join(state, relation);
    case Kind::kNearestByJoin: return resolve_nearest_by_join(state, relation);
    case Kind::kSetOp: return resolve_set_operation(state, relation);
    case Kind::kSort: return resolve_sort(state, relation);
    case Kind::kLimit: return resolve_limit(state, relation);
    case Kind::kOffset: return resolve_offset(state, relation);
    case Kind::kTail: return resolve_tail(state, relation);
    case Kind::kAggregate: return resolve_aggregate(state, relation);
    case Kind::kSql: return resolve_sql(state, relation);
    case Kind::kLocalRelation: return resolve_local_relation(state, relation);
    case Kind::kCachedLocalRelation:
    case Kind::kChunkedCachedLocalRelation: return resolve_cached_local_relation(state, relation);
    case Kind::kCachedRemoteRelation: return resolve_cached_remote_relation(state, relation);
    case Kind::kSample: return resolve_sample(state, relation);
    case Kind::kDeduplicate: return resolve_deduplicate(state, relation);
    case Kind::kRange: return resolve_range(state, relation);
    case Kind::kSubqueryAlias: return resolve_subquery_alias(state, relation);
    case Kind::kRepartition: return resolve_repartition(state, relation);
    case Kind::kRepartitionByExpression: return resolve_repartition_by_expression(state, relation);
    case Kind::kToDf: return resolve_to_df(state, relation);
    case Kind::kWithColumns: return resolve_with_columns(state, relation);
    case Kind::kWithColumnsRenamed: return resolve_with_columns_renamed(state, relation);
    case Kind::kDrop: return resolve_drop(state, relation);
    case Kind::kHint: return resolve_hint(state, relation);
    case Kind::kCollectMetrics: return resolve_collect_metrics(state, relation);
    case Kind::kUnpivot: return resolve_unpivot(state, relation);
    case Kind::kTranspose: return resolve_transpose(state, relation);
    case Kind::kToSchema: return resolve_to_schema(state, relation);
    case Kind::kFillNa: return resolve_fill_na(state, relation);
    case Kind::kDropNa: return resolve_drop_na(state, relation);
    case Kind::kReplace: return resolve_replace(state, relation);
    case Kind::kSummary:
    case Kind::kDescribe:
    case Kind::kCrosstab:
    case Kind::kCov:
    case Kind::kCorr:
    case Kind::kApproxQuantile:
    case Kind::kFreqItems:
    case Kind::kSampleBy: return resolve_statistics(state, relation);
    case Kind::kWithRelations: return resolve_with_relations(state, relation);
    case Kind::kUnresolvedTableValuedFunction: return resolve_table_function(state, relation);
    case Kind::kMapPartitions: return resolve_map_partitions(state, relation);
    case Kind::kShowString: return state.resolve(relation.show_string().input());
    case Kind::kHtmlString: return state.resolve(relation.html_string().input());
    case Kind::kGroupMap: return resolve_group_map(state, relation);
    case Kind::kCoGroupMap: return resolve_co_group_map(state, relation);
    case Kind::kApplyInPandasWithState: return fail(unsupported("applyInPandasWithState"));
    case Kind::kWithWatermark: return fail(unsupported("withWatermark"));
    case Kind::kCommonInlineUserDefinedTableFunction: return resolve_inline_table_function(state, relation);
    case Kind::kCommonInlineUserDefinedDataSource: return fail(unsupported("Python data sources"));
    case Kind::kParse: return resolve_parse(state, relation);
    case Kind::kCatalog: return fail(internal_error("a catalog request reached the analyzer"));
    case Kind::kMlRelation: return fail(unsupported("machine learning relations"));
    case Kind::kRelationChanges: return fail(unsupported("change data of a table"));
    default: return fail(unsupported("a relation of kind " + std::to_string(relation.rel_type_case())));
  }
}

}  // namespace mastic::spark
