#include "spark/connect/observations.h"

#include <arrow/api.h>
#include <arrow/io/memory.h>
#include <arrow/ipc/reader.h>

#include <functional>

#include "base/identifiers.h"
#include "spark/connect/error_status.h"
#include "spark/connect/lineage_calls.h"
#include "spark/connect/literals.h"
#include "spark/lower/execute.h"

namespace mastic::spark_connect {
namespace {

using spark::RelationPtr;
using spark::SparkResult;
using Metrics = ::spark::connect::ExecutePlanResponse::ObservedMetrics;
using Change = std::function<SparkResult<RelationPtr>(const RelationPtr&)>;

template <typename Node>
concept HasInput = requires(Node& node) { node.input; };
template <typename Node>
concept HasSides = requires(Node& node) { node.left; };

/// The plan with its inputs changed; itself when none did.
SparkResult<RelationPtr> with_inputs(const RelationPtr& plan, const Change& change) {
  spark::Relation copy = *plan;
  bool changed = false;
  const auto replace = [&](RelationPtr& input) -> SparkResult<void> {
    if (input == nullptr) return {};
    TRY(next, change(input));
    changed = changed || next != input;
    input = std::move(next);
    return {};
  };
  const auto done = std::visit(
      [&]<typename Node>(Node& node) -> SparkResult<void> {
        if constexpr (HasInput<Node>) return replace(node.input);
        if constexpr (HasSides<Node>) {
          TRY_DO(replace(node.left));
          return replace(node.right);
        }
        return {};
      },
      copy.node);
  if (!done) return fail(done.error());
  return changed ? std::make_shared<const spark::Relation>(std::move(copy)) : plan;
}

/// The metrics' plan reading the rows under the name that this execution gave them.
SparkResult<RelationPtr> reading(const RelationPtr& plan, const std::string& old_name, const std::string& name) {
  const auto* cached = std::get_if<spark::ReadCached>(&plan->node);
  if (cached != nullptr && cached->name == old_name) return spark::make_relation(plan->output, spark::ReadCached{name});
  return with_inputs(plan, [&](const RelationPtr& input) { return reading(input, old_name, name); });
}

SparkResult<void> add_values(Metrics& metrics, const std::string& stream, const std::vector<spark::Attribute>& columns) {
  auto reader = arrow::ipc::RecordBatchStreamReader::Open(
      std::make_shared<arrow::io::BufferReader>(std::make_shared<arrow::Buffer>(std::string_view(stream))));
  if (!reader.ok()) return fail(spark::internal_error(reader.status().ToString()));
  std::shared_ptr<arrow::RecordBatch> batch;
  if (const auto status = (*reader)->ReadNext(&batch); !status.ok()) return fail(spark::internal_error(status.ToString()));
  if (batch == nullptr || batch->num_rows() == 0) return {};
  for (int i = 0; i < batch->num_columns(); ++i) {
    const auto& column = columns.at(static_cast<std::size_t>(i));
    TRY(value, to_literal(*batch->column(i), 0, column.type));
    metrics.add_keys(column.name);
    *metrics.add_values() = std::move(value);
  }
  return {};
}

}  // namespace

Observations::~Observations() {
  for (const auto& name : kept_) engine_.drop_kept(name);
}

SparkResult<RelationPtr> Observations::settle(engine::Connection& connection, const RelationPtr& plan,
                                              const spark::LowerOptions& options) {
  TRY(settled, with_inputs(plan, [&](const RelationPtr& input) { return settle(connection, input, options); }));
  const auto* node = std::get_if<spark::Observe>(&settled->node);
  if (node == nullptr) return settled;
  const std::string name = "observed_" + random_hex(16);
  tell_kept(name, node->input);
  TRY_DO(spark::cache(connection, *node->input, options, name));
  kept_.push_back(name);
  if (measured_.insert(node->name).second) measure(connection, *node, name, options);
  return spark::make_relation(settled->output, spark::ReadCached{name});
}

void Observations::measure(engine::Connection& connection, const spark::Observe& node, const std::string& rows_name,
                           const spark::LowerOptions& options) {
  Metrics& metrics = found_.emplace_back();
  metrics.set_name(node.name);
  metrics.set_plan_id(node.plan_id);
  const auto run = [&]() -> SparkResult<void> {
    TRY(plan, reading(node.metrics, node.rows_name, rows_name));
    std::string stream;
    TRY_DO(spark::execute(connection, *plan, options, {}, [&](const spark::ArrowBatch& batch) {
      stream = batch.stream;
      return false;
    }));
    return add_values(metrics, stream, plan->output);
  };
  if (const auto done = run(); !done) {
    metrics.clear_keys();
    metrics.clear_values();
    metrics.set_root_error_idx(0);
    fill_error(done.error(), *metrics.add_errors());
  }
}

}  // namespace mastic::spark_connect
