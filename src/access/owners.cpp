// The rooms that own objects, items and the catalog, behind the engine's interfaces.
#include <fmt/format.h>

#include "access/access.h"
#include "base/identifiers.h"
#include "dynamodb/dynamodb.h"
#include "glue/glue.h"
#include "s3/s3.h"

namespace mastic::access {
namespace {

constexpr std::size_t page_size = 10'000;

engine::ObjectInfo info_of(std::string key, s3::StoredObject&& stored) {
  return {.key = std::move(key),
          .size_bytes = static_cast<uint64_t>(stored.object.size),
          .modified = stored.object.last_modified,
          .etag = stored.object.etag,
          .file = stored.body.file.string(),
          .inlined = std::move(stored.body.bytes)};
}

class OwnedObjects final : public engine::ObjectStore {
 public:
  explicit OwnedObjects(s3::ObjectStore& store) : store_(store) {}

  Result<bool> bucket_exists(std::string_view bucket) override {
    const auto found = store_.find_bucket(bucket);
    if (found) return true;
    if (found.error().code == "NoSuchBucket") return false;
    return fail(Error(found.error()));
  }
  Result<std::vector<engine::ObjectInfo>> list(std::string_view bucket, std::string_view prefix) override {
    std::vector<engine::ObjectInfo> objects;
    std::string after;
    while (true) {
      TRY(page, store_.list_bodies(bucket, prefix, after, page_size));
      const bool is_last = page.size() < page_size;
      for (auto& [key, stored] : page) objects.push_back(info_of(std::move(key), std::move(stored)));
      if (is_last) return objects;
      after = objects.back().key;
    }
  }
  Result<std::optional<engine::ObjectInfo>> find(std::string_view bucket, std::string_view key) override {
    TRY(found, store_.open({std::string(bucket), std::string(key)}));
    if (!found) return std::optional<engine::ObjectInfo>{};
    return std::optional(info_of(std::string(key), std::move(*found)));
  }
  Result<std::string> new_file() override { return (store_.incoming_folder() / random_uuid()).string(); }
  Result<void> commit(std::string_view bucket, std::vector<engine::NewObject> added,
                      std::vector<std::string> removed_keys) override {
    std::vector<s3::IncomingObject> incoming;
    for (auto& object : added) {
      incoming.push_back({.key = std::move(object.key), .file = object.file, .content_type = std::move(object.content_type)});
    }
    return store_.commit_objects(bucket, std::move(incoming), std::move(removed_keys));
  }

 private:
  s3::ObjectStore& store_;
};

std::optional<dynamodb::Value> operand_of(const std::string& type, const std::string& value) {
  if (type == "S") return dynamodb::Value::string(value);
  if (type == "BOOL") return dynamodb::Value::truth(value == "true");
  if (type != "N") return std::nullopt;
  const auto number = dynamodb::Number::parse(value);
  if (!number) return std::nullopt;
  return dynamodb::Value::number(*number);
}

/// Conditions as a FilterExpression, which the store evaluates on items as they lie there.
void add_filter(dynamodb::ScanOptions& options, const std::vector<engine::ItemCondition>& conditions) {
  for (const auto& [attribute, comparison, type, value] : conditions) {
    const auto index = options.filter_names.size();
    const auto name = fmt::format("#n{}", index);
    const auto placeholder = fmt::format(":v{}", index);
    std::string term;
    if (comparison == "exists") {
      term = fmt::format("attribute_exists({})", name);
    } else {
      auto operand = operand_of(type, value);
      if (!operand) continue;  // A hint only: what is sent may fail the condition.
      options.filter_values.set(placeholder, std::move(*operand));
      term = fmt::format("{} {} {}", name, comparison, placeholder);
    }
    options.filter_names[name] = attribute;
    options.filter += (options.filter.empty() ? "" : " AND ") + term;
  }
}

class OwnedItems final : public engine::ItemStore {
 public:
  explicit OwnedItems(dynamodb::Database& database) : database_(database) {}

  Result<std::optional<engine::ItemTable>> find_table(std::string_view name) override {
    TRY(facts, database_.find_table(name));
    if (!facts) return std::optional<engine::ItemTable>{};
    return std::optional(engine::ItemTable{.name = facts->name,
                                           .key_attributes = facts->key_attributes,
                                           .key_attribute_types = facts->key_attribute_types,
                                           .item_count = facts->item_count,
                                           .size_bytes = facts->size_bytes});
  }
  Result<void> scan(std::string_view table, uint32_t segment, uint32_t segments, const std::vector<std::string>& attributes,
                    const std::vector<engine::ItemCondition>& conditions,
                    const std::function<bool(std::string_view batch)>& receive) override {
    dynamodb::ScanOptions options{.segment = segment, .segments = segments, .attributes = attributes};
    add_filter(options, conditions);
    return database_.scan_items(table, options, receive);
  }
  Result<void> put(std::string_view table, std::string_view batch) override {
    TRY_DO(database_.put_items(table, batch));
    return {};
  }

 private:
  dynamodb::Database& database_;
};

}  // namespace

std::shared_ptr<engine::Catalog> owned_catalog(glue::CatalogView& catalog);

engine::Stores stores_of(s3::ObjectStore& objects, dynamodb::Database& items, glue::CatalogView& catalog) {
  return {std::make_shared<OwnedObjects>(objects), std::make_shared<OwnedItems>(items), owned_catalog(catalog)};
}

}  // namespace mastic::access
