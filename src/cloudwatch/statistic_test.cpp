#include "cloudwatch/statistic.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mastic::cloudwatch;

namespace {

Distribution to_hundred() {
  Distribution all;
  for (int value = 100; value > 0; --value) all.add(Distribution::of(value));
  return all;
}

double of(std::string_view statistic, const Distribution& values) {
  return Statistic::parse(statistic).value().of(values).value();
}

}  // namespace

TEST_CASE("statistics of the numbers from 1 to 100") {
  const auto all = to_hundred();
  CHECK(of("SampleCount", all) == 100);
  CHECK(of("Sum", all) == 5050);
  CHECK(of("Average", all) == 50.5);
  CHECK(of("Minimum", all) == 1);
  CHECK(of("Maximum", all) == 100);
  CHECK(of("p50", all) == 50);
  CHECK(of("p99.5", all) == 100);
  CHECK(of("p0", all) == 1);
  CHECK(of("tm90", all) == doctest::Approx(45.5));
  CHECK(of("tm(10%:90%)", all) == doctest::Approx(50.5));
  CHECK(of("tm(10:20)", all) == doctest::Approx(15.5));
  CHECK(of("tc(10:20)", all) == 10);
  CHECK(of("ts(:10)", all) == 55);
  CHECK(of("PR(:25)", all) == 25);
  CHECK(of("IQM", all) == doctest::Approx(50.5));
  CHECK(of("wm(10%:90%)", all) == doctest::Approx((4040.0 + 10 * 11 + 10 * 90) / 100));
}

TEST_CASE("weights count") {
  auto values = Distribution::of(1, 9);
  values.add(Distribution::of(100));
  CHECK(of("p90", values) == 1);
  CHECK(of("p91", values) == 100);
  CHECK(of("Average", values) == doctest::Approx(10.9));
}

TEST_CASE("a statistic set has no percentiles, unless its values are all the same") {
  auto values = Distribution::summary(2, 3, 1, 2);
  CHECK_FALSE(Statistic::parse("p50").value().of(values));
  CHECK(of("Average", values) == 1.5);
  CHECK(of("p50", Distribution::summary(3, 6, 2, 2)) == 2);
  values.add(Distribution::of(7));
  CHECK_FALSE(Statistic::parse("p50").value().of(values));
  CHECK(of("Maximum", values) == 7);
}

TEST_CASE("many values are kept within one percent, their sum exactly") {
  Distribution values;
  double sum = 0;
  for (int at = 1; at <= 5000; ++at) {
    values.add(Distribution::of(at * 1.5));
    sum += at * 1.5;
  }
  CHECK(values.sum == doctest::Approx(sum));
  CHECK(values.values.size() <= 1001);
  CHECK(std::abs(of("p50", values) - 3750) < 3750 * 0.02);
  CHECK(of("p100", values) == doctest::Approx(7500).epsilon(0.01));
  Distribution back;
  back.unpack_values(values.packed_values());
  CHECK(back.values == values.values);
}

TEST_CASE("what is no statistic says so") {
  for (const auto* text : {"", "avg", "p101", "p", "tm(5)", "tm(10%:20)", "PR(1%:2%)", "tm(9:1)", "tm(:)"}) {
    CHECK(Statistic::parse(text).error().code == "InvalidParameterValueException");
  }
}
