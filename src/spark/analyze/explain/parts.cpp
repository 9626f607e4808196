// Expressions, columns and sizes as they stand in a plan's lines.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "spark/analyze/explain/explain.h"
#include "spark/analyze/expression_text.h"
#include "spark/analyze/rewrite.h"

namespace mastic::spark {
namespace {

std::string with_id(const std::string& name, ColumnId id, const DataType& type) {
  return fmt::format("{}#{}{}", name, id, type.is(TypeKind::long_) ? "L" : "");
}

template <typename Items, typename Text>
std::string joined(const Items& items, Text&& text) {
  std::string result;
  for (const auto& item : items) result += (result.empty() ? "" : ", ") + text(item);
  return result;
}

int64_t product(int64_t a, int64_t b) {
  int64_t result = 0;
  return __builtin_mul_overflow(a, b, &result) ? std::numeric_limits<int64_t>::max() : result;
}

}  // namespace

std::string attribute_text(const Attribute& attribute) { return with_id(attribute.name, attribute.id, attribute.type); }
std::string attributes_text(const std::vector<Attribute>& attributes) { return joined(attributes, attribute_text); }

std::string expression_with_ids(const ExpressionPtr& expression) {
  const auto marked = rewrite(expression, [](const ExpressionPtr& node) -> ExpressionPtr {
    if (const auto* column = std::get_if<ColumnReference>(&node->node))
      return make_expression(node->type, node->nullable,
                             ColumnReference{column->id, with_id(column->name, column->id, node->type)});
    if (const auto* column = std::get_if<OuterReference>(&node->node))
      return make_expression(node->type, node->nullable,
                             OuterReference{column->id, "outer(" + with_id(column->name, column->id, node->type) + ")"});
    return nullptr;
  });
  return text_of(*marked);
}

std::string expressions_text(const std::vector<ExpressionPtr>& expressions) { return joined(expressions, expression_with_ids); }

std::string named_text(const std::vector<NamedExpression>& expressions) {
  return joined(expressions, [](const NamedExpression& item) {
    const auto* column = std::get_if<ColumnReference>(&item.expression->node);
    if (column != nullptr && column->id == item.id) return with_id(item.name, item.id, item.expression->type);
    return fmt::format("{} AS {}", expression_with_ids(item.expression), with_id(item.name, item.id, item.expression->type));
  });
}

std::string orders_text(const std::vector<SortOrder>& orders) {
  return joined(orders, [](const SortOrder& order) {
    return fmt::format("{} {} NULLS {}", expression_with_ids(order.child), order.ascending ? "ASC" : "DESC",
                       order.nulls_first ? "FIRST" : "LAST");
  });
}

std::string_view join_type_text(JoinType type) {
  switch (type) {
    case JoinType::inner: return "Inner";
    case JoinType::left: return "LeftOuter";
    case JoinType::right: return "RightOuter";
    case JoinType::full: return "FullOuter";
    case JoinType::semi: return "LeftSemi";
    case JoinType::anti: return "LeftAnti";
    case JoinType::cross: return "Cross";
  }
  return {};
}

int64_t size_guess(const Relation& relation) {
  constexpr int64_t row_bytes = 8;
  constexpr int64_t unknown = std::numeric_limits<int64_t>::max();
  if (const auto* local = std::get_if<LocalData>(&relation.node))
    return local->arrow_stream ? static_cast<int64_t>(local->arrow_stream->size()) : 0;
  if (std::holds_alternative<OneRow>(relation.node)) return 1;
  if (const auto* range = std::get_if<RangeRows>(&relation.node)) {
    const auto span = static_cast<double>(range->end) - static_cast<double>(range->start);
    const auto rows = std::max(0.0, span / static_cast<double>(range->step));
    return rows > 1e18 ? unknown : product(static_cast<int64_t>(rows), row_bytes);
  }
  if (const auto* files = std::get_if<ReadFiles>(&relation.node)) {
    int64_t total = 0;
    for (const auto& file : files->files) total += static_cast<int64_t>(file.size_bytes);
    return total;
  }
  if (const auto* limit = std::get_if<Limit>(&relation.node); limit != nullptr && limit->limit) {
    const auto width = product(row_bytes, static_cast<int64_t>(relation.output.size()) + 1);
    return std::min(size_guess(*limit->input), product(*limit->limit, width));
  }
  const auto inputs = inputs_of(relation);
  if (inputs.empty()) return unknown;
  int64_t size = size_guess(*inputs[0]);
  if (inputs.size() == 2) size = product(size, std::max<int64_t>(1, size_guess(*inputs[1])));
  return size;
}

}  // namespace mastic::spark
