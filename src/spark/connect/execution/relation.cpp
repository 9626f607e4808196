// Relations whose rows the client wants: schema first, then Arrow batches, then metrics.
#include <fmt/format.h>
#include <spark/connect/base.pb.h>

#include <algorithm>
#include <charconv>

#include "spark/analyze/analyzer.h"
#include "spark/connect/execution/execution.h"
#include "spark/connect/lineage_calls.h"
#include "spark/connect/request_context.h"
#include "spark/connect/show_text.h"
#include "spark/lower/execute.h"
#include "spark/sql/parser.h"

namespace mastic::spark_connect {
namespace {

int64_t integer_setting(const Session& session, std::string_view key, int64_t otherwise) {
  const auto text = session.configuration.find(key);
  int64_t value = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), value).ec != std::errc{}) return otherwise;
  return value;
}

spark::BatchLimits batch_limits(const Session& session) {
  spark::BatchLimits limits;
  limits.rows_max = integer_setting(session, "spark.sql.execution.arrow.maxRecordsPerBatch", limits.rows_max);
  if (limits.rows_max <= 0) limits.rows_max = INT64_MAX;
  limits.bytes_max = std::max<int64_t>(integer_setting(session, "spark.connect.grpc.arrow.maxBatchSize", limits.bytes_max), 1);
  return limits;
}

void send_schema(Execution& execution, const spark::DataType& schema) {
  Response response;
  *response.mutable_schema() = spark::sql::to_proto(schema);
  execution.operation.send(std::move(response));
}

bool send_batch(Execution& execution, std::string stream, int64_t rows, int64_t first_row) {
  Response response;
  auto& batch = *response.mutable_arrow_batch();
  batch.set_row_count(rows);
  batch.set_data(std::move(stream));
  batch.set_start_offset(first_row);
  return execution.operation.send(std::move(response));
}

void send_metrics(Execution& execution, const proto::Relation& relation, int64_t rows) {
  Response response;
  auto& metric = *response.mutable_metrics()->add_metrics();
  metric.set_name("Result");
  metric.set_plan_id(relation.common().plan_id());
  auto& value = (*metric.mutable_execution_metrics())["numOutputRows"];
  value.set_name("number of output rows");
  value.set_value(rows);
  value.set_metric_type("sum");
  execution.operation.send(std::move(response));
}

struct ShowRequest {
  const proto::Relation& input;
  int rows;
  int truncate;
  std::string column;
  std::string (*layout)(const ShowInput&);
};

Done run_show(Execution& execution, const ShowRequest& request) {
  TRY(plan, resolve_to_run(execution, request.input));
  tell_fetched(*execution.session, plan);
  // One row more than is shown says whether there is more.
  const int64_t rows_max = std::max(request.rows, 0);
  const auto limited = spark::make_relation(plan->output, spark::Limit{.input = plan, .limit = rows_max + 1, .offset = 0});
  TRY(cells, spark::collect_text(execution.operation.connection(), *limited, lower_options(*execution.session)));
  ShowInput input{.names = {}, .rows = std::move(cells), .rows_max = rows_max, .truncate = request.truncate};
  input.ends_lines = execution.session->configuration.spark_version().starts_with("3.");
  for (const spark::Attribute& attribute : plan->output) input.names.push_back(attribute.name);
  return send_rows(execution, {.columns = {text_column(request.column)}, .rows = {{request.layout(input)}}});
}

Done run_query(Execution& execution, const proto::Relation& relation) {
  TRY(plan, resolve_to_run(execution, relation));
  tell_fetched(*execution.session, plan, relation.common().plan_id());
  send_schema(execution, spark::schema_of(*plan));
  TRY(rows, spark::execute(execution.operation.connection(), *plan, lower_options(*execution.session),
                           batch_limits(*execution.session), [&](spark::ArrowBatch batch) {
                             return send_batch(execution, std::move(batch.stream), batch.rows, batch.first_row);
                           }));
  send_metrics(execution, relation, rows);
  return {};
}

}  // namespace

Done send_rows(Execution& execution, const Rows& rows) {
  TRY(stream, to_arrow_stream(rows));
  send_schema(execution, spark::types::structure(rows.columns));
  send_batch(execution, std::move(stream), static_cast<int64_t>(rows.rows.size()), 0);
  return {};
}

Done run_relation(Execution& execution, const proto::Relation& relation) {
  switch (relation.rel_type_case()) {
    case proto::Relation::kShowString: {
      const auto& show = relation.show_string();
      return run_show(execution, {.input = show.input(),
                                  .rows = show.num_rows(),
                                  .truncate = show.truncate(),
                                  .column = "show_string",
                                  .layout = show.vertical() ? show_vertically : show_table});
    }
    case proto::Relation::kHtmlString: {
      const auto& show = relation.html_string();
      return run_show(execution, {.input = show.input(),
                                  .rows = show.num_rows(),
                                  .truncate = show.truncate(),
                                  .column = "html_string",
                                  .layout = show_html});
    }
    case proto::Relation::kCatalog: {
      TRY(rows, run_catalog_call(execution, relation.catalog()));
      return send_rows(execution, rows);
    }
    default: return run_query(execution, relation);
  }
}

}  // namespace mastic::spark_connect
