#include "spark/connect/python_settings.h"

#include <charconv>
#include <filesystem>

#include "engine/python/wire.h"
#include "engine/python/worker.h"
#include "spark/lower/execute.h"

namespace mastic::spark_connect {
namespace {

/// What Spark's runners hand to pyspark.worker (its RunnerConf).
constexpr std::string_view handed_on[] = {
    "spark.sql.session.timeZone",
    "spark.sql.legacy.execution.pandas.groupedMap.assignColumnsByName",
    "spark.sql.execution.arrow.useLargeVarTypes",
    "spark.sql.legacy.execution.pythonUDF.pandas.conversion.enabled",
    "spark.sql.legacy.execution.pythonUDTF.pandas.conversion.enabled",
    "spark.sql.execution.pyspark.binaryAsBytes",
    "spark.sql.execution.pandas.convertToArrowArraySafely",
    "spark.sql.execution.pythonUDF.pandas.intToDecimalCoercionEnabled",
    "spark.sql.execution.pythonUDF.pandas.preferIntExtensionDtype",
    "spark.sql.execution.arrow.maxRecordsPerBatch",
    "spark.sql.execution.arrow.maxBytesPerBatch",
    "spark.sql.execution.pythonUDF.arrow.concurrency.level",
    "spark.sql.pyspark.udf.profiler",
    "spark.sql.pyspark.dataSource.profiler",
};

/// A number with an optional unit of seconds: `3`, `3s`.
int64_t number_of(const std::optional<std::string>& text, int64_t otherwise) {
  if (!text) return otherwise;
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  return error == std::errc{} ? value : otherwise;
}

/// `512m`, `2g`, a number of MiB.
int64_t mebibytes_of(const std::string& text) {
  const auto value = number_of(text, 0);
  switch (text.empty() ? ' ' : text.back()) {
    case 'g': return value * 1024;
    case 'k': return value / 1024;
    default: return value;
  }
}

}  // namespace

std::shared_ptr<const spark::PythonSettings> python_settings(const Session& session) {
  const auto& configuration = session.configuration;
  auto settings = std::make_shared<spark::PythonSettings>();
  settings->session = session.server_side_id();
  std::error_code ignored;
  if (std::filesystem::exists(session.artifacts.folder(), ignored))
    settings->files_folder = session.artifacts.folder().string();
  settings->files_version = session.artifacts.version();
  for (const auto key : handed_on) {
    if (auto value = configuration.find(key)) settings->settings.emplace(key, *std::move(value));
  }
  settings->batch_rows = number_of(configuration.find("spark.sql.execution.arrow.maxRecordsPerBatch"), settings->batch_rows);
  if (settings->batch_rows <= 0) settings->batch_rows = INT32_MAX;
  settings->idle_timeout_seconds =
      static_cast<int>(number_of(configuration.find("spark.sql.execution.pyspark.udf.idleTimeoutSeconds"), 0));
  settings->kill_on_idle_timeout = configuration.flag("spark.sql.execution.pyspark.udf.killOnIdleTimeout");
  settings->fault_handler = configuration.flag("spark.sql.execution.pyspark.udf.faulthandler.enabled") ||
                            configuration.flag("spark.python.worker.faulthandler.enabled");
  settings->accumulated = [profiles = session.python_profiles](std::string bytes) { profiles->add(std::move(bytes)); };
  auto& variables = settings->variables;
  if (settings->fault_handler) variables["PYTHON_FAULTHANDLER_DIR"] = session.shared().engine.python_workers().fault_folder();
  const auto flag_or = [&](std::string_view key, bool otherwise) {
    const auto value = configuration.find(key);
    return value ? *value == "true" : otherwise;
  };
  if (flag_or("spark.sql.execution.pyspark.udf.simplifiedTraceback.enabled", true))
    variables["SPARK_SIMPLIFIED_TRACEBACK"] = "1";
  if (flag_or("spark.sql.execution.pyspark.udf.hideTraceback.enabled", false)) variables["SPARK_HIDE_TRACEBACK"] = "1";
  if (const auto interval = number_of(configuration.find("spark.sql.execution.pyspark.udf.tracebackDumpIntervalSeconds"), 0);
      interval > 0) {
    variables["PYTHON_TRACEBACK_DUMP_INTERVAL_SECONDS"] = std::to_string(interval);
  }
  if (const auto limit = configuration.find("spark.executor.pyspark.memory"); limit && mebibytes_of(*limit) > 0) {
    variables["PYSPARK_EXECUTOR_MEMORY_MB"] = std::to_string(mebibytes_of(*limit));
  }
  return settings;
}

spark::SparkResult<std::string> ask_python_worker(const Session& session, engine::Connection& connection,
                                                  const std::string& module, const std::string& python_version,
                                                  const std::string& request) {
  const auto settings = python_settings(session);
  namespace wire = engine::wire;
  std::string bytes;
  wire::add_text(bytes, python_version);
  wire::add_text(bytes, settings->files_folder.empty() ? "." : settings->files_folder);
  wire::add_number(bytes, 0);    // packages: mastic.worker has put them on the path
  wire::add_flag(bytes, false);  // no broadcast variables
  wire::add_number(bytes, 0);
  const auto profiler = settings->settings.find("spark.sql.pyspark.dataSource.profiler");
  wire::add_number(bytes, profiler == settings->settings.end() ? 0 : 1);
  if (profiler != settings->settings.end()) {
    wire::add_text(bytes, profiler->first);
    wire::add_text(bytes, profiler->second);
  }
  bytes += request;
  wire::add_number(bytes, wire::end_of_stream);
  const engine::WorkerLimits limits{settings->idle_timeout_seconds, settings->kill_on_idle_timeout, settings->fault_handler};
  const engine::PythonEnvironment environment{settings->session, settings->files_folder, settings->files_version,
                                              settings->variables};
  auto answer = session.shared().engine.python_workers().ask(environment, module, bytes, limits,
                                                             [&] { return connection.interrupted(); });
  if (!answer) return fail(spark::to_spark_error(answer.error()));
  return std::move(*answer);
}

}  // namespace mastic::spark_connect
