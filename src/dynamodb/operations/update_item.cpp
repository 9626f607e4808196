#include "dynamodb/errors.h"
#include "dynamodb/expression/project.h"
#include "dynamodb/operations/capacity.h"
#include "dynamodb/operations/item_checks.h"
#include "dynamodb/operations/item_write.h"
#include "dynamodb/operations/table_lookup.h"

namespace mastic::dynamodb {
namespace {

Result<expression::Update> parse(const wire::UpdateItemRequest& request, expression::Placeholders& placeholders) {
  if (request.update_expression) return expression::parse_update(*request.update_expression, placeholders);
  if (request.attribute_updates) return expression::from_attribute_updates(*request.attribute_updates);
  return expression::Update();
}

std::optional<WireItem> attributes(const std::string& returned, const WriteOutcome& outcome, const expression::Update& update) {
  const auto& state = returned.ends_with("_OLD") ? outcome.before : outcome.after;
  if (returned == "NONE" || !state) return std::nullopt;
  if (returned.starts_with("ALL_")) return WireItem::of(state->encoded);
  std::vector<expression::Path> paths;
  for (const auto& action : update.actions) paths.push_back(action.path);
  auto part = expression::project_encoded(state->encoded, paths);
  if (codec::ItemReader(part).left() == 0) return std::nullopt;
  return WireItem::of(part);
}

}  // namespace

Result<wire::UpdateItemResponse> update_item(const wire::UpdateItemRequest& request, Environment& environment,
                                             const aws::CallContext&) {
  TRY_DO(expression::check_not_mixed({{"AttributeUpdates", request.attribute_updates.has_value()},
                                      {"Expected", request.expected.has_value()},
                                      {"ConditionalOperator", request.conditional_operator.has_value()}},
                                     {{"UpdateExpression", request.update_expression.has_value()},
                                      {"ConditionExpression", request.condition_expression.has_value()}}));
  expression::Placeholders placeholders(request.expression_attribute_names, request.expression_attribute_values);
  const bool any = request.update_expression.has_value() || request.condition_expression.has_value();
  TRY_DO(placeholders.check_given(any, any ? "" : "UpdateExpression and ConditionExpression are null"));
  TRY(update, parse(request, placeholders));
  TRY(condition, parse_write_condition(request, placeholders));
  TRY_DO(placeholders.check_all_used());

  TRY(table, find_table(environment.store, request.table_name));
  const auto definition = table->definition();
  TRY(key, checked_key(*definition, request.key));
  TRY_DO(check_no_key_updated(*definition, update));
  WriteOutcome outcome;
  Write write = update_write(table, std::move(key), request.key, update, std::move(condition), &outcome);
  TRY_DO(environment.store.write({&write, 1}));

  wire::UpdateItemResponse response;
  response.attributes = attributes(request.return_values.value_or("NONE"), outcome, update);
  response.consumed_capacity = consumed_capacity(request.return_consumed_capacity, request.table_name, outcome.write_units());
  return response;
}

}  // namespace mastic::dynamodb
