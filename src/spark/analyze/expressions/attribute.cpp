// Attributes: names, qualified names, struct fields, and columns of one exact DataFrame (plan id).
#include <algorithm>
#include <array>
#include <map>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/expressions/resolver.h"
#include "spark/analyze/rewrite.h"

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

using Columns = std::vector<const Attribute*>;

// The column that this one is a plain second copy of (`select a, a`), or itself.
ColumnId original(const Relation& plan, ColumnId id) {
  if (const auto* project = std::get_if<Project>(&plan.node)) {
    for (const auto& item : project->expressions) {
      if (item.id != id) continue;
      const auto* column = std::get_if<ColumnReference>(&item.expression->node);
      if (column == nullptr) return id;
      if (column->id == id) return original(*project->input, id);
      const bool copied = std::ranges::any_of(project->expressions, [&](const auto& other) { return other.id == column->id; });
      return copied ? original(*project->input, column->id) : id;
    }
    return id;
  }
  for (const auto& input : inputs_of(plan))
    if (std::ranges::any_of(input->output, [&](const Attribute& column) { return column.id == id; }))
      return original(*input, id);
  return id;
}

Columns pointers(const std::vector<Attribute>& columns) {
  Columns all;
  all.reserve(columns.size());
  for (const auto& column : columns) all.push_back(&column);
  return all;
}

// Columns that the parts can mean: the longest qualifier first, then the bare name. `least`: qualifiers that must be there.
SparkResult<std::optional<Match>> match_columns(const Columns& columns, const std::vector<std::string>& parts,
                                                bool case_sensitive, std::size_t least = 0) {
  for (std::size_t used = std::min<std::size_t>(3, parts.size() - 1) + 1; used-- > least;) {
    std::vector<Match> matches;
    for (const auto* column : columns) {
      if (column->qualifier.size() < used || !equal_names(column->name, parts[used], case_sensitive)) continue;
      const auto qualifier = std::span(column->qualifier).last(used);
      if (!std::ranges::equal(qualifier, std::span(parts).first(used),
                              [&](const auto& a, const auto& b) { return equal_names(a, b, case_sensitive); }))
        continue;
      matches.push_back({column, {parts.begin() + static_cast<std::ptrdiff_t>(used) + 1, parts.end()}, parts[used]});
    }
    if (matches.size() > 1) return fail(ambiguous(parts, matches));
    if (matches.size() == 1) return matches.front();
  }
  return std::nullopt;
}

// What the inputs hide: some of it is found by its table's name only.
SparkResult<std::optional<Match>> match_hidden(const std::vector<PlanNodePtr>& nodes, const std::vector<std::string>& parts,
                                               bool case_sensitive) {
  Columns plain;
  Columns qualified;
  for (const auto& node : nodes) {
    if (!node) continue;
    for (const auto& hidden : node->hidden) (hidden.qualified_only ? qualified : plain).push_back(&hidden.column);
  }
  TRY(match, match_columns(plain, parts, case_sensitive));
  if (match) return match;
  return match_columns(qualified, parts, case_sensitive, 1);
}

bool has_column(const std::vector<Attribute>& columns, ColumnId id) {
  return std::ranges::any_of(columns, [&](const Attribute& column) { return column.id == id; });
}

// The DataFrame's column in the tree of relations. It counts as long as each relation above the DataFrame passes it on.
// Of several the one on top wins: `df.join(df.filter(…), …)` means the left side's by df.a. Else it is ambiguous.
class PlanSearch {
 public:
  struct Candidate {
    Match match;
    int depth = 0;
    bool hidden = false;  // not passed on, but could be
  };

  PlanSearch(int64_t plan_id, bool metadata, const std::vector<std::string>& parts, bool case_sensitive,
             const std::vector<Attribute>& below)
      : plan_id_(plan_id), metadata_(metadata), parts_(parts), case_sensitive_(case_sensitive), below_(below) {}

  SparkResult<std::optional<Candidate>> among(const std::vector<PlanNodePtr>& nodes, int depth = 0,
                                              const PlanNode* above = nullptr) {
    std::vector<Candidate> found;
    for (const auto& node : nodes) {
      if (!node) continue;
      TRY(candidate, in(*node, depth));
      if (candidate && (above == nullptr || passes(*above, *candidate))) found.push_back(std::move(*candidate));
    }
    if (std::ranges::any_of(found, [](const auto& candidate) { return !candidate.hidden; }))
      std::erase_if(found, [](const auto& candidate) { return candidate.hidden; });
    if (found.empty()) return std::nullopt;
    std::ranges::stable_sort(found, {}, &Candidate::depth);
    if (found.size() > 1 && (found[0].depth != 0 || found[1].depth == 0))
      return fail(analysis_error("AMBIGUOUS_COLUMN_REFERENCE", {{"name", quoted_parts(parts_)}}));
    return found.front();
  }

  bool seen = false;      // the DataFrame is in the tree
  bool has_name = false;  // and has such a column

 private:
  SparkResult<std::optional<Candidate>> in(const PlanNode& node, int depth) {
    std::optional<Candidate> found;
    if (node.plan_id == plan_id_) {
      seen = true;
      found = here(node, depth);
      has_name |= found.has_value();
      return found && passes(node, *found) ? found : std::nullopt;
    }
    return among(node.children, depth + 1, &node);
  }

  // Whether the relation passes it on, or could: of a union's sides, for one, only the first does.
  bool passes(const PlanNode& node, Candidate& found) const {
    const auto id = found.match.column->id;
    if (has_column(node.plan->output, id) || has_column(below_, id)) return true;
    found.hidden = true;
    return std::ranges::any_of(node.hidden, [&](const auto& hidden) { return hidden.column.id == id; });
  }

  std::optional<Candidate> here(const PlanNode& node, int depth) const {
    Columns hidden;
    for (const auto& column : node.hidden) hidden.push_back(&column.column);
    // A name that is ambiguous within the DataFrame is found by nobody.
    if (!metadata_) {
      auto match = match_columns(pointers(node.plan->output), parts_, case_sensitive_);
      if (match && *match) return Candidate{std::move(**match), depth, false};
    }
    auto match = match_columns(hidden, parts_, case_sensitive_);
    if (match && *match) return Candidate{std::move(**match), depth, true};
    return std::nullopt;
  }

  int64_t plan_id_;
  bool metadata_;
  const std::vector<std::string>& parts_;
  bool case_sensitive_;
  const std::vector<Attribute>& below_;
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
      PlanSearch search(attribute.plan_id(), false, parts, state_.case_sensitive, scope.below);
      TRY(found, search.among(scope.nodes));
      if (!found) continue;
      TRY(named, finish(*found->match.column, found->match.rest, found->match.name, true));
      return named;
    }
    TRY(match, match_columns(pointers(scope.columns), parts, state_.case_sensitive));
    if (!match) continue;
    TRY(named, finish(*match->column, match->rest, match->name, true));
    return named;
  }
  return std::nullopt;
}

// A column of one exact DataFrame. Nothing: to be looked for by its name.
SparkResult<std::optional<ExpressionResolver::Named>> ExpressionResolver::of_data_frame(
    const proto::Expression::UnresolvedAttribute& attribute, const std::vector<std::string>& parts) {
  PlanSearch search(attribute.plan_id(), attribute.is_metadata_column(), parts, state_.case_sensitive, scope_.below);
  TRY(found, search.among(scope_.nodes));
  if (found) {
    // The column's nullability is that of the place, not of the DataFrame: an outer join may have changed it.
    const Attribute* here = found->match.column;
    for (const auto& column : scope_.columns)
      if (column.id == here->id) here = &column;
    for (const auto& node : scope_.nodes)
      for (const auto& hidden : node ? node->hidden : std::vector<HiddenColumn>{})
        if (found->hidden && hidden.column.id == here->id)
          return finish(hidden.column, found->match.rest, found->match.name, false);
    TRY(named, finish(*here, found->match.rest, found->match.name, false));
    return named;
  }
  TRY(outer, in_outer_scopes(attribute, parts));
  if (outer) return outer;
  if (!search.seen) return fail(analysis_error("CANNOT_RESOLVE_DATAFRAME_COLUMN", {{"name", quoted_parts(parts)}}));
  // It is hidden by another column of its name. Spark before 4.2 took that one.
  if (!state_.setting("spark.sql.analyzer.strictDataFrameColumnResolution", true)) return std::nullopt;
  if (search.has_name) return fail(analysis_error("CANNOT_RESOLVE_DATAFRAME_COLUMN", {{"name", quoted_parts(parts)}}));
  return std::nullopt;
}

// Columns without second copies of one another, where names repeat at all.
std::vector<const Attribute*> ExpressionResolver::distinct(const std::vector<Attribute>& columns) const {
  std::vector<const Attribute*> all;
  std::map<std::string, std::vector<const Attribute*>, std::less<>> by_name;
  for (const auto& column : columns) {
    auto& same_name = by_name[column.name];
    const auto first_of = [&](const Attribute& one) {
      for (const auto& node : scope_.nodes)
        if (node && has_column(node->plan->output, one.id)) return original(*node->plan, one.id);
      return one.id;
    };
    const bool copy = std::ranges::any_of(same_name, [&](const auto* known) {
      return first_of(*known) == first_of(column) && known->qualifier == column.qualifier;
    });
    if (copy) continue;
    same_name.push_back(&column);
    all.push_back(&column);
  }
  return all;
}

// An earlier item of the select list by its alias.
SparkResult<std::optional<ExpressionResolver::Named>> ExpressionResolver::lateral_alias(const std::vector<std::string>& parts) {
  if (scope_.laterals == nullptr) return std::nullopt;
  for (const auto& alias : *scope_.laterals) {
    if (!equal_names(alias.name, parts[0], false)) continue;
    if (alias.count > 1)
      return fail(analysis_error("AMBIGUOUS_LATERAL_COLUMN_ALIAS",
                                 {{"name", quoted_parts(parts)}, {"n", std::to_string(alias.count)}}));
    if (aggregate_depth_ > 0)
      return fail(analysis_error("UNSUPPORTED_FEATURE.LATERAL_COLUMN_ALIAS_IN_AGGREGATE_FUNC",
                                 {{"lca", quoted_parts(parts)}, {"aggFunc", quoted_parts(parts)}}));
    if (window_depth_ > 0)
      return fail(analysis_error("UNSUPPORTED_FEATURE.LATERAL_COLUMN_ALIAS_IN_WINDOW",
                                 {{"lca", quoted_parts(parts)}, {"windowExpr", quoted_parts(parts)}}));
    const Attribute column{alias.placeholder, alias.name, alias.expression->type, alias.expression->nullable, {}, {}};
    TRY(named, finish(column, {parts.begin() + 1, parts.end()}, parts[0], false));
    named.column = nullptr;
    return named;
  }
  return std::nullopt;
}

SparkResult<ExpressionResolver::Named> ExpressionResolver::attribute(const proto::Expression::UnresolvedAttribute& attribute) {
  TRY(parts, split_name(attribute.unparsed_identifier()));

  if (attribute.has_plan_id()) {
    TRY(named, of_data_frame(attribute, parts));
    if (named) return *named;
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

  const bool below_first = aggregate_depth_ > 0 && !scope_.below.empty();
  for (const auto* columns :
       below_first ? std::array{&scope_.below, &scope_.columns} : std::array{&scope_.columns, &scope_.below}) {
    auto match = match_columns(pointers(*columns), parts, state_.case_sensitive);
    if (!match) match = match_columns(distinct(*columns), parts, state_.case_sensitive);
    if (!match) return fail(std::move(match).error());
    if (*match) return finish(*(*match)->column, (*match)->rest, (*match)->name, false);
  }
  TRY(hidden, match_hidden(scope_.nodes, parts, state_.case_sensitive));
  if (hidden) return finish(*hidden->column, hidden->rest, hidden->name, false);
  TRY(lateral, lateral_alias(parts));
  if (lateral) return *lateral;
  if (!attribute.has_plan_id()) {
    TRY(outer, in_outer_scopes(attribute, parts));
    if (outer) return *outer;
  }
  TRY(parameter, function_parameter(parts));
  if (parameter) return *parameter;
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
  if (state_.function_bodies.empty()) return fail(unresolved_column(parts, scope_.columns));
  auto known = scope_.columns;
  for (const auto& [name, value] : state_.function_bodies.back().parameters)
    known.push_back({0, name, value->type, value->nullable, {}, {}});
  return fail(unresolved_column(parts, known));
}

}  // namespace mastic::spark
