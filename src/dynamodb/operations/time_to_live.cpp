#include "dynamodb/operations/time_to_live.h"

#include <cmath>
#include <cstdlib>

#include "dynamodb/errors.h"
#include "dynamodb/expression/evaluate.h"
#include "dynamodb/operations/operations.h"
#include "dynamodb/operations/table_lookup.h"

namespace mastic::dynamodb {
namespace {

constexpr std::size_t batch_items = 100;
constexpr double years_5_seconds = 5 * 365.25 * 24 * 60 * 60;

bool has_expired(std::string_view encoded, std::string_view attribute, double now_seconds) {
  expression::EncodedDocument document(encoded);
  const auto* value = document.find(attribute);
  if (value == nullptr || value->type != Type::number) return false;
  const double expires = std::strtod(value->text.c_str(), nullptr);
  return expires < now_seconds && expires > now_seconds - years_5_seconds;
}

Result<uint64_t> remove_from(Store& store, const TablePtr& table, double now_seconds) {
  const auto definition = table->definition();
  const auto& attribute = definition->time_to_live;
  uint64_t removed = 0;
  std::vector<Write> writes;
  const auto flush = [&]() -> Result<void> {
    TRY_DO(store.write(writes));
    writes.clear();
    return {};
  };
  TRY(cursor, store.read(key_codec::segment(definition->number, 0, 1), true, std::nullopt));
  for (; cursor->valid(); cursor->next()) {
    if (!has_expired(cursor->encoded(), attribute, now_seconds)) continue;
    writes.push_back({.table = table,
                      .key = std::string(cursor->key()),
                      .needs_old = true,
                      .decide = [&attribute, &removed, now_seconds](const StoredItem* old) -> Result<Change> {
                        if (old == nullptr || !has_expired(old->encoded, attribute, now_seconds)) return Change();
                        ++removed;
                        return Change::remove();
                      }});
    if (writes.size() == batch_items) TRY_DO(flush());
  }
  TRY_DO(cursor->status());
  TRY_DO(flush());
  return removed;
}

Result<void> change(const wire::TimeToLiveSpecification& wanted, TableDefinition& definition) {
  auto& attribute = definition.time_to_live;
  if (wanted.enabled && attribute == wanted.attribute_name) return fail(errors::validation("TimeToLive is already enabled"));
  if (!wanted.enabled && attribute.empty()) return fail(errors::validation("TimeToLive is already disabled"));
  if (!attribute.empty() && attribute != wanted.attribute_name)
    return fail(errors::validation("TimeToLive is active on a different AttributeName: current AttributeName is " + attribute));
  attribute = wanted.enabled ? wanted.attribute_name : std::string();
  return {};
}

Result<TablePtr> named_table(const Environment& environment, const std::string& name_or_arn) {
  TRY(name, table_name_of(name_or_arn));
  auto table = environment.store.find_table(name);
  if (!table) return fail(errors::table_not_found(name));
  return table;
}

}  // namespace

Result<uint64_t> remove_expired_items(Store& store, Instant now) {
  const auto now_seconds = static_cast<double>(to_microseconds(now)) / 1e6;
  uint64_t removed = 0;
  for (const auto& name : store.table_names("", SIZE_MAX)) {
    const auto table = store.find_table(name);
    if (!table || table->definition()->time_to_live.empty()) continue;
    const auto one = remove_from(store, table, now_seconds);
    // A table that was deleted meanwhile has nothing to expire.
    if (!one && one.error().code != "ResourceNotFoundException") return fail(one.error());
    removed += one.value_or(0);
  }
  return removed;
}

Result<wire::UpdateTimeToLiveResponse> update_time_to_live(const wire::UpdateTimeToLiveRequest& request,
                                                           Environment& environment, const aws::CallContext&) {
  TRY(table, named_table(environment, request.table_name));
  const auto& wanted = request.time_to_live_specification;
  TRY_DO(environment.store.change_table(table, [&](TableDefinition& definition) { return change(wanted, definition); }));
  return wire::UpdateTimeToLiveResponse{.time_to_live_specification = wanted};
}

Result<wire::DescribeTimeToLiveResponse> describe_time_to_live(const wire::DescribeTimeToLiveRequest& request,
                                                               Environment& environment, const aws::CallContext&) {
  TRY(table, named_table(environment, request.table_name));
  const auto attribute = table->definition()->time_to_live;
  wire::TimeToLiveDescription description;
  description.time_to_live_status = attribute.empty() ? "DISABLED" : "ENABLED";
  if (!attribute.empty()) description.attribute_name = attribute;
  return wire::DescribeTimeToLiveResponse{.time_to_live_description = std::move(description)};
}

}  // namespace mastic::dynamodb
