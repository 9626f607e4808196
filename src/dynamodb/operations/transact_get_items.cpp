#include "dynamodb/expression/project.h"
#include "dynamodb/operations/capacity.h"
#include "dynamodb/operations/item_checks.h"
#include "dynamodb/operations/operations.h"
#include "dynamodb/operations/projection.h"
#include "dynamodb/operations/table_lookup.h"

namespace mastic::dynamodb {

Result<wire::TransactGetItemsResponse> transact_get_items(const wire::TransactGetItemsRequest& request,
                                                          Environment& environment, const aws::CallContext&) {
  std::vector<std::string> keys;
  std::vector<std::optional<std::vector<expression::Path>>> projections;
  for (const auto& [get] : request.transact_items) {
    expression::Placeholders placeholders(get.expression_attribute_names, std::nullopt);
    TRY_DO(placeholders.check_given(get.projection_expression.has_value(), ""));
    TRY(projection, parse_read_projection(get, placeholders));
    TRY_DO(placeholders.check_all_used());
    TRY(table, find_table(environment.store, get.table_name));
    TRY(key, checked_key(*table->definition(), get.key));
    keys.push_back(std::move(key));
    projections.push_back(std::move(projection));
  }
  TRY(items, environment.store.get_together(keys));

  wire::TransactGetItemsResponse response;
  response.responses.emplace();
  std::map<std::string, double> units;
  for (std::size_t i = 0; i < items.size(); ++i) {
    auto& answer = response.responses->emplace_back();
    units[request.transact_items[i].get.table_name] += 2 * read_units(items[i] ? items[i]->size_bytes : 0, true);
    if (!items[i]) continue;
    answer.item = projections[i] ? WireItem::of(expression::project_encoded(items[i]->encoded, *projections[i]))
                                 : WireItem::of(items[i]->encoded);
  }
  for (const auto& [name, used] : units)
    if (auto capacity = consumed_capacity(request.return_consumed_capacity, name, used)) {
      if (!response.consumed_capacity) response.consumed_capacity.emplace();
      response.consumed_capacity->push_back(std::move(*capacity));
    }
  return response;
}

}  // namespace mastic::dynamodb
