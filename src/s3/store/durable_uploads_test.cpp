#include <doctest/doctest.h>

#include "s3/store/store_fixture.h"

using namespace mastic;
using namespace mastic::s3;

namespace {

const ObjectName name{"bucket", "dir/key"};
const std::string id(32, '1');

template <typename T>
std::string code_of(const Result<T>& result) {
  return result ? "" : result.error().code;
}

void begin(const StoreFixture& fixture) {
  REQUIRE(fixture.store().create_bucket({"bucket", "us-east-1", Instant{}}));
  REQUIRE(fixture.store().create_upload("bucket", {.id = id, .key = name.key, .initiated = {}, .checksum_algorithm = "CRC32"}));
}

void put_part(const StoreFixture& fixture, int number, const std::string& content, const std::string& etag) {
  auto body = content.size() > 100 ? Body::of_file(fixture.incoming(content), static_cast<int64_t>(content.size()))
                                   : Body::of_bytes(content);
  REQUIRE(fixture.store().put_part(name, id, {.number = number, .etag = etag}, std::move(body)));
}

}  // namespace

TEST_CASE("parts become one object, and nothing of the upload stays") {
  StoreFixture fixture;
  begin(fixture);
  const std::string first(60'000, 'a');
  const std::string second(70'000, 'b');
  put_part(fixture, 1, first, "e1");
  put_part(fixture, 5, second, "old");
  put_part(fixture, 5, second, "e5");
  put_part(fixture, 300, "tail", "e300");
  put_part(fixture, 301, "left out", "e301");
  fixture.reopen();
  auto& store = fixture.store();
  CHECK(store.find_upload(name, id)->checksum_algorithm == "CRC32");
  const auto parts = store.list_parts(name, id, 1, 2);
  REQUIRE(parts->size() == 2);
  CHECK((*parts)[0].etag == "e5");
  CHECK((*parts)[1].number == 300);
  CHECK((*parts)[1].size == 4);

  CHECK(code_of(store.complete_upload(name, id, {{1, 5, 9}, {"e1", "e5", "e9"}, {}}, {})) == "InvalidPart");
  CHECK(code_of(store.complete_upload(name, id, {{1, 5}, {"e1", "old"}, {}}, {})) == "InvalidPart");
  CHECK(code_of(store.complete_upload({"bucket", "other"}, id, {{1}, {"e1"}, {}}, {})) == "NoSuchUpload");
  Object object;
  object.etag = "whole-3";
  REQUIRE(store.complete_upload(name, id, {{1, 5, 300}, {"e1", "e5", "e300"}, object}, {}));
  CHECK(code_of(store.complete_upload(name, id, {{1}, {"e1"}, {}}, {})) == "NoSuchUpload");
  CHECK(code_of(store.put_part(name, id, {.number = 2}, Body::of_bytes("late"))) == "NoSuchUpload");

  const auto stored = **store.open(name);
  CHECK(bytes_of(stored.body) == first + second + "tail");
  CHECK(stored.object.size == 130'004);
  CHECK(stored.object.etag == "whole-3");
  REQUIRE(store.remove_expired_blobs());
  CHECK(fixture.count_files("blobs") == 1);
  CHECK(fixture.count_files("incoming") == 0);
  CHECK(bytes_of((*store.open(name))->body) == first + second + "tail");
}

TEST_CASE("an upload of one part, and an aborted one") {
  StoreFixture fixture;
  begin(fixture);
  put_part(fixture, 2, std::string(60'000, 'a'), "e");
  REQUIRE(fixture.store().complete_upload(name, id, {{2}, {"e"}, {}}, {}));
  REQUIRE(fixture.store().remove_expired_blobs());
  CHECK(bytes_of((*fixture.store().open(name))->body) == std::string(60'000, 'a'));

  REQUIRE(fixture.store().create_upload("bucket", {.id = id, .key = name.key, .initiated = {}}));
  put_part(fixture, 1, std::string(60'000, 'b'), "e");
  REQUIRE(fixture.store().abort_upload(name, id));
  CHECK(code_of(fixture.store().abort_upload(name, id)) == "NoSuchUpload");
  REQUIRE(fixture.store().remove_expired_blobs());
  CHECK(fixture.count_files("blobs") == 1);
}

TEST_CASE("uploads are listed by key and initiation, with prefixes and markers") {
  StoreFixture fixture;
  auto& store = fixture.store();
  REQUIRE(store.create_bucket({"bucket", "us-east-1", Instant{}}));
  const std::vector<std::pair<std::string, char>> uploads = {{"a", '1'}, {"a", '2'}, {"a/x", '1'}, {"a/y", '1'}, {"b", '1'}};
  for (const auto& [key, digit] : uploads)
    REQUIRE(store.create_upload("bucket", {.id = std::string(32, digit), .key = key, .initiated = {}}));

  std::vector<std::string> seen;
  ListQuery query{.prefix = {}, .delimiter = "/", .start_after = {}, .limit = 1};
  std::string upload_id_marker;
  for (bool more = true; more;) {
    const auto page = store.list_uploads("bucket", query, upload_id_marker);
    REQUIRE(page);
    for (const auto& upload : page->uploads) seen.push_back(upload.key + ":" + upload.id.front());
    for (const auto& prefix : page->common_prefixes) seen.push_back(prefix);
    query.start_after = page->next_key;
    upload_id_marker = page->next_upload_id;
    more = page->truncated;
    REQUIRE(seen.size() < 10);
  }
  CHECK(seen == std::vector<std::string>{"a:1", "a:2", "a/", "b:1"});
  CHECK(store.list_uploads("bucket", {.prefix = "a/"}, "")->uploads.size() == 2);
  CHECK(store.list_uploads("bucket", {.start_after = "a"}, "")->uploads.size() == 3);
  CHECK(store.list_uploads("bucket", {.start_after = "a"}, std::string(32, '1'))->uploads.size() == 4);
}
