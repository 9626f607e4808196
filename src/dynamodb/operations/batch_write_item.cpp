#include <algorithm>

#include "dynamodb/errors.h"
#include "dynamodb/operations/capacity.h"
#include "dynamodb/operations/item_checks.h"
#include "dynamodb/operations/item_write.h"
#include "dynamodb/operations/table_lookup.h"

namespace mastic::dynamodb {
namespace {

constexpr std::size_t writes_max = 25;
constexpr std::size_t batch_max_bytes = 16 << 20;

Result<Write> checked_write(const TablePtr& table, const wire::WriteRequest& request, std::size_t& size) {
  if (request.put_request.has_value() == request.delete_request.has_value())
    return fail(
        errors::validation("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
                           "supported datatypes"));
  const auto definition = table->definition();
  if (request.put_request) {
    TRY(checked, checked_item(*definition, request.put_request->item));
    size = checked.item.size_bytes;
    return put_write(table, std::move(checked.key), std::move(checked.item), {}, nullptr);
  }
  TRY(key, checked_key(*definition, request.delete_request->key));
  size = 0;
  return delete_write(table, std::move(key), {}, nullptr);
}

}  // namespace

// All writes of the batch are durable together: one entry in the log. Nothing is ever left unprocessed.
Result<wire::BatchWriteItemResponse> batch_write_item(const wire::BatchWriteItemRequest& request, Environment& environment,
                                                      const aws::CallContext&) {
  std::size_t count = 0;
  for (const auto& [table, requests] : request.request_items) count += requests.size();
  if (count > writes_max) return fail(errors::validation("Too many items requested for the BatchWriteItem call"));

  std::vector<Write> writes;
  std::map<std::string, double> units;
  std::size_t total = 0;
  for (const auto& [name, requests] : request.request_items) {
    TRY(table, find_table(environment.store, name));
    for (const auto& one : requests) {
      std::size_t size = 0;
      TRY(write, checked_write(table, one, size));
      units[name] += write_units(size);
      total += size;
      writes.push_back(std::move(write));
    }
  }
  if (total > batch_max_bytes) return fail(errors::validation("Request size exceeded the 16 MB limit"));
  std::vector<std::string_view> keys;
  for (const auto& write : writes) keys.push_back(write.key);
  std::ranges::sort(keys);
  if (std::ranges::adjacent_find(keys) != keys.end())
    return fail(errors::validation("Provided list of item keys contains duplicates"));
  TRY_DO(environment.store.write(writes));

  wire::BatchWriteItemResponse response;
  response.unprocessed_items.emplace();
  for (const auto& [name, used] : units)
    if (auto capacity = consumed_capacity(request.return_consumed_capacity, name, used)) {
      if (!response.consumed_capacity) response.consumed_capacity.emplace();
      response.consumed_capacity->push_back(std::move(*capacity));
    }
  return response;
}

}  // namespace mastic::dynamodb
