// df.createTempView and the like, and CREATE TEMPORARY VIEW.
#include <fmt/format.h>
#include <spark/connect/commands.pb.h>

#include "spark/connect/execution/execution.h"
#include "spark/connect/execution/names.h"
#include "spark/sql/parser.h"

namespace mastic::spark_connect {

Done add_view(Session& session, const std::vector<std::string>& name, spark::RelationPtr plan, bool global, bool replace) {
  // A global view may be named with its database.
  const bool qualified = global && name.size() == 2 && to_lower(name[0]) == "global_temp";
  if (name.size() != 1 && !qualified) {
    return fail(spark::analysis_error("TEMP_VIEW_NAME_TOO_MANY_NAME_PARTS", {{"actualName", quoted(name)}}));
  }
  Views& views = global ? session.shared().global_views : session.views;
  if (views.add(name.back(), std::move(plan), replace)) return {};
  const auto full_name = global ? std::vector<std::string>{"global_temp", name.back()} : name;
  return fail(spark::runtime_error("TEMP_TABLE_OR_VIEW_ALREADY_EXISTS", {{"relationName", quoted(full_name)}},
                                   "org.apache.spark.sql.catalyst.analysis.TempTableAlreadyExistsException"));
}

Done run_create_view(Execution& execution, const proto::CreateDataFrameViewCommand& command) {
  TRY(name, spark::sql::parse_identifier(command.name()));
  TRY(plan, resolve(execution, command.input()));
  return add_view(*execution.session, name, plan, command.is_global(), command.replace());
}

}  // namespace mastic::spark_connect
