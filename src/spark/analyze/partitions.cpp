#include "spark/analyze/partitions.h"

#include <algorithm>
#include <functional>

#include "base/identifiers.h"
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

/// A function that draws at random, and where its seed stands among its arguments.
struct Drawing {
  std::string_view function;
  std::size_t seed;
};
constexpr Drawing drawings[] = {{"rand", 0}, {"randn", 0}, {"uuid", 0}, {"randstr", 1}, {"shuffle", 1}, {"uniform", 2}};

const Drawing* drawing_of(const Call& call) {
  const auto* found = std::ranges::find(drawings, call.function, &Drawing::function);
  return found == std::end(drawings) ? nullptr : found;
}

bool any_node(const ExpressionPtr& expression, const std::function<bool(const Call&)>& wanted) {
  bool found = false;
  walk(expression, [&](const ExpressionPtr& node) {
    if (const auto* call = std::get_if<Call>(&node->node)) found = found || wanted(*call);
    return !found;
  });
  return found;
}

/// Gives functions that ask for a row's partition, or draw by it, what they ask for.
class Partitions {
 public:
  Partitions(AnalyzerState& state, Partitioned placed)
      : state_(state), plan_(std::move(placed.plan)), partition_(std::move(placed.partition)) {}

  SparkResult<Above> take(Above above) {
    const bool windows = std::ranges::any_of(above.expressions, contains_window);
    std::vector<NamedExpression> columns;
    for (auto& expression : above.expressions) {
      SparkResult<void> failed;
      expression = rewrite(expression, [&](const ExpressionPtr& node) -> ExpressionPtr {
        const auto* call = std::get_if<Call>(&node->node);
        if (call == nullptr) return nullptr;
        auto given = replaced(node, *call);
        if (!given) return failed = fail(std::move(given).error()), nullptr;
        if (!*given || !windows || drawing_of(*call) == nullptr || contains_window(node)) return *given;
        // Windows come between: rows are drawn for where they are numbered.
        columns.push_back({state_.next_id(), call->function, *given, {}});
        return make_expression(node->type, node->nullable, ColumnReference{columns.back().id, call->function});
      });
      if (!failed) return fail(std::move(failed).error());
    }
    if (!columns.empty()) {
      auto output = plan_->output;
      Project project{plan_, {}};
      for (const auto& column : output)
        project.expressions.push_back({column.id, column.name, reference(column), column.metadata_json});
      for (auto& column : columns) {
        output.push_back({column.id, column.name, column.expression->type, column.expression->nullable, {}, {}});
        project.expressions.push_back(std::move(column));
      }
      plan_ = make_relation(std::move(output), std::move(project));
    }
    above.plan = plan_;
    return above;
  }

 private:
  SparkResult<ExpressionPtr> replaced(const ExpressionPtr& node, const Call& call) {
    if (const auto* drawing = drawing_of(call)) return numbered_draw(node, call, *drawing);
    if (!partition_) return nullptr;
    if (call.function == "spark_partition_id") return partition_;
    if (call.function == "monotonically_increasing_id") return increasing_id();
    return nullptr;
  }

  SparkResult<ExpressionPtr> numbered_draw(const ExpressionPtr& node, const Call& call, const Drawing& drawing) {
    if (call.arguments.size() > drawing.seed + 1) return nullptr;
    TRY(place, place_in_partition());
    auto copy = call;
    if (copy.arguments.size() == drawing.seed)
      copy.arguments.push_back(long_constant(static_cast<int64_t>(std::stoull(random_hex(15), nullptr, 16))));
    copy.arguments.push_back(partition_ ? partition_ : integer_constant(0));
    copy.arguments.push_back(place);
    return make_expression(node->type, node->nullable, std::move(copy));
  }

  /// The partition, and the row's place in it below.
  SparkResult<ExpressionPtr> increasing_id() {
    TRY(within, place_in_partition());
    constexpr int64_t rows_of_partition = int64_t{1} << 33;
    TRY(start, call_function(state_, "*", {cast_to(state_, partition_, types::long_type()), long_constant(rows_of_partition)}));
    TRY(place, call_function(state_, "+", {start, within}));
    return call_function(state_, "-", {place, long_constant(1)});
  }

  /// A row's number in its partition, from 1.
  SparkResult<ExpressionPtr> place_in_partition() {
    TRY_DO(number());
    if (!partition_) return number_;
    if (!within_) {
      TRY(placed, take_windows(state_, Above{plan_, {whole_window("row_number", {partition_}, {SortOrder{number_}})}}));
      plan_ = placed.plan;
      within_ = placed.expressions[0];
    }
    return within_;
  }

  /// A column that numbers the rows, in the order in which one thread of the engine sees them all.
  SparkResult<void> number() {
    if (number_) return {};
    TRY(numbered, take_windows(state_, Above{plan_, {whole_window("row_number", {}, {})}}));
    plan_ = numbered.plan;
    number_ = numbered.expressions[0];
    return {};
  }

  AnalyzerState& state_;
  RelationPtr plan_;
  ExpressionPtr partition_;
  ExpressionPtr number_;
  ExpressionPtr within_;
};

}  // namespace

SparkResult<Partitioned> with_partition(AnalyzerState& state, const RelationPtr& plan, int local_partitions) {
  return Placer(state, local_partitions).place(plan);
}

SparkResult<Above> take_partitions(AnalyzerState& state, Above above) {
  bool draws = false;
  bool asks = false;
  for (const auto& expression : above.expressions) {
    draws = draws || any_node(expression, [](const Call& call) { return drawing_of(call) != nullptr; });
    asks = asks || any_node(expression, [](const Call& call) {
             return call.function == "spark_partition_id" || call.function == "monotonically_increasing_id";
           });
  }
  if (!draws && !asks) return above;
  TRY(placed, with_partition(state, above.plan));
  if (!placed.partition && !draws) return above;
  return Partitions(state, std::move(placed)).take(std::move(above));
}

SparkResult<RelationPtr> with_draw(AnalyzerState& state, const RelationPtr& plan, int64_t seed) {
  constexpr int64_t parallelism = 4;  // of Spark's local mode in its documentation
  TRY(placed, with_partition(state, plan, static_cast<int>(state.number("spark.sql.leafNodeDefaultParallelism", parallelism))));
  const auto draw = make_expression(types::double_type(), false, Call{"rand", {long_constant(seed)}});
  TRY(drawn, Partitions(state, std::move(placed)).take(Above{plan, {draw}}));
  auto columns = plan->output;
  Project project{drawn.plan, {}};
  for (const auto& column : columns)
    project.expressions.push_back({column.id, column.name, reference(column), column.metadata_json});
  columns.push_back({state.next_id(), "draw", types::double_type(), false, {}, {}});
  project.expressions.push_back({columns.back().id, "draw", drawn.expressions.front(), {}});
  return make_relation(std::move(columns), std::move(project));
}

}  // namespace mastic::spark
