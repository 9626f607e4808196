#include <doctest/doctest.h>

#include "cloudwatch/math/series.h"

using namespace mastic;
using namespace mastic::cloudwatch;

namespace {

class Scope final : public MathScope {
 public:
  Result<MathValue> value_of(const std::string& id) override {
    const auto found = series.find(id);
    if (found == series.end()) return fail(Error{"ValidationException", "no such id: " + id});
    return MathValue{found->second};
  }
  Result<SeriesList> metrics(std::string_view containing) override {
    SeriesList list;
    for (const auto& [id, held] : series) {
      if (id.find(containing) != std::string::npos) list.push_back(held);
    }
    return list;
  }
  [[nodiscard]] std::vector<int64_t> times(int64_t) const override { return {0, 60, 120, 180}; }
  [[nodiscard]] int64_t period_seconds() const override { return 60; }

  std::map<std::string, Series> series{{"m1", {"one", 60, {{0, 1}, {60, 2}, {180, 4}}}},
                                       {"m2", {"two", 60, {{0, 10}, {60, 0}}}}};
};

std::map<int64_t, double> points(std::string_view expression) {
  Scope scope;
  const auto value = evaluate(expression, scope);
  REQUIRE_MESSAGE(value.has_value(), expression);
  REQUIRE_MESSAGE(std::holds_alternative<Series>(*value), expression);
  return std::get<Series>(*value).points;
}
std::string refusal(std::string_view expression) {
  Scope scope;
  return evaluate(expression, scope).error().message;
}
using Points = std::map<int64_t, double>;

}  // namespace

TEST_CASE("arithmetic binds as it should, point by point") {
  CHECK(points("m1 + 2 * 3") == Points{{0, 7}, {60, 8}, {180, 10}});
  CHECK(points("(m1+2)*3") == Points{{0, 9}, {60, 12}, {180, 18}});
  CHECK(points("-m1^2") == Points{{0, -1}, {60, -4}, {180, -16}});
  CHECK(points("m2/m1") == Points{{0, 10}, {60, 0}});
  CHECK(points("m1/m2") == Points{{0, 0.1}});  // no division by zero
  CHECK(points("m1 > 1 AND m1 < 4") == Points{{0, 0}, {60, 1}, {180, 0}});
}

TEST_CASE("functions") {
  CHECK(points("SUM([m1,m2])") == Points{{0, 11}, {60, 2}, {180, 4}});
  CHECK(points("MAX(METRICS())") == Points{{0, 10}, {60, 2}, {180, 4}});
  CHECK(points("m1 / SUM(m1) * 7") == Points{{0, 1}, {60, 2}, {180, 4}});
  CHECK(points("RATE(m1)") == Points{{60, 1.0 / 60}, {180, 2.0 / 120}});
  CHECK(points("RUNNING_SUM(m1)") == Points{{0, 1}, {60, 3}, {180, 7}});
  CHECK(points("FILL(m1, 0)") == Points{{0, 1}, {60, 2}, {120, 0}, {180, 4}});
  CHECK(points("FILL(m1, REPEAT)") == Points{{0, 1}, {60, 2}, {120, 2}, {180, 4}});
  CHECK(points("FILL(m1, LINEAR)") == Points{{0, 1}, {60, 2}, {120, 3}, {180, 4}});
  CHECK(points("IF(m1 > 1, m1, 0)") == Points{{0, 0}, {60, 2}, {180, 4}});
  CHECK(points("TIME_SERIES(5)") == Points{{0, 5}, {60, 5}, {120, 5}, {180, 5}});
  CHECK(points("MINUTE(m1)") == Points{{0, 0}, {60, 1}, {180, 3}});
}

TEST_CASE("what cannot be computed says why") {
  CHECK(refusal("SEARCH('x', 'Sum', 60)").find("SEARCH is not supported") != std::string::npos);
  CHECK(refusal("m1 +").find("too early") != std::string::npos);
  CHECK(refusal("m9").find("m9") != std::string::npos);
  CHECK(refusal("m1 m2").find("position 4") != std::string::npos);
  CHECK(refusal("ABS(m1, m2)").find("2 arguments") != std::string::npos);
  CHECK(refusal(std::string(100, '(')).find("deeply") != std::string::npos);
  CHECK(refusal("METRICS() + METRICS()").find("two lists") != std::string::npos);
}
