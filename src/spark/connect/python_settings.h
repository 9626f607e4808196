// A session's settings and artifacts, as its Python functions' workers get them.
#pragma once

#include <memory>

#include "spark/connect/session.h"
#include "spark/lower/lower.h"

namespace mastic::spark_connect {

[[nodiscard]] std::shared_ptr<const spark::PythonSettings> python_settings(const Session& session);

/// Has one of PySpark's planning helpers answer; see AnalysisContext::ask_python.
[[nodiscard]] spark::SparkResult<std::string> ask_python_worker(const Session& session, engine::Connection& connection,
                                                                const std::string& module, const std::string& python_version,
                                                                const std::string& request);

}  // namespace mastic::spark_connect
