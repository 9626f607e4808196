// Aggregates whose last digits show how they are computed: Spark's running moments and co-moments.
//   spark_kurtosis(x), spark_skewness(x)       of the population; NULL where the variance is 0
//   spark_corr(y, x), spark_corr_exact, spark_covar_pop, spark_covar_samp, spark_regr_r2, …   over the pairs without NULL
#include <cmath>
#include <duckdb/function/aggregate_function.hpp>

#include "engine/functions/kernel.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

struct Moments {
  double count;
  double average;
  double m2;
  double m3;
  double m4;

  void add(double x) {
    const double n = count + 1;
    const double delta = x - average;
    const double step = delta / n;
    const double delta2 = delta * delta;
    const double step2 = step * step;
    average += step;
    m2 += delta * (delta - step);
    m3 = m3 - 3.0 * step * m2 + delta * (delta2 - step2);
    m4 = m4 - 4.0 * step * m3 - 6.0 * step2 * m2 + delta * (delta * delta2 - step * step2);
    count = n;
  }
  void add(const Moments& other) {
    const double n1 = count;
    const double n2 = other.count;
    const double n = n1 + n2;
    if (n2 == 0) return;
    const double delta = other.average - average;
    const double step = delta / n;
    const double own2 = m2;
    const double own3 = m3;
    average += step * n2;
    m2 = own2 + other.m2 + delta * step * n1 * n2;
    m3 = own3 + other.m3 + step * step * delta * n1 * n2 * (n1 - n2) + 3.0 * step * (n1 * other.m2 - n2 * own2);
    m4 = m4 + other.m4 + step * step * step * delta * n1 * n2 * (n1 * n1 - n1 * n2 + n2 * n2) +
         6.0 * step * step * (n1 * n1 * other.m2 + n2 * n2 * own2) + 4.0 * step * (n1 * other.m3 - n2 * own3);
    count = n;
  }
};

std::optional<double> skewness(const Moments& s) {
  if (s.count == 0 || s.m2 == 0) return std::nullopt;
  return std::sqrt(s.count) * s.m3 / std::sqrt(s.m2 * s.m2 * s.m2);
}
std::optional<double> kurtosis(const Moments& s) {
  if (s.count == 0 || s.m2 == 0) return std::nullopt;
  return s.count * s.m4 / (s.m2 * s.m2) - 3.0;
}

template <auto answer>
struct MomentOperation {
  template <class STATE>
  static void Initialize(STATE& state) {
    state = STATE{};
  }
  template <class INPUT, class STATE, class OP>
  static void Operation(STATE& state, const INPUT& input, duckdb::AggregateUnaryInput&) {
    state.add(input);
  }
  template <class INPUT, class STATE, class OP>
  static void ConstantOperation(STATE& state, const INPUT& input, duckdb::AggregateUnaryInput&, idx_t count) {
    for (idx_t i = 0; i < count; ++i) state.add(input);
  }
  template <class STATE, class OP>
  static void Combine(const STATE& source, STATE& target, duckdb::AggregateInputData&) {
    target.add(source);
  }
  template <class T, class STATE>
  static void Finalize(STATE& state, T& target, duckdb::AggregateFinalizeData& finalize) {
    const std::optional<double> value = answer(state);
    if (value) {
      target = *value;
    } else {
      finalize.ReturnNull();
    }
  }
  static bool IgnoreNull() { return true; }
};

/// Of y (first argument) and x (second).
struct CoMoments {
  double count;
  double y_average;
  double x_average;
  double co;    // Σ (y − ȳ)(x − x̄)
  double y_mk;  // Σ (y − ȳ)², as the correlation keeps it
  double x_mk;
  double y_m2;  // the same, as the variance keeps it
  double x_m2;

  void add(double y, double x) {
    const double n = count + 1;
    const double dy = y - y_average;
    const double dx = x - x_average;
    const double y_step = dy / n;
    const double x_step = dx / n;
    y_average += y_step;
    x_average += x_step;
    co += dy * (x - x_average);
    y_mk += dy * (y - y_average);
    x_mk += dx * (x - x_average);
    y_m2 += dy * (dy - y_step);
    x_m2 += dx * (dx - x_step);
    count = n;
  }
  void add(const CoMoments& other) {
    if (other.count == 0) return;
    const double n = count + other.count;
    const double dy = other.y_average - y_average;
    const double dx = other.x_average - x_average;
    const double y_step = dy / n;
    const double x_step = dx / n;
    const double both = count * other.count;
    co += other.co + dy * x_step * both;
    y_mk += other.y_mk + dy * y_step * both;
    x_mk += other.x_mk + dx * x_step * both;
    y_m2 += other.y_m2 + dy * y_step * both;
    x_m2 += other.x_m2 + dx * x_step * both;
    y_average += y_step * other.count;
    x_average += x_step * other.count;
    count = n;
  }
};

using Answer = std::optional<double>;
// Where one side does not vary, Spark divides by zero, with what the mode makes of that.
template <bool exact>
Answer corr(const CoMoments& s) {
  const double spread = std::sqrt(s.y_mk * s.x_mk);
  if (s.count < 2) return std::nullopt;
  if (spread != 0) return s.co / spread;
  if (exact) throw_spark_error("DIVIDE_BY_ZERO", {{"config", "\"spark.sql.ansi.enabled\""}});
  return std::nullopt;
}
Answer covar_pop(const CoMoments& s) { return s.count == 0 ? Answer() : s.co / s.count; }
Answer covar_samp(const CoMoments& s) { return s.count < 2 ? Answer() : s.co / (s.count - 1); }
Answer r2(const CoMoments& s) {
  if (s.count == 0 || s.x_mk == 0) return std::nullopt;
  if (s.y_mk == 0) return 1.0;
  return s.co / s.x_mk * s.co / s.y_mk;
}
Answer slope(const CoMoments& s) { return s.count < 1 || s.x_m2 == 0 ? Answer() : s.co / s.x_m2; }
Answer intercept(const CoMoments& s) {
  const auto by = slope(s);
  return by ? Answer(s.y_average - *by * s.x_average) : std::nullopt;
}
Answer sxx(const CoMoments& s) { return s.count == 0 ? Answer() : s.x_m2; }
Answer syy(const CoMoments& s) { return s.count == 0 ? Answer() : s.y_m2; }
Answer sxy(const CoMoments& s) { return s.count == 0 ? Answer() : s.co; }

template <auto answer>
struct CoMomentOperation : MomentOperation<answer> {
  template <class A, class B, class STATE, class OP>
  static void Operation(STATE& state, const A& y, const B& x, duckdb::AggregateBinaryInput&) {
    state.add(y, x);
  }
};

template <auto answer>
void one(duckdb::ExtensionLoader& loader, const char* name) {
  auto function = duckdb::AggregateFunction::UnaryAggregate<Moments, double, double, MomentOperation<answer>>(
      LogicalType::DOUBLE, LogicalType::DOUBLE);
  function.name = name;
  loader.RegisterFunction(std::move(function));
}
template <auto answer>
void two(duckdb::ExtensionLoader& loader, const char* name) {
  auto function = duckdb::AggregateFunction::BinaryAggregate<CoMoments, double, double, double, CoMomentOperation<answer>>(
      LogicalType::DOUBLE, LogicalType::DOUBLE, LogicalType::DOUBLE);
  function.name = name;
  loader.RegisterFunction(std::move(function));
}

}  // namespace

void register_statistic_functions(duckdb::ExtensionLoader& loader) {
  one<kurtosis>(loader, "spark_kurtosis");
  one<skewness>(loader, "spark_skewness");
  two<corr<false>>(loader, "spark_corr");
  two<corr<true>>(loader, "spark_corr_exact");
  two<covar_pop>(loader, "spark_covar_pop");
  two<covar_samp>(loader, "spark_covar_samp");
  two<r2>(loader, "spark_regr_r2");
  two<slope>(loader, "spark_regr_slope");
  two<intercept>(loader, "spark_regr_intercept");
  two<sxx>(loader, "spark_regr_sxx");
  two<syy>(loader, "spark_regr_syy");
  two<sxy>(loader, "spark_regr_sxy");
}

}  // namespace mastic::engine
