#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "s3/store/lifecycle.h"
#include "s3/store/store_fixture.h"
#include "s3/store/version_ids.h"

namespace mastic::s3 {
namespace {

void set_versioning(StoreFixture& fixture, Versioning versioning) {
  REQUIRE(fixture.store().update_bucket("bucket", [&](Bucket& bucket) -> Result<void> {
    bucket.versioning = versioning;
    return {};
  }));
}

void set_rules(StoreFixture& fixture, std::vector<LifecycleRule> rules) {
  REQUIRE(fixture.store().update_bucket("bucket", [&](Bucket& bucket) -> Result<void> {
    bucket.lifecycle_rules = rules;
    return {};
  }));
}

std::string put(StoreFixture& fixture, const std::string& key, const std::string& content) {
  const auto written =
      fixture.store().put({"bucket", key}, {.last_modified = fixture.clock().now(), .etag = content, .storage_class = {}},
                          Body::of_bytes(content), {});
  REQUIRE(written);
  return written->version_id;
}

/// "key=etag" of each, a delete marker as "key!", the latest with a star.
std::string versions(const StoreFixture& fixture) {
  const auto page = fixture.store().list_versions("bucket", {}, {});
  REQUIRE(page);
  std::string text;
  for (const auto& version : page->versions) {
    text += version.key + (version.object.delete_marker ? "!" : "=" + version.object.etag) + (version.latest ? "* " : " ");
  }
  return text;
}

struct Bucketed : StoreFixture {
  Bucketed() { REQUIRE(store().create_bucket({"bucket", "us-east-1", Instant{}})); }
};

}  // namespace

TEST_CASE("version ids lead to their numbers, and made-up ones to none") {
  CHECK(version_id_of(0) == "null");
  CHECK(version_number("null") == uint64_t{0});
  for (const uint64_t number : {uint64_t{1}, uint64_t{12345} << 40 | 7, UINT64_MAX}) {
    CHECK(version_number(version_id_of(number)) == number);
    CHECK(version_id_of(number).size() == 32);
  }
  for (const auto* id : {"", "abc", "00000000000000000000000000000000", "0123456789abcdef0123456789abcdef"})
    CHECK_FALSE(version_number(id));
}

TEST_CASE("what is displaced stays as a version, through restarts") {
  Bucketed fixture;
  put(fixture, "k", "0");
  CHECK(versions(fixture) == "k=0* ");
  set_versioning(fixture, Versioning::enabled);
  const auto first = put(fixture, "k", "1");
  const auto second = put(fixture, "k", "2");
  fixture.reopen();
  const auto third = put(fixture, "k", "3");
  CHECK(versions(fixture) == "k=3* k=2 k=1 k=0 ");

  REQUIRE(fixture.store().remove({"bucket", "k"}, {}));
  CHECK(versions(fixture) == "k!* k=3 k=2 k=1 k=0 ");
  CHECK_FALSE(*fixture.store().find({"bucket", "k"}));
  REQUIRE(fixture.store().find_delete_marker({"bucket", "k"}));
  CHECK(*fixture.store().find_delete_marker({"bucket", "k"}));
  CHECK(bytes_of((*fixture.store().open({"bucket", "k", second}))->body) == "2");
  CHECK(bytes_of((*fixture.store().open({"bucket", "k", "null"}))->body) == "0");

  REQUIRE(fixture.store().remove({"bucket", "k", second}, {}));
  CHECK(versions(fixture) == "k!* k=3 k=1 k=0 ");
  const auto marker = (*fixture.store().find_delete_marker({"bucket", "k"}))->version_id;
  CHECK(fixture.store().remove({"bucket", "k", marker}, {})->delete_marker);
  CHECK(versions(fixture) == "k=3* k=1 k=0 ");
  REQUIRE(fixture.store().remove({"bucket", "k", third}, {}));
  REQUIRE(fixture.store().remove({"bucket", "k", first}, {}));
  CHECK(versions(fixture) == "k=0* ");
  CHECK_FALSE(fixture.store().delete_bucket("bucket"));
  REQUIRE(fixture.store().remove({"bucket", "k", "null"}, {}));
  CHECK(versions(fixture).empty());
  CHECK(fixture.store().delete_bucket("bucket"));
}

TEST_CASE("a suspended bucket has one null version") {
  Bucketed fixture;
  set_versioning(fixture, Versioning::enabled);
  put(fixture, "k", "1");
  set_versioning(fixture, Versioning::suspended);
  put(fixture, "k", "a");
  put(fixture, "k", "b");
  CHECK(versions(fixture) == "k=b* k=1 ");
  set_versioning(fixture, Versioning::enabled);
  put(fixture, "k", "2");
  CHECK(versions(fixture) == "k=2* k=b k=1 ");
  set_versioning(fixture, Versioning::suspended);
  REQUIRE(fixture.store().remove({"bucket", "k"}, {}));  // Its marker replaces the null version.
  CHECK(versions(fixture) == "k!* k=2 k=1 ");
  REQUIRE(fixture.store().remove({"bucket", "k"}, {}));
  CHECK(versions(fixture) == "k!* k=2 k=1 ");
  put(fixture, "k", "c");
  CHECK(versions(fixture) == "k=c* k=2 k=1 ");
}

TEST_CASE("the engine's commits make versions too") {
  Bucketed fixture;
  set_versioning(fixture, Versioning::enabled);
  put(fixture, "gone", "1");
  put(fixture, "new", "1");
  REQUIRE(fixture.store().commit_objects("bucket", {{"new", fixture.incoming("2"), std::string(16, '\0'), ""}}, {"gone"}));
  const std::string zeros(32, '0');
  CHECK(versions(fixture) == "gone!* gone=1 new=" + zeros + "* new=1 ");
}

TEST_CASE("pages of versions go on where the last one ended") {
  Bucketed fixture;
  set_versioning(fixture, Versioning::enabled);
  for (const auto* key : {"a", "a/b", "a/c", "b"})
    for (const auto* content : {"1", "2", "3"}) put(fixture, key, content);
  REQUIRE(fixture.store().remove({"bucket", "a/b"}, {}));
  for (const std::size_t limit : {1, 2, 3, 4, 5, 13}) {
    std::string text;
    ListQuery query{.prefix = {}, .delimiter = {}, .start_after = {}, .limit = limit};
    std::string marker;
    for (bool more = true; more;) {
      const auto page = fixture.store().list_versions("bucket", query, marker);
      REQUIRE(page);
      CHECK(page->versions.size() <= limit);
      for (const auto& version : page->versions) {
        text += version.key + (version.object.delete_marker ? "!" : "=" + version.object.etag) + (version.latest ? "* " : " ");
      }
      more = page->truncated;
      query.start_after = page->last_key;
      marker = page->last_version_id;
    }
    CHECK(text == versions(fixture));
  }
  const auto page = fixture.store().list_versions("bucket", {.prefix = {}, .delimiter = "/", .start_after = {}}, {});
  REQUIRE(page);
  CHECK(page->common_prefixes == std::vector<std::string>{"a/"});
  CHECK(page->versions.size() == 6);
}

TEST_CASE("versions can be deleted page by page while they are listed") {
  Bucketed fixture;
  put(fixture, "a", "0");
  set_versioning(fixture, Versioning::enabled);
  for (const auto* key : {"a", "b"})
    for (const auto* content : {"1", "2", "3", "4"}) put(fixture, key, content);
  REQUIRE(fixture.store().remove({"bucket", "b"}, {}));
  ListQuery query{.prefix = {}, .delimiter = {}, .start_after = {}, .limit = 3};
  std::string marker;
  for (bool more = true; more;) {
    const auto page = fixture.store().list_versions("bucket", query, marker);
    REQUIRE(page);
    for (const auto& version : page->versions)
      REQUIRE(fixture.store().remove({"bucket", version.key, version.object.version_id}, {}));
    more = page->truncated;
    query.start_after = page->last_key;
    marker = page->last_version_id;
  }
  CHECK(versions(fixture).empty());
}

TEST_CASE("writers of one key lose no version, readers always find one") {
  Bucketed fixture;
  set_versioning(fixture, Versioning::enabled);
  put(fixture, "k", "first");
  constexpr int rounds = 40;
  std::atomic<int> misses = 0;
  std::atomic<bool> writing = true;
  std::vector<std::jthread> threads;
  threads.emplace_back([&] {
    while (writing) {
      if (!fixture.store().open({"bucket", "k"}).value_or(std::nullopt)) ++misses;
      const auto page = fixture.store().list_versions("bucket", {}, {});
      if (!page || page->versions.empty() || !page->versions.front().latest) ++misses;
    }
  });
  {
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < 3; ++writer) {
      writers.emplace_back([&fixture, &misses] {
        for (int round = 0; round < rounds; ++round) {
          const auto written = fixture.store().put({"bucket", "k"}, {.last_modified = {}, .etag = "e", .storage_class = {}},
                                                   Body::of_bytes("x"), {});
          // Every other one goes again, whether it is the newest by now or not.
          if (!written || (round % 2 == 1 && !fixture.store().remove({"bucket", "k", written->version_id}, {}))) ++misses;
        }
      });
    }
  }
  writing = false;
  threads.clear();
  CHECK(misses == 0);
  CHECK(fixture.store().list_versions("bucket", {}, {})->versions.size() == 1 + 3 * rounds / 2);
}

TEST_CASE("bodies of dropped versions go, those of kept ones stay") {
  Bucketed fixture;
  set_versioning(fixture, Versioning::enabled);
  const auto first = put(fixture, "k", std::string(100'000, '1'));
  put(fixture, "k", std::string(100'000, '2'));
  fixture.clock().advance(std::chrono::hours{1});
  REQUIRE(fixture.store().remove_expired_blobs());
  CHECK(fixture.count_files("blobs") == 2);
  REQUIRE(fixture.store().remove({"bucket", "k", first}, {}));
  fixture.clock().advance(std::chrono::hours{1});
  REQUIRE(fixture.store().remove_expired_blobs());
  CHECK(fixture.count_files("blobs") == 1);
}

TEST_CASE("ages count in whole days") {
  const Instant noon{std::chrono::sys_days{std::chrono::year{2024} / 1 / 15} + std::chrono::hours{12}};
  const Instant midnight{std::chrono::sys_days{std::chrono::year{2024} / 1 / 19}};
  CHECK_FALSE(is_due(noon, 3, midnight - std::chrono::microseconds{1}));
  CHECK(is_due(noon, 3, midnight));
}

TEST_CASE("lifecycle rules are carried out, also after a restart") {
  Bucketed fixture;
  const auto days = [&](int count) { fixture.clock().advance(std::chrono::hours{24 * count}); };
  set_rules(fixture,
            {{.prefix = "logs/", .expiration_days = 2}, {.prefix = "big/", .size_greater_than = 3, .expiration_days = 1}});
  put(fixture, "logs/a", "1");
  put(fixture, "data/a", "1");
  put(fixture, "big/a", "1234");
  put(fixture, "big/b", "123");
  fixture.reopen();
  days(2);
  put(fixture, "logs/b", "1");
  REQUIRE(fixture.store().apply_lifecycle_rules());
  CHECK(versions(fixture) == "big/b=123* data/a=1* logs/a=1* logs/b=1* ");  // Not before midnight.
  days(1);
  REQUIRE(fixture.store().apply_lifecycle_rules());
  CHECK(versions(fixture) == "big/b=123* data/a=1* logs/b=1* ");

  set_versioning(fixture, Versioning::enabled);
  set_rules(fixture, {{.expiration_days = 1}, {.noncurrent_days = 1, .noncurrent_kept = 1}});
  for (const auto* content : {"2", "3", "4"}) put(fixture, "data/a", content);
  days(3);
  REQUIRE(fixture.store().apply_lifecycle_rules());
  CHECK(versions(fixture) == "big/b!* big/b=123 data/a!* data/a=4 data/a=3 logs/b!* logs/b=1 ");
  set_rules(fixture, {{.noncurrent_days = 1}, {.expires_lone_delete_markers = true}});
  days(3);
  REQUIRE(fixture.store().apply_lifecycle_rules());
  REQUIRE(fixture.store().apply_lifecycle_rules());
  CHECK(versions(fixture).empty());
}

TEST_CASE("lifecycle rules abort uploads") {
  Bucketed fixture;
  set_rules(fixture, {{.prefix = "u", .abort_upload_days = 1}});
  for (const auto* key : {"u1", "v"}) {
    REQUIRE(fixture.store().create_upload("bucket", {.id = std::string(31, 'x') + key[0],
                                                     .key = key,
                                                     .initiated = fixture.clock().now(),
                                                     .storage_class = {},
                                                     .checksum_algorithm = {}}));
  }
  fixture.clock().advance(std::chrono::hours{72});
  REQUIRE(fixture.store().apply_lifecycle_rules());
  const auto page = fixture.store().list_uploads("bucket", {}, {});
  REQUIRE(page);
  CHECK(page->uploads.size() == 1);
  CHECK(page->uploads.front().key == "v");
}

}  // namespace mastic::s3
