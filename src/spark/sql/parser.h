// Spark SQL text → the unresolved plan.
//
// Where Spark Connect's protos have no form for a piece of SQL, it is written as follows (analyze reads this):
// - SELECT without FROM: Project without input.
// - SELECT … GROUP BY: Aggregate whose mark (`mark_of`) is "sql": the output is exactly aggregate_expressions, the
//   grouping expressions are not put in front. Aggregates in a SELECT without GROUP BY: a Project that holds them.
// - HAVING: Filter marked "having", right above the Aggregate (or Project).
// - WITH name AS (…): WithRelations whose references are SubqueryAlias relations: names visible inside its root.
// - Subqueries in expressions: SubqueryExpression with a negative plan_id; the SELECT that holds it is wrapped in
//   WithRelations whose references carry these plan_ids. Correlated columns are plain attributes inside.
// - NATURAL joins: Join marked "natural". PIVOT clause: Aggregate of type PIVOT marked "sql", then for each value the unit
//   separator and its alias. UNPIVOT clause: a lateral join with inline(array(named_struct(…), …)).
// - GROUP BY ALL: Aggregate marked "sql all". ORDER BY ALL: Sort by one star. QUALIFY: Filter marked "qualify".
// - VALUES rows: table-valued function `inline(array(named_struct('col1', …), …))`.
// - LATERAL VIEW [OUTER] f(x) t AS a: LateralJoin with SubqueryAlias(ToDF(table-valued function f or f_outer)).
// - TABLESAMPLE (n ROWS): Limit.
// - Functions by name: when(condition, value, …, else), and/or/not, in(value, item…), between → >= and <=, isnull,
//   isnotnull, like/ilike(value, pattern[, escape]), rlike, `<=>`, concat for ||, div, cast by Cast, extract as
//   date_part('FIELD', x), trim forms as trim/ltrim/rtrim(characters, text) of the client's argument order
//   `trim(text, characters)`, position as locate(needle, text), struct(x AS name) by Alias arguments.
// - f(x) FILTER (WHERE c): `aggregate_filter(f(x), c)`; f(x) IGNORE NULLS: `ignore_nulls(f(x))`;
//   f(x) WITHIN GROUP (ORDER BY s): `within_group(f(x), SortOrder…)`; * EXCEPT (a): `star_except(*, a, …)`.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "spark/connect/expressions.pb.h"
#include "spark/connect/relations.pb.h"
#include "spark/plan/data_type.h"
#include "spark/plan/spark_error.h"
#include "spark/sql/statement.h"

namespace mastic::spark::sql {

/// Values for `:name` and `?` in the text.
struct Parameters {
  std::map<std::string, proto::Expression> named;
  std::vector<proto::Expression> positional;
};

/// One statement, a final `;` allowed. A statement that Spark knows and Mastic does not run yet fails by its name.
SparkResult<Statement> parse_statement(std::string_view text, const Parameters& parameters = {});
/// A query only.
SparkResult<proto::Relation> parse_query(std::string_view text, const Parameters& parameters = {});
/// `a + 1 AS b`: what selectExpr and expr() take.
SparkResult<proto::Expression> parse_expression(std::string_view text);
/// `decimal(10,2)`, `struct<a: int>`.
SparkResult<DataType> parse_data_type(std::string_view text);
/// `a INT NOT NULL, b STRING COMMENT 'x'` gives a struct; a bare type gives that type.
SparkResult<DataType> parse_table_schema(std::string_view text);
/// `a.b`.`c d` split into its parts.
SparkResult<std::vector<std::string>> parse_identifier(std::string_view text);

/// The mark of a relation that the grammar made, as told above; empty for the client's own relations. It travels in
/// RelationCommon.source_info, a field that Spark has retired and no client fills.
void mark(proto::Relation& relation, std::string_view text);
std::string mark_of(const proto::Relation& relation);

/// The proto form of a type (lossless for what Spark SQL can write).
proto::DataType to_proto(const DataType& type);

}  // namespace mastic::spark::sql
