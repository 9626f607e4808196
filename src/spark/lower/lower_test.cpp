#include <doctest/doctest.h>

#include "spark/lower/test_plans.h"

namespace mastic::spark {
namespace {

using namespace test;

TEST_CASE("expressions give Spark's values") {
  const auto engine = open_engine();
  const auto connection = engine->connect();
  const auto value = [&](ExpressionPtr expression, LowerOptions options = {}) {
    return run(*connection, select({std::move(expression)}), options);
  };
  const auto text = types::string();
  const auto integer = types::integer();
  const auto big = types::long_type();
  const auto real = types::double_type();

  SUBCASE("casts") {
    CHECK(value(cast(literal(" 12 "), integer)) == "12");
    CHECK(value(cast(literal("12.7"), integer)) == "12");
    CHECK(value(cast(literal("1e2"), integer)) == "NULL");
    CHECK(value(cast(literal("12.7"), integer, EvalMode::ansi)).starts_with("ERROR CAST_INVALID_INPUT"));
    CHECK(value(cast(literal(2.5), integer)) == "2");
    CHECK(value(cast(literal(1e20), integer)) == "2147483647");
    CHECK(value(cast(literal(1e20), integer, EvalMode::ansi)).starts_with("ERROR CAST_OVERFLOW"));
    CHECK(value(cast(literal(1e10), text)) == "1.0E10");
    CHECK(value(cast(literal(1e-5), text)) == "1.0E-5");
    CHECK(value(cast(literal(0.001), text)) == "0.001");
    CHECK(value(cast(literal("2024"), types::date())) == "2024-01-01");
    CHECK(value(cast(literal("2024-02-30"), types::date())) == "NULL");
    CHECK(value(cast(literal("yes"), types::boolean())) == "true");
    CHECK(value(cast(literal("12.345"), types::decimal(10, 2))) == "12.35");
    CHECK(value(cast(literal("99999999999"), types::decimal(5, 2))) == "NULL");
    CHECK(value(cast(literal("2024-01-31 10:00:00"), types::timestamp())) == "2024-01-31 10:00:00");
    CHECK(value(cast(literal("2024-07-01T10:00:00Z"), types::timestamp()), {.session_time_zone = "Europe/Paris"}) ==
          "2024-07-01 12:00:00");
    CHECK(value(cast(cast(literal("2024-07-01 00:30:00"), types::timestamp()), types::date()),
                {.session_time_zone = "Asia/Tokyo"}) == "2024-07-01");
    CHECK(value(cast(literal(200), types::byte())) == "-56");
  }
  SUBCASE("arithmetic") {
    CHECK(value(call("+", integer, {literal(2147483647), literal(1)})) == "-2147483648");
    CHECK(
        value(call("+", integer, {literal(2147483647), literal(1)}, EvalMode::ansi)).starts_with("ERROR ARITHMETIC_OVERFLOW"));
    CHECK(value(call("/", real, {literal(5.0), literal(0.0)})) == "NULL");
    CHECK(value(call("/", real, {literal(5.0), literal(0.0)}, EvalMode::ansi)).starts_with("ERROR DIVIDE_BY_ZERO"));
    CHECK(value(call("%", integer, {literal(-7), literal(3)})) == "-1");
    CHECK(value(call("pmod", integer, {literal(-7), literal(3)})) == "2");
    CHECK(value(call("div", big, {literal(-7), literal(2)})) == "-3");
    CHECK(value(call("*", types::decimal(21, 4), {decimal("12345678.90", 10, 2), decimal("12345678.90", 10, 2)})) ==
          "152415787501905.2100");
    CHECK(value(call("/", types::decimal(23, 13), {decimal("1.00", 10, 2), decimal("3.00", 10, 2)})) == "0.3333333333333");
    CHECK(value(call("round", real, {literal(2.5), literal(0)})) == "3.0");
    CHECK(value(call("bround", real, {literal(2.5), literal(0)})) == "2.0");
    CHECK(value(call("ceil", big, {literal(2.1)})) == "3");
    CHECK(value(call("round", types::decimal(4, 1), {decimal("12.35", 4, 2), literal(1)})) == "12.4");
  }
  SUBCASE("text") {
    CHECK(value(call("substring", text, {literal("hello"), literal(0), literal(2)})) == "he");
    CHECK(value(call("substring", text, {literal("hello"), literal(-3), literal(2)})) == "ll");
    CHECK(value(call("concat", text, {literal("a"), null_of(text)})) == "NULL");
    CHECK(value(call("concat_ws", text, {literal("-"), literal("a"), null_of(text), literal("b")})) == "a-b");
    CHECK(value(call("regexp_extract", text, {literal("foobar"), literal("(foo)(?=bar)"), literal(1)})) == "foo");
    CHECK(value(call("regexp_replace", text, {literal("a1b22"), literal("(\\d+)"), literal("<$1>")})) == "a<1>b<22>");
    CHECK(value(call("split", types::array(text), {literal("a,b,,"), literal(","), literal(-1)})) == "[a, b, , ]");
    CHECK(value(call("initcap", text, {literal("sPark sql")})) == "Spark Sql");
    CHECK(value(call("like", types::boolean(), {literal("a_b"), literal("a\\_b")})) == "true");
    CHECK(value(call("format_number", text, {literal(12332.123456), literal(4)})) == "12,332.1235");
    CHECK(value(call("sha2", text, {literal("Spark"), literal(256)})) ==
          "529bc3b07127ecb7e53a4dcf1991d9152c24537d919178022b2c42657f79a26b");
  }
  SUBCASE("dates") {
    const auto date = cast(literal("2016-07-30"), types::date());
    const auto at = cast(literal("2016-07-30 12:58:59"), types::timestamp());
    CHECK(value(call("date_format", text, {at, literal("yyyy-MM-dd'T'HH:mm:ss.SSS EEE MMM a")})) ==
          "2016-07-30T12:58:59.000 Sat Jul PM");
    CHECK(value(call("to_date", types::date(), {literal("30/07/2016"), literal("dd/MM/yyyy")})) == "2016-07-30");
    CHECK(value(call("to_timestamp", types::timestamp(), {literal("2016-12-31 00:12:00"), literal("yyyy-MM-dd HH:mm:ss")})) ==
          "2016-12-31 00:12:00");
    CHECK(value(call("dayofweek", integer, {date})) == "7");
    CHECK(value(call("add_months", types::date(), {cast(literal("2016-08-31"), types::date()), literal(1)})) == "2016-09-30");
    CHECK(value(call("months_between", real,
                     {cast(literal("1997-02-28 10:30:00"), types::timestamp()), cast(literal("1996-10-30"), types::timestamp()),
                      make_expression(types::boolean(), false, Literal{true})})) == "3.94959677");
    CHECK(value(call("date_trunc", types::timestamp(), {literal("MONTH"), at})) == "2016-07-01 00:00:00");
    CHECK(value(call("unix_timestamp", big, {literal("1970-01-01 00:00:10")})) == "10");
    CHECK(value(call("from_unixtime", text, {cast(literal(0), big)})) == "1970-01-01 00:00:00");
    CHECK(value(call("next_day", types::date(), {cast(literal("2015-01-14"), types::date()), literal("TU")})) == "2015-01-20");
    CHECK(value(call("datediff", integer,
                     {cast(literal("2009-07-31"), types::date()), cast(literal("2009-07-30"), types::date())})) == "1");
  }
  SUBCASE("hashes") {
    CHECK(value(call("hash", integer, {literal(1)})) == "-559580957");
    CHECK(value(call("xxhash64", big, {literal(1)})) == "-6698625589789238999");
    CHECK(value(call("hash", integer, {literal("Spark")})) == "228093765");
    CHECK(value(call("crc32", big, {literal("Spark")})) == "1557323817");
    CHECK(value(call("rand", real, {literal(42)})) == "0.619189370225301");
  }
  SUBCASE("collections") {
    const auto list = [&](std::vector<ExpressionPtr> members) {
      return call("array", types::array(integer), std::move(members));
    };
    CHECK(value(call("array_contains", types::boolean(), {list({literal(1), null_of(integer)}), literal(2)})) == "NULL");
    CHECK(value(call("array_distinct", types::array(integer),
                     {list({literal(1), null_of(integer), literal(1), null_of(integer)})})) == "[1, NULL]");
    CHECK(value(call("size", integer, {null_of(types::array(integer))})) == "-1");
    CHECK(value(call("sort_array", types::array(integer), {list({literal(2), null_of(integer), literal(1)})})) ==
          "[NULL, 1, 2]");
    CHECK(value(call("slice", types::array(integer), {list({literal(1), literal(2), literal(3)}), literal(-2), literal(2)})) ==
          "[2, 3]");
    const auto pair = types::structure({{"a", integer, true, ""}, {"A", text, true, ""}});
    CHECK(value(call("named_struct", pair, {literal("a"), literal(1), literal("A"), literal("x")})) == "{1, x}");
    CHECK(value(call("map", types::map(text, integer), {literal("k"), literal(1)})) == "{k -> 1}");
    const auto variable = make_expression(integer, true, LambdaVariable{7, "x"});
    const auto index = make_expression(integer, true, LambdaVariable{8, "i"});
    const auto body = call("+", integer, {variable, index});
    const auto lambda = make_expression(integer, true, Lambda{{7, 8}, {"x", "i"}, {integer, integer}, body});
    CHECK(value(call("transform", types::array(integer), {list({literal(10), literal(20)}), lambda})) == "[10, 21]");
    const auto both = types::structure({{"a", integer, true, ""}, {"b", text, true, ""}});
    CHECK(value(call("to_json", text, {call("named_struct", both, {literal("a"), literal(1), literal("b"), null_of(text)})})) ==
          "{\"a\":1}");
    CHECK(value(call("from_json", both, {literal("{\"a\":1,\"b\":\"x\"}")})) == "{1, x}");
    CHECK(value(call("get_json_object", text, {literal("{\"a\":{\"b\":1}}"), literal("$.a")})) == "{\"b\":1}");
  }
}

TEST_CASE("relations") {
  const auto engine = open_engine();
  const auto connection = engine->connect();
  const auto numbers = range(5);
  const auto id = numbers->output[0];
  const auto odd = call("=", types::boolean(),
                        {call("%", types::long_type(), {column(id), cast(literal(2), types::long_type())}),
                         cast(literal(1), types::long_type())});

  SUBCASE("filter, sort and limit share a block") {
    const auto filtered = make_relation(numbers->output, Filter{numbers, odd});
    const auto sorted = make_relation(numbers->output, Sort{filtered, {{column(id), false, false}}, true});
    const auto limited = make_relation(numbers->output, Limit{sorted, 1, 0});
    CHECK(run(*connection, limited) == "3");
    const auto query = lower(*limited, {});
    REQUIRE(query);
    CHECK(
        to_text(**query) ==
        "SELECT c1 FROM \"range\"(0, 5, 1) AS t1(c1) WHERE (CAST(spark_remainder(c1, CAST(2 AS BIGINT)) AS BIGINT) = CAST(1 AS "
        "BIGINT)) ORDER BY c1 DESC NULLS LAST LIMIT 1");
  }
  SUBCASE("a sort below a filter and a projection keeps its order") {
    const auto many = range(300'000);
    const auto sorted = make_relation(many->output, Sort{many, {{column(id), false, false}}, true});
    const auto projected = select({column(id)}, sorted);
    const auto filtered = make_relation(
        projected->output,
        Filter{projected, call(">", types::boolean(), {column(projected->output[0]), cast(literal(10), types::long_type())})});
    const auto rows = collect_text(*connection, *filtered, {});
    REQUIRE(rows);
    REQUIRE(rows->size() == 299'989);
    bool descending = true;
    for (std::size_t i = 1; i < rows->size(); ++i)
      descending = descending && std::stoll(*(*rows)[i - 1][0]) > std::stoll(*(*rows)[i][0]);
    CHECK(descending);
  }
  SUBCASE("tail") { CHECK(run(*connection, make_relation(numbers->output, Tail{numbers, 2})) == "3\n4"); }
  SUBCASE("aggregate") {
    Aggregate node;
    node.input = numbers;
    node.groupings.push_back({50, "odd", odd, ""});
    const auto sum = make_expression(types::long_type(), true, AggregateCall{"sum", {column(id)}});
    const auto average = make_expression(types::double_type(), true, AggregateCall{"avg", {column(id)}});
    node.aggregates.push_back({51, "odd", make_expression(types::boolean(), true, ColumnReference{50, "odd"}), ""});
    node.aggregates.push_back({52, "sum", sum, ""});
    node.aggregates.push_back({53, "avg", average, ""});
    const std::vector<Attribute> output = {{51, "odd", types::boolean(), true, {}, ""},
                                           {52, "sum", types::long_type(), true, {}, ""},
                                           {53, "avg", types::double_type(), true, {}, ""}};
    const auto grouped = make_relation(output, std::move(node));
    const auto sorted = make_relation(output, Sort{grouped, {{column(output[0]), true, true}}, true});
    CHECK(run(*connection, sorted) == "false|6|2.0\ntrue|4|2.0");
  }
  SUBCASE("join, union, distinct") {
    const auto other = make_relation({{2, "id", types::long_type(), false, {}, ""}}, RangeRows{3, 7, 1, 1});
    const auto condition = call("=", types::boolean(), {column(id), column(other->output[0])});
    const auto anti = make_relation(numbers->output, Join{numbers, other, JoinType::anti, condition, false});
    CHECK(run(*connection, make_relation(numbers->output, Sort{anti, {{column(id), true, true}}, true})) == "0\n1\n2");
    const Attribute united{9, "id", types::long_type(), false, {}, ""};
    const auto both = make_relation({united}, SetOp{numbers, other, SetOperation::union_, true});
    const auto distinct = make_relation({united}, Deduplicate{both, {}});
    CHECK(run(*connection, make_relation({united}, Sort{distinct, {{column(united), false, false}}, true})) ==
          "6\n5\n4\n3\n2\n1\n0");
  }
  SUBCASE("window and explode") {
    WindowCall call_node{"row_number", {}};
    call_node.order_by = {{column(id), false, false}};
    call_node.frame = FrameType::rows;
    call_node.lower.kind = FrameBound::Kind::unbounded_preceding;
    call_node.upper.kind = FrameBound::Kind::current_row;
    auto output = numbers->output;
    output.push_back({20, "n", types::integer(), false, {}, ""});
    const auto window =
        make_relation(output, Window{numbers, {{20, "n", make_expression(types::integer(), false, call_node), ""}}});
    CHECK(run(*connection, make_relation(output, Limit{make_relation(output, Sort{window, {{column(id), true, true}}, true}), 1,
                                                       0})) == "0|5");

    const auto list = call("array", types::array(types::integer()), {literal(7), literal(8)});
    std::vector<Attribute> generated = {{30, "pos", types::integer(), true, {}, ""},
                                        {31, "col", types::integer(), true, {}, ""}};
    const auto one = range(1);
    auto exploded_output = one->output;
    exploded_output.insert(exploded_output.end(), generated.begin(), generated.end());
    CHECK(run(*connection, make_relation(exploded_output, Generate{one, "posexplode", {list}, false, generated})) ==
          "0|0|7\n0|1|8");
  }
  SUBCASE("arrow batches and caches") {
    int64_t batches = 0;
    const auto sent =
        execute(*connection, *range(25'000), {}, {.rows_max = 10'000, .bytes_max = 4 << 20}, [&](ArrowBatch batch) {
          ++batches;
          return !batch.stream.empty();
        });
    REQUIRE(sent);
    CHECK(*sent == 25'000);
    CHECK(batches == 3);
    CHECK(*cache(*connection, *numbers, {}, "kept") == 5);
    CHECK(run(*connection, make_relation(numbers->output, Limit{make_relation(numbers->output, ReadCached{"kept"}), 2, 0})) ==
          "0\n1");
    CHECK(drop_cached(*connection, "kept"));
  }
}

}  // namespace
}  // namespace mastic::spark
