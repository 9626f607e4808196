#include "spark/analyze/file_metadata.h"

#include <algorithm>

#include "spark/analyze/rewrite.h"

namespace mastic::spark {
namespace {

bool asks_for_file(const ExpressionPtr& expression) {
  bool asks = false;
  walk(expression, [&](const ExpressionPtr& node) {
    const auto* call = std::get_if<Call>(&node->node);
    asks = asks || (call != nullptr && call->function.starts_with("input_file_"));
    return !asks;
  });
  return asks;
}

/// The scan whose rows a plan's rows still are; null: none, or more than one.
const Relation* scan_below(const Relation& plan) {
  if (std::holds_alternative<ReadFiles>(plan.node)) return plan.output.empty() ? nullptr : &plan;
  return std::visit(
      []<typename Node>(const Node& node) -> const Relation* {
        constexpr bool passes = std::is_same_v<Node, Project> || std::is_same_v<Node, Filter> || std::is_same_v<Node, Alias> ||
                                std::is_same_v<Node, Generate> || std::is_same_v<Node, Sample> || std::is_same_v<Node, Observe>;
        if constexpr (passes) return scan_below(*node.input);
        return nullptr;
      },
      plan.node);
}

bool reads_files(const Relation& plan) {
  if (std::holds_alternative<ReadFiles>(plan.node)) return true;
  return std::ranges::any_of(inputs_of(plan), [](const RelationPtr& input) { return reads_files(*input); });
}

bool is_union_of_files(const Relation& plan) {
  if (const auto* set = std::get_if<SetOp>(&plan.node)) return set->operation == SetOperation::union_ && reads_files(plan);
  return std::visit(
      []<typename Node>(const Node& node) {
        if constexpr (std::is_same_v<Node, Project> || std::is_same_v<Node, Filter> || std::is_same_v<Node, Alias>)
          return is_union_of_files(*node.input);
        return false;
      },
      plan.node);
}

}  // namespace

Attribute metadata_column(const Relation& scan, const ReadFiles& files) {
  constexpr ColumnId mark = ColumnId{1} << 62;  // no column counted one by one gets there
  const auto id = mark | (scan.output.empty() ? 0 : scan.output.front().id);
  std::vector<StructField> fields;
  fields.push_back({"file_path", types::string(), false, ""});
  fields.push_back({"file_name", types::string(), false, ""});
  for (const char* name : {"file_size", "file_block_start", "file_block_length"})
    fields.push_back({name, types::long_type(), false, ""});
  fields.push_back({"file_modification_time", types::timestamp(), false, ""});
  if (files.format == "parquet") fields.push_back({"row_index", types::long_type(), false, ""});
  return {id,    "_metadata", types::structure(std::move(fields)),
          false, {},          R"({"__metadata_col":"_metadata","__file_source_metadata_col":true})"};
}

std::vector<HiddenColumn> metadata_of(const RelationPtr& plan) {
  const auto* files = std::get_if<ReadFiles>(&plan->node);
  if (files == nullptr || plan->output.empty()) return {};
  auto column = metadata_column(*plan, *files);
  column.qualifier = plan->output.front().qualifier;
  return {{std::move(column), false}};
}

SparkResult<Above> take_file_names(AnalyzerState& state, Above above) {
  if (std::ranges::none_of(above.expressions, [](const auto& expression) { return asks_for_file(expression); })) return above;
  const auto* scan = scan_below(*above.plan);
  if (scan == nullptr) {
    if (is_union_of_files(*above.plan)) return fail(unsupported("input_file_name() above a union: ask for it below"));
    return above;
  }
  const auto column = metadata_column(*scan, std::get<ReadFiles>(scan->node));
  above.plan = keep_columns(above.plan, {column.id});
  const auto field = [&](const char* name) { return extract_value(state, reference(column), string_constant(name)); };
  for (auto& expression : above.expressions) {
    SparkResult<void> failed;
    expression = rewrite(expression, [&](const ExpressionPtr& node) -> ExpressionPtr {
      const auto* call = std::get_if<Call>(&node->node);
      if (call == nullptr || !call->function.starts_with("input_file_")) return nullptr;
      auto value = [&]() -> SparkResult<ExpressionPtr> {
        if (call->function == "input_file_block_start") return field("file_block_start");
        if (call->function == "input_file_block_length") return field("file_block_length");
        // A path without a host: file:///…, not file:/… as in _metadata.
        TRY(path, field("file_path"));
        TRY(local, call_function(state, "startswith", {path, string_constant("file:/")}));
        TRY(rest, call_function(state, "substring", {path, integer_constant(6)}));
        TRY(url, call_function(state, "concat", {string_constant("file://"), rest}));
        CaseWhen choice;
        choice.branches.emplace_back(local, url);
        choice.otherwise = path;
        return make_expression(types::string(), false, std::move(choice));
      }();
      if (!value) return failed = fail(std::move(value).error()), nullptr;
      return *value;
    });
    if (!failed) return fail(std::move(failed).error());
  }
  return above;
}

}  // namespace mastic::spark
