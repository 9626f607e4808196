#include "dynamodb/dynamodb.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "base/log.h"
#include "dynamodb/errors.h"
#include "dynamodb/expression/evaluate.h"
#include "dynamodb/expression/parser.h"
#include "dynamodb/expression/project.h"
#include "dynamodb/operations/item_checks.h"
#include "dynamodb/operations/item_write.h"
#include "dynamodb/operations/operations.h"
#include "dynamodb/operations/table_lookup.h"
#include "dynamodb/operations/time_to_live.h"
#include "dynamodb/store/rocks_store.h"

namespace mastic::dynamodb {
namespace {

constexpr std::size_t scan_batch_bytes = 256 << 10;
constexpr std::size_t put_batch_items = 500;

}  // namespace

struct Database::State {
  std::unique_ptr<RocksStore> store;
  Environment environment;
  std::condition_variable_any wake;
  std::mutex mutex;
  std::jthread expiring = {};  // last: it ends before what it uses

  State(std::unique_ptr<RocksStore> opened, const Clock& clock) : store(std::move(opened)), environment{*store, clock} {}

  /// Once a minute, until asked to stop. A table without a time to live costs nothing.
  void expire_until(const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    while (!wake.wait_for(lock, stop, std::chrono::minutes(1), [&] { return stop.stop_requested(); })) {
      if (stop.stop_requested()) return;
      if (const auto removed = remove_expired_items(*store, environment.clock.now()); !removed) {
        log::warn("dynamodb", "expired items could not be removed: {}", removed.error().message);
      }
    }
  }
};

Database::Database() = default;
Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& folder, const Clock& clock) {
  TRY(store, RocksStore::open(folder));
  std::unique_ptr<Database> database(new Database());
  database->state_ = std::make_unique<State>(std::move(store), clock);
  auto& state = *database->state_;
  state.expiring = std::jthread([&state](const std::stop_token& stop) { state.expire_until(stop); });
  return database;
}

aws::Service Database::make_service() {
  aws::Service service("dynamodb");
  Environment& environment = state_->environment;
  const auto on = [&]<typename Operation>(auto* operation) {
    service.on<Operation>(
        [operation, &environment](const typename Operation::Request& request, const aws::CallContext& context) {
          return operation(request, environment, context);
        });
  };
  on.operator()<wire::CreateTable>(create_table);
  on.operator()<wire::DescribeTable>(describe_table);
  on.operator()<wire::ListTables>(list_tables);
  on.operator()<wire::UpdateTable>(update_table);
  on.operator()<wire::DeleteTable>(delete_table);
  on.operator()<wire::PutItem>(put_item);
  on.operator()<wire::GetItem>(get_item);
  on.operator()<wire::UpdateItem>(update_item);
  on.operator()<wire::DeleteItem>(delete_item);
  on.operator()<wire::BatchWriteItem>(batch_write_item);
  on.operator()<wire::BatchGetItem>(batch_get_item);
  on.operator()<wire::TransactWriteItems>(transact_write_items);
  on.operator()<wire::TransactGetItems>(transact_get_items);
  on.operator()<wire::Query>(query);
  on.operator()<wire::Scan>(scan);
  on.operator()<wire::DescribeLimits>(describe_limits);
  on.operator()<wire::DescribeEndpoints>(describe_endpoints);
  on.operator()<wire::DescribeTimeToLive>(describe_time_to_live);
  on.operator()<wire::UpdateTimeToLive>(update_time_to_live);
  on.operator()<wire::UpdateContinuousBackups>(update_continuous_backups);
  on.operator()<wire::DescribeContinuousBackups>(describe_continuous_backups);
  on.operator()<wire::TagResource>(tag_resource);
  on.operator()<wire::UntagResource>(untag_resource);
  on.operator()<wire::ListTagsOfResource>(list_tags_of_resource);
  return service;
}

Result<std::optional<TableFacts>> Database::find_table(std::string_view name_or_arn) {
  TRY(name, table_name_of(name_or_arn));
  const auto table = state_->store->find_table(name);
  if (!table) return std::nullopt;
  const auto definition = table->definition();
  const auto statistics = state_->store->statistics(*table, definition->number);
  TableFacts facts{.name = name,
                   .arn = table_arn(*definition),
                   .key_attributes = {},
                   .key_attribute_types = {},
                   .item_count = statistics.item_count,
                   .size_bytes = statistics.size_bytes,
                   .on_demand = definition->on_demand,
                   .read_units = definition->throughput.read_units};
  for (const auto* key : {&definition->keys.partition, definition->keys.sort ? &*definition->keys.sort : nullptr}) {
    if (!key) continue;
    facts.key_attributes.push_back(key->name);
    facts.key_attribute_types[key->name] = type_name(key->type);
  }
  return facts;
}

std::vector<TaggedResource> Database::tagged_resources() const {
  std::vector<TaggedResource> resources;
  for (const auto& name : table_names()) {
    const auto table = state_->store->find_table(name);
    if (!table) continue;
    const auto definition = table->definition();
    resources.push_back({table_arn(*definition), definition->tags});
  }
  return resources;
}

std::vector<std::string> Database::table_names() const { return state_->store->table_names("", SIZE_MAX); }

Result<void> Database::scan_items(std::string_view table_name, const ScanOptions& options,
                                  const std::function<bool(std::string_view)>& receive) {
  TRY(table, dynamodb::find_table(*state_->store, table_name));
  if (options.segments == 0 || options.segment >= options.segments)
    return fail(Error::invalid("A scan's segment must be less than the number of its segments"));
  std::optional<expression::Node> filter;
  if (!options.filter.empty()) {
    std::optional<std::map<std::string, std::string>> names;
    if (!options.filter_names.empty()) names = options.filter_names;
    std::optional<ExpressionValues> values;
    if (!options.filter_values.empty()) values = ExpressionValues{options.filter_values};
    expression::Placeholders placeholders(names, values);
    TRY(node, expression::parse_condition("FilterExpression", options.filter, placeholders));
    filter = std::move(node);
  }
  auto attributes = options.attributes;
  std::ranges::sort(attributes);

  const auto range = key_codec::segment(table->definition()->number, options.segment, options.segments);
  TRY(cursor, state_->store->read(range, true, std::nullopt));
  std::string batch;
  uint64_t sent = 0;
  for (; cursor->valid() && sent < options.items_max; cursor->next()) {
    if (filter) {
      expression::EncodedDocument document(cursor->encoded());
      if (!expression::holds(*filter, document)) continue;
    }
    ++sent;
    if (attributes.empty())
      codec::append_batch_item(batch, cursor->encoded());
    else
      codec::append_batch_item(batch, expression::keep_attributes(cursor->encoded(), attributes));
    if (batch.size() < scan_batch_bytes) continue;
    if (!receive(batch)) return {};
    batch.clear();
  }
  TRY_DO(cursor->status());
  if (!batch.empty()) receive(batch);
  return {};
}

Result<uint64_t> Database::put_items(std::string_view table_name, std::string_view batch) {
  TRY(table, dynamodb::find_table(*state_->store, table_name));
  const auto definition = table->definition();
  // By key, because no two writes of one call may meet: a later item replaces an earlier one.
  std::map<std::string, StoredItem> pending;
  const auto flush = [&]() -> Result<void> {
    std::vector<Write> writes;
    for (auto& [key, item] : pending) writes.push_back(put_write(table, key, std::move(item), {}, nullptr));
    pending.clear();
    return state_->store->write(writes);
  };
  uint64_t count = 0;
  codec::BatchReader reader(batch);
  std::string_view encoded;
  while (reader.next(encoded)) {
    TRY(item, decode_item(encoded));
    TRY(checked, checked_item(*definition, item));
    pending.insert_or_assign(std::move(checked.key), std::move(checked.item));
    ++count;
    if (pending.size() >= put_batch_items) TRY_DO(flush());
  }
  if (reader.failed()) return fail(Error::invalid("The batch of items is cut short"));
  TRY_DO(flush());
  return count;
}

}  // namespace mastic::dynamodb
