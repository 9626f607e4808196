#include "dynamodb/errors.h"
#include "dynamodb/operations/capacity.h"
#include "dynamodb/operations/item_checks.h"
#include "dynamodb/operations/item_write.h"
#include "dynamodb/operations/table_lookup.h"

namespace mastic::dynamodb {

Result<wire::DeleteItemResponse> delete_item(const wire::DeleteItemRequest& request, Environment& environment,
                                             const aws::CallContext&) {
  const auto returned = request.return_values.value_or("NONE");
  if (returned != "NONE" && returned != "ALL_OLD") return fail(errors::validation("ReturnValues can only be ALL_OLD or NONE"));
  TRY_DO(expression::check_not_mixed(
      {{"Expected", request.expected.has_value()}, {"ConditionalOperator", request.conditional_operator.has_value()}},
      {{"ConditionExpression", request.condition_expression.has_value()}}));
  expression::Placeholders placeholders(request.expression_attribute_names, request.expression_attribute_values);
  TRY_DO(placeholders.check_given(request.condition_expression.has_value(),
                                  request.condition_expression ? "" : "ConditionExpression is null"));
  TRY(condition, parse_write_condition(request, placeholders));
  TRY_DO(placeholders.check_all_used());

  TRY(table, find_table(environment.store, request.table_name));
  TRY(key, checked_key(*table->definition(), request.key));
  WriteOutcome outcome;
  Write write = delete_write(table, std::move(key), std::move(condition), &outcome);
  TRY_DO(environment.store.write({&write, 1}));

  wire::DeleteItemResponse response;
  if (returned == "ALL_OLD" && outcome.before) response.attributes = WireItem::of(outcome.before->encoded);
  response.consumed_capacity = consumed_capacity(request.return_consumed_capacity, request.table_name, outcome.write_units());
  return response;
}

}  // namespace mastic::dynamodb
