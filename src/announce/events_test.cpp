#include "announce/events.h"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "announce/outbox.h"
#include "base/identifiers.h"

using namespace mastic;
using namespace mastic::announce;

namespace {

struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("mastic-events-" + random_hex(8));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
};

std::string content(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

void await_delivered(const Events& events, uint64_t count) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (events.figures().delivered + events.figures().dropped < count && std::chrono::steady_clock::now() < limit) {
    std::this_thread::yield();
  }
}

}  // namespace

TEST_CASE("a command gets each event on its standard input, in order") {
  const Folder folder;
  ManualClock clock;
  const auto file = (folder.path / "got").string();
  auto events =
      Events::open({.folder = folder.path, .command = {"/bin/sh", "-c", "cat >>" + file + "; echo >>" + file}}, clock).value();
  for (int at = 0; at < 3; ++at) {
    events->publish({.detail_type = "Glue Job State Change", .resources = {}, .detail = "{\"n\":" + std::to_string(at) + "}"});
  }
  events->publish({.detail_type = "of this process", .resources = {}, .detail = "{}", .is_local = true});
  await_delivered(*events, 3);
  CHECK(events->figures().delivered == 3);
  CHECK(events->figures().waiting == 0);
  const auto got = content(file);
  CHECK(got.find("\"source\":\"aws.glue\"") != std::string::npos);
  CHECK(got.find("\"time\":\"2023-11-14T22:13:20Z\"") != std::string::npos);
  CHECK(got.find("{\"n\":0}") < got.find("{\"n\":1}"));
  CHECK(got.find("{\"n\":1}") < got.find("{\"n\":2}"));
  CHECK(got.find("of this process") == std::string::npos);
}

TEST_CASE("what could not be delivered is tried again, also by the next process") {
  const Folder folder;
  ManualClock clock;
  const auto door = (folder.path / "door").string();
  const std::vector<std::string> command{"/bin/sh", "-c", "cat >/dev/null; test -e " + door};
  {
    auto events = Events::open({.folder = folder.path, .command = command}, clock).value();
    events->publish({.detail_type = "x", .resources = {}, .detail = "{}"});
  }
  std::ofstream(door).put('x');
  auto events = Events::open({.folder = folder.path, .command = command}, clock).value();
  await_delivered(*events, 1);
  CHECK(events->figures().delivered == 1);
  CHECK(events->figures().dropped == 0);
}

TEST_CASE("subscribers read on where they were") {
  ManualClock clock;
  auto events = Events::open({}, clock).value();
  for (int at = 0; at < 1500; ++at) events->publish({.detail_type = "t", .resources = {"database/d"}, .detail = "{}"});
  CHECK(events->newest() == 1500);
  CHECK(events->after(1498).size() == 2);
  CHECK(events->after(1500).empty());
  CHECK(events->after(0, 5000).size() == 1000);
  CHECK(events->after(0).front().sequence == 501);
  CHECK(events->after(1499).front().body.find("arn:aws:glue:us-east-1:000000000000:database/d") != std::string::npos);
}

TEST_CASE("an outbox keeps its order over a restart") {
  const Folder folder;
  {
    auto outbox = Outbox::open(folder.path).value();
    REQUIRE(outbox->add("a"));
    REQUIRE(outbox->add("b"));
  }
  auto outbox = Outbox::open(folder.path).value();
  CHECK(outbox->count().value() == 2);
  auto first = outbox->first().value().value();
  CHECK(first.body == "a");
  REQUIRE(outbox->note_attempt(first.number));
  CHECK(outbox->first().value()->attempts == 1);
  REQUIRE(outbox->remove(first.number));
  CHECK(outbox->first().value()->body == "b");
}
