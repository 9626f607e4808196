// Where in a SQL text an error is.
#pragma once

#include <string_view>

#include "spark/plan/spark_error.h"

namespace mastic::spark {

/// What found an error knows its place in a SQL text, not the text: this puts it in, and the line into the message.
SparkError in_sql_text(SparkError error, std::string_view text);

}  // namespace mastic::spark
