// *, t.*, s.* of a struct, * EXCEPT, and columns by regular expression.
#include <algorithm>
#include <regex>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/expressions/resolver.h"

namespace mastic::spark {
namespace {

// The nodes of one plan id, in the client's order.
void find_plans(const PlanNode& node, int64_t plan_id, std::vector<const PlanNode*>& found) {
  if (node.plan_id == plan_id) {
    found.push_back(&node);
    return;
  }
  for (const auto& child : node.children) find_plans(*child, plan_id, found);
}

}  // namespace

SparkResult<std::vector<Item>> ExpressionResolver::star(const proto::Expression::UnresolvedStar& star) {
  std::vector<Item> items;
  if (star.has_plan_id()) {
    std::vector<const PlanNode*> plans;
    for (const auto& node : scope_.nodes)
      if (node) find_plans(*node, star.plan_id(), plans);
    for (const auto* plan : plans)
      for (const auto& column : plan->plan->output)
        for (const auto& here : scope_.columns)
          if (here.id == column.id) items.push_back(item_of(here));
    return items;
  }
  if (!star.has_unparsed_target() || star.unparsed_target().empty()) {
    for (const auto& column : scope_.columns) items.push_back(item_of(column));
    return items;
  }
  auto target = star.unparsed_target();
  if (target.ends_with(".*")) target.resize(target.size() - 2);
  TRY(parts, split_name(target));
  for (const auto& column : scope_.columns) {
    if (column.qualifier.size() < parts.size()) continue;
    const auto qualifier = std::span(column.qualifier).last(parts.size());
    if (std::ranges::equal(qualifier, parts,
                           [&](const auto& a, const auto& b) { return equal_names(a, b, state_.case_sensitive); }))
      items.push_back(item_of(column));
  }
  if (!items.empty()) return items;

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
  std::vector<Item> items;
  try {
    const std::regex expression(pattern, state_.case_sensitive ? std::regex::ECMAScript : std::regex::icase);
    for (const auto& column : scope_.columns)
      if (std::regex_match(column.name, expression)) items.push_back(item_of(column));
  } catch (const std::regex_error&) {
    return fail(unsupported("this pattern in colRegex: " + pattern));
  }
  return items;
}

}  // namespace mastic::spark
