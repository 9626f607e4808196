#include <set>

#include "dynamodb/errors.h"
#include "dynamodb/expression/project.h"
#include "dynamodb/operations/capacity.h"
#include "dynamodb/operations/item_checks.h"
#include "dynamodb/operations/operations.h"
#include "dynamodb/operations/projection.h"
#include "dynamodb/operations/table_lookup.h"

namespace mastic::dynamodb {
namespace {

constexpr std::size_t keys_max = 100;
constexpr std::size_t answer_max_bytes = 16 << 20;

/// What is wanted of one table, checked.
struct TableRead {
  std::string name;
  const wire::KeysAndAttributes* request;
  std::vector<std::string> keys;  // one for each of request->keys
  std::optional<std::vector<expression::Path>> projection;
};

Result<TableRead> checked(const std::string& name, const wire::KeysAndAttributes& request, const Store& store) {
  TRY_DO(expression::check_not_mixed({{"AttributesToGet", request.attributes_to_get.has_value()}},
                                     {{"ProjectionExpression", request.projection_expression.has_value()}}));
  expression::Placeholders placeholders(request.expression_attribute_names, std::nullopt);
  TRY_DO(placeholders.check_given(request.projection_expression.has_value(), ""));
  TRY(projection, parse_read_projection(request, placeholders));
  TRY_DO(placeholders.check_all_used());
  TRY(table, find_table(store, name));
  TableRead read{name, &request, {}, std::move(projection)};
  std::set<std::string> seen;
  for (const auto& key : request.keys) {
    TRY(bytes, checked_key(*table->definition(), key));
    if (!seen.insert(bytes).second) return fail(errors::validation("Provided list of item keys contains duplicates"));
    read.keys.push_back(std::move(bytes));
  }
  return read;
}

}  // namespace

Result<wire::BatchGetItemResponse> batch_get_item(const wire::BatchGetItemRequest& request, Environment& environment,
                                                  const aws::CallContext&) {
  std::size_t count = 0;
  for (const auto& [name, keys] : request.request_items) count += keys.keys.size();
  if (count > keys_max) return fail(errors::validation("Too many items requested for the BatchGetItem call"));
  std::vector<TableRead> reads;
  for (const auto& [name, keys] : request.request_items) {
    TRY(read, checked(name, keys, environment.store));
    reads.push_back(std::move(read));
  }

  wire::BatchGetItemResponse response;
  response.responses.emplace();
  response.unprocessed_keys.emplace();
  std::size_t total = 0;
  for (const auto& read : reads) {
    auto& items = (*response.responses)[read.name];
    double units = 0;
    for (std::size_t i = 0; i < read.keys.size(); ++i) {
      if (total >= answer_max_bytes) {
        // The answer is full: the client asks again for the rest.
        auto& rest = (*response.unprocessed_keys)[read.name];
        if (rest.keys.empty()) {
          rest = *read.request;
          rest.keys.clear();
        }
        rest.keys.push_back(read.request->keys[i]);
        continue;
      }
      TRY(item, environment.store.get(read.keys[i]));
      units += read_units(item ? item->size_bytes : 0, read.request->consistent_read.value_or(false));
      if (!item) continue;
      total += item->size_bytes;
      items.append(read.projection ? expression::project_encoded(item->encoded, *read.projection) : item->encoded);
    }
    if (auto capacity = consumed_capacity(request.return_consumed_capacity, read.name, units)) {
      if (!response.consumed_capacity) response.consumed_capacity.emplace();
      response.consumed_capacity->push_back(std::move(*capacity));
    }
  }
  return response;
}

}  // namespace mastic::dynamodb
