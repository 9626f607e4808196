// Attributes: names, qualified names, struct fields, and columns of one exact DataFrame (plan id).
#include <algorithm>
#include <array>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/expressions/resolver.h"

namespace mastic::spark {
namespace {

struct Match {
  const Attribute* column = nullptr;
  std::vector<std::string> rest;  // struct fields below the column
  std::string name;               // the column as the user wrote it
};

SparkError ambiguous(const std::vector<std::string>& parts, const std::vector<Match>& matches) {
  std::string names;
  for (const auto& match : matches) {
    auto full = match.column->qualifier;
    full.push_back(match.column->name);
    names += (names.empty() ? "" : ", ") + quoted_parts(full);
  }
  return analysis_error("AMBIGUOUS_REFERENCE", {{"name", quoted_parts(parts)}, {"referenceNames", "[" + names + "]"}});
}

// Columns that the parts can mean: the longest qualifier first, then the bare name.
SparkResult<std::optional<Match>> match_columns(const std::vector<Attribute>& columns, const std::vector<std::string>& parts,
                                                bool case_sensitive) {
  for (std::size_t used = std::min<std::size_t>(3, parts.size() - 1) + 1; used-- > 0;) {
    std::vector<Match> matches;
    for (const auto& column : columns) {
      if (column.qualifier.size() < used || !equal_names(column.name, parts[used], case_sensitive)) continue;
      const auto qualifier = std::span(column.qualifier).last(used);
      if (!std::ranges::equal(qualifier, std::span(parts).first(used),
                              [&](const auto& a, const auto& b) { return equal_names(a, b, case_sensitive); }))
        continue;
      matches.push_back({&column, {parts.begin() + static_cast<std::ptrdiff_t>(used) + 1, parts.end()}, parts[used]});
    }
    if (matches.size() > 1) return fail(ambiguous(parts, matches));
    if (matches.size() == 1) return matches.front();
  }
  return std::nullopt;
}

bool has_column(const std::vector<Attribute>& columns, ColumnId id) {
  return std::ranges::any_of(columns, [&](const Attribute& column) { return column.id == id; });
}

struct PlanSearch {
  int64_t plan_id;
  const std::vector<std::string>& parts;
  bool case_sensitive;
  const std::vector<Attribute>& hidden;
  bool seen = false;  // the plan itself was there

  // A column of the DataFrame counts when each relation above it still passes it on.
  SparkResult<std::vector<Match>> find(const PlanNode& node) {
    std::vector<Match> matches;
    if (node.plan_id == plan_id) {
      seen = true;
      TRY(match, match_columns(node.plan->output, parts, case_sensitive));
      if (match) matches.push_back(*match);
      return matches;
    }
    for (const auto& child : node.children) {
      TRY(found, find(*child));
      for (auto& match : found)
        if (has_column(node.plan->output, match.column->id) || has_column(hidden, match.column->id)) matches.push_back(match);
    }
    return matches;
  }
};

// Functions that may be written without parentheses.
bool is_bare_function(std::string_view name) {
  static constexpr std::array<std::string_view, 8> names{
      "current_date", "current_timestamp", "current_user",     "user",
      "session_user", "current_catalog",   "current_database", "localtimestamp"};
  return std::ranges::any_of(names, [&](auto bare) { return equal_names(bare, name, false); });
}

}  // namespace

SparkResult<ExpressionResolver::Named> ExpressionResolver::finish(const Attribute& column, const std::vector<std::string>& rest,
                                                                  const std::string& name, bool outer) {
  Named named{nullptr, name, rest.empty() ? &column : nullptr};
  named.expression = outer ? make_expression(column.type, column.nullable, OuterReference{column.id, name})
                           : make_expression(column.type, column.nullable, ColumnReference{column.id, name});
  for (const auto& field : rest) {
    TRY(part, extract_value(state_, named.expression, string_constant(field)));
    named.expression = part;
    named.name = field;
  }
  return named;
}

SparkResult<std::optional<ExpressionResolver::Named>> ExpressionResolver::in_outer_scopes(
    const proto::Expression::UnresolvedAttribute& attribute, const std::vector<std::string>& parts) {
  for (auto outer = state_.outer_scopes.rbegin(); outer != state_.outer_scopes.rend(); ++outer) {
    const Scope& scope = **outer;
    if (attribute.has_plan_id()) {
      PlanSearch search{attribute.plan_id(), parts, state_.case_sensitive, scope.hidden};
      for (const auto& node : scope.nodes) {
        TRY(matches, search.find(*node));
        if (matches.empty()) continue;
        TRY(named, finish(*matches.front().column, matches.front().rest, matches.front().name, true));
        return named;
      }
      continue;
    }
    TRY(match, match_columns(scope.columns, parts, state_.case_sensitive));
    if (!match) continue;
    TRY(named, finish(*match->column, match->rest, match->name, true));
    return named;
  }
  return std::nullopt;
}

SparkResult<ExpressionResolver::Named> ExpressionResolver::attribute(const proto::Expression::UnresolvedAttribute& attribute) {
  TRY(parts, split_name(attribute.unparsed_identifier()));

  if (attribute.has_plan_id()) {
    PlanSearch search{attribute.plan_id(), parts, state_.case_sensitive, scope_.hidden};
    std::vector<Match> matches;
    for (const auto& node : scope_.nodes) {
      if (!node) continue;
      TRY(found, search.find(*node));
      for (auto& match : found)
        if (has_column(scope_.columns, match.column->id) || has_column(scope_.hidden, match.column->id))
          matches.push_back(match);
    }
    if (matches.size() > 1) return fail(analysis_error("AMBIGUOUS_COLUMN_REFERENCE", {{"name", quoted_parts(parts)}}));
    if (matches.size() == 1) {
      // The column's nullability is that of the place, not of the DataFrame: an outer join may have changed it.
      const Attribute* here = matches[0].column;
      for (const auto& column : scope_.columns)
        if (column.id == here->id) here = &column;
      return finish(*here, matches[0].rest, matches[0].name, false);
    }
    TRY(outer, in_outer_scopes(attribute, parts));
    if (outer) return *outer;
    TRY(exists, match_columns(scope_.columns, parts, state_.case_sensitive));
    if (search.seen && !exists) return fail(unresolved_column(parts, scope_.columns));
    return fail(analysis_error("CANNOT_RESOLVE_DATAFRAME_COLUMN", {{"name", quoted_parts(parts)}}));
  }

  for (auto variable = variables_.rbegin(); variable != variables_.rend(); ++variable) {
    if (!equal_names(variable->name, parts[0], state_.case_sensitive)) continue;
    Named named{variable->expression, parts[0], nullptr};
    for (std::size_t i = 1; i < parts.size(); ++i) {
      TRY(part, extract_value(state_, named.expression, string_constant(parts[i])));
      named.expression = part;
      named.name = parts[i];
    }
    return named;
  }

  const bool hidden_first = aggregate_depth_ > 0 && !scope_.hidden.empty();
  for (const auto* columns :
       hidden_first ? std::array{&scope_.hidden, &scope_.columns} : std::array{&scope_.columns, &scope_.hidden}) {
    TRY(match, match_columns(*columns, parts, state_.case_sensitive));
    if (match) return finish(*match->column, match->rest, match->name, false);
  }
  TRY(outer, in_outer_scopes(attribute, parts));
  if (outer) return *outer;
  if (parts.size() == 1 && is_bare_function(parts[0])) {
    TRY(call, call_function(state_, parts[0], {}));
    return Named{call, text_of(*call), nullptr};
  }
  // Session variables come last: `v`, `session.v` or `system.session.v`.
  const bool qualified = parts.size() > 1 && parts.size() <= 3 && equal_names(parts[parts.size() - 2], "session", false) &&
                         (parts.size() == 2 || equal_names(parts[0], "system", false));
  if (parts.size() == 1 || qualified) {
    if (const auto variable = state_.context.find_variable(parts.back())) return Named{variable, parts.back(), nullptr};
  }
  return fail(unresolved_column(parts, scope_.columns));
}

}  // namespace mastic::spark
