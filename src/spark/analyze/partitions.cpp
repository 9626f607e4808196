#include "spark/analyze/partitions.h"

#include <algorithm>

#include "spark/analyze/rewrite.h"

namespace mastic::spark {
namespace {

int64_t rows_of(const RangeRows& range) {
  const bool up = range.step > 0;
  if (up ? range.end <= range.start : range.end >= range.start) return 0;
  const auto start = static_cast<uint64_t>(range.start);
  const auto end = static_cast<uint64_t>(range.end);
  const auto span = up ? end - start : start - end;
  const auto step = up ? static_cast<uint64_t>(range.step) : 0 - static_cast<uint64_t>(range.step);
  return static_cast<int64_t>((span - 1) / step + 1);
}

// How many partitions Spark would have; 1 after whatever brings rows together. `local`: of rows that the client sent; only
// drawing at random looks at those, as everybody else would find their ids odd.
int partitions_of(const Relation& plan, int local) {
  if (std::holds_alternative<LocalData>(plan.node)) return local;
  if (const auto* range = std::get_if<RangeRows>(&plan.node)) return std::max(1, range->partitions);
  if (const auto* repartition = std::get_if<Repartition>(&plan.node)) {
    const int before = partitions_of(*repartition->input, local);
    if (repartition->shuffle) return repartition->partitions > 0 ? repartition->partitions : 1;
    return std::min(before, std::max(1, repartition->partitions));
  }
  return std::visit(
      [local]<typename Node>(const Node& node) {
        constexpr bool passes = std::is_same_v<Node, Project> || std::is_same_v<Node, Filter> || std::is_same_v<Node, Alias> ||
                                std::is_same_v<Node, Generate> || std::is_same_v<Node, Sample> || std::is_same_v<Node, Observe>;
        if constexpr (passes) return partitions_of(*node.input, local);
        if constexpr (std::is_same_v<Node, Sort>) return node.global ? 1 : partitions_of(*node.input, local);
        static_cast<void>(local);
        return 1;
      },
      plan.node);
}

ExpressionPtr whole_window(std::string function, std::vector<ExpressionPtr> partition_by, std::vector<SortOrder> order_by,
                           std::vector<ExpressionPtr> arguments = {}) {
  WindowCall call{.function = std::move(function), .arguments = std::move(arguments)};
  call.partition_by = std::move(partition_by);
  call.order_by = std::move(order_by);
  call.frame = FrameType::rows;
  call.lower.kind = FrameBound::Kind::unbounded_preceding;
  call.upper.kind = call.function == "count" ? FrameBound::Kind::unbounded_following : FrameBound::Kind::current_row;
  return make_expression(types::long_type(), false, std::move(call));
}

class Placer {
 public:
  Placer(AnalyzerState& state, int local) : state_(state), local_(local) {}

  SparkResult<Partitioned> place(const RelationPtr& plan) {
    if (partitions_of(*plan, local_) <= 1) return Partitioned{plan, nullptr};
    if (std::holds_alternative<LocalData>(plan->node)) return in_local(plan);
    if (const auto* range = std::get_if<RangeRows>(&plan->node)) return in_range(plan, *range);
    if (const auto* repartition = std::get_if<Repartition>(&plan->node))
      return repartition->shuffle ? shuffled(plan, *repartition) : coalesced(plan, *repartition);
    TRY(below, place(inputs_of(*plan).front()));
    const auto id = std::get<ColumnReference>(below.partition->node).id;
    Relation copy = *plan;
    std::visit(
        [&](auto& node) {
          if constexpr (requires { node.input; }) node.input = below.plan;
        },
        copy.node);
    return Partitioned{keep_columns(std::make_shared<const Relation>(std::move(copy)), {id}), below.partition};
  }

  // The plan with one more column.
  Partitioned add(const RelationPtr& plan, const ExpressionPtr& value) {
    Project project{plan, {}};
    auto output = plan->output;
    for (const auto& column : output)
      project.expressions.push_back({column.id, column.name, reference(column), column.metadata_json});
    output.push_back({state_.next_id(), "partition", value->type, value->nullable, {}, {}});
    project.expressions.push_back({output.back().id, "partition", value, {}});
    const auto column = reference(output.back());
    return {make_relation(std::move(output), std::move(project)), column};
  }

 private:
  SparkResult<ExpressionPtr> call(std::string_view name, ExpressionPtr left, ExpressionPtr right) {
    return call_function(state_, name, {std::move(left), std::move(right)});
  }

  // Which of `count` even slices the place `index` of `size` is in: ((index + 1) · count − 1) div size.
  SparkResult<ExpressionPtr> slice(const ExpressionPtr& index, const ExpressionPtr& count, const ExpressionPtr& size) {
    TRY(next, call("+", index, long_constant(1)));
    TRY(scaled, call("*", next, count));
    TRY(last, call("-", scaled, long_constant(1)));
    TRY(slice, call("div", last, size));
    return cast_to(state_, slice, types::integer());
  }

  SparkResult<Partitioned> in_range(const RelationPtr& plan, const RangeRows& range) {
    TRY(offset, call("-", reference(plan->output.front()), long_constant(range.start)));
    TRY(index, call("div", offset, long_constant(range.step)));
    TRY(partition, slice(index, long_constant(range.partitions), long_constant(std::max<int64_t>(1, rows_of(range)))));
    return add(plan, partition);
  }

  // Rows that the client sent are dealt out evenly, in their order.
  SparkResult<Partitioned> in_local(const RelationPtr& plan) {
    TRY(counted,
        take_windows(state_,
                     Above{plan, {whole_window("row_number", {}, {}), whole_window("count", {}, {}, {integer_constant(1)})}}));
    TRY(index, call("-", counted.expressions[0], long_constant(1)));
    TRY(slices, call("least", counted.expressions[1], long_constant(local_)));
    TRY(partition, slice(index, slices, counted.expressions[1]));
    return add(counted.plan, partition);
  }

  SparkResult<Partitioned> coalesced(const RelationPtr& plan, const Repartition& node) {
    const int before = partitions_of(*node.input, local_);
    TRY(below, place(node.input));
    if (!below.partition || partitions_of(*plan, local_) == before) return below;
    TRY(partition, slice(cast_to(state_, below.partition, types::long_type()), long_constant(partitions_of(*plan, local_)),
                         long_constant(before)));
    return add(below.plan, partition);
  }

  SparkResult<ExpressionPtr> modulo(const ExpressionPtr& value, int count) {
    TRY(rest, call("pmod", value, make_expression(value->type, false, Literal{int64_t{count}})));
    return cast_to(state_, rest, types::integer());
  }

  SparkResult<Partitioned> shuffled(const RelationPtr& plan, const Repartition& node) {
    const int count = partitions_of(*plan, local_);
    if (node.partitioning == Partitioning::hash) {
      TRY(hash, call_function(state_, "hash", node.by));
      TRY(partition, modulo(hash, count));
      return add(node.input, partition);
    }
    if (node.partitioning == Partitioning::by_id) {
      TRY(known, call("coalesce", node.by.front(), integer_constant(0)));
      TRY(partition, modulo(known, count));
      return add(node.input, partition);
    }
    if (node.partitioning == Partitioning::range) {
      TRY(ranked, take_windows(state_, Above{node.input,
                                             {whole_window("rank", {}, node.ranges),
                                              whole_window("count", {}, {}, {integer_constant(1)})}}));
      TRY(index, call("-", ranked.expressions[0], integer_constant(1)));
      TRY(scaled, call("*", index, long_constant(count)));
      TRY(partition, call("div", scaled, ranked.expressions[1]));
      return add(ranked.plan, cast_to(state_, partition, types::integer()));
    }
    TRY(numbered, take_windows(state_, Above{node.input, {whole_window("row_number", {}, {})}}));
    TRY(partition, modulo(numbered.expressions[0], count));
    return add(numbered.plan, partition);
  }

  AnalyzerState& state_;
  int local_;
};

bool asks_for_partition(const ExpressionPtr& expression, std::string_view function) {
  const auto* call = std::get_if<Call>(&expression->node);
  return call != nullptr && call->function == function;
}

bool asks_for_partition(const ExpressionPtr& expression) {
  bool asks = false;
  walk(expression, [&](const ExpressionPtr& node) {
    for (const auto* function : {"spark_partition_id", "monotonically_increasing_id", "rand", "randn"})
      asks |= asks_for_partition(node, function);
    return !asks;
  });
  return asks;
}

}  // namespace

SparkResult<Partitioned> with_partition(AnalyzerState& state, const RelationPtr& plan, int local_partitions) {
  return Placer(state, local_partitions).place(plan);
}

SparkResult<Above> take_partitions(AnalyzerState& state, Above above) {
  if (std::ranges::none_of(above.expressions, [](const auto& expression) { return asks_for_partition(expression); }))
    return above;
  TRY(placed, with_partition(state, above.plan));
  if (!placed.partition) return above;
  const auto partition = placed.partition;
  above.plan = placed.plan;
  ExpressionPtr within;  // the row's place in its partition
  for (auto& expression : above.expressions) {
    SparkResult<void> failed;
    expression = rewrite(expression, [&](const ExpressionPtr& node) -> ExpressionPtr {
      if (asks_for_partition(node, "spark_partition_id")) return partition;
      if (asks_for_partition(node, "rand") || asks_for_partition(node, "randn")) {
        auto call = std::get<Call>(node->node);
        if (call.arguments.size() != 1) return nullptr;
        call.arguments.push_back(partition);
        return make_expression(node->type, node->nullable, std::move(call));
      }
      if (!asks_for_partition(node, "monotonically_increasing_id")) return nullptr;
      if (!within) {
        auto numbered = take_windows(state, Above{above.plan, {whole_window("row_number", {}, {})}});
        if (!numbered) return failed = fail(std::move(numbered).error()), nullptr;
        auto placed_in = take_windows(
            state, Above{numbered->plan, {whole_window("row_number", {partition}, {SortOrder{numbered->expressions[0]}})}});
        if (!placed_in) return failed = fail(std::move(placed_in).error()), nullptr;
        above.plan = placed_in->plan;
        within = placed_in->expressions[0];
      }
      constexpr int64_t rows_of_partition = int64_t{1} << 33;
      auto start = call_function(state, "*", {cast_to(state, partition, types::long_type()), long_constant(rows_of_partition)});
      auto place = start ? call_function(state, "+", {*start, within}) : start;
      auto value = place ? call_function(state, "-", {*place, long_constant(1)}) : place;
      if (!value) return failed = fail(std::move(value).error()), nullptr;
      return *value;
    });
    if (!failed) return fail(std::move(failed).error());
  }
  return above;
}

SparkResult<RelationPtr> with_draw(AnalyzerState& state, const RelationPtr& plan, int64_t seed) {
  constexpr int64_t parallelism = 4;  // of Spark's local mode in its documentation
  TRY(placed, with_partition(state, plan, static_cast<int>(state.number("spark.sql.leafNodeDefaultParallelism", parallelism))));
  // Numbering the rows makes one thread of the engine see them in their order, so that equal plans draw equal numbers.
  TRY(numbered, take_windows(state, Above{placed.plan, {whole_window("row_number", {}, {})}}));
  const auto number = std::get<ColumnReference>(numbered.expressions[0]->node);
  std::vector<ExpressionPtr> arguments{long_constant(seed)};
  if (placed.partition) arguments.push_back(placed.partition);
  auto draw = make_expression(types::double_type(), false, Call{"rand", std::move(arguments)});
  auto columns = plan->output;
  Project project{numbered.plan, {}};
  columns.push_back({number.id, number.name, types::long_type(), false, {}, {}});
  for (const auto& column : columns)
    project.expressions.push_back({column.id, column.name, reference(column), column.metadata_json});
  columns.push_back({state.next_id(), "draw", types::double_type(), false, {}, {}});
  project.expressions.push_back({columns.back().id, "draw", draw, {}});
  return make_relation(std::move(columns), std::move(project));
}

}  // namespace mastic::spark
