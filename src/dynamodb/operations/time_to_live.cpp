#include "dynamodb/operations/time_to_live.h"

#include <algorithm>

#include "dynamodb/errors.h"
#include "dynamodb/operations/operations.h"
#include "dynamodb/operations/table_lookup.h"
#include "dynamodb/store/expiry.h"

namespace mastic::dynamodb {
namespace {

constexpr std::size_t batch_items = 100;
constexpr uint64_t years_5_seconds = 5 * uint64_t{31'557'600};  // years of 365.25 days

/// Whole seconds: what expires in this one is found in the next.
struct Window {
  uint64_t from, until;

  [[nodiscard]] bool holds(std::string_view encoded, std::string_view attribute) const {
    const auto seconds = expiry::seconds_of(encoded, attribute);
    return seconds && *seconds >= from && *seconds < until;
  }
};

Result<uint64_t> remove_from(Store& store, const TablePtr& table, const Window& window) {
  const auto attribute = table->definition()->time_to_live;
  uint64_t removed = 0;
  while (true) {
    TRY(keys, store.expiring(*table, window.from, window.until, batch_items));
    std::vector<Write> writes;
    uint64_t now_removed = 0;
    for (auto& key : keys) {
      writes.push_back(
          {.table = table, .key = std::move(key), .needs_old = true, .decide = [&](const StoredItem* old) -> Result<Change> {
             // It may have been written since the entry was read.
             if (old == nullptr || !window.holds(old->encoded, attribute)) return Change();
             ++now_removed;
             return Change::remove();
           }});
    }
    TRY_DO(store.write(writes));
    removed += now_removed;
    // Those that were left were rewritten meanwhile: the next sweep finds what they say now.
    if (keys.size() < batch_items || now_removed == 0) return removed;
  }
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
  const auto until = static_cast<uint64_t>(std::max<int64_t>(0, to_microseconds(now) / 1'000'000));
  const Window window{.from = until > years_5_seconds ? until - years_5_seconds : 0, .until = until};
  uint64_t removed = 0;
  for (const auto& name : store.table_names("", SIZE_MAX)) {
    const auto table = store.find_table(name);
    if (!table || table->definition()->time_to_live.empty()) continue;
    const auto one = remove_from(store, table, window);
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
