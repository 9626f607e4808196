#include "logs/store.h"

#include <doctest/doctest.h>

#include "base/identifiers.h"

using namespace mastic;
using namespace mastic::logs;

namespace {

struct Fixture {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("mastic-logs-" + random_hex(12));
  ManualClock clock;
  std::unique_ptr<Store> store = Store::open(folder, clock).value();
  ~Fixture() { std::filesystem::remove_all(folder); }
  void reopen() {
    store.reset();
    store = Store::open(folder, clock).value();
  }
  int64_t now_ms() const { return to_microseconds(clock.now()) / 1000; }
  std::string filtered(std::string_view pattern, GroupPosition from = {}, std::size_t limit = 100) {
    const auto answer =
        store->filter("g", FilterPattern::parse(pattern).value(), {{}, "", from, now_ms() + 1'000'000, limit}).value();
    std::string all;
    for (const auto& event : answer.events) all += event.stream_name + ":" + event.event.message + " ";
    return all;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "groups and streams") {
  REQUIRE(store->create_group("g", "STANDARD"));
  CHECK(store->create_group("g", "STANDARD").error().code == "ResourceAlreadyExistsException");
  REQUIRE(store->create_group("other", "STANDARD"));
  REQUIRE(store->create_stream("g", "s1"));
  CHECK(store->create_stream("g", "s1").error().code == "ResourceAlreadyExistsException");
  CHECK(store->create_stream("nowhere", "s").error().message == "The specified log group does not exist.");
  CHECK(store->list_groups("o", "", "", 10).value().size() == 1);
  CHECK(store->list_groups("", "the", "", 10).value().at(0).name == "other");
  CHECK(store->list_streams("g", "s").value().size() == 1);
  CHECK(store->put_events("g", "missing", {}).error().message == "The specified log stream does not exist.");
  REQUIRE(store->delete_group("g"));
  CHECK(store->list_streams("g", "").error().code == "ResourceNotFoundException");
}

TEST_CASE_FIXTURE(Fixture, "appended lines are there after a restart, merged over streams by time") {
  const auto now = now_ms();
  const NewEvent one[] = {{now, "a1"}, {now + 2, "a2 ERROR"}};
  const NewEvent two[] = {{now + 1, "b1 ERROR"}, {now + 2, "b2"}};
  REQUIRE(store->append("g", "a", one));
  REQUIRE(store->append("g", "b", two));
  CHECK(filtered("") == "a:a1 b:b1 ERROR a:a2 ERROR b:b2 ");
  reopen();
  CHECK(filtered("ERROR") == "b:b1 ERROR a:a2 ERROR ");
  const auto page = store->filter("g", FilterPattern(), {{}, "", {}, now + 100, 2}).value();
  REQUIRE(page.next);
  CHECK(filtered("", *page.next) == "a:a2 ERROR b:b2 ");
}

TEST_CASE_FIXTURE(Fixture, "retention hides and then removes") {
  const auto now = now_ms();
  const NewEvent event[] = {{now, "old"}};
  REQUIRE(store->append("g", "a", event));
  REQUIRE(store->set_retention("g", 1));
  CHECK(filtered("") == "a:old ");
  clock.advance(std::chrono::hours(25));
  CHECK(filtered("").empty());
  REQUIRE(store->expire());
  CHECK(store->stored_bytes("g").value() == 0);
  const NewEvent newer[] = {{now_ms(), "new"}};
  REQUIRE(store->append("g", "a", newer));
  clock.advance(std::chrono::hours(12));
  const NewEvent newest[] = {{now_ms(), "newest"}};
  REQUIRE(store->append("g", "a", newest));
  const auto both = store->stored_bytes("g").value();
  clock.advance(std::chrono::hours(13));
  CHECK(filtered("") == "a:newest ");
  CHECK(store->stored_bytes("g").value() < both);
  clock.advance(std::chrono::hours(12));
  CHECK(filtered("").empty());
  CHECK(store->stored_bytes("g").value() == 0);
  CHECK(store->set_retention("nowhere", 1).error().code == "ResourceNotFoundException");
}

TEST_CASE_FIXTURE(Fixture, "tags and keys of groups stay") {
  REQUIRE(store->create_group("g", "STANDARD", {{"team", "data"}}, "arn:aws:kms:eu-west-1:000000000000:key/1"));
  REQUIRE(store->add_tags("g", {{"team", "claims"}, {"cost", "1"}}));
  REQUIRE(store->remove_tags("g", {"cost"}));
  reopen();
  CHECK(store->tags_of("g").value() == std::map<std::string, std::string>{{"team", "claims"}});
  CHECK(store->all_tags().value().at("g").size() == 1);
  CHECK(store->find_group("g").value()->kms_key_id == "arn:aws:kms:eu-west-1:000000000000:key/1");
  REQUIRE(store->set_kms_key("g", std::nullopt));
  CHECK_FALSE(store->find_group("g").value()->kms_key_id);
  CHECK(store->tags_of("nowhere").error().code == "ResourceNotFoundException");
}
