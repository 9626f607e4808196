// sequence(start, stop, step):
//   spark_sequence(start, stop, step)                        of whole numbers
//   spark_sequence_time(start, stop, months, microseconds)   of TIMESTAMPs; each element is counted from the start, so that
//                                                            month ends stay month ends
// A step that leads away from the stop, or nowhere, is the failed requirement that Spark reports.
#include <duckdb/common/types/interval.hpp>

#include "engine/functions/lists.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

constexpr int64_t longest = 2147483632;

[[noreturn]] void illegal(const std::string& start, const std::string& stop, const std::string& step) {
  throw_java_error("java.lang.IllegalArgumentException",
                   "requirement failed: Illegal sequence boundaries: " + start + " to " + stop + " by " + step);
}

void check_length(int128 length) {
  if (length > longest)
    throw_spark_error("COLLECTION_SIZE_LIMIT_EXCEEDED.PARAMETER",
                      {{"numberOfElements", std::to_string(static_cast<int64_t>(length))},
                       {"maxRoundedArrayLength", std::to_string(longest)},
                       {"functionName", "`sequence`"}});
}

bool all_valid(DataChunk& input, idx_t row) {
  for (auto& column : input.data)
    if (!duckdb::FlatVector::Validity(column).RowIsValid(row)) return false;
  return true;
}

void numbers(DataChunk& input, ExpressionState&, Vector& result) {
  const auto count = input.size();
  for (auto& column : input.data) column.Flatten(count);
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  idx_t total = 0;
  for (idx_t row = 0; row < count; ++row) {
    auto& entry = duckdb::FlatVector::GetData<duckdb::list_entry_t>(result)[row];
    entry = {total, 0};
    if (!all_valid(input, row)) {
      duckdb::FlatVector::SetNull(result, row, true);
      continue;
    }
    const auto at = [&](idx_t column) { return duckdb::FlatVector::GetData<int64_t>(input.data[column])[row]; };
    const int64_t start = at(0);
    const int64_t stop = at(1);
    const int64_t step = at(2);
    if (!(step > 0 && start <= stop) && !(step < 0 && start >= stop) && !(step == 0 && start == stop))
      illegal(std::to_string(start), std::to_string(stop), std::to_string(step));
    const int128 length = step == 0 ? 1 : (int128{stop} - start) / step + 1;
    check_length(length);
    entry.length = static_cast<idx_t>(length);
    duckdb::ListVector::Reserve(result, total + entry.length);
    auto* values = duckdb::FlatVector::GetData<int64_t>(duckdb::ListVector::GetEntry(result)) + total;
    for (idx_t i = 0; i < entry.length; ++i) values[i] = static_cast<int64_t>(start + int128{step} * static_cast<int64_t>(i));
    total += entry.length;
    duckdb::ListVector::SetListSize(result, total);
  }
  duckdb::ListVector::SetListSize(result, total);
}

void times(DataChunk& input, ExpressionState&, Vector& result) {
  constexpr int64_t month = 28LL * 86'400'000'000;
  const auto count = input.size();
  for (auto& column : input.data) column.Flatten(count);
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  idx_t total = 0;
  for (idx_t row = 0; row < count; ++row) {
    auto& entry = duckdb::FlatVector::GetData<duckdb::list_entry_t>(result)[row];
    entry = {total, 0};
    if (!all_valid(input, row)) {
      duckdb::FlatVector::SetNull(result, row, true);
      continue;
    }
    const auto at = [&](idx_t column) { return duckdb::FlatVector::GetData<int64_t>(input.data[column])[row]; };
    const int64_t start = at(0);
    const int64_t stop = at(1);
    const int64_t months = at(2);
    const int64_t microseconds = at(3);
    const int128 step = int128{months} * month + microseconds;
    if (!(step > 0 && start <= stop) && !(step < 0 && start >= stop) && !(step == 0 && start == stop))
      illegal(std::to_string(start), std::to_string(stop), std::to_string(static_cast<int64_t>(step)));
    const auto element = [&](int64_t i) {
      duckdb::timestamp_t moved(start);
      if (months != 0) moved = duckdb::Interval::Add(moved, {static_cast<int32_t>(months * i), 0, 0});
      return moved.value + microseconds * i;
    };
    std::vector<int64_t> values;
    if (step == 0) values.push_back(start);
    for (int64_t i = 0; step != 0; ++i) {
      const auto value = element(i);
      if (step > 0 ? value > stop : value < stop) break;
      check_length(i);
      values.push_back(value);
    }
    entry.length = values.size();
    duckdb::ListVector::Reserve(result, total + entry.length);
    std::copy(values.begin(), values.end(), duckdb::FlatVector::GetData<int64_t>(duckdb::ListVector::GetEntry(result)) + total);
    total += entry.length;
    duckdb::ListVector::SetListSize(result, total);
  }
  duckdb::ListVector::SetListSize(result, total);
}

}  // namespace

void register_sequence_functions(duckdb::ExtensionLoader& loader) {
  const auto number = LogicalType::BIGINT;
  const auto time = LogicalType::TIMESTAMP;
  loader.RegisterFunction(kernel("spark_sequence", {number, number, number}, LogicalType::LIST(number), numbers));
  loader.RegisterFunction(kernel("spark_sequence_time", {time, time, number, number}, LogicalType::LIST(time), times));
}

}  // namespace mastic::engine
