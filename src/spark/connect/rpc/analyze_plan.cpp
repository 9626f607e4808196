#include <spark/connect/base.pb.h>

#include <functional>
#include <set>

#include "spark/analyze/analyzer.h"
#include "spark/connect/error_status.h"
#include "spark/connect/execution/execution.h"
#include "spark/connect/execution/statement.h"
#include "spark/connect/json_type.h"
#include "spark/connect/plan_facts.h"
#include "spark/connect/request_context.h"
#include "spark/connect/rpc/rpc.h"
#include "spark/lower/execute.h"
#include "spark/sql/parser.h"

namespace mastic::spark_connect::rpc {
namespace {

using Request = proto::AnalyzePlanRequest;
using ::mastic::spark::SparkResult;

SparkResult<proto::Relation> relation_of(const proto::Plan& encoded) {
  TRY(plan, decode_plan(encoded));
  if (!plan.has_root()) return fail(invalid_input("The plan to analyse has no relation."));
  return std::move(*plan.mutable_root());
}

struct Analysis {
  Session& session;
  std::unique_ptr<engine::Connection> connection;

  [[nodiscard]] SparkResult<spark::RelationPtr> resolve(const proto::Plan& encoded) const {
    TRY(relation, relation_of(encoded));
    // What these yield is known without their input's data; but errors in the input must show.
    if (relation.has_catalog()) return fail(spark::unsupported("the schema of a catalog call"));
    if (relation.has_show_string()) relation = proto::Relation(relation.show_string().input());
    RequestContext context(session, *connection);
    return spark::Analyzer(context).resolve(relation);
  }
};

StorageLevel storage_level_of(const Request::Persist& persist) {
  if (!persist.has_storage_level()) return {};
  const auto& level = persist.storage_level();
  return {.use_disk = level.use_disk(),
          .use_memory = level.use_memory(),
          .use_off_heap = level.use_off_heap(),
          .deserialized = level.deserialized(),
          .replication = level.replication()};
}

void fill_storage_level(const std::shared_ptr<Persisted::Entry>& entry, proto::StorageLevel& out) {
  // NONE when the relation is not persisted.
  out.set_replication(entry == nullptr ? 1 : entry->level.replication);
  if (entry == nullptr) return;
  out.set_use_disk(entry->level.use_disk);
  out.set_use_memory(entry->level.use_memory);
  out.set_use_off_heap(entry->level.use_off_heap);
  out.set_deserialized(entry->level.deserialized);
}

SparkResult<void> unpersist(const Analysis& analysis, const proto::Relation& relation) {
  Persisted& persisted = analysis.session.persisted;
  const auto entry = persisted.unmark(relation);
  if (entry == nullptr) return {};
  const std::scoped_lock lock(entry->filling);
  if (entry->stored == nullptr) return {};
  (void)persisted.forget(entry->id);
  return spark::drop_cached(*analysis.connection, entry->id);
}

std::string explain_mode(Request::Explain::ExplainMode mode) {
  std::string name = Request::Explain::ExplainMode_Name(mode);
  static constexpr std::string_view prefix = "EXPLAIN_MODE_";
  return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
}

}  // namespace

SparkResult<void> analyze_plan(const std::shared_ptr<Session>& session, const Request& request,
                               proto::AnalyzePlanResponse& response) {
  const Analysis analysis{*session, session->shared().engine.connect()};
  switch (request.analyze_case()) {
    case Request::kSchema: {
      TRY(plan, analysis.resolve(request.schema().plan()));
      *response.mutable_schema()->mutable_schema() = spark::sql::to_proto(spark::schema_of(*plan));
      return {};
    }
    case Request::kExplain: {
      TRY(relation, relation_of(request.explain().plan()));
      TRY(text, explain(*session, *analysis.connection, relation, explain_mode(request.explain().explain_mode())));
      response.mutable_explain()->set_explain_string(text);
      return {};
    }
    case Request::kTreeString: {
      TRY(plan, analysis.resolve(request.tree_string().plan()));
      response.mutable_tree_string()->set_tree_string(
          spark::tree_string(spark::schema_of(*plan), request.tree_string().level()));
      return {};
    }
    case Request::kIsLocal: {
      TRY(plan, analysis.resolve(request.is_local().plan()));
      const bool local =
          std::holds_alternative<spark::LocalData>(plan->node) || std::holds_alternative<spark::OneRow>(plan->node);
      response.mutable_is_local()->set_is_local(local);
      return {};
    }
    case Request::kIsStreaming:
      TRY_DO(analysis.resolve(request.is_streaming().plan()));
      response.mutable_is_streaming()->set_is_streaming(false);
      return {};
    case Request::kInputFiles: {
      TRY(plan, analysis.resolve(request.input_files().plan()));
      auto& files = *response.mutable_input_files();
      for (const std::string& file : input_files(*plan)) files.add_files(file);
      return {};
    }
    case Request::kSparkVersion:
      response.mutable_spark_version()->set_version(session->configuration.spark_version());
      return {};
    case Request::kDdlParse: {
      TRY(type, spark::sql::parse_table_schema(request.ddl_parse().ddl_string()));
      *response.mutable_ddl_parse()->mutable_parsed() = spark::sql::to_proto(type);
      return {};
    }
    case Request::kJsonToDdl: {
      TRY(type, parse_json_type(request.json_to_ddl().json_string()));
      response.mutable_json_to_ddl()->set_ddl_string(to_ddl(type));
      return {};
    }
    case Request::kSameSemantics: {
      TRY_DO(analysis.resolve(request.same_semantics().target_plan()));
      TRY_DO(analysis.resolve(request.same_semantics().other_plan()));
      TRY(one, relation_of(request.same_semantics().target_plan()));
      TRY(other, relation_of(request.same_semantics().other_plan()));
      response.mutable_same_semantics()->set_result(plan_digest(one) == plan_digest(other));
      return {};
    }
    case Request::kSemanticHash: {
      TRY_DO(analysis.resolve(request.semantic_hash().plan()));
      TRY(relation, relation_of(request.semantic_hash().plan()));
      response.mutable_semantic_hash()->set_result(static_cast<int32_t>(std::hash<std::string>{}(plan_digest(relation))));
      return {};
    }
    case Request::kPersist: {
      session->persisted.mark(request.persist().relation(), storage_level_of(request.persist()));
      response.mutable_persist();
      return {};
    }
    case Request::kUnpersist:
      TRY_DO(unpersist(analysis, request.unpersist().relation()));
      response.mutable_unpersist();
      return {};
    case Request::kGetStorageLevel:
      fill_storage_level(session->persisted.find(request.get_storage_level().relation()),
                         *response.mutable_get_storage_level()->mutable_storage_level());
      return {};
    case Request::ANALYZE_NOT_SET: break;
  }
  return fail(spark::unsupported("this analysis of a newer client"));
}

}  // namespace mastic::spark_connect::rpc
