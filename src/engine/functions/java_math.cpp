#include "engine/functions/java_math.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace mastic::engine::java_math {
namespace {

// A double is [sign and exponent and 20 bits | 32 bits]; the algorithms branch on the upper half.
int32_t upper_half(double x) { return static_cast<int32_t>(std::bit_cast<uint64_t>(x) >> 32); }
double with_upper_half(double x, int32_t upper) {
  return std::bit_cast<double>((std::bit_cast<uint64_t>(x) & 0xFFFFFFFFU) | static_cast<uint64_t>(static_cast<uint32_t>(upper))
                                                                                << 32);
}
double with_exponent_raised(double x, int by) { return with_upper_half(x, upper_half(x) + (by << 20)); }

// ln 2 in two pieces whose sum has more digits than a double.
constexpr double ln2_upper = 6.93147180369123816490e-01;
constexpr double ln2_lower = 1.90821492927058770002e-10;
constexpr double one_over_ln2 = 1.44269504088896338700e+00;
constexpr double two_to_54 = 1.80143985094819840000e+16;
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// The minimax polynomial of log((1+s)/(1-s)) / s - 2, in s².
constexpr double logarithm[] = {6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01,
                                2.222219843214978396e-01, 1.818357216161805012e-01, 1.531383769920937332e-01,
                                1.479819860511658591e-01};

}  // namespace

double exp(double x) {
  constexpr double p[] = {1.66666666666666019037e-01, -2.77777777770155933842e-03, 6.61375632143793436117e-05,
                          -1.65339022054652515390e-06, 4.13813679705723846039e-08};
  if (std::isnan(x)) return x;
  if (x > 7.09782712893383973096e+02) return infinity;
  if (x < -7.45133219101941108420e+02) return 0;
  const int32_t magnitude = upper_half(x) & 0x7FFFFFFF;
  double upper = 0;
  double lower = 0;
  int k = 0;
  if (magnitude > 0x3FD62E42) {  // beyond half of ln 2
    if (magnitude < 0x3FF0A2B2) {
      upper = x < 0 ? x + ln2_upper : x - ln2_upper;
      lower = x < 0 ? -ln2_lower : ln2_lower;
      k = x < 0 ? -1 : 1;
    } else {
      k = static_cast<int>(one_over_ln2 * x + (x < 0 ? -0.5 : 0.5));
      upper = x - k * ln2_upper;
      lower = k * ln2_lower;
    }
    x = upper - lower;
  } else if (magnitude < 0x3E300000) {
    return 1 + x;
  }
  const double t = x * x;
  const double c = x - t * (p[0] + t * (p[1] + t * (p[2] + t * (p[3] + t * p[4]))));
  if (k == 0) return 1 - ((x * c) / (c - 2.0) - x);
  const double y = 1 - ((lower - (x * c) / (2.0 - c)) - upper);
  if (k >= -1021) return k == 1024 ? with_exponent_raised(y, 1023) * 2 : with_exponent_raised(y, k);
  return with_exponent_raised(y, k + 1000) * 9.33263618503218878990e-302;  // 2^-1000
}

double expm1(double x) {
  constexpr double q[] = {-3.33333333333331316428e-02, 1.58730158725481460165e-03, -7.93650757867487942473e-05,
                          4.00821782732936239552e-06, -2.01099218183624371326e-07};
  if (std::isnan(x)) return x;
  const int32_t magnitude = upper_half(x) & 0x7FFFFFFF;
  if (magnitude >= 0x4043687A) {  // 56 ln 2
    if (x > 7.09782712893383973096e+02) return infinity;
    if (x < 0) return -1;
  }
  double c = 0;
  int k = 0;
  if (magnitude > 0x3FD62E42) {
    double upper = 0;
    double lower = 0;
    if (magnitude < 0x3FF0A2B2) {
      upper = x > 0 ? x - ln2_upper : x + ln2_upper;
      lower = x > 0 ? ln2_lower : -ln2_lower;
      k = x > 0 ? 1 : -1;
    } else {
      k = static_cast<int>(one_over_ln2 * x + (x < 0 ? -0.5 : 0.5));
      upper = x - k * ln2_upper;
      lower = k * ln2_lower;
    }
    x = upper - lower;
    c = (upper - x) - lower;
  } else if (magnitude < 0x3C900000) {
    return x;
  }
  const double half = 0.5 * x;
  const double square = x * half;
  const double r = 1 + square * (q[0] + square * (q[1] + square * (q[2] + square * (q[3] + square * q[4]))));
  double t = 3.0 - r * half;
  double e = square * ((r - t) / (6.0 - x * t));
  if (k == 0) return x - (x * e - square);
  e = (x * (e - c) - c) - square;
  if (k == -1) return 0.5 * (x - e) - 0.5;
  if (k == 1) return x < -0.25 ? -2.0 * (e - (x + 0.5)) : 1 + 2.0 * (x - e);
  if (k <= -2 || k > 56) {
    const double y = 1 - (e - x);
    return (k == 1024 ? with_exponent_raised(y, 1023) * 2 : with_exponent_raised(y, k)) - 1;
  }
  if (k < 20) return with_exponent_raised((1 - std::ldexp(1.0, -k)) - (e - x), k);
  t = std::ldexp(1.0, -k);
  return with_exponent_raised((x - (e + t)) + 1, k);
}

double log(double x) {
  if (std::isnan(x) || x == infinity) return x;
  if (x == 0) return -infinity;
  if (x < 0) return not_a_number;
  int k = 0;
  int32_t upper = upper_half(x);
  if (upper < 0x00100000) {  // subnormal
    k -= 54;
    x *= two_to_54;
    upper = upper_half(x);
  }
  k += (upper >> 20) - 1023;
  upper &= 0xFFFFF;
  const int32_t carry = (upper + 0x95F64) & 0x100000;
  x = with_upper_half(x, upper | (carry ^ 0x3FF00000));
  k += carry >> 20;
  const double f = x - 1.0;
  const double dk = k;
  if ((0xFFFFF & (2 + upper)) < 3) {
    if (f == 0) return k == 0 ? 0 : dk * ln2_upper + dk * ln2_lower;
    const double r = f * f * (0.5 - 0.33333333333333333 * f);
    return k == 0 ? f - r : dk * ln2_upper - ((r - dk * ln2_lower) - f);
  }
  const double s = f / (2.0 + f);
  const double z = s * s;
  const double w = z * z;
  const double even = w * (logarithm[1] + w * (logarithm[3] + w * logarithm[5]));
  const double odd = z * (logarithm[0] + w * (logarithm[2] + w * (logarithm[4] + w * logarithm[6])));
  const double r = odd + even;
  if (((upper - 0x6147A) | (0x6B851 - upper)) > 0) {
    const double half_square = 0.5 * f * f;
    return k == 0 ? f - (half_square - s * (half_square + r))
                  : dk * ln2_upper - ((half_square - (s * (half_square + r) + dk * ln2_lower)) - f);
  }
  return k == 0 ? f - s * (f - r) : dk * ln2_upper - ((s * (f - r) - dk * ln2_lower) - f);
}

double log10(double x) {
  if (std::isnan(x) || x == infinity) return x;
  if (x == 0) return -infinity;
  if (x < 0) return not_a_number;
  int k = 0;
  int32_t upper = upper_half(x);
  if (upper < 0x00100000) {
    k -= 54;
    x *= two_to_54;
    upper = upper_half(x);
  }
  k += (upper >> 20) - 1023;
  const int negative = k < 0 ? 1 : 0;
  x = with_upper_half(x, (upper & 0xFFFFF) | ((0x3FF - negative) << 20));
  const double y = k + negative;
  const double z = y * 3.69423907715893078616e-13 + 4.34294481903251816668e-01 * log(x);
  return z + y * 3.01029995663611771306e-01;
}

double log1p(double x) {
  if (std::isnan(x) || x == infinity) return x;
  if (x == -1) return -infinity;
  if (x < -1) return not_a_number;
  const int32_t upper = upper_half(x);
  const int32_t magnitude = upper & 0x7FFFFFFF;
  int k = 1;
  int32_t hu = 1;
  double f = 0;
  double c = 0;
  if (upper < 0x3FDA827A) {
    if (magnitude < 0x3E200000) return magnitude < 0x3C900000 ? x : x - x * x * 0.5;
    if (upper > 0 || upper <= static_cast<int32_t>(0xBFD2BEC3U)) {
      k = 0;
      f = x;
    }
  }
  if (k != 0) {
    double u = x;
    if (upper < 0x43400000) {
      u = 1.0 + x;
      k = (upper_half(u) >> 20) - 1023;
      c = (k > 0 ? 1.0 - (u - x) : x - (u - 1.0)) / u;
    } else {
      k = (upper_half(u) >> 20) - 1023;
    }
    hu = upper_half(u) & 0xFFFFF;
    if (hu < 0x6A09E) {
      u = with_upper_half(u, hu | 0x3FF00000);
    } else {
      ++k;
      u = with_upper_half(u, hu | 0x3FE00000);
      hu = (0x00100000 - hu) >> 2;
    }
    f = u - 1.0;
  }
  const double half_square = 0.5 * f * f;
  if (hu == 0) {
    if (f == 0) return k == 0 ? 0 : k * ln2_upper + (c + k * ln2_lower);
    const double r = half_square * (1.0 - 0.66666666666666666 * f);
    return k == 0 ? f - r : k * ln2_upper - ((r - (k * ln2_lower + c)) - f);
  }
  const double s = f / (2.0 + f);
  const double z = s * s;
  double r = logarithm[6];
  for (int i = 5; i >= 0; --i) r = logarithm[i] + z * r;
  r *= z;
  if (k == 0) return f - (half_square - s * (half_square + r));
  return k * ln2_upper - ((half_square - (s * (half_square + r) + (k * ln2_lower + c))) - f);
}

double sinh(double x) {
  if (!std::isfinite(x)) return x;
  const double half = x < 0 ? -0.5 : 0.5;
  const double magnitude = std::fabs(x);
  if (magnitude < 22) {
    if (magnitude < 0x1p-28) return x;
    const double t = expm1(magnitude);
    return magnitude < 1 ? half * (2.0 * t - t * t / (t + 1)) : half * (t + t / (t + 1));
  }
  if (magnitude < 709.782712893384) return half * exp(magnitude);
  const double w = exp(0.5 * magnitude);
  return (half * w) * w;
}

double cosh(double x) {
  if (std::isnan(x)) return x;
  const double magnitude = std::fabs(x);
  if (magnitude == infinity) return infinity;
  if (magnitude < 0.34657359027997264) {  // half of ln 2
    const double t = expm1(magnitude);
    const double w = 1 + t;
    return magnitude < 0x1p-55 ? w : 1 + (t * t) / (w + w);
  }
  if (magnitude < 22) {
    const double t = exp(magnitude);
    return 0.5 * t + 0.5 / t;
  }
  if (magnitude < 709.782712893384) return 0.5 * exp(magnitude);
  const double w = exp(0.5 * magnitude);
  return (0.5 * w) * w;
}

double tanh(double x) {
  if (std::isnan(x)) return x;
  const double magnitude = std::fabs(x);
  double z = 1;
  if (magnitude < 22) {
    if (magnitude < 0x1p-55) return x * (1 + x);
    if (magnitude >= 1) {
      z = 1 - 2.0 / (expm1(2.0 * magnitude) + 2.0);
    } else {
      const double t = expm1(-2.0 * magnitude);
      z = -t / (t + 2.0);
    }
  }
  return x < 0 ? -z : z;
}

double cbrt(double x) {
  if (!std::isfinite(x) || x == 0) return x;
  const double magnitude = std::fabs(x);
  const int32_t upper = upper_half(magnitude);
  double t = 0;
  if (upper < 0x00100000) {
    t = two_to_54 * magnitude;
    t = with_upper_half(t, upper_half(t) / 3 + 696219795);
  } else {
    t = with_upper_half(t, upper / 3 + 715094163);
  }
  double r = t * t / magnitude;
  double s = 5.42857142857142815906e-01 + r * t;
  t *= 3.57142857142857150787e-01 +
       1.60714285714285720630e+00 / (s + 1.41428571428571436819e+00 + -7.05306122448979611050e-01 / s);
  // To 20 bits, and a little larger than the root, so that the last step errs by less than a unit.
  t = std::bit_cast<double>(static_cast<uint64_t>(static_cast<uint32_t>(upper_half(t) + 1)) << 32);
  s = t * t;
  r = magnitude / s;
  r = (r - t) / (t + t + r);
  t = t + t * r;
  return x < 0 ? -t : t;
}

}  // namespace mastic::engine::java_math
