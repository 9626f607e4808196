// withColumn(s), withColumnRenamed, drop, toDF: projections that keep every other column and its id.
#include <algorithm>
#include <set>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/relations/relations.h"

namespace mastic::spark {
namespace {

std::string lower(std::string text) {
  for (auto& letter : text) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return text;
}

// Another name for a column: a fresh id, for the old DataFrame's column is not this one any more.
Item renamed(const Attribute& column, const std::string& name) {
  Item item{reference(column), {name}, column.metadata_json};
  item.explicit_name = true;
  return item;
}

}  // namespace

SparkResult<Resolved> resolve_with_columns(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.with_columns();
  TRY(input, state.resolve(request.input()));
  std::set<std::string> seen;
  google::protobuf::RepeatedPtrField<proto::Expression> expressions;
  for (const auto& alias : request.aliases()) {
    if (alias.name_size() != 1) return fail(unsupported("withColumns with several names for one expression"));
    const auto key = state.case_sensitive ? alias.name(0) : lower(alias.name(0));
    if (!seen.insert(key).second) return fail(analysis_error("COLUMN_ALREADY_EXISTS", {{"columnName", quoted_name(key)}}));
    *expressions.Add()->mutable_alias() = alias;
  }
  TRY(added, resolve_items(state, scope_of(input), expressions));
  input.plan = with_hidden(input.plan, added);
  std::vector<Item> items;
  std::vector<bool> placed(added.size(), false);
  for (const auto& column : input.node->plan->output) {
    bool replaced = false;
    for (std::size_t i = 0; i < added.size(); ++i) {
      if (!equal_names(added[i].names.front(), column.name, state.case_sensitive)) continue;
      items.push_back(added[i]);
      placed[i] = replaced = true;
    }
    if (!replaced) items.push_back(item_of(column));
  }
  for (std::size_t i = 0; i < added.size(); ++i)
    if (!placed[i]) items.push_back(added[i]);
  TRY(plan, build_projection(state, input.plan, std::move(items)));
  return with_children(plan, {input.node});
}

SparkResult<Resolved> resolve_with_columns_renamed(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.with_columns_renamed();
  TRY(input, state.resolve(request.input()));
  std::vector<std::pair<std::string, std::string>> renames;
  for (const auto& rename : request.renames()) renames.emplace_back(rename.col_name(), rename.new_col_name());
  if (renames.empty())
    for (const auto& [from, to] : request.rename_columns_map()) renames.emplace_back(from, to);
  std::vector<Item> items;
  for (const auto& column : input.plan->output) {
    auto name = column.name;
    bool changed = false;
    for (const auto& [from, to] : renames) {
      if (!equal_names(from, name, state.case_sensitive)) continue;
      name = to;
      changed = true;
    }
    items.push_back(changed ? renamed(column, name) : item_of(column));
  }
  TRY(plan, build_projection(state, input.plan, std::move(items)));
  return with_children(plan, {input.node});
}

SparkResult<Resolved> resolve_drop(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.drop();
  TRY(input, state.resolve(request.input()));
  std::vector<ColumnId> dropped;
  for (const auto& name : request.column_names())
    for (const auto* column : find_columns(input.plan->output, name, state.case_sensitive)) dropped.push_back(column->id);
  const Scope scope = scope_of(input);
  for (const auto& expression : request.columns()) {
    // A column that is not there is no error; nor is another one of its name meant when a DataFrame's is gone.
    const bool of_data_frame = expression.unresolved_attribute().has_plan_id();
    auto resolved = resolve_expression(state, of_data_frame ? Scope{{}, scope.nodes} : scope, expression);
    if (!resolved) {
      if (resolved.error().condition == "AMBIGUOUS_REFERENCE" || resolved.error().condition == "AMBIGUOUS_COLUMN_REFERENCE")
        return fail(std::move(resolved).error());
      continue;
    }
    if (const auto* column = std::get_if<ColumnReference>(&(*resolved)->node)) dropped.push_back(column->id);
  }
  std::vector<Attribute> kept;
  for (const auto& column : input.plan->output)
    if (std::ranges::find(dropped, column.id) == dropped.end()) kept.push_back(column);
  if (kept.size() == input.plan->output.size()) return with_children(input.plan, {input.node});
  return with_children(project_columns(input.plan, kept), {input.node});
}

SparkResult<Resolved> resolve_to_df(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.to_df();
  TRY(input, state.resolve(request.input()));
  const auto& columns = input.plan->output;
  if (static_cast<std::size_t>(request.column_names_size()) != columns.size()) {
    return fail(analysis_error("NUM_COLUMNS_MISMATCH", {{"operator", "toDF"},
                                                        {"firstNumColumns", std::to_string(columns.size())},
                                                        {"invalidOrdinalNum", "second"},
                                                        {"invalidNumColumns", std::to_string(request.column_names_size())}}));
  }
  std::vector<Item> items;
  for (std::size_t i = 0; i < columns.size(); ++i)
    items.push_back(renamed(columns[i], request.column_names(static_cast<int>(i))));
  TRY(plan, build_projection(state, input.plan, std::move(items)));
  return with_children(plan, {input.node});
}

}  // namespace mastic::spark
