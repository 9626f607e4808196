#include "spark/sql/parser.h"

#include <doctest/doctest.h>

#include "spark/sql/token.h"

using namespace mastic::spark;
namespace proto = ::spark::connect;

namespace {

// A compact form of an expression: f(a, b), names bare, strings quoted.
std::string text_of(const proto::Expression& e) {
  const auto list = [](const auto& parts) {
    std::string text;
    for (const auto& part : parts) text += (text.empty() ? "" : ", ") + text_of(part);
    return text;
  };
  if (e.has_unresolved_function())
    return e.unresolved_function().function_name() + "(" + (e.unresolved_function().is_distinct() ? "distinct " : "") +
           list(e.unresolved_function().arguments()) + ")";
  if (e.has_unresolved_attribute()) return e.unresolved_attribute().unparsed_identifier();
  if (e.has_unresolved_star()) return e.unresolved_star().has_unparsed_target() ? e.unresolved_star().unparsed_target() : "*";
  if (e.has_alias()) return text_of(e.alias().expr()) + " as " + e.alias().name(0);
  if (e.has_cast()) return "cast(" + text_of(e.cast().expr()) + ")";
  if (e.has_unresolved_extract_value())
    return text_of(e.unresolved_extract_value().child()) + "[" + text_of(e.unresolved_extract_value().extraction()) + "]";
  if (e.has_lambda_function()) return "lambda " + text_of(e.lambda_function().function());
  if (e.has_unresolved_named_lambda_variable()) return "$" + e.unresolved_named_lambda_variable().name_parts(0);
  if (e.has_window()) return text_of(e.window().window_function()) + " over(" + list(e.window().partition_spec()) + ")";
  if (e.has_literal()) {
    const auto& l = e.literal();
    if (l.has_string()) return "'" + l.string() + "'";
    if (l.has_integer()) return std::to_string(l.integer());
    if (l.has_long_()) return std::to_string(l.long_()) + "L";
    if (l.has_decimal())
      return l.decimal().value() + ":" + std::to_string(l.decimal().precision()) + "," + std::to_string(l.decimal().scale());
    if (l.has_boolean()) return l.boolean() ? "true" : "false";
    if (l.has_null()) return "null";
    if (l.has_double_()) return std::to_string(l.double_()) + "d";
    if (l.has_day_time_interval()) return std::to_string(l.day_time_interval()) + "us";
    if (l.has_year_month_interval()) return std::to_string(l.year_month_interval()) + "mon";
  }
  return e.ShortDebugString();
}

std::string expression_text(std::string_view sql) {
  const auto parsed = sql::parse_expression(sql);
  return parsed ? text_of(*parsed) : parsed.error().condition;
}

}  // namespace

TEST_CASE("expressions: precedence, predicates, literals") {
  struct Case {
    const char* sql;
    const char* want;
  };
  const Case cases[] = {
      {"a + b * 2", "+(a, *(b, 2))"},
      {"NOT a = 1 OR b AND c", "or(not(=(a, 1)), and(b, c))"},
      {"a <> 1", "not(=(a, 1))"},
      {"a between 1 and 2 and b", "and(between(a, 1, 2), b)"},
      {"x NOT IN (1, 2)", "not(in(x, 1, 2))"},
      {"x is not null", "isnotnull(x)"},
      {"name like 'a%' escape '/'", "like(name, 'a%', '/')"},
      {"a || 'x' || b", "concat(concat(a, 'x'), b)"},
      {"-5", "-5"},
      {"- x", "-(x)"},
      {"3000000000", "3000000000L"},
      {"1.50", "1.50:3,2"},
      {"0.7", "0.7:1,1"},
      {"1e1", "10.000000d"},
      {"'it''s' 'ok'", "'it'sok'"},
      {"'a\\nb'", "'a\nb'"},
      {"case x when 1 then 'a' else 'b' end", "when(=(x, 1), 'a', 'b')"},
      {"cast(a as decimal(10,2)) as b", "cast(a) as b"},
      {"a::int", "cast(a)"},
      {"count(*)", "count(1)"},
      {"count(distinct a, b)", "count(distinct a, b)"},
      {"arr[0].f", "arr[0]['f']"},
      {"t.`a b`.c", "t.`a b`.c"},
      {"transform(xs, x -> x + y)", "transform(xs, lambda +($x, y))"},
      {"aggregate(xs, 0, (acc, x) -> acc + x)", "aggregate(xs, 0, lambda +($acc, $x))"},
      {"row_number() over (partition by k order by v desc)", "row_number() over(k)"},
      {"sum(x) filter (where y > 1)", "aggregate_filter(sum(x), >(y, 1))"},
      {"extract(year from d)", "extract('year', d)"},
      {"trim(both 'x' from s)", "trim('x', s)"},
      {"interval '1' day", "86400000000us"},
      {"interval 1 year 2 months", "14mon"},
      {"interval '1 02:03:04' day to second", "93784000000us"},
      {"current_date", "current_date()"},
      {"date", "date"},
      {"struct(a as x, 1)", "struct(a as x, 1)"},
      {"a >> 2", ">>(a, 2)"},
      {"t.*", "t.*"},
      {"a +", "PARSE_SYNTAX_ERROR"},
      {"200Y", "INVALID_NUMERIC_LITERAL_RANGE"},
      {"", "PARSE_EMPTY_STATEMENT"},
  };
  for (const auto& [sql, want] : cases) {
    CAPTURE(sql);
    CHECK(expression_text(sql) == want);
  }
}

TEST_CASE("queries become the client's relations") {
  const auto query = sql::parse_query(
      "with c as (select 1 as a) select /*+ broadcast(c) */ a, count(*) n from c join d using (a) where a > 0 group by a "
      "having n > 1 "
      "order by n desc limit 3");
  REQUIRE_MESSAGE(query, (query ? "" : query.error().message));
  CHECK(query->with_relations().references(0).subquery_alias().alias() == "c");
  const auto& limit = query->with_relations().root().limit();
  CHECK(limit.limit() == 3);
  const auto& having = limit.input().sort().input();
  CHECK(sql::mark_of(having) == "having");
  CHECK(having.filter().input().aggregate().grouping_expressions_size() == 1);
  CHECK(having.filter().input().aggregate().input().hint().name() == "broadcast");
}

TEST_CASE("a subquery hangs on the SELECT that holds it") {
  const auto query = sql::parse_query("select * from t where a in (select b from u) and exists (select 1 from v)").value();
  REQUIRE(query.has_with_relations());
  CHECK(query.with_relations().references_size() == 2);
  CHECK(query.with_relations().references(0).common().plan_id() == -1);
  CHECK(query.with_relations().root().project().input().has_filter());
}

TEST_CASE("set operations, lateral views, inline tables and samples") {
  CHECK(sql::parse_query("select 1 union all select 2 intersect select 3")
            .value()
            .set_op()
            .right_input()
            .set_op()
            .set_op_type() == proto::SetOperation::SET_OP_TYPE_INTERSECT);
  CHECK(sql::parse_query("select * from t lateral view outer explode(xs) e as x")
            .value()
            .project()
            .input()
            .lateral_join()
            .right()
            .subquery_alias()
            .alias() == "e");
  CHECK(sql::parse_query("select * from values (1, 'a'), (2, 'b') as t(k, v)")
            .value()
            .project()
            .input()
            .subquery_alias()
            .input()
            .to_df()
            .column_names(1) == "v");
  CHECK(sql::parse_query("select * from t tablesample (10 percent)").value().project().input().sample().upper_bound() ==
        doctest::Approx(0.1));
  CHECK(sql::parse_query("select * from (a join b on a.x = b.x)").value().project().input().has_join());
  CHECK(sql::parse_query("select sum(x) over w from t window w as (partition by k)")
            .value()
            .project()
            .expressions(0)
            .window()
            .partition_spec_size() == 1);
  CHECK(sql::parse_query("select * from range(10)")
            .value()
            .project()
            .input()
            .unresolved_table_valued_function()
            .function_name() == "range");
}

TEST_CASE("parameters are put in") {
  sql::Parameters parameters;
  parameters.named["x"].mutable_literal()->set_integer(7);
  const auto query = sql::parse_query("select :x", parameters).value();
  CHECK(query.project().expressions(0).literal().integer() == 7);
  CHECK(sql::parse_query("select :y", parameters).error().condition == "UNBOUND_SQL_PARAMETER");
}

TEST_CASE("types and schemas") {
  CHECK(sql::parse_data_type("array<struct<a:int,b:map<string,decimal(5,2)>>>").value() ==
        types::array(types::structure({{"a", types::integer()}, {"b", types::map(types::string(), types::decimal(5, 2))}})));
  const auto schema = sql::parse_table_schema("a INT NOT NULL, `b c` STRING COMMENT 'x'").value();
  REQUIRE(schema.fields.size() == 2);
  CHECK(!schema.fields[0].nullable);
  CHECK(schema.fields[1].metadata_json == "{\"comment\":\"x\"}");
  CHECK(sql::parse_data_type("decimal(39,0)").error().condition == "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION");
  CHECK(sql::parse_data_type("strin").error().condition == "UNSUPPORTED_DATATYPE");
}

TEST_CASE("statements") {
  const auto view =
      std::get<sql::CreateViewStatement>(sql::parse_statement("create or replace temp view v as select 1").value());
  CHECK(view.temporary);
  CHECK(view.query_text == "select 1");
  const auto set = std::get<sql::SetStatement>(sql::parse_statement("SET spark.sql.ansi.enabled = true;").value());
  CHECK(set.key == "spark.sql.ansi.enabled");
  CHECK(set.value == "true");
  CHECK(std::get<sql::ShowStatement>(sql::parse_statement("show tables in db like 'a*'").value()).in.front() == "db");
}

TEST_CASE("CREATE TABLE keeps its clauses") {
  const auto table = std::get<sql::CreateTableStatement>(
      sql::parse_statement(
          "CREATE TABLE IF NOT EXISTS db.t (a INT NOT NULL COMMENT 'x', b STRING DEFAULT 'q', p DATE) USING csv "
          "OPTIONS (header true, 'sep' = ';') PARTITIONED BY (p) CLUSTERED BY (a) SORTED BY (b) INTO 4 BUCKETS "
          "LOCATION '/x' COMMENT 'c' TBLPROPERTIES ('k.a' = 'v', n = 3)")
          .value());
  CHECK(table.if_not_exists);
  CHECK(table.name == sql::Name{"db", "t"});
  REQUIRE(table.columns.size() == 3);
  CHECK(!table.columns[0].nullable);
  CHECK(table.columns[1].metadata_json.find("CURRENT_DEFAULT") != std::string::npos);
  CHECK(table.provider == "csv");
  CHECK(table.options == sql::Properties{{"header", "true"}, {"sep", ";"}});
  CHECK(table.partitioned_by == std::vector<std::string>{"p"});
  CHECK(table.buckets.value().count == 4);
  CHECK(table.properties == sql::Properties{{"k.a", "v"}, {"n", "3"}});
  const auto hive = std::get<sql::CreateTableStatement>(
      sql::parse_statement(
          "create external table t (a int) partitioned by (p string) row format delimited fields terminated by "
          "'|' stored as textfile location '/x'")
          .value());
  CHECK(hive.external);
  CHECK(hive.partition_columns.size() == 1);
  CHECK(hive.serde_properties.at("field.delim") == "|");
  const auto made =
      std::get<sql::CreateTableStatement>(sql::parse_statement("create or replace table t using orc as select 1 a").value());
  CHECK(made.replace);
  CHECK(made.query.has_value());
}

TEST_CASE("INSERT in its forms") {
  const auto insert = [](std::string_view text) { return std::get<sql::InsertStatement>(sql::parse_statement(text).value()); };
  CHECK(insert("insert into t values (1)").table == sql::Name{"t"});
  CHECK(insert("insert into table t (a, b) select 1, 2").columns.size() == 2);
  CHECK(insert("insert into t by name select 1 as a").by_name);
  const auto partition = insert("insert overwrite t partition (p = 1, q) if not exists select 1, 2");
  CHECK(partition.overwrite);
  CHECK(partition.if_not_exists);
  CHECK(partition.partition[0].value == "1");
  CHECK(!partition.partition[1].value);
  CHECK(insert("with c as (select 1) insert into t select * from c").query.has_with_relations());
  CHECK(insert("insert overwrite directory '/x' using csv options (sep ';') select 1").path == "/x");
  CHECK(insert("insert into t (select 1)").columns.empty());
}

TEST_CASE("ALTER, SHOW, DESCRIBE and the rest") {
  const auto alter = [](std::string_view text) {
    return std::get<sql::AlterTableStatement>(sql::parse_statement(text).value());
  };
  CHECK(std::holds_alternative<sql::AddColumns>(alter("alter table t add columns (a int, b string)").action));
  CHECK(std::holds_alternative<sql::RenameTable>(alter("alter view v rename to w").action));
  CHECK(std::get<sql::AddPartitions>(
            alter("alter table t add if not exists partition (p = 'x') location '/a' partition (p = 'y')").action)
            .partitions.size() == 2);
  CHECK(std::get<sql::DropPartitions>(alter("alter table t drop partition (p > 3)").action).specs[0][0].comparison == ">");
  CHECK(std::holds_alternative<sql::RecoverPartitions>(alter("msck repair table t sync partitions").action));
  CHECK(std::get<std::vector<sql::AlterColumn>>(alter("alter table t alter column a comment 'x'").action)[0].comment == "x");
  CHECK(std::get<sql::ShowStatement>(sql::parse_statement("show partitions db.t partition (p = 1)").value()).partition.size() ==
        1);
  CHECK(std::get<sql::DescribeStatement>(sql::parse_statement("desc formatted db.t").value()).extended);
  CHECK(std::get<sql::DescribeStatement>(sql::parse_statement("describe select 1").value()).query.has_value());
  CHECK(std::get<sql::CacheStatement>(sql::parse_statement("cache lazy table v as select 1").value()).lazy);
  CHECK(std::get<sql::SetStatement>(sql::parse_statement("set time zone interval '2' hours").value()).value == "+02:00");
  CHECK(std::get<sql::DeclareStatement>(sql::parse_statement("declare or replace x int default 1 + 1").value()).initial_text ==
        "1 + 1");
  CHECK(std::get<sql::UseStatement>(sql::parse_statement("use db").value()).name == sql::Name{"db"});
  CHECK(sql::parse_statement("grant select on t to u").error().condition == "UNSUPPORTED_FEATURE.MASTIC");
  CHECK(sql::parse_statement("nonsense").error().condition == "PARSE_SYNTAX_ERROR");
}

TEST_CASE("further queries") {
  CHECK(sql::parse_query("select * from identifier('a' || '.b')")
            .value()
            .project()
            .input()
            .read()
            .named_table()
            .unparsed_identifier() == "a.b");
  CHECK(sql::parse_query("select a, sum(b) from t group by a, rollup (b, c)").value().aggregate().grouping_sets_size() == 3);
  CHECK(sql::mark_of(sql::parse_query("select a, sum(b) from t group by all").value()) == "sql all");
  CHECK(sql::mark_of(sql::parse_query("select a from t qualify row_number() over (order by a) = 1").value()) == "qualify");
  CHECK(sql::parse_query("select 1 limit 2 * 3").value().limit().limit() == 6);
  CHECK(sql::parse_query("select 1 limit -1").error().condition == "INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE");
  CHECK(sql::parse_query("from t |> where a > 1 |> select a").value().project().input().has_filter());
  CHECK(sql::parse_query("select * from f(x => table(t) partition by a)").value().has_with_relations());
  CHECK(sql::parse_query("select * from t unpivot ((a, b) for k in ((x, y) as 'l'))").value().project().input().has_filter());
}

TEST_CASE("statements that change rows say what they read") {
  const auto merged = std::get<sql::ChangeRowsStatement>(
      sql::parse_statement("merge into t using s on t.a = s.a when matched and s.b > 1 then update set b = s.b "
                           "when not matched then insert (a, b) values (s.a, default)")
          .value());
  CHECK(merged.operation == "MERGE INTO TABLE");
  CHECK(merged.reads.project().input().filter().input().has_join());
  CHECK(std::get<sql::ChangeRowsStatement>(sql::parse_statement("delete from db.t where a = 1").value()).table.size() == 2);
  CHECK(std::get<sql::ChangeRowsStatement>(sql::parse_statement("update t set a = 1, b = default").value())
            .reads.project()
            .expressions_size() == 3);
  CHECK(sql::parse_statement("merge into t using s on true").error().condition == "PARSE_SYNTAX_ERROR");
}

TEST_CASE("one FROM may fill several tables") {
  const auto several = std::get<sql::MultiInsertStatement>(
      sql::parse_statement("from t insert into a select x where x > 1 insert overwrite table b select x, y").value());
  REQUIRE(several.inserts.size() == 2);
  CHECK(several.inserts[0].query.project().input().has_filter());
  CHECK(several.inserts[1].overwrite);
  CHECK(sql::parse_query("from t").value().has_read());
}

TEST_CASE("functions in SQL keep their body as text") {
  const auto made = std::get<sql::CreateFunctionStatement>(
      sql::parse_statement("create temporary function f(x int default 1 + 1) returns int return x * 2").value());
  REQUIRE(made.sql);
  CHECK(made.sql->body == "x * 2");
  CHECK(made.sql->parameters.at(0).default_text == "1 + 1");
  CHECK(made.sql->text == "(x int default 1 + 1) returns int return x * 2");
}

TEST_CASE("recursive tables and times of tables are marked") {
  const auto recursive = sql::parse_query("with recursive t(n) max recursion level 7 as (select 1) select * from t").value();
  CHECK(sql::mark_of(recursive.with_relations().references(0)) == "recursive:7");
  CHECK(sql::mark_of(sql::parse_query("select * from t version as of 3").value().project().input()) == "version");
}

TEST_CASE("what may fail knows its place") {
  const auto query = sql::parse_query("select a + b from t where c").value();
  const auto& sum = query.project().expressions(0).common().origin().jvm_origin();
  CHECK(sum.start_index() == 7);
  CHECK(sum.stop_index() == 11);
  CHECK(query.common().origin().jvm_origin().stop_index() == 26);
  // Equal keys at different places are one.
  CHECK(sql::parse_query("select 1 from t group by grouping sets ((a), (a, b))")
            .value()
            .aggregate()
            .grouping_expressions_size() == 2);
}

TEST_CASE("an error shows its place") {
  const auto error = sql::parse_query("SELECT a\nFROM t x y").error();
  CHECK(error.condition == "PARSE_SYNTAX_ERROR");
  CHECK(error.message.find("(line 2, pos 9)") != std::string::npos);
  CHECK(error.message.find("== SQL ==\nSELECT a\nFROM t x y\n---------^^^") != std::string::npos);
}

TEST_CASE("nesting is bounded, long chains are not") {
  std::string deep(5000, '(');
  CHECK(sql::parse_expression(deep + "1").error().condition == "FAILED_TO_PARSE_TOO_COMPLEX");
  std::string chain = "a = 0";
  for (int i = 1; i < 5000; ++i) chain += " or a = " + std::to_string(i);
  CHECK(sql::parse_expression(chain));
}
