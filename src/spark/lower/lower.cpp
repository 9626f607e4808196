#include "spark/lower/lower.h"

#include <chrono>
#include <duckdb.hpp>
#include <duckdb/parser/statement/select_statement.hpp>

#include "engine/duckdb_failure.h"
#include "spark/lower/execute.h"
#include "spark/lower/lowering.h"
#include "spark/lower/types.h"

namespace mastic::spark {

Query::Query() = default;
Query::Query(Query&&) noexcept = default;
Query::~Query() = default;

Lowering::Lowering(const LowerOptions& options)
    : options_(options),
      now_(options.now_microseconds != 0
               ? options.now_microseconds
               : std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
                     .count()) {}

bool Lowering::is_required(const Relation& files, ColumnId column) const {
  const auto found = required_ ? required_->find(&files) : decltype(required_->end()){};
  return !required_ || found == required_->end() || found->second.contains(column);
}

Block Lowering::relation(const Relation& relation) {
  if (!required_) required_ = required_columns(relation);
  return std::visit(
      [&]<typename Node>(const Node& node) -> Block {
        if constexpr (std::is_same_v<Node, OneRow>) {
          return Block{};
        } else if constexpr (std::is_same_v<Node, LocalData>) {
          return lower_local_data(*this, relation, node);
        } else if constexpr (std::is_same_v<Node, RangeRows>) {
          return lower_range(*this, relation, node);
        } else if constexpr (std::is_same_v<Node, ReadFiles>) {
          return lower_read_files(*this, relation, node);
        } else if constexpr (std::is_same_v<Node, ReadItems>) {
          return lower_read_items(*this, relation, node);
        } else if constexpr (std::is_same_v<Node, ReadCached>) {
          return lower_read_cached(*this, relation, node);
        } else if constexpr (std::is_same_v<Node, Project>) {
          return lower_project(*this, relation, node);
        } else if constexpr (std::is_same_v<Node, Filter>) {
          return lower_filter(*this, relation, node);
        } else if constexpr (std::is_same_v<Node, Sort>) {
          return lower_sort(*this, relation, node);
        } else if constexpr (std::is_same_v<Node, Limit>) {
          return lower_limit(*this, relation, node);
        } else if constexpr (std::is_same_v<Node, Tail>) {
          return lower_tail(*this, relation, node);
        } else if constexpr (std::is_same_v<Node, Aggregate>) {
          return lower_aggregate(*this, relation, node);
        } else if constexpr (std::is_same_v<Node, Join>) {
          return lower_join(*this, relation, node);
        } else if constexpr (std::is_same_v<Node, SetOp>) {
          return lower_set_operation(*this, relation, node);
        } else if constexpr (std::is_same_v<Node, Deduplicate>) {
          return lower_deduplicate(*this, relation, node);
        } else if constexpr (std::is_same_v<Node, Window>) {
          return lower_window(*this, relation, node);
        } else if constexpr (std::is_same_v<Node, Generate>) {
          return lower_generate(*this, relation, node);
        } else if constexpr (std::is_same_v<Node, Sample>) {
          return lower_sample(*this, relation, node);
        } else if constexpr (std::is_same_v<Node, PythonTransform>) {
          return lower_python_transform(*this, relation, node);
        } else if constexpr (std::is_same_v<Node, PythonEvaluate>) {
          return lower_python_evaluate(*this, relation, node);
        } else if constexpr (std::is_same_v<Node, PythonAggregate>) {
          return lower_python_aggregate(*this, relation, node);
        } else if constexpr (std::is_same_v<Node, PythonTable>) {
          return lower_python_table(*this, relation, node);
        } else if constexpr (std::is_same_v<Node, PythonWindow>) {
          return lower_python_window(*this, relation, node);
        } else if constexpr (std::is_same_v<Node, Repartition>) {
          // Partitions by ranges come one after the other.
          if (!node.ranges.empty()) return lower_sort(*this, relation, Sort{node.input, node.ranges});
          return this->relation(*node.input);
        } else {
          static_assert(std::is_same_v<Node, Observe> || std::is_same_v<Node, Alias>);
          return this->relation(*node.input);
        }
      },
      relation.node);
}

SparkResult<std::unique_ptr<Query>> lower(const Relation& relation, const LowerOptions& options) {
  try {
    Lowering lowering(options);
    auto block = lowering.relation(relation);
    if (block.projected && relation.output.empty()) block.select.clear();
    auto query = std::make_unique<Query>();
    query->statement = std::make_unique<duckdb::SelectStatement>();
    query->statement->node = std::move(block).to_node(column_ids(relation));
    query->output = relation.output;
    query->kept = lowering.take_kept();
    if (getenv("MASTIC_SHOW_DUCKDB")) fprintf(stderr, "%s\n", query->statement->ToString().c_str());
    return query;
  } catch (Unlowered& unlowered) {
    return fail(std::move(unlowered.error));
  } catch (const std::exception& exception) {
    return fail(to_spark_error(engine::to_failure(exception)));
  }
}

std::string to_text(const Query& query) { return query.statement->ToString(); }

}  // namespace mastic::spark
