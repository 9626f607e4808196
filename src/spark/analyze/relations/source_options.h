// Which of Spark's data source options are refused.
//
// Spark ignores keys that it does not know, and so do we. An option that Spark does know but nothing here acts on would
// silently change what a job reads or writes: it fails with an error that names it, unless its value asks for what happens
// anyway.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "spark/plan/spark_error.h"

namespace mastic::spark {

/// `options`: keys in lower case.
SparkResult<void> check_read_options(std::string_view format, const std::map<std::string, std::string>& options,
                                     std::string_view session_time_zone);
SparkResult<void> check_write_options(std::string_view format, const std::map<std::string, std::string>& options,
                                      std::string_view session_time_zone);

}  // namespace mastic::spark
