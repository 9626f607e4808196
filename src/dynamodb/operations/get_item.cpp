#include "dynamodb/expression/project.h"
#include "dynamodb/operations/capacity.h"
#include "dynamodb/operations/item_checks.h"
#include "dynamodb/operations/operations.h"
#include "dynamodb/operations/projection.h"
#include "dynamodb/operations/table_lookup.h"

namespace mastic::dynamodb {

Result<wire::GetItemResponse> get_item(const wire::GetItemRequest& request, Environment& environment, const aws::CallContext&) {
  TRY_DO(expression::check_not_mixed({{"AttributesToGet", request.attributes_to_get.has_value()}},
                                     {{"ProjectionExpression", request.projection_expression.has_value()}}));
  expression::Placeholders placeholders(request.expression_attribute_names, std::nullopt);
  TRY_DO(placeholders.check_given(request.projection_expression.has_value(), ""));
  TRY(projection, parse_read_projection(request, placeholders));
  TRY_DO(placeholders.check_all_used());

  TRY(table, find_table(environment.store, request.table_name));
  TRY(key, checked_key(*table->definition(), request.key));
  TRY(item, environment.store.get(key));

  wire::GetItemResponse response;
  if (item)
    response.item =
        projection ? WireItem::of(expression::project_encoded(item->encoded, *projection)) : WireItem::of(item->encoded);
  response.consumed_capacity =
      consumed_capacity(request.return_consumed_capacity, request.table_name,
                        read_units(item ? item->size_bytes : 0, request.consistent_read.value_or(false)));
  return response;
}

}  // namespace mastic::dynamodb
