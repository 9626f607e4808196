// How long lineage takes: from a resolved plan to the report that an engine sends, by the plan's shape.
//
// Prints a JSON object: microseconds a plan. The work happens on a thread of its own beside the query; `bench/lineage.py`
// measures what a query notices of it.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lineage/derive.h"
#include "lineage/openlineage.h"

namespace {

using namespace mastic;
using namespace mastic::spark;

ExpressionPtr reference(const Attribute& column) {
  return make_expression(column.type, true, ColumnReference{column.id, column.name});
}
ExpressionPtr call(const std::string& function, std::vector<ExpressionPtr> arguments) {
  return make_expression(types::double_type(), true, Call{.function = function, .arguments = std::move(arguments)});
}

/// `columns` columns read, `steps` times half of them computed anew and the rows filtered, sorted in the end.
RelationPtr pipeline(std::size_t columns, int steps) {
  ReadFiles read;
  read.options["path"] = "s3://bucket/table/";
  std::vector<Attribute> output;
  ColumnId next = 1;
  for (std::size_t i = 0; i < columns; ++i) {
    const auto name = fmt::format("column_{}", i);
    read.data_columns.push_back({name, types::double_type(), true, {}});
    output.push_back({next++, name, types::double_type(), true, {}, {}});
  }
  auto plan = make_relation(output, std::move(read));
  for (int step = 0; step < steps; ++step) {
    std::vector<NamedExpression> expressions;
    std::vector<Attribute> made;
    for (std::size_t i = 0; i < columns; ++i) {
      const auto& column = plan->output[i];
      if (i % 2 == 0) {
        expressions.push_back({column.id, column.name, reference(column), {}});
        made.push_back(column);
      } else {
        const auto value = call("+", {reference(column), call("upper", {reference(plan->output[i - 1])})});
        expressions.push_back({next, column.name, value, {}});
        made.push_back({next++, column.name, types::double_type(), true, {}, {}});
      }
    }
    plan = make_relation(std::move(made), Project{plan, std::move(expressions)});
    plan = make_relation(plan->output, Filter{plan, call(">", {reference(plan->output[0]), reference(plan->output[1])})});
  }
  return make_relation(plan->output, Sort{plan, {{.child = reference(plan->output[0])}}});
}

double microseconds(const RelationPtr& plan, int rounds) {
  lineage::Environment environment;
  environment.text = [](const Expression&) { return std::string("(a + upper(b))"); };
  const lineage::Target target{.name = {"s3://bucket", "out"}, .symlink = {}};
  std::size_t bytes = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < rounds; ++i) bytes += lineage::report(lineage::derive(plan, environment), target).dump().size();
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
  return bytes == 0 ? 0 : took.count() / rounds;
}

}  // namespace

int main() {
  fmt::print("{{\"6 columns, 2 steps\": {:.1f}, \"44 columns, 6 steps\": {:.1f}, \"1,000 columns, 6 steps\": {:.1f}}}\n",
             microseconds(pipeline(6, 2), 2000), microseconds(pipeline(44, 6), 500), microseconds(pipeline(1000, 6), 20));
  return 0;
}
