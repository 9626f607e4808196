// Runs a plan: one function a kind. Each sends its responses through the operation and returns Spark's error or nothing.
#pragma once

#include <memory>
#include <string>

#include "spark/connect/arrow_rows.h"
#include "spark/connect/observations.h"
#include "spark/connect/session.h"
#include "spark/plan/relation.h"

namespace spark::connect {
class Catalog;
class CheckpointCommand;
class Command;
class CreateDataFrameViewCommand;
class Plan;
class Relation;
class SqlCommand;
class WriteOperation;
class WriteOperationV2;
}  // namespace spark::connect

namespace mastic::spark_connect {

namespace proto = ::spark::connect;

struct Execution {
  std::shared_ptr<Session> session;
  Operation& operation;
  Observations& observations;
};

using Done = spark::SparkResult<void>;

/// The plan as the client means it: decompressed. Errors: CONNECT_INVALID_PLAN.CANNOT_PARSE.
spark::SparkResult<proto::Plan> decode_plan(const proto::Plan& plan);

Done run_plan(Execution& execution, const proto::Plan& plan);                                  // run_plan.cpp
Done run_command(Execution& execution, const proto::Command& command);                         // run_plan.cpp
Done run_relation(Execution& execution, const proto::Relation& relation);                      // relation.cpp
Done run_sql_command(Execution& execution, const proto::SqlCommand& command);                  // sql_command.cpp
Done run_create_view(Execution& execution, const proto::CreateDataFrameViewCommand& command);  // create_view.cpp
Done run_write(Execution& execution, const proto::WriteOperation& write);                      // write.cpp
Done run_write(Execution& execution, const proto::WriteOperationV2& write);                    // write.cpp
Done run_checkpoint(Execution& execution, const proto::CheckpointCommand& command);            // checkpoint.cpp
spark::SparkResult<Rows> run_catalog_call(Execution& execution, const proto::Catalog& call);   // catalog_call.cpp

/// Resolves a relation: what is persisted inside it is read from the engine's copy, made now if needed.
spark::SparkResult<spark::RelationPtr> resolve(Execution& execution, const proto::Relation& relation);  // resolve.cpp
/// `resolve` for a plan that is run now: what it observes is measured.
spark::SparkResult<spark::RelationPtr> resolve_to_run(Execution& execution, const proto::Relation& relation);  // resolve.cpp
spark::SparkResult<spark::RelationPtr> observed(Execution& execution, const spark::RelationPtr& plan);         // resolve.cpp

/// A view by its name's parts. Errors: TEMP_TABLE_OR_VIEW_ALREADY_EXISTS, TEMP_VIEW_NAME_TOO_MANY_NAME_PARTS.
Done add_view(Session& session, const std::vector<std::string>& name, spark::RelationPtr plan, bool global,
              bool replace);  // create_view.cpp

/// Sends schema and rows.
Done send_rows(Execution& execution, const Rows& rows);  // relation.cpp

}  // namespace mastic::spark_connect
