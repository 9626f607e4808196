#include "spark/connect/execution/python_write.h"

#include <spark/connect/base.pb.h>

#include "spark/analyze/analyzer.h"
#include "spark/analyze/python/analysis_answer.h"
#include "spark/analyze/python/data_source.h"
#include "spark/connect/lineage_calls.h"
#include "spark/connect/request_context.h"
#include "spark/lower/execute.h"

namespace mastic::spark_connect {
namespace {

spark::SparkError source_error(const std::string& provider, const char* action, const std::string& message) {
  return spark::analysis_error("PYTHON_DATA_SOURCE_ERROR", {{"action", action}, {"type", provider}, {"msg", message}});
}

spark::DataType message_type() { return spark::types::structure({{"message", spark::types::binary(), true, {}}}); }

struct Planned {
  std::string function;  // pickled: writes the rows of a task, yields its message
  std::string writer;    // pickled
};

spark::SparkResult<Planned> plan(RequestContext& context, const proto::PythonDataSource& source,
                                 const proto::WriteOperation& write, const spark::Relation& input) {
  spark::PythonRequest request;
  request.add_text(source.command());
  request.add_text(write.source());
  request.add_text(json_string(spark::schema_of(input)));
  request.add_text(json_string(message_type()));
  std::map<std::string, std::string> options(write.options().begin(), write.options().end());
  if (write.has_path()) options["path"] = write.path();
  request.add_number(static_cast<int32_t>(options.size()));
  for (const auto& [name, value] : options) {
    request.add_text(name);
    request.add_text(value);
  }
  request.add_flag(write.mode() == proto::WriteOperation::SAVE_MODE_OVERWRITE);
  request.add_flag(false);  // no stream
  request.add_flag(context.configuration("spark.sql.execution.pyspark.binaryAsBytes") != "false");
  TRY(bytes, context.ask_python("pyspark.sql.worker.write_into_data_source", source.python_ver(), request.bytes()));
  spark::PythonAnswer answer(bytes);
  if (const auto raised = answer.exception()) return fail(source_error(write.source(), "plan", *raised));
  Planned planned;
  planned.function = answer.text();
  planned.writer = answer.text();
  if (!answer.complete()) return fail(source_error(write.source(), "plan", "The Python worker ended before it had answered"));
  context.python_ended(answer.rest());
  return planned;
}

Done conclude(RequestContext& context, const proto::PythonDataSource& source, const std::string& provider,
              const std::string& writer, const std::vector<std::string>& messages, bool abort) {
  spark::PythonRequest request;
  request.add_text(writer);
  request.add_number(static_cast<int32_t>(messages.size()));
  for (const auto& message : messages) request.add_text(message);
  request.add_flag(abort);
  TRY(bytes, context.ask_python("pyspark.sql.worker.commit_data_source_write", source.python_ver(), request.bytes()));
  spark::PythonAnswer answer(bytes);
  if (const auto raised = answer.exception()) return fail(source_error(provider, abort ? "abort" : "commit", *raised));
  return {};
}

}  // namespace

Done run_python_write(Execution& execution, const UserDataSource& source, const proto::WriteOperation& write) {
  const bool append = write.mode() == proto::WriteOperation::SAVE_MODE_APPEND;
  if (!append && write.mode() != proto::WriteOperation::SAVE_MODE_OVERWRITE) {
    const bool ignore = write.mode() == proto::WriteOperation::SAVE_MODE_IGNORE;
    return fail(
        spark::analysis_error("UNSUPPORTED_DATA_SOURCE_SAVE_MODE",
                              {{"source", write.source()}, {"createMode", ignore ? "\"Ignore\"" : "\"ErrorIfExists\""}}));
  }
  const auto& python = source->python_data_source();
  RequestContext context(*execution.session, execution.operation.connection());
  TRY(input, spark::Analyzer(context).resolve(write.input()));
  TRY(planned, plan(context, python, write, *input));
  spark::PythonTransform node;
  node.input = input;
  node.columns = input->output;
  constexpr int map_in_arrow = 207;
  node.function.name = write.source();
  node.function.command = planned.function;
  node.function.python_version = python.python_ver();
  node.function.evaluation_type = map_in_arrow;
  spark::ColumnId last = 0;
  for (const auto& column : input->output) last = std::max(last, column.id);
  constexpr spark::ColumnId far_away = 1'000'000'000;  // ids of the input's inner relations are unknown here
  const std::vector<spark::Attribute> output{{last + far_away, "message", spark::types::binary(), true, {}, {}}};
  auto written = context.collect(spark::make_relation(output, std::move(node)), INT32_MAX);
  std::vector<std::string> messages;
  if (written) {
    for (const auto& row : *written) {
      const auto* literal = std::get_if<spark::Literal>(&row.at(0)->node);
      const auto* bytes = literal != nullptr ? std::get_if<std::string>(&literal->value) : nullptr;
      if (bytes != nullptr) messages.push_back(*bytes);
    }
  }
  // On a connection of its own: the failure, or the user, may have interrupted the first, and abort() is called even so.
  const auto connection = execution.session->shared().engine.connect();
  RequestContext ending(*execution.session, *connection);
  const auto concluded = conclude(ending, python, write.source(), planned.writer, messages, !written);
  if (!written) return fail(std::move(written).error());
  if (concluded) {
    std::map<std::string, std::string> options(write.options().begin(), write.options().end());
    if (write.has_path()) options["path"] = write.path();
    const auto name = lineage::name_of_python_source(write.source(), spark::asked_for(options));
    tell_written(*execution.session, input, name, !append);
  }
  return concluded;
}

}  // namespace mastic::spark_connect
