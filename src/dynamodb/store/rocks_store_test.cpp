#include "dynamodb/store/rocks_store.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "base/identifiers.h"
#include "dynamodb/random_item.h"

using namespace mastic;
using namespace mastic::dynamodb;

namespace {

struct TemporaryFolder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("mastic-test-" + random_hex(12));
  ~TemporaryFolder() { std::filesystem::remove_all(path); }
};

TableDefinition definition(std::string name) {
  TableDefinition table{.name = std::move(name), .id = random_uuid(), .region = "us-east-1"};
  table.keys = {{"pk", Type::string}, KeyAttribute{"sk", Type::number}};
  table.attributes = {{"pk", Type::string}, {"sk", Type::number}, {"g", Type::string}};
  table.on_demand = true;
  table.indexes.push_back({.name = "by_g", .global = true, .keys = {{"g", Type::string}, KeyAttribute{"sk", Type::number}}});
  table.indexes.push_back(
      {.name = "keys", .global = true, .keys = {{"g", Type::string}, std::nullopt}, .projection = Projection::keys_only});
  table.tags["team"] = "data";
  return table;
}

Item item_of(const std::string& pk, int sk) {
  Item item;
  item.set("pk", Value::string(pk));
  item.set("sk", Value::number(Number::from_integer(sk)));
  return item;
}

Result<void> put(Store& store, const TablePtr& table, const Item& item) {
  Write write{.table = table, .key = item_key(*table->definition(), item), .decide = [&](const StoredItem*) -> Result<Change> {
                return Change::put({encode_item(item), size_bytes(item)});
              }};
  return store.write({&write, 1});
}
Result<void> remove(Store& store, const TablePtr& table, const Item& key) {
  Write write{.table = table, .key = item_key(*table->definition(), key), .decide = [](const StoredItem*) -> Result<Change> {
                return Change::remove();
              }};
  return store.write({&write, 1});
}

std::vector<Item> all(const Store& store, const key_codec::Range& range, bool forward = true) {
  std::vector<Item> items;
  auto cursor = store.read(range, forward, std::nullopt).value();
  for (; cursor->valid(); cursor->next()) items.push_back(decode_item(cursor->encoded()).value());
  return items;
}

/// Every range of the store against a model of the table: pk and sk → item.
using Model = std::map<std::pair<std::string, int>, Item>;
void check_against(const Model& model, Store& store, const TablePtr& table) {
  const auto definition = table->definition();
  std::size_t found = 0;
  std::map<std::string, std::vector<int>> partitions;
  for (const auto& [key, item] : model) {
    partitions[key.first].push_back(key.second);
    const auto stored = store.get(item_key(*definition, item)).value();
    REQUIRE(stored);
    REQUIRE(decode_item(stored->encoded).value() == item);
    REQUIRE(stored->size_bytes == size_bytes(item));
  }
  for (const auto& [pk, sort_keys] : partitions) {
    const auto items = all(store, key_codec::starting_with(key_codec::partition_prefix(definition->number, pk)));
    REQUIRE(items.size() == sort_keys.size());
    for (std::size_t i = 0; i < items.size(); ++i) REQUIRE(items[i] == model.at({pk, sort_keys[i]}));
    found += items.size();
  }
  REQUIRE(all(store, key_codec::whole(definition->number)).size() == found);
  std::size_t in_segments = 0;
  for (uint32_t i = 0; i < 5; ++i) in_segments += all(store, key_codec::segment(definition->number, i, 5)).size();
  REQUIRE(in_segments == found);
  REQUIRE(store.statistics(*table, definition->number).item_count == found);

  std::size_t indexed = 0;
  for (const auto& [key, item] : model) indexed += item.find("g") ? 1 : 0;
  for (const auto& index : definition->indexes) {
    const auto entries = all(store, key_codec::whole(index.number));
    REQUIRE(entries.size() == indexed);
    for (const auto& entry : entries) {
      REQUIRE(entry.find("g"));
      if (index.projection == Projection::all) {
        const int sk = std::stoi(entry.find("sk")->text);
        REQUIRE(entry == model.at({entry.find("pk")->text, sk}));
      } else {
        REQUIRE(entry.size() == 3);
      }
    }
  }
}

}  // namespace

TEST_CASE("the store agrees with a model through random writes, index changes and reopening") {
  const TemporaryFolder folder;
  testing::Random random(31);
  Model model;
  for (int round = 0; round < 4; ++round) {
    auto store = RocksStore::open(folder.path).value();
    auto table = store->find_table("random");
    if (!table) table = store->create_table(definition("random")).value();
    CHECK(table->definition()->tags.at("team") == "data");
    for (int i = 0; i < 150; ++i) {
      const std::string pk(1, static_cast<char>('a' + random() % 6));
      const int sk = static_cast<int>(random() % 9) - 4;
      auto item = item_of(pk, sk);
      if (random() % 3 == 0) {
        REQUIRE(remove(*store, table, item));
        model.erase({pk, sk});
        continue;
      }
      if (random() % 2) item.set("g", Value::string(std::string(1, static_cast<char>('x' + random() % 3))));
      item.set("v", testing::random_value(random));
      REQUIRE(put(*store, table, item));
      model[{pk, sk}] = item;
    }
    check_against(model, *store, table);
    // An index that comes later holds the same.
    REQUIRE(store->change_table(table, [&](TableDefinition& changed) -> Result<void> {
      std::erase_if(changed.indexes, [](const auto& index) { return index.name == "by_g"; });
      return {};
    }));
    REQUIRE(store->change_table(table, [&](TableDefinition& changed) -> Result<void> {
      changed.indexes.push_back({.name = "by_g", .global = true, .keys = {{"g", Type::string}, std::nullopt}});
      return {};
    }));
    check_against(model, *store, table);
  }
  auto store = RocksStore::open(folder.path).value();
  const auto table = store->find_table("random");
  const auto number = table->definition()->number;
  REQUIRE(store->delete_table(table));
  CHECK_FALSE(store->find_table("random"));
  CHECK(all(*store, key_codec::whole(number)).empty());
  CHECK(put(*store, table, item_of("a", 1)).error().code == "ResourceNotFoundException");
}

TEST_CASE("backward reading is forward reading backwards, and starts behind a key") {
  const TemporaryFolder folder;
  auto store = RocksStore::open(folder.path).value();
  const auto table = store->create_table(definition("order")).value();
  for (int i = 0; i < 20; ++i) REQUIRE(put(*store, table, item_of("p", i)));
  const auto range = key_codec::starting_with(key_codec::partition_prefix(table->definition()->number, "p"));
  auto forward = all(*store, range);
  const auto backward = all(*store, range, false);
  std::ranges::reverse(forward);
  CHECK(forward == backward);
  const auto start = item_key(*table->definition(), item_of("p", 7));
  CHECK(store->read(range, true, start).value()->key() == item_key(*table->definition(), item_of("p", 8)));
  CHECK(store->read(range, false, start).value()->key() == item_key(*table->definition(), item_of("p", 6)));
}

TEST_CASE("decisions of one item never overlap, and a failed one writes nothing") {
  const TemporaryFolder folder;
  auto store = RocksStore::open(folder.path).value();
  const auto table = store->create_table(definition("count")).value();
  const auto key_item = item_of("p", 1);
  const auto key = item_key(*table->definition(), key_item);
  const auto increment = [&](const StoredItem* old) -> Result<Change> {
    auto item = old ? decode_item(old->encoded).value() : key_item;
    const auto* count = item.find("count");
    item.set("count", Value::number(add(count ? count->to_number() : Number(), Number::from_integer(1)).value()));
    return Change::put({encode_item(item), size_bytes(item)});
  };
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        Write write{.table = table, .key = key, .needs_old = true, .decide = increment};
        CHECK(store->write({&write, 1}));
      }
    });
  threads.clear();
  CHECK(decode_item(store->get(key).value()->encoded)->find("count")->text == "400");

  std::array<Write, 2> writes{Write{.table = table, .key = key, .needs_old = true, .decide = increment},
                              Write{.table = table, .key = key + "x", .decide = [](const StoredItem*) -> Result<Change> {
                                      return fail(Error{"ConditionalCheckFailedException", "no"});
                                    }}};
  CHECK(store->write(writes).error().code == "ConditionalCheckFailedException");
  CHECK(decode_item(store->get(key).value()->encoded)->find("count")->text == "400");
}

// The child writes and says after each write that it was acknowledged; the parent kills it in the middle.
TEST_CASE("what was acknowledged survives SIGKILL") {
  if (const char* path = std::getenv("MASTIC_KILLED_STORE")) {
    auto store = RocksStore::open(path).value();
    auto table = store->create_table(definition("killed")).value();
    for (int i = 0;; ++i) {
      REQUIRE(put(*store, table, item_of("p", i)));
      const auto line = std::to_string(i) + "\n";
      if (::write(STDERR_FILENO, line.data(), line.size()) < 0) ::_exit(1);
    }
  }
  const TemporaryFolder folder;
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[0]);
    ::setenv("MASTIC_KILLED_STORE", folder.path.c_str(), 1);
    ::execl("/proc/self/exe", "dynamodb_test", "--test-case=what was acknowledged survives SIGKILL", nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  FILE* acknowledged = ::fdopen(ends[0], "r");
  int last = -1;
  while (last < 200 && std::fscanf(acknowledged, "%d", &last) == 1) {
  }
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  while (std::fscanf(acknowledged, "%d", &last) == 1) {
  }
  std::fclose(acknowledged);
  REQUIRE(last >= 200);
  auto store = RocksStore::open(folder.path).value();
  const auto table = store->find_table("killed");
  REQUIRE(table);
  for (int i = 0; i <= last; ++i) REQUIRE(store->get(item_key(*table->definition(), item_of("p", i))).value());
}
