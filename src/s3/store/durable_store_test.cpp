#include <doctest/doctest.h>

#include <thread>

#include "base/files.h"
#include "s3/digest.h"
#include "s3/errors.h"
#include "s3/store/store_fixture.h"

using namespace mastic;
using namespace mastic::s3;

namespace {

const std::string large(100'000, 'L');

template <typename T>
std::string code_of(const Result<T>& result) {
  return result ? "" : result.error().code;
}

std::string read_object(const StoreFixture& fixture, const std::string& key) {
  const auto stored = fixture.store().open({"bucket", key});
  REQUIRE(stored);
  return *stored ? bytes_of((*stored)->body) : "(none)";
}

void put_file(const StoreFixture& fixture, const std::string& key, const std::string& content) {
  const auto body = Body::of_file(fixture.incoming(content), static_cast<int64_t>(content.size()));
  REQUIRE(fixture.store().put({"bucket", key}, {}, body, {}));
}

void make_bucket(const StoreFixture& fixture) { REQUIRE(fixture.store().create_bucket({"bucket", "us-east-1", Instant{}})); }

}  // namespace

TEST_CASE("objects, small and large, survive a restart") {
  StoreFixture fixture;
  make_bucket(fixture);
  Object object;
  object.last_modified = fixture.clock().now();
  object.etag = "abc";
  object.headers.content_type = "text/csv";
  object.headers.user_metadata = {{"owner", "claims"}, {"empty", ""}};
  object.tags = {{"b", "2"}, {"a", ""}};
  object.checksum = Checksum{"CRC32", "AAAAAA==", true};
  object.parts = {{5, Checksum{"CRC32", "BBBBBB==", false}}, {6, std::nullopt}};
  REQUIRE(fixture.store().put({"bucket", "small"}, object, Body::of_bytes("hello"), {}));
  REQUIRE(fixture.store().put({"bucket", "empty"}, {}, Body::of_bytes(""), {}));
  REQUIRE(fixture.store().put({"bucket", "middle"}, {}, Body::of_bytes(large), {}));
  put_file(fixture, "../../large", large);
  fixture.reopen();

  CHECK(read_object(fixture, "small") == "hello");
  CHECK(read_object(fixture, "empty").empty());
  CHECK(read_object(fixture, "middle") == large);
  CHECK(read_object(fixture, "../../large") == large);
  CHECK(read_object(fixture, "missing") == "(none)");
  const auto found = *fixture.store().find({"bucket", "small"});
  REQUIRE(found);
  CHECK(found->size == 5);
  CHECK(found->last_modified == fixture.clock().now());
  CHECK(found->etag == "abc");
  CHECK(found->headers.content_type == "text/csv");
  CHECK(found->headers.user_metadata == object.headers.user_metadata);
  CHECK(found->tags == object.tags);
  CHECK(found->checksum->value == "AAAAAA==");
  CHECK(found->checksum->composite);
  REQUIRE(found->parts.size() == 2);
  CHECK(found->parts[0].checksum->value == "BBBBBB==");
  CHECK(found->parts[1].size == 6);
  CHECK(fixture.count_files("incoming") == 0);
}

TEST_CASE("buckets: owned once, deleted only when empty, with their uploads") {
  StoreFixture fixture;
  make_bucket(fixture);
  auto& store = fixture.store();
  CHECK(code_of(store.create_bucket({"bucket", "us-east-1", Instant{}})) == "BucketAlreadyOwnedByYou");
  REQUIRE(store.put({"bucket", "key"}, {}, Body::of_bytes("x"), {}));
  CHECK(code_of(store.delete_bucket("bucket")) == "BucketNotEmpty");
  REQUIRE(store.remove({"bucket", "key"}, {}));
  const std::string upload_id(32, 'u');
  REQUIRE(store.create_upload("bucket", {.id = upload_id, .key = "up", .initiated = {}}));
  REQUIRE(store.put_part({"bucket", "up"}, upload_id, {.number = 1}, Body::of_bytes(large)));
  REQUIRE(store.set_bucket_tags("bucket", {{"a", "b"}}));
  fixture.reopen();
  CHECK(fixture.store().find_bucket("bucket")->tags == Tags{{"a", "b"}});
  REQUIRE(fixture.store().delete_bucket("bucket"));
  CHECK(code_of(fixture.store().put({"bucket", "key"}, {}, Body::of_file(fixture.incoming(large), 100'000), {})) ==
        "NoSuchBucket");
  CHECK(fixture.count_files("incoming") == 0);
  REQUIRE(fixture.store().remove_expired_blobs());
  CHECK(fixture.count_files("blobs") == 0);
  REQUIRE(fixture.store().create_bucket({"bucket", "us-east-1", Instant{}}));
  CHECK(fixture.store().list_uploads("bucket", {}, "")->uploads.empty());
  fixture.reopen();
  CHECK(fixture.store().list_buckets()->size() == 1);
}

TEST_CASE("a replaced blob stays readable for the grace period, then goes") {
  StoreFixture fixture;
  make_bucket(fixture);
  put_file(fixture, "key", large);
  const auto before = **fixture.store().open({"bucket", "key"});
  put_file(fixture, "key", large + "2");
  REQUIRE(fixture.store().remove({"bucket", "key"}, {}));
  fixture.clock().advance(std::chrono::seconds{599});
  REQUIRE(fixture.store().remove_expired_blobs());
  CHECK(bytes_of(before.body) == large);
  fixture.reopen();
  REQUIRE(fixture.store().sweep());
  CHECK(fixture.count_files("blobs") == 2);
  fixture.clock().advance(std::chrono::seconds{2});
  REQUIRE(fixture.store().remove_expired_blobs());
  CHECK(fixture.count_files("blobs") == 0);
}

TEST_CASE("a crash between a blob's rename and its commit leaves a file that the next start removes") {
  StoreFixture fixture;
  make_bucket(fixture);
  put_file(fixture, "kept", large);
  const auto kept = (*fixture.store().open({"bucket", "kept"}))->body.file;
  // As if the process had died there: a whole blob that no entry names, and a body that was still arriving.
  const auto orphan = kept.parent_path() / (kept.filename().string().substr(0, 15) + "f");
  std::filesystem::copy_file(kept, orphan);
  const auto unfinished = fixture.incoming("half");
  REQUIRE(fixture.store().sweep());
  CHECK(std::filesystem::exists(orphan));  // Of this run: might be about to be committed.
  fixture.reopen();
  CHECK(fixture.store().list("bucket", {})->objects.size() == 1);
  const auto arriving = fixture.incoming("of this run");
  put_file(fixture, "new", large);
  REQUIRE(fixture.store().sweep());
  CHECK_FALSE(std::filesystem::exists(orphan));
  CHECK_FALSE(std::filesystem::exists(unfinished));
  CHECK(std::filesystem::exists(arriving));
  CHECK(read_object(fixture, "kept") == large);
  CHECK(read_object(fixture, "new") == large);
  fixture.reopen();
  REQUIRE(fixture.store().sweep());
  CHECK(read_object(fixture, "kept") == large);
  CHECK(read_object(fixture, "new") == large);
}

TEST_CASE("a refused write leaves nothing behind") {
  StoreFixture fixture;
  make_bucket(fixture);
  put_file(fixture, "key", large);
  const Precondition never = [](const Object*) -> Result<void> { return fail(errors::precondition_failed("If-None-Match")); };
  CHECK(code_of(fixture.store().put({"bucket", "key"}, {}, Body::of_file(fixture.incoming("x"), 1), never)) ==
        "PreconditionFailed");
  // Refused only at the second look, under the lock: the body has been moved already.
  int looks = 0;
  const Precondition late = [&](const Object*) -> Result<void> {
    if (++looks == 1) return {};
    return fail(errors::precondition_failed("If-None-Match"));
  };
  CHECK(code_of(fixture.store().put({"bucket", "key"}, {}, Body::of_file(fixture.incoming(large), 100'000), late)) ==
        "PreconditionFailed");
  CHECK(fixture.count_files("incoming") == 0);
  CHECK(fixture.count_files("blobs") == 1);
  CHECK(read_object(fixture, "key") == large);
}

TEST_CASE("of many conditional writers exactly one wins") {
  StoreFixture fixture;
  make_bucket(fixture);
  const Precondition is_free = [](const Object* current) -> Result<void> {
    if (current != nullptr) return fail(errors::precondition_failed("If-None-Match"));
    return {};
  };
  std::atomic<int> won = 0;
  std::vector<std::thread> writers;
  for (int i = 0; i < 8; ++i) {
    writers.emplace_back([&, i] {
      const auto content = large + std::to_string(i);
      if (fixture.store().put({"bucket", "key"}, {}, Body::of_bytes(content), is_free)) ++won;
    });
  }
  for (auto& writer : writers) writer.join();
  CHECK(won == 1);
  CHECK(fixture.count_files("blobs") == 1);
}

TEST_CASE("writers and readers of one key see whole bodies only") {
  StoreFixture fixture;
  make_bucket(fixture);
  REQUIRE(fixture.store().put({"bucket", "key"}, {}, Body::of_bytes(std::string(10, 'a')), {}));
  std::atomic<bool> stop = false;
  std::thread reader([&] {
    while (!stop) {
      const auto stored = fixture.store().open({"bucket", "key"});
      if (!stored || !*stored) std::abort();
      const auto bytes = bytes_of((*stored)->body);
      if (bytes != std::string(bytes.size(), bytes.at(0)) || (*stored)->object.size != static_cast<int64_t>(bytes.size()))
        std::abort();
    }
  });
  for (int i = 0; i < 60; ++i) {
    const std::string content(i % 2 == 0 ? 10 : 50'000, static_cast<char>('a' + i % 26));
    REQUIRE(fixture.store().put({"bucket", "key"}, {}, Body::of_bytes(content), {}));
  }
  stop = true;
  reader.join();
}

TEST_CASE("a bulk commit is one step") {
  StoreFixture fixture;
  make_bucket(fixture);
  auto& store = fixture.store();
  put_file(fixture, "out/old", large);
  REQUIRE(store.put({"bucket", "out/part-0"}, {}, Body::of_bytes("before"), {}));
  REQUIRE(store.commit_objects("bucket",
                               {{"out/part-0", fixture.incoming(large), {}, "text/csv"},
                                {"out/part-1", fixture.incoming("tiny"), md5("tiny"), "text/csv"},
                                {"out/_SUCCESS", fixture.incoming(""), {}, ""}},
                               {"out/old", "out/part-1", "out/never"}));
  const auto listed = store.list_bodies("bucket", "out/", "", 10);
  REQUIRE(listed);
  REQUIRE(listed->size() == 3);
  CHECK((*listed)[0].first == "out/_SUCCESS");
  CHECK((*listed)[1].second.object.etag == to_hex(md5(large)));
  CHECK(bytes_of((*listed)[1].second.body) == large);
  CHECK((*listed)[2].second.object.etag == to_hex(md5("tiny")));
  CHECK((*listed)[2].second.object.headers.content_type == "text/csv");
  CHECK(fixture.count_files("incoming") == 0);
  CHECK(code_of(store.commit_objects("none", {{"k", fixture.incoming(large), {}, ""}}, {})) == "NoSuchBucket");
  CHECK_FALSE(
      store.commit_objects("bucket", {{"k", fixture.incoming(large), {}, ""}, {"k", fixture.incoming(large), {}, ""}}, {}));
  CHECK(fixture.count_files("incoming") == 0);
  CHECK(fixture.count_files("blobs") == 2);
  fixture.reopen();
  CHECK(fixture.store().list("bucket", {})->objects.size() == 3);
}

TEST_CASE("a body is duplicated without its source") {
  StoreFixture fixture;
  make_bucket(fixture);
  put_file(fixture, "key", large + "end");
  const auto source = (*fixture.store().open({"bucket", "key"}))->body;
  auto copy = fixture.store().duplicate(source);
  REQUIRE(copy);
  REQUIRE(fixture.store().put({"bucket", "copy"}, {}, std::move(*copy), {}));
  auto tail = fixture.store().duplicate_range(source, 99'999, 4);
  REQUIRE(tail);
  REQUIRE(fixture.store().put({"bucket", "tail"}, {}, std::move(*tail), {}));
  auto middle = fixture.store().duplicate_range(source, 1, 50'000);
  REQUIRE(middle);
  REQUIRE(fixture.store().put({"bucket", "middle"}, {}, std::move(*middle), {}));
  REQUIRE(fixture.store().remove({"bucket", "key"}, {}));
  fixture.clock().advance(std::chrono::hours{1});
  REQUIRE(fixture.store().remove_expired_blobs());
  CHECK(read_object(fixture, "copy") == large + "end");
  CHECK(read_object(fixture, "tail") == "Lend");
  CHECK(read_object(fixture, "middle") == large.substr(0, 50'000));
}
