// df.hint and /*+ … */: hints steer Spark's planner, and DuckDB has its own. They are kept for EXPLAIN; those about
// partitions are a Repartition, which shows in the number of files.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/relations/relations.h"

namespace mastic::spark {
namespace {

std::string upper(std::string_view text) {
  std::string result(text);
  for (auto& letter : result) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  return result;
}

const int64_t* number_of(const ExpressionPtr& value) {
  const auto* literal = std::get_if<Literal>(&value->node);
  return literal != nullptr && value->type.is_integral() ? std::get_if<int64_t>(&literal->value) : nullptr;
}

SparkError needs_number(const std::string& hint) { return analysis_error("_LEGACY_ERROR_TEMP_1046", {{"hintName", hint}}); }

// A column of a partition hint: an expression, or a name as text.
SparkResult<ExpressionPtr> hint_column(AnalyzerState& state, const Scope& scope, const proto::Expression& parameter,
                                       const std::string& hint) {
  if (!parameter.has_literal()) return resolve_expression(state, scope, parameter);
  if (!parameter.literal().has_string())
    return fail(analysis_error("_LEGACY_ERROR_TEMP_1047",
                               {{"hintName", hint}, {"invalidParams", parameter.literal().ShortDebugString()}}));
  proto::Expression name;
  name.mutable_unresolved_attribute()->set_unparsed_identifier(parameter.literal().string());
  return resolve_expression(state, scope, name);
}

SparkResult<RelationPtr> partition_hint(AnalyzerState& state, const Resolved& input, const proto::Hint& hint,
                                        const std::string& name) {
  Repartition node{input.plan, 0, name != "COALESCE", {}};
  int first_column = 0;
  if (hint.parameters_size() > 0 && hint.parameters(0).has_literal()) {
    TRY(value, resolve_literal(state, hint.parameters(0).literal()));
    if (const auto* number = number_of(value)) {
      node.partitions = static_cast<int>(*number);
      first_column = 1;
    }
  }
  if (name == "COALESCE" && (first_column == 0 || hint.parameters_size() != 1)) return fail(needs_number(name));
  if (name == "REPARTITION" && hint.parameters_size() == 0) return fail(needs_number(name));
  const Scope scope = scope_of(input);
  for (int i = first_column; i < hint.parameters_size(); ++i) {
    TRY(column, hint_column(state, scope, hint.parameters(i), name));
    if (name == "REPARTITION_BY_RANGE")
      node.ranges.push_back(SortOrder{column});
    else
      node.by.push_back(column);
  }
  if (!node.by.empty()) node.partitioning = Partitioning::hash;
  if (!node.ranges.empty()) node.partitioning = Partitioning::range;
  return make_relation(input.plan->output, std::move(node));
}

// A parameter as EXPLAIN shows it.
SparkResult<std::string> shown(AnalyzerState& state, const proto::Expression& parameter) {
  if (parameter.has_unresolved_attribute()) return parameter.unresolved_attribute().unparsed_identifier();
  if (!parameter.has_literal()) {
    auto value = resolve_expression(state, Scope{}, parameter);
    return value ? text_of(**value) : std::string("?");
  }
  if (parameter.literal().has_array()) {
    std::string list;
    for (const auto& element : parameter.literal().array().elements()) {
      TRY(value, resolve_literal(state, element));
      list += (list.empty() ? "" : ", ") + text_of(*value);
    }
    return "[" + list + "]";
  }
  TRY(value, resolve_literal(state, parameter.literal()));
  return text_of(*value);
}

}  // namespace

SparkResult<Resolved> resolve_hint(AnalyzerState& state, const proto::Relation& relation) {
  const auto& hint = relation.hint();
  TRY(input, state.resolve(hint.input()));
  const auto name = upper(hint.name());
  static constexpr std::array<std::string_view, 4> about_partitions{"COALESCE", "REPARTITION", "REPARTITION_BY_RANGE",
                                                                    "REBALANCE"};
  Alias kept{input.plan, hint.name()};
  for (const auto& parameter : hint.parameters()) {
    TRY(text, shown(state, parameter));
    kept.hint_arguments.push_back(text);
  }
  if (std::ranges::find(about_partitions, name) != about_partitions.end()) {
    TRY(plan, partition_hint(state, input, hint, name));
    kept.input = plan;
  }
  return with_children(make_relation(input.plan->output, std::move(kept)), {input.node});
}

}  // namespace mastic::spark
