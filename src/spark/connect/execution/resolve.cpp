// Persisted relations inside a plan are read from the engine's copy.
//
// They are found in the client's message and replaced by a CachedRemoteRelation before analysis. A plan that refers to a
// column through a DataFrame *inside* the persisted one (df.cache().select(inner.a)) loses that reference by the
// replacement; such a plan is resolved without it: right, only not from the copy.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <spark/connect/base.pb.h>

#include "spark/analyze/analyzer.h"
#include "spark/connect/execution/execution.h"
#include "spark/connect/lineage_calls.h"
#include "spark/connect/request_context.h"
#include "spark/lower/execute.h"

namespace mastic::spark_connect {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int nesting_max = 2000;

spark::SparkResult<spark::RelationPtr> resolve_plainly(Execution& execution, const proto::Relation& relation) {
  RequestContext context(*execution.session, execution.operation.connection());
  return spark::Analyzer(context).resolve(relation);
}

/// Computes and keeps the rows of a persisted relation, unless that was done before.
Done fill(Execution& execution, Persisted::Entry& entry, int depth);

/// Replaces persisted relations below `message`. Gives whether there were any.
spark::SparkResult<bool> replace_persisted(Execution& execution, Message& message, int depth) {
  if (depth > nesting_max) return false;
  if (message.GetDescriptor() == proto::Relation::descriptor()) {
    auto& relation = static_cast<proto::Relation&>(message);
    if (const auto entry = execution.session->persisted.find(relation)) {
      TRY_DO(fill(execution, *entry, depth));
      relation.mutable_cached_remote_relation()->set_relation_id(entry->id);
      return true;
    }
  }
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  bool replaced = false;
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      Message* child = field->is_repeated() ? reflection->MutableRepeatedMessage(&message, field, i)
                                            : reflection->MutableMessage(&message, field);
      TRY(in_child, replace_persisted(execution, *child, depth + 1));
      replaced = replaced || in_child;
    }
  }
  return replaced;
}

Done fill(Execution& execution, Persisted::Entry& entry, int depth) {
  const std::scoped_lock lock(entry.filling);
  if (entry.stored != nullptr) return {};
  proto::Relation relation;
  if (!relation.ParseFromString(entry.relation)) return fail(spark::internal_error("a persisted relation cannot be read"));
  proto::Relation inner = relation;
  const auto* reflection = inner.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(inner, &fields);
  bool replaced = false;
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field->is_repeated()) continue;
    TRY(in_child, replace_persisted(execution, *reflection->MutableMessage(&inner, field), depth + 1));
    replaced = replaced || in_child;
  }
  auto plan = resolve_plainly(execution, inner);
  if (!plan && replaced) plan = resolve_plainly(execution, relation);
  if (!plan) return fail(std::move(plan.error()));
  TRY(settled, observed(execution, *plan));
  TRY_DO(spark::cache(execution.operation.connection(), *settled, lower_options(*execution.session), entry.id));
  tell_kept(entry.id, settled, execution.session.get());
  entry.stored = spark::make_relation((*plan)->output, spark::ReadCached{entry.id});
  execution.session->persisted.keep(entry.id, entry.stored);
  return {};
}

}  // namespace

spark::SparkResult<spark::RelationPtr> observed(Execution& execution, const spark::RelationPtr& plan) {
  return execution.observations.settle(execution.operation.connection(), plan, lower_options(*execution.session));
}

spark::SparkResult<spark::RelationPtr> resolve_to_run(Execution& execution, const proto::Relation& relation) {
  TRY(plan, resolve(execution, relation));
  return observed(execution, plan);
}

spark::SparkResult<spark::RelationPtr> resolve(Execution& execution, const proto::Relation& relation) {
  if (execution.session->persisted.empty()) return resolve_plainly(execution, relation);
  proto::Relation copy = relation;
  TRY(replaced, replace_persisted(execution, copy, 0));
  if (replaced) {
    if (auto plan = resolve_plainly(execution, copy)) return plan;
  }
  return resolve_plainly(execution, relation);
}

}  // namespace mastic::spark_connect
