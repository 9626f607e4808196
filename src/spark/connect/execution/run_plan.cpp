// The table of commands, and the ways a plan may be wrapped.
#include <fmt/format.h>
#include <spark/connect/base.pb.h>

#include <algorithm>

#include "spark/connect/call_sites.h"
#include "spark/connect/error_status.h"
#include "spark/connect/execution/execution.h"
#include "spark/connect/stream.h"
#include "spark/lower/execute.h"

namespace mastic::spark_connect {
namespace {

/// A compressed plan must not unpack to more than the largest plain message.
constexpr std::size_t plan_bytes_max = 128U << 20U;

spark::SparkError cannot_parse(std::string_view why) {
  return spark::runtime_error("CONNECT_INVALID_PLAN.CANNOT_PARSE", {{"errorMsg", std::string(why)}},
                              "org.apache.spark.sql.connect.common.InvalidPlanInput");
}

Done register_function(Execution& execution, const proto::Command& command) {
  const auto& function = command.register_function();
  // Only Python functions can run here: there is no JVM. A call of a registered one is refused or run by lower.
  if (function.has_java_udf()) {
    return fail(spark::analysis_error("_LEGACY_ERROR_TEMP_1329", {{"className", function.java_udf().class_name()}}));
  }
  if (function.has_scalar_scala_udf()) {
    return fail(spark::unsupported(fmt::format("functions of the JVM ({})", function.function_name())));
  }
  execution.session->add_function(function.function_name(),
                                  std::make_shared<const proto::CommonInlineUserDefinedFunction>(function));
  return {};
}

Done register_table_function(Execution& execution, const proto::Command& command) {
  const auto& function = command.register_table_function();
  execution.session->add_table_function(function.function_name(),
                                        std::make_shared<const proto::CommonInlineUserDefinedTableFunction>(function));
  return {};
}

Done register_data_source(Execution& execution, const proto::Command& command) {
  const auto& source = command.register_data_source();
  execution.session->add_data_source(source.name(), std::make_shared<const proto::CommonInlineUserDefinedDataSource>(source));
  return {};
}

/// The client's object for a checkpoint is gone. A view may have been made of it: then its rows stay.
Done remove_cached_relation(Execution& execution, const proto::Command& command) {
  Session& session = *execution.session;
  auto relation = session.persisted.forget(command.remove_cached_remote_relation_command().relation().relation_id());
  if (relation == nullptr) return {};
  const auto* cached = std::get_if<spark::ReadCached>(&relation->node);
  if (cached == nullptr) return {};
  if (session.views.names().empty() && session.shared().global_views.names().empty()) {
    return spark::drop_cached(execution.operation.connection(), cached->name);
  }
  session.persisted.keep_until_end(std::move(relation));
  return {};
}

/// Tasks run in one process: of a profile, only the number of processors that a task is told of means anything.
Done create_profile(Execution& execution, const proto::Command& command) {
  int cpus = 1;
  for (const auto& [name, request] : command.create_resource_profile_command().profile().task_resources()) {
    if (name == "cpus") cpus = std::max(1, static_cast<int>(request.amount()));
  }
  Response response;
  response.mutable_create_resource_profile_command_result()->set_profile_id(execution.session->add_profile(cpus));
  execution.operation.send(std::move(response));
  return {};
}

/// The client clears its model cache when it exits. There are no models, so there is nothing to clear.
Done run_ml_command(Execution& execution, const proto::MlCommand& command) {
  Response response;
  switch (command.command_case()) {
    case proto::MlCommand::kCleanCache: response.mutable_ml_command_result()->mutable_param()->set_integer(0); break;
    case proto::MlCommand::kGetCacheInfo:
      response.mutable_ml_command_result()->mutable_param()->mutable_array()->mutable_element_type()->mutable_string();
      break;
    default: return fail(spark::unsupported("machine learning (pyspark.ml)"));
  }
  execution.operation.send(std::move(response));
  return {};
}

}  // namespace

spark::SparkResult<proto::Plan> decode_plan(const proto::Plan& plan) {
  if (!plan.has_compressed_operation()) return plan;
  const auto& compressed = plan.compressed_operation();
  if (compressed.compression_codec() != proto::COMPRESSION_CODEC_ZSTD) return fail(cannot_parse("unknown compression codec"));
  const auto bytes = decompress_zstd(compressed.data(), plan_bytes_max);
  if (!bytes) return fail(cannot_parse("no zstd data, or more than 128 MiB of it"));
  proto::Plan decoded;
  const bool parsed = compressed.op_type() == proto::Plan::CompressedOperation::OP_TYPE_COMMAND
                          ? decoded.mutable_command()->ParseFromString(*bytes)
                          : decoded.mutable_root()->ParseFromString(*bytes);
  if (!parsed) return fail(cannot_parse("the unpacked bytes are no plan"));
  return decoded;
}

namespace {

Done run_decoded(Execution& execution, const proto::Plan& plan) {
  switch (plan.op_type_case()) {
    case proto::Plan::kRoot: return run_relation(execution, plan.root());
    case proto::Plan::kCommand: return run_command(execution, plan.command());
    default: return fail(invalid_input("The plan has neither a relation nor a command."));
  }
}

}  // namespace

Done run_plan(Execution& execution, const proto::Plan& encoded) {
  TRY(plan, decode_plan(encoded));
  auto done = run_decoded(execution, plan);
  if (!done) {
    add_call_site(done.error(), plan);
    return done;
  }
  // Spark's last sign of progress, which even the quickest query gives.
  if (plan.has_root()) execution.operation.send(progress_response(1));
  const auto accumulated = execution.session->python_profiles->take();
  if (execution.observations.found().empty() && accumulated.empty()) return done;
  Response response;
  for (const auto& metrics : execution.observations.found()) *response.add_observed_metrics() = metrics;
  if (!accumulated.empty()) {
    // What pyspark.worker measured, under the name that the client looks for.
    auto& metrics = *response.add_observed_metrics();
    metrics.set_name("__python_accumulator__");
    for (const auto& bytes : accumulated) metrics.add_values()->set_binary(bytes);
  }
  execution.operation.send(std::move(response));
  return done;
}

Done run_command(Execution& execution, const proto::Command& command) {
  switch (command.command_type_case()) {
    case proto::Command::kSqlCommand: return run_sql_command(execution, command.sql_command());
    case proto::Command::kCreateDataframeView: return run_create_view(execution, command.create_dataframe_view());
    case proto::Command::kWriteOperation: return run_write(execution, command.write_operation());
    case proto::Command::kWriteOperationV2: return run_write(execution, command.write_operation_v2());
    case proto::Command::kCheckpointCommand: return run_checkpoint(execution, command.checkpoint_command());
    case proto::Command::kRemoveCachedRemoteRelationCommand: return remove_cached_relation(execution, command);
    case proto::Command::kRegisterFunction: return register_function(execution, command);
    case proto::Command::kMlCommand: return run_ml_command(execution, command.ml_command());
    case proto::Command::kRegisterTableFunction: return register_table_function(execution, command);
    case proto::Command::kRegisterDataSource: return register_data_source(execution, command);
    case proto::Command::kMergeIntoTableCommand: return fail(spark::unsupported("MERGE INTO"));
    case proto::Command::kWriteStreamOperationStart:
    case proto::Command::kStreamingQueryCommand:
    case proto::Command::kStreamingQueryManagerCommand:
    case proto::Command::kStreamingQueryListenerBusCommand: return fail(spark::unsupported("structured streaming"));
    case proto::Command::kGetResourcesCommand: {
      Response response;
      response.mutable_get_resources_command_result();
      execution.operation.send(std::move(response));
      return {};
    }
    case proto::Command::kCreateResourceProfileCommand: return create_profile(execution, command);
    case proto::Command::kExecuteExternalCommand: return fail(spark::unsupported("external commands"));
    case proto::Command::kPipelineCommand: return fail(spark::unsupported("declarative pipelines"));
    case proto::Command::kExtension: return fail(spark::unsupported("protocol extensions"));
    case proto::Command::COMMAND_TYPE_NOT_SET: break;
  }
  return fail(spark::unsupported("this command of a newer client"));
}

}  // namespace mastic::spark_connect
