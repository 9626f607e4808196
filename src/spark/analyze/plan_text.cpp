#include "spark/analyze/plan_text.h"

#include <fmt/format.h>

#include "spark/analyze/expression_text.h"

namespace mastic::spark {
namespace {

std::string list_of(const std::vector<ExpressionPtr>& expressions) {
  std::string text;
  for (const auto& expression : expressions) text += (text.empty() ? "" : ", ") + debug_text(*expression);
  return text;
}

std::string orders_of(const std::vector<SortOrder>& orders) {
  std::string text;
  for (const auto& order : orders)
    text += fmt::format("{}{} {} nulls {}", text.empty() ? "" : ", ", debug_text(*order.child),
                        order.ascending ? "asc" : "desc", order.nulls_first ? "first" : "last");
  return text;
}

struct Debug {
  const Expression& expression;

  std::string operator()(const ColumnReference& node) const { return fmt::format("{}#{}", node.name, node.id); }
  std::string operator()(const OuterReference& node) const { return fmt::format("outer {}#{}", node.name, node.id); }
  std::string operator()(const Cast& node) const {
    return fmt::format("{}({} as {})",
                       node.implicit                 ? "cast"
                       : node.mode == EvalMode::try_ ? "TRY_CAST"
                                                     : "CAST",
                       debug_text(*node.child), simple_string(expression.type));
  }
  std::string operator()(const Call& node) const { return fmt::format("{}({})", node.function, list_of(node.arguments)); }
  std::string operator()(const CaseWhen& node) const {
    std::string text = "case";
    for (const auto& [condition, value] : node.branches)
      text += fmt::format(" when {} then {}", debug_text(*condition), debug_text(*value));
    return text + (node.otherwise ? " else " + debug_text(*node.otherwise) : "") + " end";
  }
  std::string operator()(const FieldAccess& node) const {
    return fmt::format("{}.{}", debug_text(*node.child), node.child->type.fields.at(static_cast<std::size_t>(node.field)).name);
  }
  std::string operator()(const Lambda& node) const {
    std::string names;
    for (std::size_t i = 0; i < node.names.size(); ++i)
      names += fmt::format("{}{}#{}", i > 0 ? ", " : "", node.names[i], node.parameters[i]);
    return fmt::format("({}) -> {}", names, debug_text(*node.body));
  }
  std::string operator()(const LambdaVariable& node) const { return fmt::format("{}#{}", node.name, node.id); }
  std::string operator()(const AggregateCall& node) const {
    return fmt::format("{}({}{}){}", node.function, node.distinct ? "distinct " : "", list_of(node.arguments),
                       node.filter ? " filter " + debug_text(*node.filter) : "");
  }
  std::string operator()(const WindowCall& node) const {
    return fmt::format("{}({}) over (partition {} order {})", node.function, list_of(node.arguments),
                       list_of(node.partition_by), orders_of(node.order_by));
  }
  std::string operator()(const SubqueryExpression& node) const {
    return fmt::format("subquery({}{{{}}})", list_of(node.values), plan_text(*node.plan));
  }
  std::string operator()(const PythonCall& node) const {
    return fmt::format("python {}({})", node.name, list_of(node.arguments));
  }
  std::string operator()(const Literal&) const { return text_of(expression); }
};

std::string named_of(const std::vector<NamedExpression>& expressions) {
  std::string text;
  for (const auto& item : expressions) {
    if (!text.empty()) text += ", ";
    const auto* column = std::get_if<ColumnReference>(&item.expression->node);
    if (column != nullptr && column->id == item.id) {
      text += fmt::format("{}#{}", item.name, item.id);
    } else {
      text += fmt::format("{}#{} {}{} = {}", item.name, item.id, simple_string(item.expression->type),
                          item.expression->nullable ? "" : "!", debug_text(*item.expression));
    }
  }
  return text;
}

std::string columns_of(const std::vector<Attribute>& columns) {
  std::string text;
  for (const auto& column : columns) text += fmt::format("{}{}#{}", text.empty() ? "" : ", ", column.name, column.id);
  return text;
}

std::string_view join_name(JoinType type) {
  switch (type) {
    case JoinType::inner: return "inner";
    case JoinType::left: return "left";
    case JoinType::right: return "right";
    case JoinType::full: return "full";
    case JoinType::semi: return "semi";
    case JoinType::anti: return "anti";
    case JoinType::cross: return "cross";
  }
  return {};
}

struct Printer {
  const Relation& relation;
  int depth;
  std::string text = {};

  void line(const std::string& content) { text += std::string(static_cast<std::size_t>(depth) * 2, ' ') + content + "\n"; }
  void below(const RelationPtr& input) {
    Printer printer{*input, depth + 1};
    std::visit(printer, input->node);
    text += printer.text;
  }

  void operator()(const OneRow&) { line("one row"); }
  void operator()(const LocalData&) { line("local " + columns_of(relation.output)); }
  void operator()(const RangeRows& node) { line(fmt::format("range {} {} {}", node.start, node.end, node.step)); }
  void operator()(const ReadFiles& node) { line(fmt::format("files {} {}", node.format, columns_of(relation.output))); }
  void operator()(const ReadItems& node) { line(fmt::format("items {} {}", node.table, columns_of(relation.output))); }
  void operator()(const ReadCached& node) { line("cached " + node.name); }
  void operator()(const Project& node) {
    line("project " + named_of(node.expressions));
    below(node.input);
  }
  void operator()(const Filter& node) {
    line("filter " + debug_text(*node.condition));
    below(node.input);
  }
  void operator()(const Sort& node) {
    line("sort " + orders_of(node.orders));
    below(node.input);
  }
  void operator()(const Limit& node) {
    line(fmt::format("limit {} offset {}", node.limit ? std::to_string(*node.limit) : "none", node.offset));
    below(node.input);
  }
  void operator()(const Tail& node) {
    line(fmt::format("tail {}", node.limit));
    below(node.input);
  }
  void operator()(const Aggregate& node) {
    line(fmt::format("aggregate by [{}] {}", named_of(node.groupings), named_of(node.aggregates)));
    below(node.input);
  }
  void operator()(const Join& node) {
    line(fmt::format("{}{} join {}", node.lateral ? "lateral " : "", join_name(node.type),
                     node.condition ? debug_text(*node.condition) : ""));
    below(node.left);
    below(node.right);
  }
  void operator()(const SetOp& node) {
    const auto* name = node.operation == SetOperation::union_      ? "union"
                       : node.operation == SetOperation::intersect ? "intersect"
                                                                   : "except";
    line(fmt::format("{}{} {}", name, node.all ? " all" : "", columns_of(relation.output)));
    below(node.left);
    below(node.right);
  }
  void operator()(const Deduplicate& node) {
    line("deduplicate");
    below(node.input);
  }
  void operator()(const Window& node) {
    line("window " + named_of(node.expressions));
    below(node.input);
  }
  void operator()(const Generate& node) {
    line(fmt::format("generate {}{}({}) {}", node.generator, node.outer ? " outer" : "", list_of(node.arguments),
                     columns_of(node.generated)));
    below(node.input);
  }
  void operator()(const Sample& node) {
    line("sample");
    below(node.input);
  }
  void operator()(const Repartition& node) {
    line(fmt::format("repartition {}", node.partitions));
    below(node.input);
  }
  void operator()(const PythonTransform& node) {
    line(fmt::format("python {} by {}", node.function.name, list_of(node.grouping)));
    below(node.input);
    if (node.other) below(node.other);
  }
  void operator()(const PythonEvaluate& node) {
    line("python evaluate " + named_of(node.calls));
    below(node.input);
  }
  void operator()(const PythonAggregate& node) {
    line(fmt::format("python aggregate {} by {}", named_of(node.calls), named_of(node.groupings)));
    below(node.input);
  }
  void operator()(const PythonTable& node) {
    line(fmt::format("python table {}({}) {}", node.name, list_of(node.arguments), columns_of(relation.output)));
    below(node.input);
  }
  void operator()(const PythonWindow& node) {
    line("python window " + named_of(node.calls));
    below(node.input);
  }
  void operator()(const Observe& node) {
    line("observe " + node.name);
    below(node.input);
  }
  void operator()(const Alias& node) {
    line("alias");
    below(node.input);
  }
};

}  // namespace

std::string debug_text(const Expression& expression) { return std::visit(Debug{expression}, expression.node); }

std::string plan_text(const Relation& relation) {
  Printer printer{relation, 0};
  std::visit(printer, relation.node);
  return printer.text;
}

}  // namespace mastic::spark
