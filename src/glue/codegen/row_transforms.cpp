#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "glue/codegen/python_text.h"
#include "glue/codegen/write_node.h"

namespace mastic::glue::codegen {
namespace {

using Path = std::vector<std::string>;

std::string column(const Path& path) { return fmt::format("F.col({})", python_string(column_path(path))); }

/// Whether a constant is a number that prints as it was written, so that comparing by size compares numbers.
bool is_plain_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return false;
  const auto digits = text.starts_with('-') ? text.substr(1) : text;
  return !digits.empty() && digits.find_first_not_of("0123456789.") == std::string_view::npos && !digits.ends_with('.') &&
         !(digits.size() > 1 && digits[0] == '0' && digits[1] != '.');
}

std::string operand(const wire::FilterValue& value, bool as_number) {
  if (value.type == "COLUMNEXTRACTED") return column(value.value);
  const auto text = value.value.empty() ? std::string() : value.value.front();
  return fmt::format("F.lit({})", as_number && is_plain_number(text) ? text : python_string(text));
}

constexpr auto comparisons =
    std::to_array<std::pair<std::string_view, std::string_view>>({{"LT", "<"}, {"GT", ">"}, {"LTE", "<="}, {"GTE", ">="}});

/// One comparison. The left side is a field; a constant without one on the left has nothing to say about a row.
std::string comparison(const Node& node, const wire::FilterExpression& expression, Writer& writer) {
  const auto& values = expression.values;
  const auto needed = expression.operation == "ISNULL" ? 1U : 2U;
  if (values.size() < needed || values[0].type != "COLUMNEXTRACTED" || values[0].value.empty()) {
    writer.wrong(node, fmt::format("The condition {} needs a field{}.", expression.operation,
                                   needed == 2 ? " and what to compare it with" : ""));
    return "F.lit(True)";
  }
  const auto field = column(values[0].value);
  if (expression.operation == "ISNULL") return field + ".isNull()";
  if (expression.operation == "REGEX") {
    // Glue matches from the field's start, as Python's re.match does.
    const auto pattern = values[1].value.empty() ? std::string() : values[1].value.front();
    return fmt::format("{}.cast(\"string\").rlike({})", field, python_string("^(?:" + pattern + ")"));
  }
  // A missing value equals nothing, and so differs from everything.
  if (expression.operation == "EQ") return fmt::format("{}.eqNullSafe({})", field, operand(values[1], false));
  for (const auto& [name, symbol] : comparisons) {
    if (name == expression.operation) return fmt::format("({} {} {})", field, symbol, operand(values[1], true));
  }
  writer.wrong(node, "The condition's operation is unknown: " + expression.operation);
  return "F.lit(True)";
}

std::string condition(const Node& node, const std::vector<wire::FilterExpression>& filters, std::string_view logical,
                      Writer& writer) {
  if (filters.empty()) writer.wrong(node, "Add at least one condition.");
  std::string text;
  for (const auto& filter : filters) {
    if (!text.empty()) text += logical == "OR" ? " | " : " & ";
    text += (filter.negated.value_or(false) ? "~" : "") + fmt::format("({})", comparison(node, filter, writer));
  }
  return text.empty() ? "F.lit(True)" : text;
}

void as_dynamic_frame(const Node& node, const std::string& data_frame, Writer& writer) {
  writer.use(Helper::as_dynamic_frame);
  writer.statement(node, fmt::format("{0} = as_dynamic_frame({1}, \"{0}\")", node.variable, data_frame));
}

bool has_two_inputs(const Node& node, Writer& writer) {
  if (node.inputs.size() == 2) return true;
  writer.wrong(node, fmt::format("The node needs two inputs and has {}.", node.inputs.size()));
  return false;
}

// Spark's join types for Glue's; an equijoin is awsglue's own Join.
constexpr auto join_types = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"left", "left"}, {"right", "right"}, {"outer", "outer"}, {"leftsemi", "left_semi"}, {"leftanti", "left_anti"}});

constexpr auto aggregate_functions =
    std::to_array<std::pair<std::string_view, std::string_view>>({{"avg", "avg"},
                                                                  {"countDistinct", "count_distinct"},
                                                                  {"count", "count"},
                                                                  {"first", "first"},
                                                                  {"last", "last"},
                                                                  {"kurtosis", "kurtosis"},
                                                                  {"max", "max"},
                                                                  {"min", "min"},
                                                                  {"skewness", "skewness"},
                                                                  {"stddev_samp", "stddev_samp"},
                                                                  {"stddev_pop", "stddev_pop"},
                                                                  {"sum", "sum"},
                                                                  {"sumDistinct", "sum_distinct"},
                                                                  {"var_samp", "var_samp"},
                                                                  {"var_pop", "var_pop"}});

std::vector<std::string> key_texts(const wire::Join& join, const std::string& input, std::string (*text)(const Path&)) {
  std::vector<std::string> texts;
  for (const auto& side : join.columns) {
    if (side.from != input) continue;
    for (const auto& key : side.keys) texts.push_back(text(key));
    break;
  }
  return texts;
}

}  // namespace

void write_node(const Node& node, const wire::Filter& transform, Writer& writer) {
  as_dynamic_frame(node,
                   fmt::format("{}.toDF().filter({})", writer.input(node),
                               condition(node, transform.filters, transform.logical_operator, writer)),
                   writer);
}

void write_node(const Node& node, const wire::Route& transform, Writer& writer) {
  std::string conditions;
  for (const auto& group : transform.group_filters_list) {
    conditions += fmt::format("        {}: {},\n", python_string(group.group_name),
                              condition(node, group.filters, group.logical_operator, writer));
  }
  writer.use(Helper::route);
  writer.statement(node, fmt::format("{0} = route(\n    {1},\n    {{\n{2}    }},\n    \"{0}\",\n)", node.variable,
                                     writer.input(node), conditions));
}

void write_node(const Node& node, const wire::Join& transform, Writer& writer) {
  if (!has_two_inputs(node, writer)) return;
  const bool inner = transform.join_type == "equijoin";
  const auto left = key_texts(transform, node.inputs[0], inner ? field_path : column_path);
  auto right = key_texts(transform, node.inputs[1], inner ? field_path : column_path);
  // A join of a node with itself names it twice.
  if (node.inputs[0] == node.inputs[1] && transform.columns.size() > 1) {
    right.clear();
    for (const auto& key : transform.columns[1].keys) right.push_back(inner ? field_path(key) : column_path(key));
  }
  if (left.empty() || left.size() != right.size()) {
    writer.wrong(node, "A join needs the same number of key fields, one at least, of each of its two inputs.");
    return;
  }
  if (inner) {
    writer.statement(
        node, fmt::format("{0} = Join.apply(\n    frame1={1},\n    frame2={2},\n    keys1={3},\n    keys2={4},\n"
                          "    transformation_ctx=\"{0}\",\n)",
                          node.variable, writer.input(node, 0), writer.input(node, 1), python_list(left), python_list(right)));
    return;
  }
  std::string pairs;
  for (std::size_t i = 0; i < left.size(); ++i) {
    pairs += fmt::format("{}({}, {})", i == 0 ? "" : ", ", python_string(left[i]), python_string(right[i]));
  }
  const auto* type = std::ranges::find(join_types, std::string_view(transform.join_type),
                                       &std::pair<std::string_view, std::string_view>::first);
  writer.use(Helper::join_frames);
  writer.statement(node,
                   fmt::format("{0} = join_frames({1}, {2}, [{3}], {4}, \"{0}\")", node.variable, writer.input(node, 0),
                               writer.input(node, 1), pairs, python_string(type == join_types.end() ? "inner" : type->second)));
}

// By position, as in SQL.
void write_node(const Node& node, const wire::Union& transform, Writer& writer) {
  if (!has_two_inputs(node, writer)) return;
  as_dynamic_frame(node,
                   fmt::format("{}.toDF().union({}.toDF()){}", writer.input(node, 0), writer.input(node, 1),
                               transform.union_type == "DISTINCT" ? ".distinct()" : ""),
                   writer);
}

// `Source` is the frame that is merged into; the other input has the newer records.
void write_node(const Node& node, const wire::Merge& transform, Writer& writer) {
  if (!has_two_inputs(node, writer)) return;
  const bool first_is_source = transform.source == node.inputs[0];
  if (!first_is_source && transform.source != node.inputs[1]) {
    writer.wrong(node, fmt::format("The source {} is none of the node's inputs.", transform.source));
  }
  std::vector<std::string> keys;
  keys.reserve(transform.primary_keys.size());
  for (const auto& key : transform.primary_keys) keys.push_back(field_path(key));
  writer.statement(node, fmt::format("{0} = {1}.mergeDynamicFrame({2}, {3}, transformation_ctx=\"{0}\")", node.variable,
                                     writer.input(node, first_is_source ? 0 : 1), writer.input(node, first_is_source ? 1 : 0),
                                     python_list(keys)));
}

void write_node(const Node& node, const wire::Aggregate& transform, Writer& writer) {
  std::string aggregates;
  for (const auto& each : transform.aggs) {
    const auto* function = std::ranges::find(aggregate_functions, std::string_view(each.agg_func),
                                             &std::pair<std::string_view, std::string_view>::first);
    if (function == aggregate_functions.end()) {
      writer.wrong(node, "The aggregate function is unknown: " + each.agg_func);
      continue;
    }
    aggregates += fmt::format("{}F.{}({})", aggregates.empty() ? "" : ", ", function->second, column(each.column));
  }
  if (aggregates.empty()) writer.wrong(node, "Choose at least one field to aggregate.");
  std::string groups;
  for (const auto& group : transform.groups) groups += (groups.empty() ? "" : ", ") + column(group);
  as_dynamic_frame(node, fmt::format("{}.toDF().groupBy({}).agg({})", writer.input(node), groups, aggregates), writer);
}

void write_node(const Node& node, const wire::DropDuplicates& transform, Writer& writer) {
  std::vector<std::string> columns;
  for (const auto& path : transform.columns.value_or(std::vector<Path>{})) columns.push_back(field_path(path));
  as_dynamic_frame(node,
                   fmt::format("{}.toDF().dropDuplicates({})", writer.input(node), columns.empty() ? "" : python_list(columns)),
                   writer);
}

}  // namespace mastic::glue::codegen
