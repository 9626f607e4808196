#include "logs/stream_file.h"

#include <doctest/doctest.h>

#include <fstream>

#include "base/identifiers.h"

using namespace mastic;
using namespace mastic::logs;

namespace {

struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("mastic-logs-" + random_hex(12));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
};

std::string messages(const std::vector<Event>& events) {
  std::string all;
  for (const auto& event : events) all += event.message + " ";
  return all;
}

std::string forward(StreamFile& file, Position from = {}, std::size_t limit = 100) {
  return messages(file.read_forward(from, last_position, limit, 1 << 20).value());
}

}  // namespace

TEST_CASE("events come back in the order of their time, whatever order they came in") {
  const Folder folder;
  StreamFile file(folder.path / "1.log");
  const NewEvent first[] = {{10, "ten"}, {30, "thirty"}};
  const NewEvent second[] = {{20, "twenty"}, {30, "thirty-two"}, {40, "forty"}};
  REQUIRE(file.append(first, 1, false));
  REQUIRE(file.append(second, 2, true));
  CHECK(forward(file) == "ten twenty thirty thirty-two forty ");
  CHECK(forward(file, {30, 0}, 1) == "thirty ");
  CHECK(messages(file.read_backward({}, last_position, 2, 1 << 20).value()) == "thirty-two forty ");
  CHECK(messages(file.read_backward({}, {30, 0}, 9, 1 << 20).value()) == "ten twenty ");
  CHECK(messages(file.read_forward({}, last_position, 9, 7).value()) == "ten ");  // at least one, then the bound

  StreamFile again(folder.path / "1.log");
  const auto facts = again.facts().value();
  REQUIRE(facts);
  CHECK(facts->first_event_ms == 10);
  CHECK(facts->last_event_ms == 40);
  CHECK(facts->last_ingestion_ms == 2);
  CHECK(forward(again) == "ten twenty thirty thirty-two forty ");
}

TEST_CASE("a torn end is cut away and what was whole stays") {
  const Folder folder;
  const auto path = folder.path / "1.log";
  const NewEvent events[] = {{1, "one"}, {2, "two"}};
  {
    StreamFile file(path);
    REQUIRE(file.append(events, 5, true));
  }
  const auto whole = std::filesystem::file_size(path);
  SUBCASE("cut in the last record") { std::filesystem::resize_file(path, whole - 3); }
  SUBCASE("a damaged byte in the last record") {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(whole) - 6);
    file.put('X');
  }
  StreamFile file(path);
  CHECK(forward(file) == "one ");
  const NewEvent more[] = {{3, "three"}};
  REQUIRE(file.append(more, 6, true));
  CHECK(forward(file) == "one three ");
  StreamFile again(path);
  CHECK(forward(again) == "one three ");
}
