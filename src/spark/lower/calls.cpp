#include <algorithm>
#include <duckdb.hpp>
#include <duckdb/parser/expression/list.hpp>

#include "spark/lower/collations.h"
#include "spark/lower/functions/table.h"

namespace mastic::spark {
namespace {

using Index = std::unordered_map<std::string_view, std::vector<const FunctionLowering*>>;

const Index& rows_by_name() {
  static const Index index = [] {
    Index built;
    for (const auto& family : {operator_lowerings(), math_lowerings(), string_lowerings(), datetime_lowerings(),
                               collection_lowerings(), map_lowerings(), lambda_lowerings(), json_lowerings(),
                               sketch_lowerings(), misc_lowerings(), csv_lowerings(), random_lowerings()}) {
      for (const auto& row : family) built[row.name].push_back(&row);
    }
    return built;
  }();
  return index;
}

}  // namespace

bool is_scalar_lowered(std::string_view name) { return rows_by_name().contains(name); }

std::optional<std::string> CallInProgress::literal_text(std::size_t argument) const {
  if (argument >= call.arguments.size()) return std::nullopt;
  const Expression* expression = call.arguments[argument].get();
  while (const auto* inner = std::get_if<Cast>(&expression->node)) expression = inner->child.get();
  const auto* literal = std::get_if<Literal>(&expression->node);
  if (literal == nullptr) return std::nullopt;
  if (const auto* text = std::get_if<std::string>(&literal->value)) return *text;
  if (const auto* number = std::get_if<int64_t>(&literal->value)) return std::to_string(*number);
  if (const auto* truth = std::get_if<bool>(&literal->value)) return *truth ? "true" : "false";
  return std::nullopt;
}

void Lowering::refuse_collation(const DataType& type, std::string_view what) {
  if (!type.collation.empty()) {
    not_lowered(std::string(what) + " of strings with the collation " + type.collation);
  }
  for (const auto& child : type.children) refuse_collation(child, what);
  for (const auto& field : type.fields) refuse_collation(field.type, what);
}

namespace {

/// Calls that compare strings of a collation by their keys.
bool compares_keys(const Call& node) {
  static constexpr std::string_view comparisons[] = {"=", "<=>", "<", "<=", ">", ">=", "in", "between", "<>"};
  static constexpr std::string_view searches[] = {"contains", "startswith", "endswith", "like"};
  bool any = false;
  bool lower_case = true;
  for (const auto& argument : node.arguments) {
    if (has_nested_collation(argument->type)) return false;
    any |= !argument->type.collation.empty();
    lower_case &= argument->type.collation.empty() || argument->type.collation == "UTF8_LCASE";
  }
  if (!any) return false;
  if (std::ranges::find(comparisons, node.function) != std::end(comparisons)) return true;
  // Within a text keys are letters only in lower case.
  return lower_case && std::ranges::all_of(node.arguments, [](const auto& one) { return !one->type.collation.empty(); }) &&
         std::ranges::find(searches, node.function) != std::end(searches);
}

}  // namespace

ast::Expr Lowering::call(const Call& node, const Expression& whole) {
  static constexpr std::string_view without_comparison[] = {
      "isnull",     "isnotnull",    "coalesce", "collate", "collation",    "length",       "concat",
      "upper",      "lower",        "struct",   "array",   "map",          "named_struct", "substring",
      "left",       "right",        "reverse",  "repeat",  "initcap",      "typeof",       "char_length",
      "bit_length", "octet_length", "nvl",      "ifnull",  "knownnotnull", "sql_function", "ascii"};
  const bool by_keys = compares_keys(node);
  if (!by_keys && std::ranges::find(without_comparison, node.function) == std::end(without_comparison)) {
    for (const auto& argument : node.arguments) {
      refuse_collation(argument->type, "the function " + node.function);
      // A cast to plain text, which a comparison may have brought in, does not make letters differ that were the same.
      if (const auto* cast = std::get_if<Cast>(&argument->node); cast != nullptr && argument->type.is_textual())
        refuse_collation(cast->child->type, "the function " + node.function);
    }
  }
  const auto found = rows_by_name().find(node.function);
  if (found == rows_by_name().end()) not_lowered("function " + node.function);
  const auto count = static_cast<int>(node.arguments.size());
  for (const auto* row : found->second) {
    if (row->arity >= 0 && row->arity != count) continue;
    CallInProgress progress{*this, node, whole.type, expressions(node.arguments)};
    for (std::size_t i = 0; by_keys && i < node.arguments.size(); ++i)
      progress.arguments[i] = collation_key(std::move(progress.arguments[i]), node.arguments[i]->type);
    if (row->build != nullptr) return row->build(progress);
    const bool pattern = row->text.find_first_of("$( '") != std::string_view::npos;
    if (pattern) return ast::fill(std::string(row->text), progress.arguments);
    return ast::call(std::string(row->text.empty() ? row->name : row->text), std::move(progress.arguments));
  }
  not_lowered("function " + node.function + " with " + std::to_string(count) + " arguments");
}

}  // namespace mastic::spark
