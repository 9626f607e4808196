#include "spark/lower/execute.h"

#include <arrow/array/array_base.h>
#include <arrow/array/concatenate.h>
#include <arrow/array/util.h>
#include <arrow/c/bridge.h>
#include <arrow/io/memory.h>
#include <arrow/ipc/writer.h>
#include <arrow/record_batch.h>

#include <duckdb.hpp>
#include <duckdb/common/arrow/arrow_converter.hpp>
#include <duckdb/parser/statement/explain_statement.hpp>
#include <duckdb/parser/statement/select_statement.hpp>

#include "engine/duckdb_failure.h"
#include "spark/lower/arrow_types.h"
#include "spark/lower/lowering.h"
#include "spark/lower/types.h"

namespace mastic::spark {
namespace {

/// A stream's worth of rows in the making.
class BatchMaker {
 public:
  BatchMaker(const std::vector<Attribute>& output, const std::string& zone, duckdb::ClientContext& context)
      : output_(output), schema_(to_arrow_schema(output, zone)), properties_(context.GetClientProperties()) {
    properties_.produce_arrow_string_view = false;
    properties_.arrow_use_list_view = false;
    properties_.arrow_lossless_conversion = false;
    properties_.arrow_offset_size = duckdb::ArrowOffsetSize::REGULAR;
    properties_.arrow_output_version = duckdb::ArrowFormatVersion::V1_0;
  }

  arrow::Status add(duckdb::DataChunk& chunk) {
    rows_ += static_cast<int64_t>(chunk.size());
    if (schema_->num_fields() == 0) return arrow::Status::OK();
    duckdb::vector<std::string> names;
    for (duckdb::idx_t i = 0; i < chunk.ColumnCount(); ++i) names.push_back("c" + std::to_string(i));
    ::ArrowSchema raw_schema;
    duckdb::ArrowConverter::ToArrowSchema(&raw_schema, chunk.GetTypes(), names, properties_);
    ::ArrowArray raw;
    duckdb::ArrowConverter::ToArrowArray(chunk, &raw, properties_, {});
    ARROW_ASSIGN_OR_RAISE(auto batch, arrow::ImportRecordBatch(&raw, &raw_schema));
    arrow::ArrayVector columns;
    for (int i = 0; i < schema_->num_fields(); ++i) {
      const auto& type = output_[static_cast<std::size_t>(i)].type;
      columns.push_back(arrow::MakeArray(to_client_layout(*batch->column_data(i), type, schema_->field(i)->type())));
    }
    bytes_ += static_cast<int64_t>(chunk.GetAllocationSize());
    parts_.push_back(std::move(columns));
    return arrow::Status::OK();
  }

  [[nodiscard]] int64_t rows() const { return rows_; }
  [[nodiscard]] int64_t bytes() const { return bytes_; }

  /// The rows so far as one IPC stream; starts over.
  arrow::Result<ArrowBatch> take() {
    arrow::ArrayVector columns;
    for (int i = 0; i < schema_->num_fields(); ++i) {
      arrow::ArrayVector parts;
      for (const auto& part : parts_) parts.push_back(part[static_cast<std::size_t>(i)]);
      if (parts.empty()) {
        ARROW_ASSIGN_OR_RAISE(auto empty, arrow::MakeEmptyArray(schema_->field(i)->type()));
        columns.push_back(std::move(empty));
      } else if (parts.size() == 1) {
        columns.push_back(parts[0]);
      } else {
        ARROW_ASSIGN_OR_RAISE(auto joined, arrow::Concatenate(parts));
        columns.push_back(std::move(joined));
      }
    }
    ARROW_ASSIGN_OR_RAISE(auto sink, arrow::io::BufferOutputStream::Create(bytes_ + 4096));
    ARROW_ASSIGN_OR_RAISE(auto writer, arrow::ipc::MakeStreamWriter(sink, schema_));
    ARROW_RETURN_NOT_OK(writer->WriteRecordBatch(*arrow::RecordBatch::Make(schema_, rows_, std::move(columns))));
    ARROW_RETURN_NOT_OK(writer->Close());
    ARROW_ASSIGN_OR_RAISE(auto buffer, sink->Finish());
    ArrowBatch batch{buffer->ToString(), rows_, 0};
    parts_.clear();
    rows_ = 0;
    bytes_ = 0;
    return batch;
  }

 private:
  const std::vector<Attribute>& output_;
  std::shared_ptr<arrow::Schema> schema_;
  duckdb::ClientProperties properties_;
  std::vector<arrow::ArrayVector> parts_;
  int64_t rows_ = 0;
  int64_t bytes_ = 0;
};

}  // namespace

SparkResult<int64_t> execute(engine::Connection& connection, const Relation& relation, const LowerOptions& options,
                             const BatchLimits& limits, const std::function<bool(ArrowBatch)>& receive) {
  TRY(query, lower(relation, options));
  auto stream = connection.stream(std::move(query->statement));
  if (!stream) return fail(to_spark_error(stream.error()));
  try {
    BatchMaker maker(query->output, options.session_time_zone, *connection.duckdb().context);
    int64_t sent = 0;
    bool any = false;
    const auto send = [&]() -> SparkResult<bool> {
      auto batch = maker.take();
      if (!batch.ok()) return fail(internal_error("Arrow: " + batch.status().ToString()));
      batch->first_row = sent;
      sent += batch->rows;
      any = true;
      return receive(std::move(*batch));
    };
    while (true) {
      auto chunk = (*stream)->next();
      if (!chunk) return fail(to_spark_error(chunk.error()));
      if (*chunk == nullptr) break;
      if (const auto added = maker.add(**chunk); !added.ok()) return fail(internal_error("Arrow: " + added.ToString()));
      if (maker.rows() < limits.rows_max && maker.bytes() < limits.bytes_max) continue;
      TRY(go_on, send());
      if (!go_on) return sent;
    }
    if (maker.rows() > 0 || !any) TRY_DO(send());
    return sent;
  } catch (const std::exception& exception) {
    return fail(to_spark_error(engine::to_failure(exception)));
  }
}

SparkResult<std::vector<std::vector<std::optional<std::string>>>> collect_text(engine::Connection& connection,
                                                                               const Relation& relation,
                                                                               const LowerOptions& options) {
  std::unique_ptr<duckdb::SelectStatement> statement;
  std::vector<std::shared_ptr<const void>> kept;
  try {
    Lowering lowering(options);
    const auto columns = column_ids(relation);
    auto block = lowering.relation(relation).wrapped(columns);
    for (const auto& attribute : relation.output) {
      block.select.push_back(lowering.to_text(ast::column(attribute.id), attribute.type, true));
    }
    block.projected = true;
    statement = std::make_unique<duckdb::SelectStatement>();
    statement->node = std::move(block).to_node(columns);
    kept = lowering.take_kept();
  } catch (Unlowered& unlowered) {
    return fail(std::move(unlowered.error));
  } catch (const std::exception& exception) {
    return fail(to_spark_error(engine::to_failure(exception)));
  }
  auto stream = connection.stream(std::move(statement));
  if (!stream) return fail(to_spark_error(stream.error()));
  std::vector<std::vector<std::optional<std::string>>> rows;
  while (true) {
    auto chunk = (*stream)->next();
    if (!chunk) return fail(to_spark_error(chunk.error()));
    if (*chunk == nullptr) return rows;
    for (duckdb::idx_t row = 0; row < (*chunk)->size(); ++row) {
      auto& cells = rows.emplace_back();
      for (std::size_t column = 0; column < relation.output.size(); ++column) {
        const auto value = (*chunk)->GetValue(column, row);
        cells.push_back(value.IsNull() ? std::nullopt : std::optional(value.ToString()));
      }
    }
  }
}

SparkResult<int64_t> cache(engine::Connection& connection, const Relation& relation, const LowerOptions& options,
                           const std::string& name) {
  TRY(query, lower(relation, options));
  auto rows = connection.keep(name, std::unique_ptr<duckdb::QueryNode>(query->statement->node.release()));
  if (!rows) return fail(to_spark_error(rows.error()));
  return static_cast<int64_t>(*rows);
}

SparkResult<void> drop_cached(engine::Connection& connection, const std::string& name) {
  connection.engine().drop_kept(name);
  return {};
}

SparkResult<std::string> explain_physical(engine::Connection& connection, const Relation& relation,
                                          const LowerOptions& options) {
  TRY(query, lower(relation, options));
  auto explain = std::make_unique<duckdb::ExplainStatement>(
      duckdb::unique_ptr<duckdb::SQLStatement>(query->statement.release()), duckdb::ExplainType::EXPLAIN_STANDARD);
  auto stream = connection.stream(std::move(explain));
  if (!stream) return fail(to_spark_error(stream.error()));
  std::string text;
  while (true) {
    auto chunk = (*stream)->next();
    if (!chunk) return fail(to_spark_error(chunk.error()));
    if (*chunk == nullptr) return text;
    for (duckdb::idx_t row = 0; row < (*chunk)->size(); ++row) text += (*chunk)->GetValue(1, row).ToString();
  }
}

SparkResult<std::string> empty_arrow_stream(const std::vector<Attribute>& output, const std::string& session_time_zone) {
  auto sink = arrow::io::BufferOutputStream::Create();
  if (!sink.ok()) return fail(internal_error(sink.status().ToString()));
  auto writer = arrow::ipc::MakeStreamWriter(*sink, to_arrow_schema(output, session_time_zone));
  if (!writer.ok()) return fail(internal_error(writer.status().ToString()));
  if (const auto closed = (*writer)->Close(); !closed.ok()) return fail(internal_error(closed.ToString()));
  auto buffer = (*sink)->Finish();
  if (!buffer.ok()) return fail(internal_error(buffer.status().ToString()));
  return (*buffer)->ToString();
}

}  // namespace mastic::spark
