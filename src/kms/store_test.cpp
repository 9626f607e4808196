#include "kms/store.h"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>

#include "base/identifiers.h"

namespace mastic::kms {
namespace {

struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("mastic-kms-" + random_hex(12));
  ~Folder() { std::filesystem::remove_all(path); }
};

TEST_CASE("deletions and rotations happen when they are due") {
  const Folder folder;
  ManualClock clock;
  auto opened = Store::open(folder.path, clock);
  REQUIRE(opened);
  auto& store = **opened;
  const auto id = random_uuid();
  REQUIRE(store.insert(
      {.id = id, .created = clock.now(), .rotation_days = 90, .next_rotation = clock.now() + std::chrono::days(90)},
      "alias/one"));
  const auto before = store.material(id, 1);
  REQUIRE((before && *before));

  clock.advance(std::chrono::days(91));
  auto key = store.find(id);
  REQUIRE((key && *key));
  CHECK((*key)->material == 2);
  CHECK((*key)->next_rotation == (*key)->created + std::chrono::days(180));
  CHECK(store.material(id, 1)->value() == **before);  // what it encrypted stays readable
  CHECK(store.material(id, 2)->value() != **before);
  CHECK(store.rotations(id)->size() == 1);

  REQUIRE(store.change(id, [&](Key& changed) -> Result<void> {
    changed.deletion = clock.now() + std::chrono::days(7);
    return {};
  }));
  clock.advance(std::chrono::days(7) - std::chrono::seconds(1));
  CHECK(store.find(id)->has_value());
  clock.advance(std::chrono::seconds(1));
  CHECK_FALSE(store.find(id)->has_value());
  CHECK_FALSE(store.find_alias("alias/one")->has_value());
  CHECK_FALSE(store.material(id, 1)->has_value());
}

TEST_CASE("a change that fails writes nothing; keys survive opening again") {
  const Folder folder;
  ManualClock clock;
  const auto id = random_uuid();
  std::string material;
  {
    auto opened = Store::open(folder.path, clock);
    REQUIRE(opened);
    REQUIRE((*opened)->insert({.id = id, .description = "kept", .created = clock.now(), .tags = {{"a", "b"}}}));
    CHECK_FALSE((*opened)->change(id, [](Key& key) -> Result<void> {
      key.description = "lost";
      return fail(Error::invalid("no"));
    }));
    material = (*opened)->material(id, 1)->value();
  }
  auto opened = Store::open(folder.path, clock);
  REQUIRE(opened);
  const auto key = (*opened)->find(id);
  REQUIRE((key && *key));
  CHECK((*key)->description == "kept");
  CHECK((*key)->tags == Tags{{"a", "b"}});
  CHECK((*opened)->material(id, 1)->value() == material);
}

}  // namespace
}  // namespace mastic::kms
