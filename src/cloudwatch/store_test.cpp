#include "cloudwatch/store.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>

using namespace mastic;
using namespace mastic::cloudwatch;

namespace {

struct Bench {
  Bench() : folder(std::filesystem::temp_directory_path() / ("mastic-cloudwatch-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(folder);
    store = Store::open(folder, clock).value();
  }
  ~Bench() {
    store.reset();
    std::filesystem::remove_all(folder);
  }
  void put(const std::string& name, double value, Dimensions dimensions = {}, bool fine = false) {
    const Sample sample{.name = name,
                        .dimensions = std::move(dimensions),
                        .time = clock.now(),
                        .values = Distribution::of(value),
                        .high_resolution = fine};
    REQUIRE(store->put("Test", std::span(&sample, 1)));
  }
  [[nodiscard]] std::vector<Datum> all(const std::string& name) const {
    return store->read({"Test", name, {}}, 0, 4'000'000'000).value();
  }

  ManualClock clock;
  std::filesystem::path folder;
  std::unique_ptr<Store> store;
};

}  // namespace

TEST_CASE("what is measured in one minute is one datum, and rolled up with age without changing any total") {
  Bench bench;
  double sum = 0;
  for (int minute = 0; minute < 120; ++minute) {
    for (int value = 0; value < 3; ++value) bench.put("m", minute + value);
    sum += 3 * minute + 3;
    bench.clock.advance(std::chrono::minutes{1});
  }
  CHECK(bench.all("m").size() == 120);
  for (const auto& [age, resolution] : {std::pair{std::chrono::days{16}, 300}, {std::chrono::days{48}, 3600}}) {
    bench.clock.advance(age);
    REQUIRE(bench.store->roll_up());
    Distribution total;
    for (const auto& datum : bench.all("m")) {
      CHECK(datum.resolution_seconds == resolution);
      CHECK(datum.time_seconds % resolution == 0);
      total.add(datum.values);
    }
    CHECK(total.count == 360);
    CHECK(total.sum == sum);
    CHECK(total.maximum == 121);
    CHECK(total.has_values);
  }
  bench.clock.advance(std::chrono::days{400});
  REQUIRE(bench.store->roll_up());
  CHECK(bench.all("m").empty());
  CHECK(bench.store->list({}).value().empty());
}

TEST_CASE("seconds are kept for three hours") {
  Bench bench;
  for (int second = 0; second < 90; ++second) {
    bench.put("s", 1, {}, true);
    bench.clock.advance(std::chrono::seconds{1});
  }
  CHECK(bench.all("s").size() == 90);
  bench.clock.advance(std::chrono::hours{4});
  REQUIRE(bench.store->roll_up());
  const auto kept = bench.all("s");
  CHECK(kept.size() <= 3);
  double count = 0;
  for (const auto& datum : kept) count += datum.values.count;
  CHECK(count == 90);
}

TEST_CASE("metrics are listed by namespace, name and dimensions, in pages") {
  Bench bench;
  for (int at = 0; at < 10; ++at) bench.put("n", 1, {{"Job", std::to_string(at)}, {"Type", at % 2 == 0 ? "count" : "gauge"}});
  CHECK(bench.store->list({}).value().size() == 10);
  CHECK(bench.store->list({.name_space = "Other"}).value().empty());
  CHECK(bench.store->list({.dimensions = {{"Type", "gauge"}}}).value().size() == 5);
  CHECK(bench.store->list({.dimensions = {{"Job", {}}, {"Type", "count"}}}).value().size() == 5);
  const auto first = bench.store->list({.limit = 4}).value();
  const auto rest = bench.store->list({.after_id = first.back().id}).value();
  CHECK(first.size() + rest.size() == 10);
  bench.clock.advance(std::chrono::hours{4});
  bench.put("late", 1);
  CHECK(bench.store->list({.seen_since_seconds = to_microseconds(bench.clock.now()) / 1'000'000 - 3 * 3600}).value().size() ==
        1);
}
