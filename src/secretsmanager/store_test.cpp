#include "secretsmanager/store.h"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "base/identifiers.h"
#include "secretsmanager/operations/operations.h"

namespace mastic::secretsmanager {
namespace {

struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("mastic-secrets-" + random_hex(12));
  ~Folder() { std::filesystem::remove_all(path); }
};

Secret named(const std::string& name, const Clock& clock) {
  return {.name = name,
          .arn = "arn:aws:secretsmanager:r:0:secret:" + name + "-abcdef",
          .created = clock.now(),
          .changed = clock.now(),
          .deletion = std::nullopt};
}

TEST_CASE("a secret goes when its window is over, not before, and not when it was restored") {
  const Folder folder;
  ManualClock clock;
  auto opened = Store::open(folder.path, clock);
  REQUIRE(opened);
  auto& store = **opened;
  const Version first{.id = "1", .value = "text", .created = clock.now()};
  for (const auto* name : {"goes", "stays"}) {
    REQUIRE(store.insert(named(name, clock), first));
    REQUIRE(store.change(name, [&](Entry& entry) -> Result<void> {
      entry.secret.deletion = clock.now() + std::chrono::days(7);
      return {};
    }));
  }
  clock.advance(std::chrono::days(7) - std::chrono::seconds(1));
  CHECK(store.find("goes")->has_value());
  REQUIRE(store.change("stays", [](Entry& entry) -> Result<void> {
    entry.secret.deletion.reset();
    return {};
  }));
  clock.advance(std::chrono::seconds(1));
  CHECK_FALSE(store.find("goes")->has_value());
  CHECK(store.find("stays")->has_value());
  CHECK(store.versions("goes")->empty());
  CHECK(store.change("goes", [](Entry&) -> Result<void> { return {}; }).error().code == "ResourceNotFoundException");
  CHECK(store.insert(named("goes", clock), std::nullopt));  // the name is free
}

TEST_CASE("values that come at the same time all stay, and one is current") {
  const Folder folder;
  ManualClock clock;
  auto opened = Store::open(folder.path, clock);
  REQUIRE(opened);
  auto& store = **opened;
  REQUIRE(store.insert(named("busy", clock), std::nullopt));
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 4; ++writer) {
    writers.emplace_back([&, writer] {
      for (int number = 0; number < 10; ++number) {
        const auto text = std::to_string(writer * 10 + number);
        (void)change_secret(store, "busy", [&](Entry& entry) -> Result<void> {
          TRY_DO(put_version(entry, {false, text}, "", {"AWSCURRENT"}, clock.now()));
          return {};
        });
      }
    });
  }
  for (auto& writer : writers) writer.join();
  CHECK(store.versions("busy")->size() == 40);
  const auto stages = store.stages("busy").value();
  CHECK(stages.size() == 2);
  CHECK(stages.at("AWSCURRENT") != stages.at("AWSPREVIOUS"));
  CHECK(stages.at("AWSCURRENT") == store.versions("busy")->back().id);
}

TEST_CASE("a change that fails writes nothing") {
  const Folder folder;
  ManualClock clock;
  auto opened = Store::open(folder.path, clock);
  REQUIRE(opened);
  auto& store = **opened;
  REQUIRE(store.insert(named("one", clock), Version{.id = "t", .value = "a", .created = clock.now()}));
  const auto put = [&](const std::string& text, const std::string& description) {
    return change_secret(store, "one", [&](Entry& entry) -> Result<void> {
      entry.secret.description = description;
      TRY_DO(put_version(entry, {false, text}, "t", {"AWSCURRENT"}, clock.now()));
      return {};
    });
  };
  CHECK(put("b", "lost").error().code == "ResourceExistsException");
  CHECK((*store.find("one"))->description.empty());
  CHECK(put("a", "kept"));  // the same value under the same token
  CHECK((*store.find("one"))->description == "kept");
  CHECK(store.versions("one")->size() == 1);
}

}  // namespace
}  // namespace mastic::secretsmanager
