#include "lineage/derive.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace mastic::spark;
using mastic::lineage::derive;
using mastic::lineage::Environment;
using mastic::lineage::Lineage;

namespace {

ExpressionPtr column(ColumnId id, const std::string& name = "c") {
  return make_expression(types::integer(), true, ColumnReference{id, name});
}
ExpressionPtr outer(ColumnId id) { return make_expression(types::integer(), true, OuterReference{id, "c"}); }
ExpressionPtr number(int64_t value) { return make_expression(types::integer(), false, Literal{value}); }
ExpressionPtr call(const std::string& function, std::vector<ExpressionPtr> arguments) {
  return make_expression(types::integer(), true, Call{.function = function, .arguments = std::move(arguments)});
}
ExpressionPtr aggregate(const std::string& function, ExpressionPtr argument) {
  return make_expression(types::long_type(), true, AggregateCall{.function = function, .arguments = {std::move(argument)}});
}
Attribute attribute(ColumnId id, const std::string& name) { return {id, name, types::integer(), true, {}, {}}; }
NamedExpression named(ColumnId id, const std::string& name, ExpressionPtr expression) {
  return {id, name, std::move(expression), {}};
}

/// A file source `s3://b/NAME` whose columns have the ids first, first + 1, …
RelationPtr files(const std::string& name, ColumnId first, const std::vector<std::string>& names) {
  ReadFiles read;
  read.format = "csv";
  read.options["path"] = "s3://b/" + name + "/";
  std::vector<Attribute> output;
  for (const auto& column_name : names) {
    read.data_columns.push_back({column_name, types::integer(), true, {}});
    output.push_back(attribute(first + output.size(), column_name));
  }
  return make_relation(std::move(output), std::move(read));
}

RelationPtr project(const RelationPtr& input, std::vector<NamedExpression> expressions) {
  std::vector<Attribute> output;
  for (const auto& expression : expressions) output.push_back(attribute(expression.id, expression.name));
  return make_relation(std::move(output), Project{input, std::move(expressions)});
}
RelationPtr filter(const RelationPtr& input, ExpressionPtr condition) {
  return make_relation(input->output, Filter{input, std::move(condition)});
}

std::string words(const Lineage& lineage, const mastic::lineage::Edges& edges) {
  std::vector<std::string> parts;
  for (const auto& edge : edges) {
    const auto& field = lineage.fields[edge.field];
    parts.push_back(lineage.inputs[field.dataset].name.name + "." + field.name + " " +
                    std::string(mastic::lineage::subtype_name(edge.kind)) + (edge.masking ? " masked" : ""));
  }
  std::ranges::sort(parts);
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}
std::string of(const Lineage& lineage, const std::string& name) {
  for (const auto& one : lineage.columns)
    if (one.name == name) return words(lineage, one.from);
  return "no such column";
}
std::string rows(const Lineage& lineage) { return words(lineage, lineage.all_rows); }

}  // namespace

TEST_CASE("columns are passed on, made and made again") {
  const auto source = files("t", 1, {"a", "b"});
  const auto once = project(source, {named(1, "a", column(1)), named(3, "s", call("+", {column(1), column(2)})),
                                     named(4, "one", number(1)), named(5, "again", column(2))});
  const auto twice =
      project(once, {named(6, "x", call("md5", {column(3)})), named(7, "y", column(1)), named(5, "again", column(5))});
  const auto lineage = derive(twice, {});
  REQUIRE(lineage.inputs.size() == 1);
  CHECK(lineage.inputs[0].name.name_space == "s3://b");
  CHECK(lineage.inputs[0].name.name == "t");
  CHECK(lineage.inputs[0].fields.size() == 2);
  CHECK(of(lineage, "x") == "t.a TRANSFORMATION masked, t.b TRANSFORMATION masked");
  CHECK(of(lineage, "y") == "t.a IDENTITY");
  CHECK(of(lineage, "again") == "t.b IDENTITY");
  CHECK(rows(lineage).empty());
}

TEST_CASE("a filter and a sort decide every row") {
  const auto source = files("t", 1, {"a", "b", "c"});
  const auto kept = filter(source, call("<", {column(1), number(3)}));
  const auto sorted = make_relation(kept->output, Sort{kept, {{.child = column(2)}}});
  const auto lineage = derive(project(sorted, {named(3, "c", column(3))}), {});
  CHECK(of(lineage, "c") == "t.c IDENTITY");
  CHECK(rows(lineage) == "t.a FILTER, t.b SORT");
}

TEST_CASE("conditions decide a column, casts transform it") {
  const auto source = files("t", 1, {"a", "b", "c"});
  const auto value =
      make_expression(types::integer(), true, CaseWhen{{{call("=", {column(1), number(1)}), column(2)}}, column(3), false});
  const auto cast = make_expression(types::string(), true, Cast{.child = column(2)});
  const auto lineage = derive(project(source, {named(4, "v", value), named(5, "s", cast)}), {});
  CHECK(of(lineage, "v") == "t.a CONDITIONAL, t.b IDENTITY, t.c IDENTITY");
  CHECK(of(lineage, "s") == "t.b TRANSFORMATION");
}

TEST_CASE("groups, aggregates and having") {
  const auto source = files("t", 1, {"k", "v", "w"});
  const auto grouped = make_relation(
      {attribute(1, "k"), attribute(4, "total"), attribute(5, "n")},
      Aggregate{.input = source,
                .groupings = {named(1, "k", column(1))},
                .aggregates = {named(1, "k", column(1)), named(4, "total", aggregate("sum", call("*", {column(2), number(2)}))),
                               named(5, "n", aggregate("count", column(3)))},
                .grouping_sets = {},
                .has_grouping_sets = false});
  const auto lineage = derive(filter(grouped, call(">", {column(4), number(1)})), {});
  CHECK(of(lineage, "k") == "t.k IDENTITY");
  CHECK(of(lineage, "total") == "t.v AGGREGATION");
  CHECK(of(lineage, "n") == "t.w AGGREGATION masked");
  CHECK(rows(lineage) == "t.k GROUP_BY, t.v FILTER");
}

TEST_CASE("joins, unions and except") {
  const auto left = files("l", 1, {"k", "a"});
  const auto right = files("r", 3, {"k", "b"});
  auto output = left->output;
  output.insert(output.end(), right->output.begin(), right->output.end());
  const auto joined = make_relation(output, Join{left, right, JoinType::left, call("=", {column(1), column(3)}), false});
  const auto lineage = derive(joined, {});
  CHECK(of(lineage, "a") == "l.a IDENTITY");
  CHECK(of(lineage, "b") == "r.b IDENTITY");
  CHECK(rows(lineage) == "l.k JOIN, r.k JOIN");

  const auto both = make_relation({attribute(9, "k"), attribute(10, "x")}, SetOp{left, right, SetOperation::union_, true});
  const auto united = derive(both, {});
  CHECK(of(united, "x") == "l.a IDENTITY, r.b IDENTITY");
  CHECK(rows(united).empty());

  const auto without = derive(make_relation(left->output, SetOp{left, right, SetOperation::except, true}), {});
  CHECK(of(without, "a") == "l.a IDENTITY");
  CHECK(rows(without) == "l.a FILTER, l.k FILTER, r.b FILTER, r.k FILTER");
}

TEST_CASE("windows: the first row of each group") {
  const auto source = files("t", 1, {"k", "o", "v"});
  const auto row_number = make_expression(
      types::integer(), false,
      WindowCall{.function = "row_number", .arguments = {}, .partition_by = {column(1)}, .order_by = {{.child = column(2)}}});
  const auto running = make_expression(types::long_type(), true,
                                       WindowCall{.function = "sum", .arguments = {column(3)}, .partition_by = {column(1)}});
  auto output = source->output;
  output.push_back(attribute(4, "rn"));
  output.push_back(attribute(5, "running"));
  const auto numbered = make_relation(output, Window{source, {named(4, "rn", row_number), named(5, "running", running)}});
  const auto lineage = derive(filter(numbered, call("=", {column(4), number(1)})), {});
  CHECK(of(lineage, "rn") == "t.k WINDOW, t.o WINDOW");
  CHECK(of(lineage, "running") == "t.k WINDOW, t.v AGGREGATION");
  CHECK(rows(lineage) == "t.k WINDOW, t.o WINDOW");
}

TEST_CASE("subqueries, correlated too") {
  const auto orders = files("o", 1, {"id", "customer"});
  const auto customers = files("c", 11, {"id", "name"});
  const auto mine = filter(customers, call("=", {column(11), outer(2)}));
  const auto name = project(mine, {named(12, "name", column(12))});
  const auto scalar =
      make_expression(types::string(), true, SubqueryExpression{SubqueryExpression::Kind::scalar, name, {}, false});
  const auto exists =
      make_expression(types::boolean(), false, SubqueryExpression{SubqueryExpression::Kind::exists, mine, {}, false});
  const auto lineage = derive(filter(project(orders, {named(2, "customer", column(2)), named(21, "n", scalar)}), exists), {});
  CHECK(of(lineage, "n") == "c.id FILTER, c.name IDENTITY, o.customer FILTER");
  CHECK(rows(lineage) == "c.id FILTER, o.customer FILTER");
}

TEST_CASE("generators and opaque Python") {
  const auto source = files("t", 1, {"a", "b"});
  auto output = source->output;
  output.push_back(attribute(3, "col"));
  const auto exploded = make_relation(output, Generate{source, "explode", {column(2)}, false, {attribute(3, "col")}});
  CHECK(of(derive(exploded, {}), "col") == "t.b TRANSFORMATION");

  PythonTransform transform;
  transform.input = source;
  transform.columns = source->output;
  transform.function.name = "clean";
  const auto mapped = derive(make_relation({attribute(7, "x")}, std::move(transform)), {});
  CHECK(of(mapped, "x") == "t.a TRANSFORMATION, t.b TRANSFORMATION");
  CHECK(mapped.texts.at(mapped.columns[0].from[0].text) == "clean");
}

TEST_CASE("rows that were kept, and rows that went through the driver") {
  const auto source = filter(files("t", 1, {"a", "b"}), call(">", {column(1), number(0)}));
  const auto known = std::make_shared<const Lineage>(derive(source, {}));
  Environment environment;
  environment.kept = [&](const std::string& name) { return name == "cached" ? known : nullptr; };
  environment.fetched = [&](int64_t plan_id) { return plan_id == 42 ? known : nullptr; };

  const auto cached = make_relation({attribute(5, "x"), attribute(6, "y")}, ReadCached{"cached"});
  const auto lineage = derive(cached, environment);
  CHECK(of(lineage, "x") == "t.a IDENTITY");
  CHECK(rows(lineage) == "t.a FILTER");

  const auto sent = make_relation({attribute(5, "a"), attribute(6, "b")}, LocalData{});
  CHECK(of(derive(sent, environment), "a").empty());
  const auto filtered = derive(make_relation(sent->output, Alias{sent, "mastic_lineage", {"filter", "42"}}), environment);
  CHECK(of(filtered, "b") == "t.b IDENTITY");
  CHECK(rows(filtered) == "t.a FILTER, t.a FILTER, t.b FILTER");  // once by the plan, once by the function
  const auto mapped = derive(make_relation({attribute(5, "z")}, Alias{sent, "mastic_lineage", {"map", "42"}}), environment);
  CHECK(of(mapped, "z") == "t.a TRANSFORMATION, t.b TRANSFORMATION");
}

TEST_CASE("items and catalog tables") {
  const auto items = make_relation({attribute(1, "age")}, ReadItems{"claims", {}, "insurance.claims"});
  const auto lineage = derive(items, {});
  REQUIRE(lineage.inputs.size() == 1);
  CHECK(lineage.inputs[0].name.name_space == "arn:aws:dynamodb:us-east-1:000000000000");
  CHECK(lineage.inputs[0].name.name == "table/claims");
  REQUIRE(lineage.inputs[0].symlinks.size() == 1);
  CHECK(lineage.inputs[0].symlinks[0].name_space == "arn:aws:glue:us-east-1:000000000000");
  CHECK(lineage.inputs[0].symlinks[0].name == "table/insurance/claims");
}

TEST_CASE("files without a name for their place are of the folder that holds them") {
  ReadFiles read;
  read.data_columns.push_back({"a", types::integer(), true, {}});
  read.files = {{"s3://b/x/2024/part-0.csv", {}, 0}, {"s3://b/x/2025/part-1.csv", {}, 0}};
  CHECK(derive(make_relation({attribute(1, "a")}, read), {}).inputs.at(0).name.name == "x");
  read.options["path"] = "s3a://b/y/2024-*/";
  CHECK(derive(make_relation({attribute(1, "a")}, read), {}).inputs.at(0).name.name == "y");
}
