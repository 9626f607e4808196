// spark_csv_kind(text) → what a CSV field could be, as a bit: 1 int, 2 bigint, 8 double, 16 date, 32 timestamp, 64 boolean,
// 128 string. NULL says nothing. bit_or over a column is the column's type.
// spark_interval_text(microseconds, start, end) → INTERVAL '1 02:03:04' DAY TO SECOND.
#include <fmt/format.h>

#include "engine/functions/datetime_text.h"
#include "engine/functions/kernel.h"
#include "engine/functions/number_text.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

int32_t csv_kind(std::string_view text) {
  if (const auto number = parse_integer(text, false)) return *number >= INT32_MIN && *number <= INT32_MAX ? 1 : 2;
  if (parse_double(text)) return 8;
  if (text.size() >= 8 && text[4] == '-') {
    if (parse_date(text) && text.find_first_of(" T") == std::string_view::npos) return 16;
    if (const auto at = parse_timestamp(text); at && at->has_date) return 32;
  }
  if (duckdb::StringUtil::CIEquals(std::string(text), "true") || duckdb::StringUtil::CIEquals(std::string(text), "false"))
    return 64;
  return 128;
}

void csv_kind_kernel(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::Execute<string_t, int32_t>(input.data[0], result, input.size(),
                                                    [](string_t text) { return csv_kind(view(text)); });
}

std::string interval_text(int64_t microseconds, int start, int end) {
  constexpr std::string_view names[] = {"DAY", "HOUR", "MINUTE", "SECOND"};
  const bool negative = microseconds < 0;
  uint64_t rest = negative ? 0 - static_cast<uint64_t>(microseconds) : static_cast<uint64_t>(microseconds);
  constexpr uint64_t units[] = {86'400'000'000ULL, 3'600'000'000ULL, 60'000'000ULL, 1'000'000ULL};
  std::string text = negative ? "-" : "";
  for (int field = start; field <= end && field < 4; ++field) {
    const uint64_t value = rest / units[field];
    rest %= units[field];
    if (field > start) text += field == 1 ? ' ' : ':';
    text += field > 0 ? fmt::format("{:02}", value) : fmt::format("{}", value);  // days alone are not padded
    if (field == 3 && rest > 0) {
      auto fraction = fmt::format("{:06}", rest);
      fraction.erase(fraction.find_last_not_of('0') + 1);
      text += "." + fraction;
    }
  }
  const auto range = start == end ? std::string(names[start]) : fmt::format("{} TO {}", names[start], names[end]);
  return fmt::format("INTERVAL '{}' {}", text, range);
}

void interval_text_kernel(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::TernaryExecutor::Execute<int64_t, int32_t, int32_t, string_t>(
      input.data[0], input.data[1], input.data[2], result, input.size(),
      [&](int64_t value, int32_t start, int32_t end) { return add_string(result, interval_text(value, start, end)); });
}

}  // namespace

void register_inference_functions(duckdb::ExtensionLoader& loader) {
  loader.RegisterFunction(kernel("spark_csv_kind", {LogicalType::VARCHAR}, LogicalType::INTEGER, csv_kind_kernel));
  loader.RegisterFunction(kernel("spark_interval_text", {LogicalType::BIGINT, LogicalType::INTEGER, LogicalType::INTEGER},
                                 LogicalType::VARCHAR, interval_text_kernel));
}

}  // namespace mastic::engine
