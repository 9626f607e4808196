#include "spark/analyze/analyzer.h"

#include <doctest/doctest.h>

#include "spark/analyze/explain/explain.h"
#include "spark/analyze/plan_text.h"
#include "spark/analyze/test_context.h"
#include "spark/connect/commands.pb.h"
#include "spark/functions/registry.h"
#include "spark/sql/parser.h"

using namespace mastic::spark;
namespace proto = ::spark::connect;

namespace {

TestContext claims() {
  TestContext context;
  context.add_view("t",
                   {{"a", types::integer(), false, {}},
                    {"b", types::long_type(), true, {}},
                    {"s", types::string(), true, {}},
                    {"d", types::decimal(10, 2), true, {}},
                    {"day", types::date(), true, {}},
                    {"xs", types::array(types::integer()), true, {}},
                    {"m", types::map(types::string(), types::integer()), true, {}},
                    {"p", types::structure({{"x", types::integer(), true, {}}, {"y", types::string(), true, {}}}), true, {}}});
  context.add_view("u", {{"a", types::integer(), true, {}}, {"c", types::double_type(), true, {}}});
  return context;
}

SparkResult<RelationPtr> analyze(TestContext& context, std::string_view query) {
  TRY(relation, sql::parse_query(query));
  return Analyzer(context).resolve(relation);
}

// The result's columns: `name type[!]`, or the condition of the error.
std::string schema(TestContext& context, std::string_view query) {
  auto plan = analyze(context, query);
  if (!plan) return plan.error().condition + ": " + plan.error().message;
  std::string text;
  for (const auto& column : (*plan)->output)
    text += (text.empty() ? "" : ", ") + column.name + " " + simple_string(column.type) + (column.nullable ? "" : "!");
  return text;
}
std::string schema(std::string_view query, bool ansi = false) {
  auto context = claims();
  context.settings["spark.sql.ansi.enabled"] = ansi ? "true" : "false";
  return schema(context, query);
}
std::string plan(std::string_view query) {
  auto context = claims();
  auto resolved = analyze(context, query);
  return resolved ? plan_text(**resolved) : resolved.error().message;
}
std::string condition(std::string_view query, bool ansi = false) {
  auto context = claims();
  context.settings["spark.sql.ansi.enabled"] = ansi ? "true" : "false";
  auto resolved = analyze(context, query);
  return resolved ? "none" : resolved.error().condition;
}

}  // namespace

TEST_CASE("names and types of result columns") {
  CHECK(schema("select a, a + 1, A from t") == "a int!, (a + 1) int!, A int!");
  CHECK(schema("select a + b, a / b, b div 2, a % 2, -b from t") ==
        "(a + b) bigint, (a / b) double, (b div 2) bigint, (a % 2) int, (- b) bigint");
  CHECK(schema("select cast(a as string), cast(a + 1 as bigint), p.x, p.y as z, xs[0], m['k'] from t") ==
        "a string!, CAST((a + 1) AS BIGINT) bigint!, x int, z string, xs[0] int, m[k] int");
  CHECK(schema("select case when a = 1 then 'x' else s end, if(a > 1, 1, 2L), coalesce(a, b) from t") ==
        "CASE WHEN (a = 1) THEN x ELSE s END string, (IF((a > 1), 1, 2)) bigint!, coalesce(a, b) bigint!");
  CHECK(schema("select upper(s), length(s), substring(s, 1, 2), concat(s, '-', a), round(d, 1), s like 'a%' from t") ==
        "upper(s) string, length(s) int, substring(s, 1, 2) string, concat(s, -, a) string, round(d, 1) decimal(10,1), s LIKE "
        "a% boolean");
  CHECK(schema("select a is null, not (a = 1), a in (1, 2), a = 1 and b > 2 from t") ==
        "(a IS NULL) boolean!, (NOT (a = 1)) boolean!, (a IN (1, 2)) boolean!, ((a = 1) AND (b > 2)) boolean");
}

TEST_CASE("decimal arithmetic") {
  CHECK(schema("select d + d, d * d, d / d, d + 1, d * 2.5 from t") ==
        "(d + d) decimal(11,2), (d * d) decimal(21,4), (d / d) decimal(23,13), (d + 1) decimal(11,2), (d * 2.5) decimal(13,3)");
  CHECK(schema("select cast(d as decimal(38,10)) * cast(d as decimal(38,10)) as x from t") == "x decimal(38,6)");
  CHECK(schema("select sum(d), avg(d), sum(a), avg(a), count(*), max(s) from t") ==
        "sum(d) decimal(20,2), avg(d) decimal(14,6), sum(a) bigint, avg(a) double, count(1) bigint!, max(s) string");
}

TEST_CASE("comparison coerces by the mode") {
  CHECK(plan("select a from t where s = 1").find("=(cast(s#3 as int), 1)") != std::string::npos);
  CHECK(plan("select a from t where s < 0.7").find("<(cast(s#3 as double), cast(0.7 as double))") != std::string::npos);
  CHECK(plan("select a from t where day > '2024-01-01'").find(">(day#5, cast(2024-01-01 as date))") != std::string::npos);
  CHECK(schema("select s + 1 from t") == "(s + 1) double");
  CHECK(schema("select s + 1 from t", true) == "(s + 1) bigint");
  CHECK(schema("select coalesce(a, s) as x from t") == "x string!");
  CHECK(schema("select coalesce(a, s) as x from t", true) == "x bigint!");
}

TEST_CASE("dates and intervals") {
  CHECK(schema("select day + 1, day - day, day + interval 1 month, year(day), date_add(day, 3) from t") ==
        "date_add(day, 1) date, (day - day) interval day, day + INTERVAL '1' MONTH date, year(day) int, "
        "date_add(day, 3) date");
}

TEST_CASE("aggregates") {
  CHECK(schema("select a, sum(b) + 1 as n from t group by a having count(*) > 1 order by max(d)") == "a int!, n bigint");
  CHECK(schema("select a % 2, count(distinct s) from t group by a % 2") == "(a % 2) int, count(DISTINCT s) bigint!");
  CHECK(schema("select a as k, sum(b) from t group by k") == "k int!, sum(b) bigint");
  CHECK(schema("select s, sum(b) from t group by 1") == "s string, sum(b) bigint");
  CHECK(schema("select s, a, grouping_id(), sum(b) from t group by s, a with rollup") ==
        "s string, a int, grouping_id() bigint!, sum(b) bigint");
  CHECK(condition("select s, b from t group by s") == "MISSING_AGGREGATION");
  CHECK(condition("select s, sum(b) from t") == "MISSING_GROUP_BY");
  CHECK(condition("select sum(sum(b)) from t") == "NESTED_AGGREGATE_FUNCTION");
  CHECK(condition("select a from t group by sum(b)") == "GROUP_BY_AGGREGATE");
  CHECK(condition("select a from t group by 3") == "GROUP_BY_POS_OUT_OF_RANGE");
}

TEST_CASE("windows and generators") {
  CHECK(schema("select a, row_number() over (partition by s order by b) as n, sum(b) over (partition by s) from t") ==
        "a int!, n int!, sum(b) OVER (PARTITION BY s ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) bigint");
  CHECK(schema("select s, sum(sum(b)) over (order by s) as running from t group by s") == "s string, running bigint");
  CHECK(schema("select a, explode(xs) from t") == "a int!, col int");
  CHECK(schema("select posexplode(xs) as (i, x), a from t") == "i int!, x int, a int!");
  CHECK(schema("select explode(m) from t") == "key string!, value int");
  CHECK(schema("select a, e.x from t lateral view explode(xs) e as x") == "a int!, x int");
  CHECK(schema("select * from values (1, 'a'), (2, null) as v(i, c)") == "i int!, c string");
  CHECK(condition("select explode(xs), explode(m) from t") == "none");
  CHECK(condition("select row_number() over (partition by a) from t") == "WINDOW_FUNCTION_FRAME_NOT_ORDERED");
  CHECK(condition("select row_number() from t") == "WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE");
}

TEST_CASE("joins and set operations") {
  CHECK(schema("select * from t join u using (a)").starts_with("a int!, b bigint"));
  CHECK(schema("select u.c, t.a from t left join u on t.a = u.a") == "c double, a int!");
  CHECK(schema("select t.a from t full join u on t.a = u.a") == "a int");
  CHECK(schema("select x.a, y.a from t x join t y on x.a = y.a") == "a int!, a int!");
  CHECK(condition("select a from t join u on t.a = u.a") == "AMBIGUOUS_REFERENCE");
  CHECK(schema("select a from t union all select c from u") == "a double");
  CHECK(schema("select a from t union all select s from t") == "a string");
  CHECK(condition("select a from t union select a, b from t") == "NUM_COLUMNS_MISMATCH");
}

TEST_CASE("subqueries") {
  CHECK(schema("select a, (select max(c) from u where u.a = t.a) as c from t") == "a int!, c double");
  CHECK(schema("select a from t where a in (select a from u) and exists (select 1 from u where u.a = t.a)") == "a int!");
  CHECK(schema("with v as (select a, b from t) select x.a, y.b from v x join v y on x.a = y.a") == "a int!, b bigint");
}

TEST_CASE("lambdas and structs") {
  CHECK(schema("select transform(xs, x -> x + 1L) as l, filter(xs, x -> x > 1) as f, aggregate(xs, 0, (acc, x) -> acc + x) as "
               "n from t") == "l array<bigint>, f array<int>, n int");
  CHECK(schema("select struct(a, s as q), named_struct('k', a), array(a, b), map('x', a) from t") ==
        "struct(a, s AS q) struct<a:int,q:string>!, named_struct(k, a) struct<k:int>!, array(a, b) array<bigint>!, map(x, a) "
        "map<string,int>!");
  CHECK(schema("select from_json(s, 'a INT, b STRING') as j from t") == "j struct<a:int,b:string>");
}

TEST_CASE("errors say what Spark says") {
  auto context = claims();
  auto missing = analyze(context, "select bb from t");
  REQUIRE(!missing);
  CHECK(missing.error().condition == "UNRESOLVED_COLUMN.WITH_SUGGESTION");
  CHECK(missing.error().parameters.at("objectName") == "`bb`");
  CHECK(missing.error().parameters.at("proposal").starts_with("`b`, "));
  CHECK(condition("select * from nowhere") == "TABLE_OR_VIEW_NOT_FOUND");
  CHECK(condition("select nothing(a) from t") == "UNRESOLVED_ROUTINE");
  CHECK(condition("select upper(a, b) from t") == "WRONG_NUM_ARGS.WITHOUT_SUGGESTION");
  CHECK(condition("select p.z from t") == "FIELD_NOT_FOUND");
  CHECK(condition("select cast(xs as int) from t") == "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION");
  CHECK(condition("select a from t where a") == "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN");
  CHECK(condition("select explode(a) from t") == "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE");
}

TEST_CASE("hidden columns under ORDER BY are dropped again") {
  CHECK(schema("select a from t order by b desc, s") == "a int!");
  CHECK(plan("select a from t order by b").starts_with("project a#1\n  sort b#2 asc nulls first\n    project a#1, b#2\n"));
  CHECK(schema("select a as x from t order by x") == "x int!");
}

TEST_CASE("a DataFrame's column is found by its plan id") {
  auto context = claims();
  const auto read = [](int64_t plan_id, const char* name) {
    proto::Relation relation;
    relation.mutable_common()->set_plan_id(plan_id);
    relation.mutable_read()->mutable_named_table()->set_unparsed_identifier(name);
    return relation;
  };
  const auto column = [](int64_t plan_id, const char* name) {
    proto::Expression expression;
    expression.mutable_unresolved_attribute()->set_unparsed_identifier(name);
    expression.mutable_unresolved_attribute()->set_plan_id(plan_id);
    return expression;
  };
  proto::Relation join;
  join.mutable_common()->set_plan_id(3);
  *join.mutable_join()->mutable_left() = read(1, "t");
  *join.mutable_join()->mutable_right() = read(2, "u");
  join.mutable_join()->set_join_type(proto::Join::JOIN_TYPE_INNER);
  auto* equal = join.mutable_join()->mutable_join_condition()->mutable_unresolved_function();
  equal->set_function_name("==");
  *equal->add_arguments() = column(1, "a");
  *equal->add_arguments() = column(2, "a");
  proto::Relation select;
  *select.mutable_project()->mutable_input() = join;
  *select.mutable_project()->add_expressions() = column(2, "a");
  auto resolved = Analyzer(context).resolve(select);
  REQUIRE(resolved);
  CHECK((*resolved)->output.size() == 1);
  CHECK(plan_text(**resolved).find("inner join =(a#1, a#9)") != std::string::npos);
  CHECK((*resolved)->output[0].id == 9);

  *join.mutable_join()->mutable_right() = read(1, "t");
  *select.mutable_project()->mutable_input() = join;
  auto ambiguous = Analyzer(context).resolve(select);
  REQUIRE(!ambiguous);
}

namespace {

proto::Relation data_frame(int64_t plan_id, const char* view) {
  proto::Relation relation;
  relation.mutable_common()->set_plan_id(plan_id);
  relation.mutable_read()->mutable_named_table()->set_unparsed_identifier(view);
  return relation;
}
proto::Expression column_of(int64_t plan_id, const char* name) {
  proto::Expression expression;
  expression.mutable_unresolved_attribute()->set_unparsed_identifier(name);
  expression.mutable_unresolved_attribute()->set_plan_id(plan_id);
  return expression;
}
proto::Relation select(const proto::Relation& input, std::vector<proto::Expression> items, int64_t plan_id) {
  proto::Relation relation;
  relation.mutable_common()->set_plan_id(plan_id);
  *relation.mutable_project()->mutable_input() = input;
  for (auto& item : items) *relation.mutable_project()->add_expressions() = std::move(item);
  return relation;
}
proto::Relation join_using(const proto::Relation& left, const proto::Relation& right, const char* name) {
  proto::Relation relation;
  relation.mutable_common()->set_plan_id(90);
  *relation.mutable_join()->mutable_left() = left;
  *relation.mutable_join()->mutable_right() = right;
  relation.mutable_join()->set_join_type(proto::Join::JOIN_TYPE_LEFT_OUTER);
  if (*name != 0) relation.mutable_join()->add_using_columns(name);
  return relation;
}
std::string outcome(TestContext& context, const proto::Relation& relation) {
  auto resolved = Analyzer(context).resolve(relation);
  if (!resolved) return resolved.error().condition;
  std::string text;
  for (const auto& column : (*resolved)->output)
    text += (text.empty() ? "" : ", ") + column.name + (column.nullable ? "" : "!");
  return text;
}

}  // namespace

TEST_CASE("a USING join's hidden key is found through its DataFrame or its table") {
  auto context = claims();
  const auto joined = join_using(data_frame(1, "t"), data_frame(2, "u"), "a");
  CHECK(outcome(context, select(joined, {column_of(1, "a"), column_of(2, "a")}, 91)) == "a!, a");
  CHECK(schema("select t.a, u.a from t left join u using (a)") == "a int!, a int");
  CHECK(schema("select u.* from t join u using (a)") == "a int, c double");
  CHECK(condition("select a from t join u on t.a = u.a") == "AMBIGUOUS_REFERENCE");
}

TEST_CASE("a DataFrame's column that another of its name hides") {
  auto context = claims();
  auto renamed = column_of(1, "b");
  proto::Expression alias;
  *alias.mutable_alias()->mutable_expr() = renamed;
  alias.mutable_alias()->add_name("a");
  const auto hidden = select(select(data_frame(1, "t"), {alias}, 5), {column_of(1, "a")}, 6);
  CHECK(outcome(context, hidden) == "CANNOT_RESOLVE_DATAFRAME_COLUMN");
  context.settings["spark.sql.analyzer.strictDataFrameColumnResolution"] = "false";
  CHECK(outcome(context, hidden) == "a");
}

TEST_CASE("of a DataFrame and another made of it, the one on top is meant") {
  auto context = claims();
  const auto below = select(data_frame(1, "t"), {column_of(1, "a"), column_of(1, "b")}, 2);
  const auto joined = join_using(below, data_frame(1, "t"), "");
  CHECK(outcome(context, select(joined, {column_of(1, "s")}, 9)) == "s");
  CHECK(outcome(context, select(join_using(data_frame(1, "t"), data_frame(1, "t"), ""), {column_of(1, "a")}, 9)) ==
        "AMBIGUOUS_COLUMN_REFERENCE");
}

TEST_CASE("lateral column aliases") {
  CHECK(schema("select a + 1 as x, x * 2 as y, y + x from t") == "x int!, y int!, (y + x) int!");
  CHECK(schema("select b as a, a from t") == "a bigint, a int!");  // the input's column stands before an alias
  CHECK(condition("select 1 as x, 2 as x, x + 1 from t") == "AMBIGUOUS_LATERAL_COLUMN_ALIAS");
  CHECK(condition("select a as x, sum(x) from t group by a") == "UNSUPPORTED_FEATURE.LATERAL_COLUMN_ALIAS_IN_AGGREGATE_FUNC");
}

TEST_CASE("groupings") {
  CHECK(schema("select a + 1, 1 + a, sum(b) from t group by 1 + a") == "(a + 1) int!, (1 + a) int!, sum(b) bigint");
  CHECK(schema("select a, s, sum(b) from t group by all") == "a int!, s string, sum(b) bigint");
  CHECK(schema("select a, s, grouping(s), count(1) from t group by a, rollup(s)") ==
        "a int, s string, grouping(s) tinyint!, count(1) bigint!");
  CHECK(condition("select grouping(a) from t group by a") == "UNSUPPORTED_GROUPING_EXPRESSION");
  CHECK(schema("select a from (select a, a from t) order by a") == "a int!");
}

TEST_CASE("EXPLAIN shows Spark's plan") {
  auto context = claims();
  proto::Relation hinted;
  *hinted.mutable_hint()->mutable_input() = data_frame(2, "u");
  hinted.mutable_hint()->set_name("broadcast");
  const auto joined = join_using(data_frame(1, "t"), hinted, "a");
  auto resolved = Analyzer(context).resolve(joined);
  REQUIRE(resolved);
  PhysicalSettings settings;
  settings.broadcast_bytes_max = -1;
  const auto text = explain_text(*resolved, "extended", settings);
  CHECK(text.find("== Parsed Logical Plan ==\n") == 0);
  CHECK(text.find("BroadcastHashJoin [a#1], [a#9], LeftOuter, BuildRight, false") != std::string::npos);
  CHECK(text.find("ResolvedHint (strategy=broadcast)") != std::string::npos);
  auto plain = Analyzer(context).resolve(join_using(data_frame(1, "t"), data_frame(2, "u"), "a"));
  REQUIRE(plain);
  CHECK(explain_text(*plain, "simple", settings).find("SortMergeJoin") != std::string::npos);
}

TEST_CASE("writes") {
  auto context = claims();
  proto::WriteOperation write;
  write.mutable_input()->mutable_read()->mutable_named_table()->set_unparsed_identifier("u");
  write.set_source("csv");
  write.set_path("s3://bucket/out");
  write.set_mode(proto::WriteOperation::SAVE_MODE_OVERWRITE);
  (*write.mutable_options())["Header"] = "true";
  write.add_partitioning_columns("A");
  auto command = Analyzer(context).resolve_write(write);
  REQUIRE(command);
  const auto& files = std::get<WriteFiles>(*command);
  CHECK(files.mode == SaveMode::overwrite);
  CHECK(files.partition_columns == std::vector<std::string>{"a"});
  CHECK(files.options.at("header") == "true");
}

TEST_CASE("the registry's rows are whole") {
  int supported = 0;
  for (const auto& row : all_functions()) {
    if (!row.supported) continue;
    ++supported;
    CHECK_MESSAGE(static_cast<bool>(row.type), row.name);
    CHECK_MESSAGE(find_function(row.name) == &row, row.name);
  }
  MESSAGE(supported, " functions of ", all_functions().size());
}
