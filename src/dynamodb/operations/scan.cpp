#include "dynamodb/errors.h"
#include "dynamodb/operations/capacity.h"
#include "dynamodb/operations/page.h"
#include "dynamodb/operations/projection.h"
#include "dynamodb/operations/table_lookup.h"

namespace mastic::dynamodb {
namespace {

struct Parsed {
  std::optional<expression::Node> filter;
  std::optional<std::vector<expression::Path>> projection;
};

Result<Parsed> parse(const wire::ScanRequest& request) {
  TRY_DO(expression::check_not_mixed({{"AttributesToGet", request.attributes_to_get.has_value()},
                                      {"ScanFilter", request.scan_filter.has_value()},
                                      {"ConditionalOperator", request.conditional_operator.has_value()}},
                                     {{"ProjectionExpression", request.projection_expression.has_value()},
                                      {"FilterExpression", request.filter_expression.has_value()}}));
  expression::Placeholders placeholders(request.expression_attribute_names, request.expression_attribute_values);
  TRY_DO(placeholders.check_given(request.filter_expression || request.projection_expression,
                                  request.filter_expression ? "" : "FilterExpression is null"));
  Parsed parsed;
  if (request.filter_expression) {
    TRY(node, expression::parse_condition("FilterExpression", *request.filter_expression, placeholders));
    parsed.filter = std::move(node);
  } else if (request.scan_filter && !request.scan_filter->empty()) {
    TRY(node, expression::from_conditions(*request.scan_filter, request.conditional_operator));
    parsed.filter = std::move(node);
  }
  TRY(projection, parse_read_projection(request, placeholders));
  parsed.projection = std::move(projection);
  TRY_DO(placeholders.check_all_used());
  return parsed;
}

Result<key_codec::Range> range_of(const wire::ScanRequest& request, uint32_t number) {
  const auto& segment = request.segment;
  const auto& total = request.total_segments;
  if (!segment && !total) return key_codec::whole(number);
  if (!segment)
    return fail(
        errors::validation("The Segment parameter is required but was not present in the request when parameter "
                           "TotalSegments is present"));
  if (!total)
    return fail(
        errors::validation("The TotalSegments parameter is required but was not present in the request when Segment "
                           "parameter is present"));
  if (*segment >= *total)
    return fail(
        errors::validation("The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: " +
                           std::to_string(*segment) + " is not less than TotalSegments: " + std::to_string(*total)));
  return key_codec::segment(number, static_cast<uint32_t>(*segment), static_cast<uint32_t>(*total));
}

}  // namespace

Result<wire::ScanResponse> scan(const wire::ScanRequest& request, Environment& environment, const aws::CallContext&) {
  TRY(parsed, parse(request));
  TRY_DO(range_of(request, 0));
  const bool consistent = request.consistent_read.value_or(false);
  TRY(table, find_table(environment.store, request.table_name));
  const auto definition = table->definition();
  TRY(index, find_index(*definition, request.index_name, consistent));
  TRY(range, range_of(request, index ? index->number : definition->number));

  PageRequest page{.table = definition.get(),
                   .index = index,
                   .range = std::move(range),
                   .forward = true,
                   .start = std::nullopt,
                   .limit = request.limit,
                   .filter = std::move(parsed.filter),
                   .projection = std::move(parsed.projection)};
  TRY_DO(apply_select(page, request.select));
  if (request.exclusive_start_key) {
    TRY(start, start_key(*definition, index, *request.exclusive_start_key));
    if (start < page.range.begin || start >= page.range.end)
      return fail(errors::validation(
          "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "
          "ExclusiveStartKey with correct Segment. TotalSegments: " +
          std::to_string(request.total_segments.value_or(1)) + " Segment: " + std::to_string(request.segment.value_or(0))));
    page.start = std::move(start);
  }
  TRY(read, read_page(environment.store, page));

  wire::ScanResponse response;
  if (!page.count_only) response.items = std::move(read.items);
  response.count = read.count;
  response.scanned_count = read.scanned_count;
  response.last_evaluated_key = std::move(read.last_evaluated_key);
  response.consumed_capacity =
      consumed_capacity(request.return_consumed_capacity, request.table_name, read_units(read.read_bytes, consistent));
  return response;
}

}  // namespace mastic::dynamodb
