// EXPLAIN: the plan in Spark's words; mode codegen shows what DuckDB really runs.
#include "spark/analyze/explain/explain.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <spark/connect/base.pb.h>

#include <charconv>

#include "spark/analyze/analyzer.h"
#include "spark/connect/execution/statement.h"
#include "spark/connect/request_context.h"
#include "spark/lower/execute.h"

namespace mastic::spark_connect {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int nesting_max = 2000;

/// Puts a hint around every persisted relation below `message`, so that the plan shows it.
void mark_persisted(const Session& session, Message& message, int depth) {
  if (depth > nesting_max) return;
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  const bool persisted = message.GetDescriptor() == proto::Relation::descriptor() &&
                         session.persisted.find(static_cast<const proto::Relation&>(message)) != nullptr;
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i)
      mark_persisted(session,
                     field->is_repeated() ? *reflection->MutableRepeatedMessage(&message, field, i)
                                          : *reflection->MutableMessage(&message, field),
                     depth + 1);
  }
  if (!persisted) return;
  auto& relation = static_cast<proto::Relation&>(message);
  proto::Relation kept = relation;
  relation.Clear();
  *relation.mutable_hint()->mutable_input() = std::move(kept);
  relation.mutable_hint()->set_name(std::string(spark::persisted_hint));
}

int64_t number(const Session& session, std::string_view key, int64_t otherwise) {
  const auto text = session.configuration.find(key);
  int64_t value = otherwise;
  if (text) std::from_chars(text->data(), text->data() + text->size(), value);
  return value;
}

}  // namespace

spark::SparkResult<std::string> explain(Session& session, engine::Connection& connection, const proto::Relation& relation,
                                        std::string_view mode) {
  RequestContext context(session, connection);
  if (to_lower(mode) == "codegen") {
    TRY(plan, spark::Analyzer(context).resolve(relation));
    TRY(engine_plan, spark::explain_physical(connection, *plan, lower_options(session)));
    return fmt::format("Found 0 WholeStageCodegen subtrees.\n== Engine Plan (DuckDB) ==\n{}", engine_plan);
  }
  proto::Relation marked = relation;
  if (!session.persisted.empty()) mark_persisted(session, marked, 0);
  TRY(plan, spark::Analyzer(context).resolve(marked));
  spark::PhysicalSettings settings;
  settings.adaptive = session.configuration.find("spark.sql.adaptive.enabled").value_or("true") == "true";
  settings.broadcast_bytes_max = number(session, "spark.sql.autoBroadcastJoinThreshold", settings.broadcast_bytes_max);
  settings.shuffle_partitions = number(session, "spark.sql.shuffle.partitions", settings.shuffle_partitions);
  return spark::explain_text(plan, mode, settings);
}

}  // namespace mastic::spark_connect
