#include "dynamodb/errors.h"
#include "dynamodb/expression/key_condition.h"
#include "dynamodb/operations/capacity.h"
#include "dynamodb/operations/item_checks.h"
#include "dynamodb/operations/page.h"
#include "dynamodb/operations/projection.h"
#include "dynamodb/operations/table_lookup.h"

namespace mastic::dynamodb {
namespace {

/// The keys that a key condition admits.
key_codec::Range range_of(const expression::KeyCondition& condition, uint32_t number) {
  using enum expression::SortComparison;
  const std::string prefix = key_codec::partition_prefix(number, key_codec::ordered(condition.partition));
  auto range = key_codec::starting_with(prefix);
  if (!condition.sort) return range;
  const auto exactly = [&](const Value& value) {
    std::string key = prefix;
    key_codec::append_sort(key, key_codec::ordered(value));
    return key;
  };
  const auto& [comparison, low, high] = *condition.sort;
  switch (comparison) {
    case equal: return key_codec::starting_with(exactly(low));
    case less: range.end = exactly(low); break;
    case less_or_equal: range.end = key_codec::after_prefix(exactly(low)); break;
    case greater: range.begin = key_codec::after_prefix(exactly(low)); break;
    case greater_or_equal: range.begin = exactly(low); break;
    case between:
      range.begin = exactly(low);
      range.end = key_codec::after_prefix(exactly(high));
      break;
    case begins_with: {
      std::string start = prefix;
      key_codec::append_sort_start(start, key_codec::ordered(low));
      return key_codec::starting_with(std::move(start));
    }
  }
  return range;
}

/// Query filters after the keys did their part: they must leave the keys alone.
Result<void> check_no_key_filtered(const expression::Node& filter, const KeySchema& keys) {
  if (filter.kind == expression::Kind::path && is_key_attribute(keys, filter.path.top()))
    return fail(errors::validation("Filter Expression can only contain non-primary key attributes: Primary key attribute: " +
                                   filter.path.top()));
  for (const auto& child : filter.children) TRY_DO(check_no_key_filtered(child, keys));
  return {};
}

struct Parsed {
  expression::Node key_condition;
  std::optional<expression::Node> filter;
  std::optional<std::vector<expression::Path>> projection;
};

Result<Parsed> parse(const wire::QueryRequest& request) {
  TRY_DO(expression::check_not_mixed({{"AttributesToGet", request.attributes_to_get.has_value()},
                                      {"QueryFilter", request.query_filter.has_value()},
                                      {"ConditionalOperator", request.conditional_operator.has_value()},
                                      {"KeyConditions", request.key_conditions.has_value()}},
                                     {{"ProjectionExpression", request.projection_expression.has_value()},
                                      {"FilterExpression", request.filter_expression.has_value()},
                                      {"KeyConditionExpression", request.key_condition_expression.has_value()}}));
  expression::Placeholders placeholders(request.expression_attribute_names, request.expression_attribute_values);
  const bool with_values = request.filter_expression || request.key_condition_expression;
  TRY_DO(placeholders.check_given(with_values || request.projection_expression,
                                  with_values ? "" : "FilterExpression and KeyConditionExpression are null"));
  Parsed parsed;
  if (request.key_condition_expression) {
    TRY(node, expression::parse_condition("KeyConditionExpression", *request.key_condition_expression, placeholders));
    parsed.key_condition = std::move(node);
  } else if (request.key_conditions && !request.key_conditions->empty()) {
    TRY(node, expression::from_conditions(*request.key_conditions, std::nullopt));
    parsed.key_condition = std::move(node);
  } else {
    return fail(
        errors::validation("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."));
  }
  if (request.filter_expression) {
    TRY(node, expression::parse_condition("FilterExpression", *request.filter_expression, placeholders));
    parsed.filter = std::move(node);
  } else if (request.query_filter && !request.query_filter->empty()) {
    TRY(node, expression::from_conditions(*request.query_filter, request.conditional_operator));
    parsed.filter = std::move(node);
  }
  TRY(projection, parse_read_projection(request, placeholders));
  parsed.projection = std::move(projection);
  TRY_DO(placeholders.check_all_used());
  return parsed;
}

}  // namespace

Result<wire::QueryResponse> query(const wire::QueryRequest& request, Environment& environment, const aws::CallContext&) {
  TRY(parsed, parse(request));
  const bool consistent = request.consistent_read.value_or(false);
  TRY(table, find_table(environment.store, request.table_name));
  const auto definition = table->definition();
  TRY(index, find_index(*definition, request.index_name, consistent));
  const auto& keys = index ? index->keys : definition->keys;
  TRY(condition, expression::to_key_condition(parsed.key_condition, keys));
  if (parsed.filter) TRY_DO(check_no_key_filtered(*parsed.filter, keys));

  PageRequest page{.table = definition.get(),
                   .index = index,
                   .range = range_of(condition, index ? index->number : definition->number),
                   .forward = request.scan_index_forward.value_or(true),
                   .start = std::nullopt,
                   .limit = request.limit,
                   .filter = std::move(parsed.filter),
                   .projection = std::move(parsed.projection)};
  TRY_DO(apply_select(page, request.select));
  if (request.exclusive_start_key) {
    TRY(start, start_key(*definition, index, *request.exclusive_start_key));
    if (start < page.range.begin || start >= page.range.end)
      return fail(errors::validation("The provided starting key is outside query boundaries based on provided conditions"));
    page.start = std::move(start);
  }
  TRY(read, read_page(environment.store, page));

  wire::QueryResponse response;
  if (!page.count_only) response.items = std::move(read.items);
  response.count = read.count;
  response.scanned_count = read.scanned_count;
  response.last_evaluated_key = std::move(read.last_evaluated_key);
  response.consumed_capacity =
      consumed_capacity(request.return_consumed_capacity, request.table_name, read_units(read.read_bytes, consistent));
  return response;
}

}  // namespace mastic::dynamodb
