#include "spark/plan/sql_place.h"

#include <fmt/format.h>

#include <algorithm>

namespace mastic::spark {

SparkError in_sql_text(SparkError error, std::string_view text) {
  for (auto& context : error.contexts) {
    const auto start = static_cast<std::size_t>(context.start_index);
    const auto stop = static_cast<std::size_t>(context.stop_index);
    if (context.is_dataframe || !context.sql_text.empty() || context.start_index < 0 || stop < start || stop >= text.size())
      continue;
    context.sql_text = text;
    context.fragment = text.substr(start, stop - start + 1);
    if (std::ranges::find(error.classes, "org.apache.spark.sql.AnalysisException") == error.classes.end()) continue;
    const auto before = text.substr(0, start);
    const auto newline = before.rfind('\n');
    error.message += fmt::format("; line {} pos {}", std::ranges::count(before, '\n') + 1,
                                 newline == std::string_view::npos ? start : start - newline - 1);
  }
  return error;
}

}  // namespace mastic::spark
