// Plans for this room's tests: small makers, an engine with in-memory stores, rows as text.
#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"
#include "spark/lower/execute.h"
#include "spark/plan/relation.h"

namespace mastic::spark::test {

inline ExpressionPtr literal(int32_t value) { return make_expression(types::integer(), false, Literal{int64_t{value}}); }
inline ExpressionPtr literal(const char* value) { return make_expression(types::string(), false, Literal{std::string(value)}); }
inline ExpressionPtr literal(double value) { return make_expression(types::double_type(), false, Literal{value}); }
inline ExpressionPtr null_of(DataType type) { return make_expression(std::move(type), true, Literal{}); }
inline ExpressionPtr decimal(const char* digits, int precision, int scale) {
  return make_expression(types::decimal(precision, scale), false, Literal{std::string(digits)});
}
inline ExpressionPtr column(const Attribute& attribute) {
  return make_expression(attribute.type, attribute.nullable, ColumnReference{attribute.id, attribute.name});
}
inline ExpressionPtr call(std::string function, DataType type, std::vector<ExpressionPtr> arguments,
                          EvalMode mode = EvalMode::legacy) {
  return make_expression(std::move(type), true, Call{std::move(function), std::move(arguments), mode});
}
inline ExpressionPtr cast(ExpressionPtr child, DataType type, EvalMode mode = EvalMode::legacy) {
  return make_expression(std::move(type), true, Cast{std::move(child), mode, false});
}

/// SELECT expression …
inline RelationPtr select(std::vector<ExpressionPtr> expressions, RelationPtr input = make_relation({}, OneRow{}),
                          ColumnId first = 100) {
  std::vector<Attribute> output;
  std::vector<NamedExpression> named;
  for (auto& one : expressions) {
    const ColumnId id = first + named.size();
    output.push_back({id, "x" + std::to_string(named.size()), one->type, true, {}, ""});
    named.push_back({id, output.back().name, std::move(one), ""});
  }
  return make_relation(std::move(output), Project{std::move(input), std::move(named)});
}

inline RelationPtr range(int64_t end) {
  return make_relation({{1, "id", types::long_type(), false, {}, ""}}, RangeRows{0, end, 1, 1});
}

inline std::unique_ptr<engine::Engine> open_engine(engine::Stores stores = {}) {
  auto engine = engine::Engine::open({.threads = 2, .memory_bytes_max = 0, .temporary_folder = ""}, std::move(stores));
  if (!engine) throw std::runtime_error(engine.error().message);
  return std::move(*engine);
}

/// Rows as `a|b` lines, or the error's condition and message.
inline std::string run(engine::Connection& connection, const RelationPtr& relation, const LowerOptions& options = {}) {
  auto rows = collect_text(connection, *relation, options);
  if (!rows) return "ERROR " + rows.error().condition + ": " + rows.error().message;
  std::string text;
  for (const auto& row : *rows) {
    for (std::size_t i = 0; i < row.size(); ++i) text += (i > 0 ? "|" : "") + row[i].value_or("NULL");
    text += "\n";
  }
  if (!text.empty()) text.pop_back();
  return text;
}

}  // namespace mastic::spark::test
