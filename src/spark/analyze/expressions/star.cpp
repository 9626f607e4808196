// *, t.*, s.* of a struct, * EXCEPT, and columns by regular expression.
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <memory>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/expressions/resolver.h"

namespace mastic::spark {
namespace {

bool yields(const PlanNode& node, ColumnId id) {
  return std::ranges::any_of(node.plan->output, [&](const Attribute& column) { return column.id == id; }) ||
         std::ranges::any_of(node.hidden, [&](const HiddenColumn& hidden) { return hidden.column.id == id; });
}

// The DataFrame's columns, if every relation above it yields them all or could. Two such places are ambiguous.
SparkResult<std::optional<std::vector<Attribute>>> columns_of_plan(const std::vector<PlanNodePtr>& nodes, int64_t plan_id) {
  std::optional<std::vector<Attribute>> found;
  for (const auto& node : nodes) {
    if (!node) continue;
    std::optional<std::vector<Attribute>> here;
    if (node->plan_id == plan_id) {
      here = node->plan->output;
    } else {
      TRY(below, columns_of_plan(node->children, plan_id));
      here = std::move(below);
    }
    if (!here || !std::ranges::all_of(*here, [&](const auto& column) { return yields(*node, column.id); })) continue;
    if (found) return fail(analysis_error("AMBIGUOUS_COLUMN_REFERENCE", {{"name", "`*`"}}));
    found = std::move(here);
  }
  return found;
}

bool qualified_by(const Attribute& column, const std::vector<std::string>& parts, bool case_sensitive) {
  if (column.qualifier.size() < parts.size()) return false;
  return std::ranges::equal(std::span(column.qualifier).last(parts.size()), parts,
                            [&](const auto& a, const auto& b) { return equal_names(a, b, case_sensitive); });
}

}  // namespace

SparkResult<std::vector<Item>> ExpressionResolver::star(const proto::Expression::UnresolvedStar& star) {
  std::vector<Item> items;
  if (star.has_plan_id()) {
    TRY(columns, columns_of_plan(scope_.nodes, star.plan_id()));
    if (!columns) return fail(analysis_error("CANNOT_RESOLVE_DATAFRAME_COLUMN", {{"name", "`*`"}}));
    for (const auto& column : *columns) {
      const auto here = std::ranges::find_if(scope_.columns, [&](const auto& known) { return known.id == column.id; });
      items.push_back(item_of(here == scope_.columns.end() ? column : *here));
    }
    return items;
  }
  if (!star.has_unparsed_target() || star.unparsed_target().empty()) {
    for (const auto& column : scope_.columns) items.push_back(item_of(column));
    return items;
  }
  auto target = star.unparsed_target();
  if (target.ends_with(".*")) target.resize(target.size() - 2);
  TRY(parts, split_name(target));
  for (const auto& node : scope_.nodes)
    for (const auto& hidden : node ? node->hidden : std::vector<HiddenColumn>{})
      if (hidden.qualified_only && qualified_by(hidden.column, parts, state_.case_sensitive))
        items.push_back(item_of(hidden.column));
  for (const auto& column : scope_.columns)
    if (qualified_by(column, parts, state_.case_sensitive)) items.push_back(item_of(column));
  if (!items.empty()) return items;
  // A table of an enclosing query.
  for (auto outer = state_.outer_scopes.rbegin(); outer != state_.outer_scopes.rend(); ++outer) {
    for (const auto& column : (*outer)->columns) {
      if (!qualified_by(column, parts, state_.case_sensitive)) continue;
      auto value = make_expression(column.type, column.nullable, OuterReference{column.id, column.name});
      items.push_back(Item{std::move(value), {column.name}, column.metadata_json});
    }
    if (!items.empty()) return items;
  }

  // Not a table: a struct column, whose fields become columns.
  proto::Expression::UnresolvedAttribute name;
  name.set_unparsed_identifier(target);
  auto named = attribute(name);
  if (named && named->expression->type.is(TypeKind::struct_)) {
    for (const auto& field : named->expression->type.fields) {
      TRY(value, extract_value(state_, named->expression, string_constant(field.name)));
      items.push_back(Item{value, {field.name}, field.metadata_json});
    }
    return items;
  }
  if (!named && named.error().condition != "UNRESOLVED_COLUMN.WITH_SUGGESTION" &&
      named.error().condition != "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION")
    return fail(std::move(named).error());
  std::string columns;
  for (const auto& column : scope_.columns) columns += (columns.empty() ? "" : ", ") + quoted_name(column.name);
  return fail(analysis_error("CANNOT_RESOLVE_STAR_EXPAND", {{"targetString", quoted_parts(parts)}, {"columns", columns}}));
}

SparkResult<std::vector<Item>> ExpressionResolver::star_except(const proto::Expression::UnresolvedFunction& function) {
  TRY(items, star(function.arguments(0).unresolved_star()));
  for (int i = 1; i < function.arguments_size(); ++i) {
    TRY(named, attribute(function.arguments(i).unresolved_attribute()));
    std::erase_if(items, [&](const Item& item) { return equal_names(item.names.front(), named.name, state_.case_sensitive); });
  }
  return items;
}

SparkResult<std::vector<Item>> ExpressionResolver::matching_columns(const proto::Expression::UnresolvedRegex& regex) {
  auto pattern = regex.col_name();
  if (pattern.size() >= 2 && pattern.front() == '`' && pattern.back() == '`') pattern = pattern.substr(1, pattern.size() - 2);
  // Java's regular expressions, possessive quantifiers and all.
  int error = 0;
  PCRE2_SIZE at = 0;
  const uint32_t options = PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED | (state_.case_sensitive ? 0 : PCRE2_CASELESS);
  const std::unique_ptr<pcre2_code, decltype(&pcre2_code_free)> code(
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), options, &error, &at, nullptr),
      &pcre2_code_free);
  if (!code) return fail(unsupported("this pattern in colRegex: " + pattern));
  const std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)> match(
      pcre2_match_data_create_from_pattern(code.get(), nullptr), &pcre2_match_data_free);
  std::vector<Item> items;
  for (const auto& column : scope_.columns)
    if (pcre2_match(code.get(), reinterpret_cast<PCRE2_SPTR>(column.name.data()), column.name.size(), 0, 0, match.get(),
                    nullptr) >= 0)
      items.push_back(item_of(column));
  return items;
}

}  // namespace mastic::spark
