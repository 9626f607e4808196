// EXPLAIN: DuckDB's plan under Spark's headings.
#include <fmt/format.h>
#include <spark/connect/base.pb.h>

#include "spark/analyze/analyzer.h"
#include "spark/connect/execution/statement.h"
#include "spark/connect/request_context.h"
#include "spark/lower/execute.h"

namespace mastic::spark_connect {

spark::SparkResult<std::string> explain(Session& session, engine::Connection& connection, const proto::Relation& relation,
                                        std::string_view mode) {
  RequestContext context(session, connection);
  TRY(plan, spark::Analyzer(context).resolve(relation));
  TRY(physical, spark::explain_physical(connection, *plan, lower_options(session)));
  if (physical.ends_with('\n')) physical.pop_back();
  std::string text;
  if (to_lower(mode) == "extended") {
    std::string columns;
    for (const spark::Attribute& attribute : plan->output) {
      if (!columns.empty()) columns += ", ";
      columns += fmt::format("{}: {}", attribute.name, spark::simple_string(attribute.type));
    }
    text += fmt::format("== Analyzed Logical Plan ==\n{}\n\n", columns);
  }
  return text + fmt::format("== Physical Plan ==\n{}\n", physical);
}

}  // namespace mastic::spark_connect
