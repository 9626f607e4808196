#include "cloudwatch/alarms.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>

using namespace mastic;
using namespace mastic::cloudwatch;

namespace {

struct Bench {
  Bench() {
    std::filesystem::remove_all(folder);
    store = Store::open(folder, clock).value();
    alarms = Alarms::open(folder, *store, clock).value();
    alarms->on_change([this](const Alarm& alarm, const std::string& before) {
      changes.push_back(before + ">" + alarm.state_value.value_or(""));
    });
  }
  ~Bench() {
    alarms.reset();
    store.reset();
    std::filesystem::remove_all(folder);
  }
  /// One value in this minute, then the next minute begins and alarms are evaluated.
  void minute(std::optional<double> value) {
    if (value) {
      const Sample sample{.name = "m", .dimensions = {}, .time = clock.now(), .values = Distribution::of(*value)};
      REQUIRE(store->put("N", std::span(&sample, 1)));
    }
    clock.advance(std::chrono::minutes{1});
    REQUIRE(alarms->evaluate());
  }
  void put(int periods, int wanted, std::optional<std::string> missing = {}) {
    REQUIRE(alarms->put({.alarm_name = "a",
                         .metric_name = "m",
                         .namespace_ = "N",
                         .statistic = "Average",
                         .period = 60,
                         .evaluation_periods = periods,
                         .datapoints_to_alarm = wanted,
                         .threshold = 10,
                         .comparison_operator = "GreaterThanThreshold",
                         .treat_missing_data = std::move(missing)}));
  }
  [[nodiscard]] std::string state() const { return alarms->find("a").value()->state_value.value(); }

  ManualClock clock;
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("mastic-alarms-" + std::to_string(getpid()));
  std::unique_ptr<Store> store;
  std::unique_ptr<Alarms> alarms;
  std::vector<std::string> changes;
};

}  // namespace

TEST_CASE("an alarm goes off when enough of its last periods break the threshold") {
  Bench bench;
  bench.put(3, 2);
  CHECK(bench.state() == "INSUFFICIENT_DATA");
  bench.minute(5);
  CHECK(bench.state() == "OK");
  bench.minute(11);
  CHECK(bench.state() == "OK");
  bench.minute(12);
  CHECK(bench.state() == "ALARM");
  bench.minute(10);  // not greater
  CHECK(bench.state() == "ALARM");
  bench.minute(1);
  CHECK(bench.state() == "OK");
  for (int at = 0; at < 4; ++at) bench.minute({});
  CHECK(bench.state() == "INSUFFICIENT_DATA");
  CHECK(bench.changes == std::vector<std::string>{"INSUFFICIENT_DATA>OK", "OK>ALARM", "ALARM>OK", "OK>INSUFFICIENT_DATA"});
}

TEST_CASE("missing data is what the alarm says it is") {
  for (const auto& [treated, state] :
       {std::pair{"breaching", "ALARM"}, {"notBreaching", "OK"}, {"ignore", "INSUFFICIENT_DATA"}}) {
    Bench bench;
    bench.put(1, 1, treated);
    bench.minute({});
    CHECK(bench.state() == state);
  }
}

TEST_CASE("a state that was set stays until the next evaluation, and alarms survive a restart") {
  Bench bench;
  bench.put(1, 1);
  REQUIRE(bench.alarms->set_state("a", "ALARM", "by hand", {}).value());
  bench.alarms.reset();
  bench.alarms = Alarms::open(bench.folder, *bench.store, bench.clock).value();
  CHECK(bench.state() == "ALARM");
  CHECK(bench.alarms->find("a").value()->state_reason == "by hand");
  bench.minute(1);
  CHECK(bench.state() == "OK");
  CHECK_FALSE(bench.alarms->remove({"a", "b"}).value());
  CHECK(bench.alarms->remove({"a"}).value());
  CHECK(bench.alarms->list().value().empty());
}
