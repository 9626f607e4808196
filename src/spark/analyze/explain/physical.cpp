// The physical plan that Spark would choose: exchanges where rows must meet, joins by hints, keys and sizes.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "spark/analyze/explain/explain.h"
#include "spark/analyze/rewrite.h"

namespace mastic::spark {
namespace {

std::string upper(std::string_view text) {
  std::string result(text);
  for (auto& letter : result) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  return result;
}

// The join hint on a side, below whatever passes rows on.
std::string hint_of(const RelationPtr& plan) {
  if (const auto* alias = std::get_if<Alias>(&plan->node)) {
    const auto name = upper(alias->hint);
    static constexpr std::array<std::string_view, 8> joins{
        "BROADCAST", "BROADCASTJOIN", "MAPJOIN", "MERGE", "MERGEJOIN", "SHUFFLE_MERGE", "SHUFFLE_HASH", "SHUFFLE_REPLICATE_NL"};
    if (std::ranges::find(joins, name) != joins.end()) return name;
    return hint_of(alias->input);
  }
  if (const auto* project = std::get_if<Project>(&plan->node)) return hint_of(project->input);
  if (const auto* filter = std::get_if<Filter>(&plan->node)) return hint_of(filter->input);
  return {};
}

bool broadcast_hint(const std::string& hint) { return hint == "BROADCAST" || hint == "BROADCASTJOIN" || hint == "MAPJOIN"; }

struct Keys {
  std::vector<ExpressionPtr> left;
  std::vector<ExpressionPtr> right;
  std::vector<ExpressionPtr> rest;
};

bool reads_only(const ExpressionPtr& expression, const RelationPtr& side) {
  const auto ids = columns_of(expression);
  return !ids.empty() && std::ranges::all_of(ids, [&](ColumnId id) {
    return std::ranges::any_of(side->output, [&](const Attribute& column) { return column.id == id; });
  });
}

void split_condition(const ExpressionPtr& condition, const Join& join, Keys& keys) {
  if (!condition) return;
  const auto* call = std::get_if<Call>(&condition->node);
  if (call != nullptr && call->function == "and") {
    for (const auto& part : call->arguments) split_condition(part, join, keys);
    return;
  }
  if (call != nullptr && (call->function == "=" || call->function == "<=>") && call->arguments.size() == 2) {
    for (const bool swapped : {false, true}) {
      const auto& ours = call->arguments[swapped ? 1 : 0];
      const auto& theirs = call->arguments[swapped ? 0 : 1];
      if (!reads_only(ours, join.left) || !reads_only(theirs, join.right)) continue;
      keys.left.push_back(ours);
      keys.right.push_back(theirs);
      return;
    }
  }
  keys.rest.push_back(condition);
}

struct Physical {
  const RelationPtr& plan;
  const PhysicalSettings& settings;
  bool rebalance = false;

  [[nodiscard]] ExplainNode below(const RelationPtr& input, bool balanced = false) const {
    return std::visit(Physical{input, settings, balanced}, input->node);
  }
  [[nodiscard]] ExplainNode over(std::string text, ExplainNode child) const {
    return ExplainNode{std::move(text), {std::move(child)}, plan.get()};
  }
  [[nodiscard]] ExplainNode node(std::string text, const RelationPtr& input) const {
    return over(std::move(text), below(input));
  }
  [[nodiscard]] ExplainNode leaf(std::string text) const { return ExplainNode{std::move(text), {}, plan.get()}; }
  [[nodiscard]] std::string output() const { return attributes_text(plan->output); }
  [[nodiscard]] ExplainNode exchange(const std::string& partitioning, ExplainNode child,
                                     std::string_view origin = "ENSURE_REQUIREMENTS") const {
    return over(
        fmt::format("Exchange {}, {}, [plan_id={}]", partitioning, origin, plan->output.empty() ? 0 : plan->output[0].id),
        std::move(child));
  }
  [[nodiscard]] std::string hashed(const std::vector<ExpressionPtr>& keys) const {
    return fmt::format("hashpartitioning({}, {})", expressions_text(keys), settings.shuffle_partitions);
  }
  [[nodiscard]] ExplainNode sorted(const std::vector<ExpressionPtr>& keys, ExplainNode child) const {
    std::vector<SortOrder> orders;
    for (const auto& key : keys) orders.push_back(SortOrder{key});
    return over(fmt::format("Sort [{}], false, 0", orders_text(orders)), std::move(child));
  }

  ExplainNode operator()(const OneRow&) const { return leaf("Scan OneRowRelation[]"); }
  ExplainNode operator()(const LocalData&) const { return leaf(fmt::format("LocalTableScan [{}]", output())); }
  ExplainNode operator()(const RangeRows& range) const {
    return leaf(fmt::format("Range ({}, {}, step={}, splits={})", range.start, range.end, range.step, range.partitions));
  }
  ExplainNode operator()(const ReadFiles& files) const {
    std::string schema;
    for (const auto& field : files.data_columns)
      schema += fmt::format("{}{}:{}", schema.empty() ? "" : ",", field.name, simple_string(field.type));
    const auto location = files.files.empty() ? "" : files.files.front().path + (files.files.size() > 1 ? ", ..." : "");
    return leaf(
        fmt::format("FileScan {}{} [{}] Batched: false, DataFilters: [], Format: {}, Location: InMemoryFileIndex({} "
                    "paths)[{}], PartitionFilters: [], PushedFilters: [], ReadSchema: struct<{}>",
                    files.format, files.table.empty() ? "" : " spark_catalog." + files.table, output(), upper(files.format),
                    files.files.size(), location, schema));
  }
  ExplainNode operator()(const ReadItems& items) const {
    return leaf(fmt::format("Scan dynamodb {}[{}]", items.table, output()));
  }
  ExplainNode operator()(const ReadCached&) const { return leaf(fmt::format("Scan ExistingRDD[{}]", output())); }
  ExplainNode operator()(const Project& project) const {
    return node(fmt::format("Project [{}]", named_text(project.expressions)), project.input);
  }
  ExplainNode operator()(const Filter& filter) const {
    return node("Filter " + expression_with_ids(filter.condition), filter.input);
  }
  ExplainNode operator()(const Sort& sort) const {
    auto child = below(sort.input);
    const auto orders = orders_text(sort.orders);
    if (sort.global)
      child = exchange(fmt::format("rangepartitioning({}, {})", orders, settings.shuffle_partitions), std::move(child));
    return over(fmt::format("Sort [{}], {}, 0", orders, sort.global), std::move(child));
  }
  ExplainNode operator()(const Limit& limit) const {
    const auto count = limit.limit ? std::to_string(*limit.limit) : "-1";
    if (const auto* sort = std::get_if<Sort>(&limit.input->node); sort != nullptr && sort->global && limit.limit)
      return over(
          fmt::format("TakeOrderedAndProject(limit={}, orderBy=[{}], output=[{}])", count, orders_text(sort->orders), output()),
          below(sort->input));
    const auto offset = limit.offset > 0 ? fmt::format(", offset={}", limit.offset) : "";
    if (!limit.limit) return node(fmt::format("GlobalLimit -1, {}", limit.offset), limit.input);
    return node(fmt::format("CollectLimit {}{}", count, offset), limit.input);
  }
  ExplainNode operator()(const Tail& tail) const { return node(fmt::format("CollectTail {}", tail.limit), tail.input); }
  ExplainNode operator()(const Aggregate& aggregate) const {
    std::vector<ExpressionPtr> keys;
    for (const auto& grouping : aggregate.groupings) keys.push_back(grouping.expression);
    std::string functions;
    std::string partial;
    for (const auto& item : aggregate.aggregates)
      walk(item.expression, [&](const ExpressionPtr& part) {
        if (!std::holds_alternative<AggregateCall>(part->node)) return true;
        const auto text = expression_with_ids(part);
        functions += (functions.empty() ? "" : ", ") + text;
        partial += (partial.empty() ? "partial_" : ", partial_") + text;
        return false;
      });
    const auto grouped = expressions_text(keys);
    auto first = node(fmt::format("HashAggregate(keys=[{}], functions=[{}])", grouped, partial), aggregate.input);
    auto moved = exchange(keys.empty() ? "SinglePartition" : hashed(keys), std::move(first));
    return over(fmt::format("HashAggregate(keys=[{}], functions=[{}])", grouped, functions), std::move(moved));
  }
  ExplainNode operator()(const Deduplicate& deduplicate) const {
    std::vector<ExpressionPtr> keys;
    for (const auto& column : deduplicate.input->output)
      if (deduplicate.keys.empty() || std::ranges::find(deduplicate.keys, column.id) != deduplicate.keys.end())
        keys.push_back(make_expression(column.type, column.nullable, ColumnReference{column.id, column.name}));
    const auto text = fmt::format("HashAggregate(keys=[{}], functions=[])", expressions_text(keys));
    return over(text, exchange(hashed(keys), node(text, deduplicate.input)));
  }
  ExplainNode operator()(const Join& join) const {
    Keys keys;
    split_condition(join.condition, join, keys);
    std::string rest;
    for (const auto& part : keys.rest) rest += (rest.empty() ? ", " : " AND ") + expression_with_ids(part);
    const auto left_hint = hint_of(join.left);
    const auto right_hint = hint_of(join.right);
    const bool may_build_right = join.type != JoinType::right && join.type != JoinType::full;
    const bool may_build_left = join.type == JoinType::inner || join.type == JoinType::cross || join.type == JoinType::right;
    const auto fits = [&](const RelationPtr& side) {
      return settings.broadcast_bytes_max >= 0 && size_guess(*side) <= settings.broadcast_bytes_max;
    };
    const bool no_hint = left_hint.empty() && right_hint.empty();
    bool build_right = may_build_right && (broadcast_hint(right_hint) || (no_hint && fits(join.right)));
    bool build_left = may_build_left && (broadcast_hint(left_hint) || (no_hint && fits(join.left)));
    if (build_left && build_right &&
        (broadcast_hint(left_hint) != broadcast_hint(right_hint) ? broadcast_hint(left_hint)
                                                                 : size_guess(*join.left) < size_guess(*join.right)))
      build_right = false;
    const auto type = join_type_text(join.type == JoinType::cross && !keys.left.empty() ? JoinType::inner : join.type);
    const auto pair = [&](std::string text, ExplainNode left, ExplainNode right) {
      return ExplainNode{std::move(text), {std::move(left), std::move(right)}, plan.get()};
    };
    auto left = below(join.left);
    auto right = below(join.right);
    if (keys.left.empty()) {
      const bool product =
          (join.type == JoinType::inner || join.type == JoinType::cross) &&
          (!(build_left || build_right) || left_hint == "SHUFFLE_REPLICATE_NL" || right_hint == "SHUFFLE_REPLICATE_NL");
      if (product)
        return pair(rest.empty() ? "CartesianProduct" : "CartesianProduct " + rest.substr(2), std::move(left),
                    std::move(right));
      const bool build = build_right || (!build_left && may_build_right);
      auto& built = build ? right : left;
      built = over("BroadcastExchange IdentityBroadcastMode, [plan_id=0]", std::move(built));
      return pair(fmt::format("BroadcastNestedLoopJoin {}, {}{}", build ? "BuildRight" : "BuildLeft", type, rest),
                  std::move(left), std::move(right));
    }
    const auto on = fmt::format("[{}], [{}], {}", expressions_text(keys.left), expressions_text(keys.right), type);
    if (build_right || build_left) {
      auto& built = build_right ? right : left;
      const auto& side = build_right ? keys.right : keys.left;
      built = over(
          fmt::format("BroadcastExchange HashedRelationBroadcastMode(List({}),false), [plan_id=0]", expressions_text(side)),
          std::move(built));
      return pair(fmt::format("BroadcastHashJoin {}, {}{}, false", on, build_right ? "BuildRight" : "BuildLeft", rest),
                  std::move(left), std::move(right));
    }
    left = exchange(hashed(keys.left), std::move(left));
    right = exchange(hashed(keys.right), std::move(right));
    if (left_hint == "SHUFFLE_HASH" || right_hint == "SHUFFLE_HASH")
      return pair(fmt::format("ShuffledHashJoin {}, {}{}", on, right_hint == "SHUFFLE_HASH" ? "BuildRight" : "BuildLeft", rest),
                  std::move(left), std::move(right));
    return pair(fmt::format("SortMergeJoin {}{}", on, rest), sorted(keys.left, std::move(left)),
                sorted(keys.right, std::move(right)));
  }
  ExplainNode operator()(const SetOp& set) const {
    ExplainNode made{"Union", {below(set.left), below(set.right)}, plan.get()};
    if (set.operation == SetOperation::union_ && set.all) return made;
    if (set.operation != SetOperation::union_)
      made.text = set.operation == SetOperation::intersect ? "BroadcastHashJoin LeftSemi" : "BroadcastHashJoin LeftAnti";
    const auto text = fmt::format("HashAggregate(keys=[{}], functions=[])", output());
    return over(text, exchange(fmt::format("hashpartitioning({}, {})", output(), settings.shuffle_partitions),
                               over(text, std::move(made))));
  }
  ExplainNode operator()(const Window& window) const {
    auto child = below(window.input);
    std::string partitions;
    std::string orders;
    if (const auto* call = std::get_if<WindowCall>(&window.expressions.front().expression->node)) {
      partitions = expressions_text(call->partition_by);
      orders = orders_text(call->order_by);
      std::vector<SortOrder> all;
      for (const auto& key : call->partition_by) all.push_back(SortOrder{key});
      all.insert(all.end(), call->order_by.begin(), call->order_by.end());
      child = exchange(call->partition_by.empty() ? "SinglePartition" : hashed(call->partition_by), std::move(child));
      if (!all.empty()) child = over(fmt::format("Sort [{}], false, 0", orders_text(all)), std::move(child));
    }
    return over(fmt::format("Window [{}], [{}], [{}]", named_text(window.expressions), partitions, orders), std::move(child));
  }
  ExplainNode operator()(const Generate& generate) const {
    return node(fmt::format("Generate {}({}), [{}], {}, [{}]", generate.generator, expressions_text(generate.arguments),
                            attributes_text(generate.input->output), generate.outer, attributes_text(generate.generated)),
                generate.input);
  }
  ExplainNode operator()(const Sample& sample) const {
    return node(fmt::format("Sample {}, {}, {}, {}", sample.lower_bound, sample.upper_bound, sample.with_replacement,
                            sample.seed.value_or(0)),
                sample.input);
  }
  ExplainNode operator()(const Repartition& repartition) const {
    auto child = below(repartition.input);
    if (!repartition.shuffle) return over(fmt::format("Coalesce {}", repartition.partitions), std::move(child));
    const auto count = repartition.partitions > 0 ? repartition.partitions : settings.shuffle_partitions;
    const std::string by = rebalance ? "REBALANCE_PARTITIONS_BY_" : "REPARTITION_BY_";
    const std::string counted = repartition.partitions > 0 && !rebalance ? "NUM" : "COL";
    if (!repartition.ranges.empty())
      return exchange(fmt::format("rangepartitioning({}, {})", orders_text(repartition.ranges), count), std::move(child),
                      by + counted);
    if (!repartition.by.empty())
      return exchange(fmt::format("hashpartitioning({}, {})", expressions_text(repartition.by), count), std::move(child),
                      by + counted);
    return exchange(fmt::format("RoundRobinPartitioning({})", count), std::move(child), by + (rebalance ? "NONE" : "NUM"));
  }
  ExplainNode operator()(const Observe& metrics) const {
    return node(
        fmt::format("CollectMetrics {}, [{}]", metrics.name, named_text(std::get<Aggregate>(metrics.metrics->node).aggregates)),
        metrics.input);
  }
  ExplainNode operator()(const Alias& alias) const {
    if (alias.hint == persisted_hint) {
      auto kept = over(fmt::format("InMemoryRelation [{}], StorageLevel(disk, memory, deserialized, 1 replicas)", output()),
                       below(alias.input));
      return over(fmt::format("InMemoryTableScan [{}]", output()), std::move(kept));
    }
    return below(alias.input, upper(alias.hint) == "REBALANCE");
  }
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
};

bool exchanges(const ExplainNode& node) {
  return node.text.starts_with("Exchange ") || node.text.starts_with("BroadcastExchange ") ||
         std::ranges::any_of(node.children, exchanges);
}

}  // namespace

ExplainNode physical_tree(const RelationPtr& plan, const PhysicalSettings& settings) {
  auto tree = std::visit(Physical{plan, settings}, plan->node);
  if (!settings.adaptive || !exchanges(tree)) return tree;
  return ExplainNode{"AdaptiveSparkPlan isFinalPlan=false", {std::move(tree)}, plan.get()};
}

}  // namespace mastic::spark
