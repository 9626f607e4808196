// Java's StrictMath where its last digit differs from the C library's: the algorithms of fdlibm, which Java prescribes
// (JDK's java.lang.StrictMath specification). Nothing here knows DuckDB. Pure functions, safe from any thread.
#pragma once

namespace mastic::engine::java_math {

double exp(double x);
double expm1(double x);
double log(double x);
double log10(double x);
double log1p(double x);
double sinh(double x);
double cosh(double x);
double tanh(double x);
double cbrt(double x);

}  // namespace mastic::engine::java_math
