#include "spark/functions/registry.h"

#include <cctype>
#include <unordered_map>

#include "spark/functions/row.h"

namespace mastic::spark {
namespace {

struct Registry {
  std::vector<FunctionRow> rows;
  std::unordered_map<std::string_view, const FunctionRow*> by_name;
};

Registry build() {
  Registry registry;
  for (auto* family : {operator_functions, math_functions, text_functions, datetime_functions, conditional_functions,
                       collection_functions, map_functions, lambda_functions, json_functions, hash_functions, misc_functions,
                       pandas_functions, aggregate_functions, sketch_functions, window_functions, generator_functions}) {
    for (auto& row : family()) registry.rows.push_back(std::move(row));
  }
  for (const auto& row : registry.rows) {
    registry.by_name.emplace(row.name, &row);
    for (const auto alias : row.aliases) registry.by_name.emplace(alias, &row);
  }
  return registry;
}

const Registry& registry() {
  static const Registry instance = build();
  return instance;
}

}  // namespace

const FunctionRow* find_function(std::string_view name) {
  std::string lower(name);
  for (auto& letter : lower) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  const auto found = registry().by_name.find(lower);
  return found == registry().by_name.end() ? nullptr : found->second;
}

std::span<const FunctionRow> all_functions() { return registry().rows; }

}  // namespace mastic::spark
