#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>

#include "s3/store/store_fixture.h"

using namespace mastic;
using namespace mastic::s3;

namespace {

/// What a listing must give, found by looking at every key.
std::vector<std::string> model_listing(const std::set<std::string>& keys, const ListQuery& query) {
  std::vector<std::string> items;
  for (const auto& key : keys) {
    if (!key.starts_with(query.prefix) || key <= query.start_after) continue;
    std::string item = key;
    if (!query.delimiter.empty()) {
      const auto cut = key.find(query.delimiter, query.prefix.size());
      if (cut != std::string::npos) item = key.substr(0, cut + query.delimiter.size());
    }
    if (item == query.start_after) continue;
    if (items.empty() || items.back() != item) items.push_back(item);
  }
  return items;
}

std::vector<std::string> items_of(const ListPage& page) {
  std::vector<std::string> items = page.common_prefixes;
  for (const auto& entry : page.objects) items.push_back(entry.key);
  std::ranges::sort(items);
  return items;
}

}  // namespace

TEST_CASE("listing agrees with a model on random keys, prefixes, delimiters and page sizes") {
  const StoreFixture fixture;
  auto& store = fixture.store();
  REQUIRE(store.create_bucket({"bucket", "us-east-1", Instant{}}));
  REQUIRE(store.create_bucket({"bucket-2", "us-east-1", Instant{}}));
  REQUIRE(store.put({"bucket-2", "a/elsewhere"}, {}, Body::of_bytes("x"), {}));

  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same run every time
  const auto pick = [&](std::string_view alphabet, std::size_t longest) {
    std::string text;
    for (std::size_t length = random() % (longest + 1); length > 0; --length) text += alphabet[random() % alphabet.size()];
    return text;
  };
  const std::string_view alphabet = "ab/-\xff\x01";
  std::set<std::string> keys;
  while (keys.size() < 300) {
    const std::string key = pick(alphabet, 7);
    if (!key.empty()) keys.insert(key);
  }
  for (const auto& key : keys) REQUIRE(store.put({"bucket", key}, {}, Body::of_bytes(key), {}));

  for (int round = 0; round < 400; ++round) {
    ListQuery query;
    query.prefix = pick("ab/", 2);
    query.delimiter = round % 3 == 0 ? "" : round % 3 == 1 ? "/" : pick("ab/-", 2);
    query.start_after = round % 2 == 0 ? "" : pick(alphabet, 3);
    query.limit = 1 + random() % 9;
    CAPTURE(query.prefix);
    CAPTURE(query.delimiter);
    CAPTURE(query.start_after);
    const auto expected = model_listing(keys, query);
    std::vector<std::string> seen;
    for (bool more = true; more;) {
      const auto page = store.list("bucket", query);
      REQUIRE(page);
      const auto items = items_of(*page);
      CHECK(items.size() <= query.limit);
      CHECK((items.size() == query.limit || !page->truncated));
      if (!items.empty()) CHECK(page->last == items.back());
      seen.insert(seen.end(), items.begin(), items.end());
      query.start_after = page->last;
      more = page->truncated;
      REQUIRE(seen.size() <= expected.size());
    }
    CHECK(seen == expected);
  }
}

TEST_CASE("a page of no keys is complete, and a prefix that nothing has gives nothing") {
  const StoreFixture fixture;
  auto& store = fixture.store();
  REQUIRE(store.create_bucket({"bucket", "us-east-1", Instant{}}));
  REQUIRE(store.put({"bucket", "key"}, {}, Body::of_bytes("x"), {}));
  const auto none = store.list("bucket", {.limit = 0});
  REQUIRE(none);
  CHECK(none->objects.empty());
  CHECK_FALSE(none->truncated);
  const auto missing = store.list("bucket", {.prefix = "other"});
  REQUIRE(missing);
  CHECK(missing->objects.empty());
  CHECK(store.list("bucket", {.start_after = "z"})->objects.empty());
}
