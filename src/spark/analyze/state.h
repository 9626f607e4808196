// One request's analysis: column numbers, configuration, names in scope, and the steps that relations share.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "spark/analyze/analyzer.h"
#include "spark/analyze/expression_text.h"
#include "spark/connect/expressions.pb.h"
#include "spark/connect/relations.pb.h"
#include "spark/plan/relation.h"

namespace mastic::spark {

namespace proto = ::spark::connect;

/// A column that a relation could yield but does not unless it is asked for (Spark's metadataOutput): the other side's key
/// of a USING join, a file's `_metadata`.
struct HiddenColumn {
  Attribute column;
  bool qualified_only = false;  // found through its table's name or its DataFrame, never by the bare name
};

/// The tree of relations as the client sent it, each with its resolved plan: what a DataFrame's column (`df.a`, an
/// attribute with a plan id) is looked up in.
struct PlanNode {
  std::optional<int64_t> plan_id;
  RelationPtr plan;
  std::vector<std::shared_ptr<const PlanNode>> children;
  std::vector<HiddenColumn> hidden;
};
using PlanNodePtr = std::shared_ptr<const PlanNode>;

/// A resolved relation with its place in the client's tree.
struct Resolved {
  RelationPtr plan;
  PlanNodePtr node;
};

/// An alias of a select list, which the items after it may name: a placeholder column stands for its expression.
struct LateralAlias {
  std::string name;
  ColumnId placeholder = 0;
  ExpressionPtr expression;
  int count = 1;  // how many items bear this name; more than one: nobody may use it
};

/// What names can mean at one place.
struct Scope {
  std::vector<Attribute> columns;
  std::vector<PlanNodePtr> nodes;
  /// Columns below the input that a sort or a filter may still name; looked at when `columns` has no match, but first
  /// inside aggregate functions.
  std::vector<Attribute> below = {};
  /// Aliases of the select list so far; null where there is none.
  std::vector<LateralAlias>* laterals = nullptr;
};

/// An expression of a select list, before it is a column.
struct Item {
  ExpressionPtr expression;
  std::vector<std::string> names;  // one; several for a generator with several aliases; none: Spark's own name
  std::string metadata_json;
  std::vector<std::string> qualifier = {};  // of a column that is passed on
  bool explicit_name = false;
  ColumnId computed_as = 0;  // other items read this one's value by this id: it must be a column below them
};

class AnalyzerState {
 public:
  explicit AnalyzerState(AnalysisContext& session);

  /// Resolves a relation of any kind.
  SparkResult<Resolved> resolve(const proto::Relation& relation);

  ColumnId next_id() { return ++last_id_; }
  [[nodiscard]] bool setting(std::string_view key, bool otherwise) const;
  [[nodiscard]] int64_t number(std::string_view key, int64_t otherwise) const;

  /// The session's database, or that of the view whose text is being resolved.
  [[nodiscard]] std::string current_database() const { return view_database.value_or(context.current_database()); }

  AnalysisContext& context;
  std::optional<std::string> view_database;
  bool ansi = false;
  bool case_sensitive = false;

  /// WITH RECURSIVE, while its body is resolved: what its own name means there.
  struct Recursion {
    std::string rows;                // the step before's rows, by their name in ReadCached
    std::vector<Attribute> columns;  // none yet: in the part that may not name itself
    bool named = false;              // the body did
    bool has_columns = false;
  };
  /// WITH name AS (…), innermost last. A relation sees those before it.
  struct CommonTable {
    std::string name;
    const proto::Relation* relation = nullptr;
    std::size_t visible = 0;       // how many common tables its own body sees
    std::size_t outer_scopes = 0;  // and how many enclosing queries
    Recursion* recursion = nullptr;
  };
  /// SQL functions whose bodies are being resolved, innermost last, with what their parameters stand for.
  struct FunctionBody {
    std::string name;
    std::vector<std::pair<std::string, ExpressionPtr>> parameters;
  };
  std::vector<FunctionBody> function_bodies;
  std::vector<CommonTable> common_tables;
  std::vector<std::pair<int64_t, const proto::Relation*>> references;  // subqueries by plan id
  std::vector<const Scope*> outer_scopes;                              // of enclosing queries, outermost first
  std::map<std::string, std::string> observations;                     // observe()'s names, each with its relation's bytes
  int64_t current_plan_id = -1;                                        // of the relation that is being resolved
  std::map<int64_t, int> python_calls;                                 // how many Python functions each relation has so far
  /// For the next Python function of the relation that is being resolved; see AnalysisContext::python_result_id.
  int64_t next_python_result_id();

 private:
  ColumnId last_id_ = 0;
  int depth_ = 0;
  TextZone text_zone_;
};

// --- names ---------------------------------------------------------------------------------------------------------
[[nodiscard]] bool equal_names(std::string_view left, std::string_view right, bool case_sensitive);
/// `a.b`.`c d` split. Fails with INVALID_ATTRIBUTE_NAME_SYNTAX.
SparkResult<std::vector<std::string>> split_name(std::string_view name);
/// Attributes called `name`, in order.
std::vector<const Attribute*> find_columns(const std::vector<Attribute>& columns, std::string_view name, bool case_sensitive);
/// The one column of this name. Fails with UNRESOLVED_COLUMN or AMBIGUOUS_REFERENCE.
SparkResult<Attribute> one_column(const AnalyzerState& state, const std::vector<Attribute>& columns, std::string_view name);
SparkError unresolved_column(const std::vector<std::string>& parts, const std::vector<Attribute>& columns);
/// `a`, `t`.`b`: names for a message.
std::string quoted_parts(const std::vector<std::string>& parts);

// --- building ------------------------------------------------------------------------------------------------------
ExpressionPtr reference(const Attribute& attribute);
ExpressionPtr cast_to(const AnalyzerState& state, const ExpressionPtr& expression, const DataType& type);
/// A user's cast. Fails with DATATYPE_MISMATCH.CAST_….
SparkResult<ExpressionPtr> explicit_cast(const AnalyzerState& state, const ExpressionPtr& expression, const DataType& type,
                                         std::optional<EvalMode> mode = std::nullopt);
ExpressionPtr integer_constant(int64_t value);
ExpressionPtr long_constant(int64_t value);
ExpressionPtr string_constant(std::string value);
ExpressionPtr boolean_constant(bool value);
ExpressionPtr null_constant(DataType type = types::null());
/// A function of the registry over resolved arguments: counts, coercion, result type.
SparkResult<ExpressionPtr> call_function(AnalyzerState& state, std::string_view name, std::vector<ExpressionPtr> arguments,
                                         bool distinct = false);

Scope scope_of(const Resolved& input);
Scope scope_of(const Resolved& left, const Resolved& right);
/// `hidden`: none given: the children's.
Resolved with_children(RelationPtr plan, std::vector<PlanNodePtr> children,
                       std::optional<std::vector<HiddenColumn>> hidden = std::nullopt);
/// The plan, yielding also these columns from below after its own: through projections, filters, sorts and joins.
RelationPtr keep_columns(const RelationPtr& plan, const std::vector<ColumnId>& ids);
/// The plan with what `items` read of its hidden columns.
RelationPtr with_hidden(const RelationPtr& plan, const std::vector<Item>& items);
RelationPtr with_hidden(const RelationPtr& plan, const std::vector<ExpressionPtr>& expressions);

// --- expressions ---------------------------------------------------------------------------------------------------
SparkResult<ExpressionPtr> resolve_expression(AnalyzerState& state, const Scope& scope, const proto::Expression& expression);
/// A boolean; Fails with DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN.
SparkResult<ExpressionPtr> resolve_condition(AnalyzerState& state, const Scope& scope, const proto::Expression& expression);
/// One item of a select list: stars and regular expressions give several.
SparkResult<std::vector<Item>> resolve_items(AnalyzerState& state, const Scope& scope, const proto::Expression& expression);
SparkResult<std::vector<Item>> resolve_items(AnalyzerState& state, const Scope& scope,
                                             const google::protobuf::RepeatedPtrField<proto::Expression>& expressions);
/// The error, with the place in SQL text that the parser gave; the text comes later (in_sql_text).
SparkError placed_in_sql(SparkError error, const proto::Origin& origin);
SparkResult<ExpressionPtr> resolve_literal(AnalyzerState& state, const proto::Expression::Literal& literal);
SparkResult<DataType> resolve_type(const proto::DataType& type);
/// The Python class of a user-defined type.
std::string python_class_of(const proto::DataType::UDT& udt);
/// A schema as text: DDL (`a INT, b STRING`, a bare type) or DataType's JSON.
SparkResult<DataType> parse_schema_text(const std::string& text);
/// Struct field, array position or map key.
SparkResult<ExpressionPtr> extract_value(AnalyzerState& state, const ExpressionPtr& child, const ExpressionPtr& extraction);

// --- shared steps of relations ---------------------------------------------------------------------------------------
/// SELECT items: global aggregates, generators and windows are taken out into nodes of their own.
SparkResult<RelationPtr> build_projection(AnalyzerState& state, const RelationPtr& input, std::vector<Item> items);
/// GROUP BY: `grouping_sets` null for a plain one.
SparkResult<RelationPtr> build_aggregate(AnalyzerState& state, const RelationPtr& input, std::vector<Item> groupings,
                                         std::vector<Item> items,
                                         const std::optional<std::vector<std::vector<int>>>& grouping_sets = std::nullopt);
/// The columns as they are: a projection that keeps ids.
RelationPtr project_columns(const RelationPtr& input, const std::vector<Attribute>& columns);
Item item_of(const Attribute& attribute);

/// Expressions of a sort or a filter over `input`: they may name columns below a projection, and hold aggregates over an
/// Aggregate. `plan` yields what they need; its first columns are the input's output.
struct Above {
  RelationPtr plan;
  std::vector<ExpressionPtr> expressions;
};
SparkResult<Above> resolve_above(AnalyzerState& state, const Resolved& input,
                                 const std::vector<const proto::Expression*>& expressions);
/// Takes window functions out of expressions that stand above `plan`.
SparkResult<Above> take_windows(AnalyzerState& state, Above above);

}  // namespace mastic::spark
