// Expressions: which columns a value is made of, and which decide it.
#include <algorithm>
#include <array>

#include "lineage/derivation.h"

namespace mastic::lineage {

using namespace spark;

namespace {

template <std::size_t Size>
bool is_one_of(std::string_view name, const std::array<std::string_view, Size>& names) {
  return std::ranges::find(names, name) != names.end();
}

// Of these nobody reads the value that went in.
constexpr std::array<std::string_view, 13> masking_functions{
    "md5",           "sha",  "sha1",  "sha2",     "hash",        "xxhash64",
    "crc32",         "mask", "count", "count_if", "aes_encrypt", "approx_count_distinct",
    "hll_sketch_agg"};

// Window functions that give a value of another row; all other ones with arguments are aggregates.
constexpr std::array<std::string_view, 8> moving_functions{"lag",       "lead",  "first_value", "last_value",
                                                           "nth_value", "first", "last",        "any_value"};

constexpr uint32_t text_bytes_max = 200;

}  // namespace

Edge compose(const Above& above, Edge edge) {
  if (!is_direct(edge.kind)) return edge;
  if (!is_direct(above.kind)) return {edge.field, above.kind, edge.masking || above.masking, above.text};
  edge.masking = edge.masking || above.masking;
  if (above.kind != Kind::identity) edge.text = above.text;
  edge.kind = std::max(edge.kind, above.kind);
  return edge;
}

void normalize(Edges& edges) {
  std::ranges::sort(edges);
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
}

struct ExpressionWalk {
  Derivation& derivation;
  const Expression& expression;
  const Above& above;
  Edges& into;

  [[nodiscard]] Above step(Kind kind, bool masking = false) const {
    Above next = above;
    if (is_direct(above.kind)) next.kind = is_direct(kind) ? std::max(above.kind, kind) : kind;
    next.masking = above.masking || masking;
    return next;
  }
  void each(const std::vector<ExpressionPtr>& children, const Above& next) const {
    for (const auto& child : children) derivation.add(child, next, into);
  }
  void each(const std::vector<SortOrder>& orders, const Above& next) const {
    for (const auto& order : orders) derivation.add(order.child, next, into);
  }
  void reference(ColumnId id) const {
    for (const auto& edge : derivation.column(id)) into.push_back(compose(above, edge));
  }

  void operator()(const Literal&) const {}
  void operator()(const LambdaVariable&) const {}  // its elements are those of the argument beside the lambda
  void operator()(const ColumnReference& node) const { reference(node.id); }
  void operator()(const OuterReference& node) const { reference(node.id); }
  void operator()(const Call& node) const {
    each(node.arguments, step(Kind::transformation, is_one_of(node.function, masking_functions)));
  }
  void operator()(const CaseWhen& node) const {
    for (const auto& [condition, value] : node.branches) {
      derivation.add(condition, step(Kind::conditional), into);
      derivation.add(value, above, into);
    }
    derivation.add(node.otherwise, above, into);
  }
  void operator()(const Cast& node) const { derivation.add(node.child, step(Kind::transformation), into); }
  void operator()(const FieldAccess& node) const { derivation.add(node.child, step(Kind::transformation), into); }
  void operator()(const Lambda& node) const { derivation.add(node.body, step(Kind::transformation), into); }
  void operator()(const AggregateCall& node) const {
    const auto next = step(Kind::aggregation, is_one_of(node.function, masking_functions));
    each(node.arguments, next);
    each(node.within_group, next);
    derivation.add(node.filter, step(Kind::filter), into);
  }
  void operator()(const WindowCall& node) const {
    each(node.arguments, step(is_one_of(node.function, moving_functions) ? Kind::transformation : Kind::aggregation,
                              is_one_of(node.function, masking_functions)));
    derivation.add(node.filter, step(Kind::filter), into);
    each(node.partition_by, step(Kind::window));
    each(node.order_by, step(Kind::window));
  }
  void operator()(const SubqueryExpression& node) const {
    each(node.values, step(Kind::transformation));
    const auto& deciding = derivation.rows(node.plan);
    into.insert(into.end(), deciding.begin(), deciding.end());
    if (node.kind == SubqueryExpression::Kind::exists) return;
    const auto next = node.kind == SubqueryExpression::Kind::scalar ? above : step(Kind::transformation);
    for (const auto& attribute : node.plan->output) {
      for (const auto& edge : derivation.column(attribute.id)) into.push_back(compose(next, edge));
    }
  }
  void operator()(const PythonCall& node) const { each(node.arguments, step(Kind::transformation)); }
};

void Derivation::add(const Expression& expression, const Above& above, Edges& into) {
  std::visit(ExpressionWalk{*this, expression, above, into}, expression.node);
}

uint32_t Derivation::intern(const std::string& text) {
  const auto [found, added] = texts_.try_emplace(text, static_cast<uint32_t>(lineage_.texts.size()));
  if (added) lineage_.texts.push_back(text);
  return found->second;
}

uint32_t Derivation::text_of(const Expression& expression) {
  if (!environment_.text) return 0;
  auto text = environment_.text(expression);
  if (text.size() > text_bytes_max) {
    auto end = std::size_t{text_bytes_max};
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // not inside a character
    text.resize(end);
    text += "…";
  }
  return intern(text);
}

}  // namespace mastic::lineage
