#include "dynamodb/operations/time_to_live.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "base/identifiers.h"
#include "dynamodb/operations/operations.h"
#include "dynamodb/store/rocks_store.h"

using namespace mastic;
using namespace mastic::dynamodb;

namespace {

struct Fixture {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("mastic-ttl-" + random_hex(12));
  ManualClock clock;
  std::unique_ptr<RocksStore> store = RocksStore::open(folder).value();
  Environment environment{*store, clock};
  aws::CallContext context;

  Fixture() {
    wire::CreateTableRequest request;
    request.table_name = "sessions";
    request.attribute_definitions = std::vector<wire::AttributeDefinition>{{"id", "S"}};
    request.key_schema = std::vector<wire::KeySchemaElement>{{"id", "HASH"}};
    request.billing_mode = "PAY_PER_REQUEST";
    REQUIRE(create_table(request, environment, context));
  }
  ~Fixture() {
    store.reset();
    std::filesystem::remove_all(folder);
  }
  Result<wire::UpdateTimeToLiveResponse> set(bool enabled, const std::string& attribute) {
    wire::UpdateTimeToLiveRequest request;
    request.table_name = "sessions";
    request.time_to_live_specification.enabled = enabled;
    request.time_to_live_specification.attribute_name = attribute;
    return update_time_to_live(request, environment, context);
  }
  void put(const std::string& id, int64_t expires_seconds) {
    wire::PutItemRequest request;
    request.table_name = "sessions";
    request.item.set("id", Value::string(id));
    request.item.set("expires", Value::number(Number::from_integer(expires_seconds)));
    REQUIRE(put_item(request, environment, context));
  }
  int64_t now_seconds() const { return to_microseconds(clock.now()) / 1'000'000; }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "items expire by the clock, and only where that is on") {
  put("past", now_seconds() - 10);
  put("ancient", now_seconds() - 6LL * 366 * 24 * 60 * 60);
  put("later", now_seconds() + 60);
  CHECK(remove_expired_items(*store, clock.now()).value() == 0);
  REQUIRE(set(true, "expires"));
  CHECK(remove_expired_items(*store, clock.now()).value() == 1);
  clock.advance(std::chrono::minutes(2));
  CHECK(remove_expired_items(*store, clock.now()).value() == 1);
  CHECK(remove_expired_items(*store, clock.now()).value() == 0);
}

TEST_CASE_FIXTURE(Fixture, "the setting survives and refuses what DynamoDB refuses") {
  CHECK(set(false, "expires").error().message == "TimeToLive is already disabled");
  REQUIRE(set(true, "expires"));
  CHECK(set(true, "expires").error().message == "TimeToLive is already enabled");
  CHECK(set(true, "other").error().code == "ValidationException");
  store.reset();
  store = RocksStore::open(folder).value();
  CHECK(store->find_table("sessions")->definition()->time_to_live == "expires");
}

TEST_CASE_FIXTURE(Fixture, "what is found to expire follows every write") {
  const auto entries = [&] { return store->expiring(*store->find_table("sessions"), 0, UINT64_MAX, 100).value().size(); };
  put("before", now_seconds() + 10);
  put("no time", -5);
  CHECK(entries() == 0);
  REQUIRE(set(true, "expires"));
  CHECK(entries() == 1);
  put("a", now_seconds() + 20);
  put("b", now_seconds() + 30);
  put("b", now_seconds() + 3600);  // rewritten: its old time is forgotten
  CHECK(entries() == 3);
  wire::DeleteItemRequest gone;
  gone.table_name = "sessions";
  gone.key.set("id", Value::string("a"));
  REQUIRE(delete_item(gone, environment, context));
  CHECK(entries() == 2);
  clock.advance(std::chrono::minutes(2));
  CHECK(remove_expired_items(*store, clock.now()).value() == 1);
  CHECK(entries() == 1);
  store.reset();
  store = RocksStore::open(folder).value();
  CHECK(entries() == 1);
}

TEST_CASE_FIXTURE(Fixture, "more than a batch expires in one sweep, and nothing stays when it is turned off") {
  REQUIRE(set(true, "expires"));
  for (int number = 0; number < 250; ++number) put("item " + std::to_string(number), now_seconds() - 100);
  CHECK(remove_expired_items(*store, clock.now()).value() == 250);
  put("again", now_seconds() - 100);
  REQUIRE(set(false, "expires"));
  CHECK(store->expiring(*store->find_table("sessions"), 0, UINT64_MAX, 100).value().empty());
  CHECK(remove_expired_items(*store, clock.now()).value() == 0);
}
