// Resolves one expression tree in a scope. Its parts are one file an expression kind.
#pragma once

#include <string>
#include <vector>

#include "spark/analyze/state.h"
#include "spark/functions/registry.h"

namespace mastic::spark {

class ExpressionResolver {
 public:
  ExpressionResolver(AnalyzerState& state, const Scope& scope) : state_(state), scope_(scope) {}

  SparkResult<ExpressionPtr> resolve(const proto::Expression& expression);
  SparkResult<std::vector<Item>> items(const proto::Expression& expression);

 private:
  using Arguments = google::protobuf::RepeatedPtrField<proto::Expression>;

  SparkResult<ExpressionPtr> resolve_kind(const proto::Expression& expression);

  // attribute.cpp
  struct Named {
    ExpressionPtr expression;
    std::string name;
    const Attribute* column = nullptr;  // set: the column itself, not a part of it
  };
  SparkResult<Named> attribute(const proto::Expression::UnresolvedAttribute& attribute);
  SparkResult<Named> finish(const Attribute& column, const std::vector<std::string>& rest, const std::string& name, bool outer);
  SparkResult<std::optional<Named>> in_outer_scopes(const proto::Expression::UnresolvedAttribute& attribute,
                                                    const std::vector<std::string>& parts);
  SparkResult<std::optional<Named>> of_data_frame(const proto::Expression::UnresolvedAttribute& attribute,
                                                  const std::vector<std::string>& parts);
  [[nodiscard]] std::vector<const Attribute*> distinct(const std::vector<Attribute>& columns) const;
  SparkResult<std::optional<Named>> lateral_alias(const std::vector<std::string>& parts);

  // star.cpp
  SparkResult<std::vector<Item>> star(const proto::Expression::UnresolvedStar& star);
  SparkResult<std::vector<Item>> star_except(const proto::Expression::UnresolvedFunction& function);
  SparkResult<std::vector<Item>> matching_columns(const proto::Expression::UnresolvedRegex& regex);

  // function.cpp
  SparkResult<ExpressionPtr> function(const std::string& name, const Arguments& arguments, bool distinct);
  SparkResult<std::vector<ExpressionPtr>> resolve_arguments(const Arguments& arguments, const FunctionRow* row);
  SparkResult<ExpressionPtr> lambda(const proto::Expression::LambdaFunction& lambda,
                                    const std::vector<LambdaParameter>& parameters);
  SparkResult<std::vector<ExpressionPtr>> python_arguments(const Arguments& arguments, std::vector<std::string>& names);
  SparkResult<ExpressionPtr> user_function(const proto::CommonInlineUserDefinedFunction& function, const Arguments& arguments);
  SparkResult<ExpressionPtr> sql_function(const SqlFunction& function, const Arguments& arguments);
  SparkResult<std::optional<Named>> function_parameter(const std::vector<std::string>& parts);
  SparkResult<ExpressionPtr> higher_order(const FunctionRow& row, const std::string& name, const Arguments& arguments);

  // special_forms.cpp: functions with rules of their own
  SparkResult<std::optional<ExpressionPtr>> special_form(const std::string& name, const Arguments& arguments, bool distinct);
  SparkResult<ExpressionPtr> case_when(const Arguments& arguments);
  SparkResult<ExpressionPtr> if_else(const Arguments& arguments);
  SparkResult<ExpressionPtr> make_struct(const Arguments& arguments);
  SparkResult<ExpressionPtr> with_schema(const std::string& name, const Arguments& arguments);
  SparkResult<ExpressionPtr> variant_get(const std::string& name, const Arguments& arguments);
  SparkResult<ExpressionPtr> aggregate_modifier(const std::string& name, const Arguments& arguments);

  // window.cpp, subquery.cpp, update_fields.cpp
  SparkResult<ExpressionPtr> window(const proto::Expression::Window& window);
  SparkResult<ExpressionPtr> window_call(const proto::Expression::Window& window);
  SparkResult<SortOrder> sort_order(const proto::Expression::SortOrder& order);
  SparkResult<ExpressionPtr> subquery(const proto::SubqueryExpression& subquery);
  SparkResult<ExpressionPtr> update_fields(const proto::Expression::UpdateFields& update);

  AnalyzerState& state_;
  const Scope& scope_;
  int aggregate_depth_ = 0;  // inside an aggregate function's arguments
  int window_depth_ = 0;     // inside OVER (…) or before it
  bool before_over_ = false;
  struct Variable {
    std::string name;
    ExpressionPtr expression;
  };
  std::vector<Variable> variables_;
  friend SparkResult<SortOrder> resolve_sort_order(AnalyzerState&, const Scope&, const proto::Expression::SortOrder&);
};

SparkResult<SortOrder> resolve_sort_order(AnalyzerState& state, const Scope& scope, const proto::Expression::SortOrder& order);
/// An error points at the innermost part of the user's code that the client told about.
SparkError located(SparkError error, const proto::Expression& expression);

/// Finishes a call: argument counts, defaults, coercion, the node of its kind.
SparkResult<ExpressionPtr> build_call(AnalyzerState& state, const FunctionRow& row, const std::string& name,
                                      std::vector<ExpressionPtr> arguments, bool distinct);
/// CASE with its branches' common type.
SparkResult<ExpressionPtr> build_case(AnalyzerState& state, CaseWhen node);

}  // namespace mastic::spark
