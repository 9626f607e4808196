// The parsed, analyzed and optimized logical plans.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "spark/analyze/explain/explain.h"
#include "spark/analyze/expression_text.h"

namespace mastic::spark {
namespace {

std::string upper(std::string_view text) {
  std::string result(text);
  for (auto& letter : result) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  return result;
}

std::string join_list(const std::vector<std::string>& list) {
  std::string text;
  for (const auto& item : list) text += (text.empty() ? "" : ", ") + item;
  return text;
}

// The strategy that a join hint asks for; empty for other hints.
std::string_view strategy_of(const std::string& hint) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 10> strategies{
      {{"BROADCAST", "broadcast"},
       {"BROADCASTJOIN", "broadcast"},
       {"MAPJOIN", "broadcast"},
       {"MERGE", "merge"},
       {"MERGEJOIN", "merge"},
       {"SHUFFLE_MERGE", "merge"},
       {"SHUFFLEMERGE", "merge"},
       {"SHUFFLE_HASH", "shuffle_hash"},
       {"SHUFFLE_REPLICATE_NL", "shuffle_replicate_nl"},
       {"NO_BROADCAST_HASH", "no_broadcast_hash"}}};
  const auto name = upper(hint);
  for (const auto& [written, strategy] : strategies)
    if (written == name) return strategy;
  return {};
}

// A projection that passes its input on as it is.
bool changes_nothing(const Project& project, const Relation& relation) {
  const auto& below = project.input->output;
  if (below.size() != relation.output.size()) return false;
  for (std::size_t i = 0; i < below.size(); ++i)
    if (below[i].id != relation.output[i].id || below[i].name != relation.output[i].name) return false;
  return true;
}

struct Logical {
  const RelationPtr& plan;
  PlanStage stage;

  [[nodiscard]] ExplainNode below(const RelationPtr& input) const { return logical_tree(input, stage); }
  [[nodiscard]] ExplainNode node(std::string text, const RelationPtr& input) const {
    return ExplainNode{std::move(text), {below(input)}, plan.get()};
  }
  [[nodiscard]] ExplainNode leaf(std::string text) const { return ExplainNode{std::move(text), {}, plan.get()}; }
  [[nodiscard]] std::string output() const { return attributes_text(plan->output); }

  ExplainNode operator()(const OneRow&) const { return leaf("OneRowRelation"); }
  ExplainNode operator()(const LocalData&) const { return leaf(fmt::format("LocalRelation [{}]", output())); }
  ExplainNode operator()(const RangeRows& range) const {
    return leaf(fmt::format("Range ({}, {}, step={}, splits=Some({}))", range.start, range.end, range.step, range.partitions));
  }
  ExplainNode operator()(const ReadFiles& files) const {
    const auto table = files.table.empty() ? "" : "spark_catalog." + files.table;
    return leaf(fmt::format("Relation {}[{}] {}", table, output(), files.format));
  }
  ExplainNode operator()(const ReadItems& items) const {
    return leaf(fmt::format("Relation [{}] dynamodb({})", output(), items.table));
  }
  ExplainNode operator()(const ReadCached&) const { return leaf(fmt::format("LogicalRDD [{}], false", output())); }
  ExplainNode operator()(const Project& project) const {
    if (stage == PlanStage::optimized && changes_nothing(project, *plan)) return below(project.input);
    return node(fmt::format("Project [{}]", named_text(project.expressions)), project.input);
  }
  ExplainNode operator()(const Filter& filter) const {
    return node("Filter " + expression_with_ids(filter.condition), filter.input);
  }
  ExplainNode operator()(const Sort& sort) const {
    return node(fmt::format("Sort [{}], {}", orders_text(sort.orders), sort.global), sort.input);
  }
  ExplainNode operator()(const Limit& limit) const {
    auto inner = below(limit.input);
    if (limit.offset > 0) inner = ExplainNode{fmt::format("Offset {}", limit.offset), {std::move(inner)}, plan.get()};
    if (!limit.limit) return inner;
    auto local = ExplainNode{fmt::format("LocalLimit {}", *limit.limit), {std::move(inner)}, plan.get()};
    return ExplainNode{fmt::format("GlobalLimit {}", *limit.limit), {std::move(local)}, plan.get()};
  }
  ExplainNode operator()(const Tail& tail) const { return node(fmt::format("Tail {}", tail.limit), tail.input); }
  ExplainNode operator()(const Aggregate& aggregate) const {
    std::vector<ExpressionPtr> keys;
    for (const auto& grouping : aggregate.groupings) keys.push_back(grouping.expression);
    return node(fmt::format("Aggregate [{}], [{}]", expressions_text(keys), named_text(aggregate.aggregates)), aggregate.input);
  }
  ExplainNode operator()(const Join& join) const {
    auto text = fmt::format("{} {}", join.lateral ? "LateralJoin" : "Join", join_type_text(join.type));
    if (join.condition) text += ", " + expression_with_ids(join.condition);
    return ExplainNode{std::move(text), {below(join.left), below(join.right)}, plan.get()};
  }
  ExplainNode operator()(const SetOp& set) const {
    auto text = set.operation == SetOperation::union_      ? std::string("Union false, false")
                : set.operation == SetOperation::intersect ? fmt::format("Intersect All {}", set.all)
                                                           : fmt::format("Except All {}", set.all);
    ExplainNode made{std::move(text), {below(set.left), below(set.right)}, plan.get()};
    if (set.operation == SetOperation::union_ && !set.all) return ExplainNode{"Distinct", {std::move(made)}, plan.get()};
    return made;
  }
  ExplainNode operator()(const Deduplicate& deduplicate) const {
    std::vector<Attribute> keys;
    for (const auto& column : plan->output)
      if (deduplicate.keys.empty() || std::ranges::find(deduplicate.keys, column.id) != deduplicate.keys.end())
        keys.push_back(column);
    return node(fmt::format("Deduplicate [{}]", attributes_text(keys)), deduplicate.input);
  }
  ExplainNode operator()(const Window& window) const {
    std::string partitions;
    std::string orders;
    if (const auto* call = std::get_if<WindowCall>(&window.expressions.front().expression->node)) {
      partitions = expressions_text(call->partition_by);
      orders = orders_text(call->order_by);
    }
    return node(fmt::format("Window [{}], [{}], [{}]", named_text(window.expressions), partitions, orders), window.input);
  }
  ExplainNode operator()(const Generate& generate) const {
    return node(fmt::format("Generate {}({}), {}, [{}]", generate.generator, expressions_text(generate.arguments),
                            generate.outer, attributes_text(generate.generated)),
                generate.input);
  }
  ExplainNode operator()(const Sample& sample) const {
    return node(fmt::format("Sample {}, {}, {}, {}", java_double_text(sample.lower_bound, false),
                            java_double_text(sample.upper_bound, false), sample.with_replacement, sample.seed.value_or(0)),
                sample.input);
  }
  ExplainNode operator()(const Repartition& repartition) const {
    if (repartition.partitioning == Partitioning::round_robin)
      return node(fmt::format("Repartition {}, {}", repartition.partitions, repartition.shuffle), repartition.input);
    const auto keys = repartition.ranges.empty() ? expressions_text(repartition.by) : orders_text(repartition.ranges);
    auto text = fmt::format("RepartitionByExpression [{}]", keys);
    if (repartition.partitions > 0) text += fmt::format(", {}", repartition.partitions);
    return node(std::move(text), repartition.input);
  }
  ExplainNode operator()(const Observe& metrics) const {
    return node(
        fmt::format("CollectMetrics {}, [{}]", metrics.name, named_text(std::get<Aggregate>(metrics.metrics->node).aggregates)),
        metrics.input);
  }
  ExplainNode operator()(const Alias& alias) const {
    if (!alias.hint.empty()) return hint(alias);
    if (stage == PlanStage::optimized || plan->output.empty()) return below(alias.input);
    const auto& qualifier = plan->output.front().qualifier;
    if (qualifier.empty() || (!alias.input->output.empty() && alias.input->output.front().qualifier == qualifier))
      return below(alias.input);
    std::string name;
    for (const auto& part : qualifier) name += (name.empty() ? "" : ".") + part;
    return node("SubqueryAlias " + name, alias.input);
  }
  // Python's relations and whatever comes: by name, with their input.
  template <typename Node>
  ExplainNode operator()(const Node& other) const {
    std::string text = "PythonRelation";
    if constexpr (requires { other.function.name; }) text = other.function.name;
    text += fmt::format(" [{}]", output());
    if constexpr (requires { other.left; }) return ExplainNode{text, {below(other.left), below(other.right)}, plan.get()};
    if constexpr (requires { other.input; }) {
      if (other.input) return node(text, other.input);
    }
    return leaf(text);
  }

 private:
  [[nodiscard]] ExplainNode hint(const Alias& alias) const {
    if (alias.hint == persisted_hint) {
      if (stage != PlanStage::optimized) return below(alias.input);
      return leaf(fmt::format("InMemoryRelation [{}], StorageLevel(disk, memory, deserialized, 1 replicas)", output()));
    }
    if (stage == PlanStage::parsed)
      return node(fmt::format("UnresolvedHint {}, [{}]", alias.hint, join_list(alias.hint_arguments)), alias.input);
    const auto strategy = strategy_of(alias.hint);
    if (stage == PlanStage::analyzed && !strategy.empty())
      return node(fmt::format("ResolvedHint (strategy={})", strategy), alias.input);
    if (upper(alias.hint) == "REBALANCE")
      if (const auto* repartition = std::get_if<Repartition>(&alias.input->node))
        return node(fmt::format("RebalancePartitions [{}]", expressions_text(repartition->by)), repartition->input);
    return below(alias.input);
  }
};

}  // namespace

ExplainNode logical_tree(const RelationPtr& plan, PlanStage stage) { return std::visit(Logical{plan, stage}, plan->node); }

}  // namespace mastic::spark
