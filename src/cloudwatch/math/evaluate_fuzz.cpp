#include <cstdint>

#include "cloudwatch/math/series.h"

namespace {
class Nothing final : public mastic::cloudwatch::MathScope {
 public:
  mastic::Result<mastic::cloudwatch::MathValue> value_of(const std::string&) override {
    return mastic::cloudwatch::MathValue{1.0};
  }
  mastic::Result<mastic::cloudwatch::SeriesList> metrics(std::string_view) override { return mastic::cloudwatch::SeriesList{}; }
  [[nodiscard]] std::vector<int64_t> times(int64_t) const override { return {0, 60}; }
  [[nodiscard]] int64_t period_seconds() const override { return 60; }
};
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Nothing scope;
  (void)mastic::cloudwatch::evaluate({reinterpret_cast<const char*>(data), size}, scope);
  return 0;
}
