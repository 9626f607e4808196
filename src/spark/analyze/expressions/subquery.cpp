// Scalar subqueries, IN (SELECT …) and EXISTS. A column that the subquery does not know is looked up outside of it.
#include <fmt/format.h>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/expressions/resolver.h"
#include "spark/functions/coercion.h"

namespace mastic::spark {
namespace {

// The same but for the names of fields, which IN (SELECT …) does not compare.
bool equal_structure(const DataType& left, const DataType& right) {
  if (left.kind != right.kind || left.fields.size() != right.fields.size() || left.children.size() != right.children.size())
    return false;
  if (!left.is_nested()) return same_type(left, right);
  for (std::size_t i = 0; i < left.children.size(); ++i)
    if (!equal_structure(left.children[i], right.children[i])) return false;
  for (std::size_t i = 0; i < left.fields.size(); ++i)
    if (!equal_structure(left.fields[i].type, right.fields[i].type)) return false;
  return true;
}

}  // namespace

SparkResult<ExpressionPtr> ExpressionResolver::subquery(const proto::SubqueryExpression& subquery) {
  const proto::Relation* relation = nullptr;
  for (auto known = state_.references.rbegin(); known != state_.references.rend() && relation == nullptr; ++known)
    if (known->first == subquery.plan_id()) relation = known->second;
  if (relation == nullptr) return fail(internal_error("a subquery whose plan was not sent"));

  std::vector<ExpressionPtr> values;
  for (const auto& value : subquery.in_subquery_values()) {
    TRY(resolved, resolve(value));
    values.push_back(resolved);
  }
  Scope outer = scope_;
  state_.outer_scopes.push_back(&outer);
  auto plan = state_.resolve(*relation);
  state_.outer_scopes.pop_back();
  if (!plan) return fail(std::move(plan).error());
  auto rows = plan->plan;

  switch (subquery.subquery_type()) {
    case proto::SubqueryExpression::SUBQUERY_TYPE_SCALAR: {
      if (rows->output.size() != 1)
        return fail(analysis_error("INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN",
                                   {{"number", std::to_string(rows->output.size())}}));
      const auto type = rows->output.front().type;
      return make_expression(type, true, SubqueryExpression{SubqueryExpression::Kind::scalar, rows, {}, false});
    }
    case proto::SubqueryExpression::SUBQUERY_TYPE_EXISTS:
      return make_expression(types::boolean(), false, SubqueryExpression{SubqueryExpression::Kind::exists, rows, {}, false});
    case proto::SubqueryExpression::SUBQUERY_TYPE_IN: {
      const auto compared = [&] {
        std::string text;
        for (const auto& value : values) text += (text.empty() ? "" : ", ") + text_of(*value);
        if (values.size() > 1) text = "named_struct(" + text + ")";
        return "\"(" + text + " IN (listquery()))\"";
      };
      if (rows->output.size() != values.size()) {
        std::string left;
        std::string right;
        for (const auto& value : values) left += (left.empty() ? "" : ", ") + quoted_text(*value);
        for (const auto& column : rows->output) right += (right.empty() ? "" : ", ") + fmt::format("\"{}\"", column.name);
        return fail(analysis_error("DATATYPE_MISMATCH.IN_SUBQUERY_LENGTH_MISMATCH",
                                   {{"sqlExpr", compared()},
                                    {"leftLength", std::to_string(values.size())},
                                    {"rightLength", std::to_string(rows->output.size())},
                                    {"leftColumns", left},
                                    {"rightColumns", right}}));
      }
      Project project{rows, {}};
      std::vector<Attribute> output;
      bool changed = false;
      bool nullable = false;
      for (std::size_t i = 0; i < values.size(); ++i) {
        auto column = rows->output[i];
        auto common = comparison_type(values[i]->type, column.type, state_.ansi);
        if (!common && equal_structure(values[i]->type, column.type)) common = values[i]->type;
        if (!common)
          return fail(analysis_error("DATATYPE_MISMATCH.IN_SUBQUERY_DATA_TYPE_MISMATCH",
                                     {{"sqlExpr", quoted_text(*values[i])},
                                      {"leftType", quoted_type(values[i]->type)},
                                      {"rightType", quoted_type(column.type)},
                                      {"mismatchedColumns", quoted_name(column.name)}}));
        values[i] = cast_to(state_, values[i], *common);
        nullable |= values[i]->nullable || column.nullable;
        auto value = cast_to(state_, reference(column), *common);
        const bool cast = !same_type(column.type, *common);
        changed |= cast;
        const auto id = cast ? state_.next_id() : column.id;
        project.expressions.push_back({id, column.name, value, {}});
        column.id = id;
        column.type = *common;
        output.push_back(std::move(column));
      }
      if (changed) rows = make_relation(std::move(output), std::move(project));
      return make_expression(types::boolean(), nullable,
                             SubqueryExpression{SubqueryExpression::Kind::in, rows, std::move(values), false});
    }
    default: return fail(unsupported("this kind of subquery"));
  }
}

}  // namespace mastic::spark
