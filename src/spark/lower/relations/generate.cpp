// Generators: unnest in a select list. SELECT *, unnest(list) AS c9 FROM … gives a row for each member and none for an
// empty list, as explode does; `outer` puts one NULL into lists that are empty or NULL.
#include <duckdb.hpp>
#include <duckdb/parser/expression/list.hpp>

#include "spark/lower/lowering.h"
#include "spark/lower/types.h"

namespace mastic::spark {
namespace {

ast::Exprs one(ast::Expr expression) {
  ast::Exprs list;
  list.push_back(std::move(expression));
  return list;
}

/// A list that has a member at all.
ast::Expr padded(ast::Expr list, bool outer) {
  if (!outer) return list;
  return ast::fill("CASE WHEN $1 IS NULL OR len($1) = 0 THEN [NULL] ELSE $1 END", one(std::move(list)));
}

ast::Expr unnest(ast::Expr list) { return ast::call("unnest", std::move(list)); }

/// 0, 1, … beside the members; NULL where `outer` made one up.
ast::Expr positions(ast::Expr list, bool outer) {
  auto range = ast::fill("range(len($1)::BIGINT)", one(std::move(list)));
  return ast::cast(unnest(padded(std::move(range), outer)), duckdb::LogicalType::INTEGER);
}

}  // namespace

Block lower_generate(Lowering& lowering, const Relation&, const Generate& node) {
  const auto columns = column_ids(*node.input);
  auto block = lowering.relation(*node.input);
  if (block.projected || block.limited() || !block.orders.empty()) block = std::move(block).wrapped(columns);
  for (const auto id : columns) block.select.push_back(ast::column(id));
  block.projected = true;
  std::vector<ast::Expr> items;
  std::string generator = node.generator;
  bool outer = node.outer;
  if (generator.ends_with("_outer")) {
    outer = true;
    generator.resize(generator.size() - 6);
  }
  auto arguments = lowering.expressions(node.arguments);
  const auto& generated = node.generated;
  if (generator == "explode" || generator == "posexplode") {
    const bool map = node.arguments.at(0)->type.is(TypeKind::map);
    auto list = std::move(arguments.at(0));
    if (generator == "posexplode") {
      items.push_back(positions(map ? ast::call("map_keys", list->Copy()) : list->Copy(), outer));
    }
    if (map) {
      items.push_back(unnest(padded(ast::call("map_keys", list->Copy()), outer)));
      items.push_back(unnest(padded(ast::call("map_values", std::move(list)), outer)));
    } else {
      items.push_back(unnest(padded(std::move(list), outer)));
    }
  } else if (generator == "inline") {
    const auto& element = node.arguments.at(0)->type.element();
    for (std::size_t i = 0; i < element.fields.size(); ++i) {
      const auto name = lowering.fresh_name("e");
      auto members = ast::call("list_transform", arguments.at(0)->Copy(),
                               ast::lambda({name}, ast::field(ast::column(name), static_cast<int>(i))));
      items.push_back(unnest(padded(std::move(members), outer)));
    }
  } else if (generator == "variant_explode") {
    const auto members = ast::call("spark_variant_members", std::move(arguments.at(0)));
    for (int i = 0; i < 3; ++i) {
      const auto name = lowering.fresh_name("e");
      auto one = ast::call("list_transform", members->Copy(), ast::lambda({name}, ast::field(ast::column(name), i)));
      items.push_back(unnest(padded(std::move(one), outer)));
    }
  } else if (generator == "stack") {
    // stack(n, v1, v2, …): n rows of generated.size() columns.
    const std::size_t width = generated.size();
    for (std::size_t column = 0; column < width; ++column) {
      ast::Exprs members;
      const auto* count = std::get_if<Literal>(&node.arguments.at(0)->node);
      const int64_t rows =
          count != nullptr && std::holds_alternative<int64_t>(count->value) ? std::get<int64_t>(count->value) : 1;
      for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row) {
        const std::size_t index = 1 + row * width + column;
        members.push_back(index < arguments.size() ? arguments[index]->Copy()
                                                   : ast::null_of(to_duckdb_type(generated[column].type)));
      }
      items.push_back(unnest(ast::call("list_value", std::move(members))));
    }
  } else if (generator == "json_tuple") {
    for (std::size_t i = 1; i < arguments.size(); ++i) {
      ast::Exprs pair;
      pair.push_back(arguments[0]->Copy());
      pair.push_back(std::move(arguments[i]));
      items.push_back(ast::fill("spark_json_field($1, $2)", pair));
    }
  } else {
    not_lowered("generator " + node.generator);
  }
  for (std::size_t i = 0; i < items.size() && i < generated.size(); ++i) {
    auto item = ast::cast(std::move(items[i]), to_duckdb_type(generated[i].type));
    item->SetAlias(ast::column_name(generated[i].id));
    block.select.push_back(std::move(item));
  }
  return block;
}

}  // namespace mastic::spark
