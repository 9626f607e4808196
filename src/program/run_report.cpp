#include "program/run_report.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <string_view>

#include "aws/json.h"
#include "base/clock.h"

namespace mastic::program {
namespace {

constexpr uint64_t plans_max = 200;
constexpr std::size_t plan_bytes_max = 64 * 1024;
constexpr uint64_t all_plans_bytes_max = 4 * 1024 * 1024;

struct Name {
  std::string_view duckdb, spark;
};
/// DuckDB's operators and those that do the same in Spark's physical plans.
constexpr auto names = std::to_array<Name>({
    {"ARROW_SCAN", "LocalTableScan"},
    {"ARROW_SCAN_DUMB", "LocalTableScan"},
    {"BATCH_COPY_TO_FILE", "Execute InsertIntoHadoopFsRelationCommand"},
    {"BATCH_CREATE_TABLE_AS", "Execute CreateDataSourceTableAsSelectCommand"},
    {"BLOCKWISE_NL_JOIN", "BroadcastNestedLoopJoin"},
    {"COLUMN_DATA_SCAN", "LocalTableScan"},
    {"COPY_TO_FILE", "Execute InsertIntoHadoopFsRelationCommand"},
    {"CREATE_TABLE_AS", "Execute CreateDataSourceTableAsSelectCommand"},
    {"CROSS_PRODUCT", "CartesianProduct"},
    {"CTE", "ReusedExchange"},
    {"CTE_SCAN", "ReusedExchange"},
    {"DUMMY_SCAN", "Scan OneRowRelation"},
    {"EMPTY_RESULT", "LocalTableScan"},
    {"FILTER", "Filter"},
    {"HASH_GROUP_BY", "HashAggregate"},
    {"HASH_JOIN", "ShuffledHashJoin"},
    {"IE_JOIN", "SortMergeJoin"},
    {"INOUT_FUNCTION", "Generate"},
    {"LIMIT", "GlobalLimit"},
    {"LIMIT_PERCENT", "GlobalLimit"},
    {"MASTIC_ITEMS", "Scan dynamodb"},
    {"MASTIC_KEPT", "InMemoryTableScan"},
    {"NESTED_LOOP_JOIN", "BroadcastNestedLoopJoin"},
    {"ORDER_BY", "Sort"},
    {"PARTITIONED_AGGREGATE", "HashAggregate"},
    {"PERFECT_HASH_GROUP_BY", "HashAggregate"},
    {"PIECEWISE_MERGE_JOIN", "SortMergeJoin"},
    {"POSITIONAL_JOIN", "ZippedPartitions"},
    {"PROJECTION", "Project"},
    {"RANGE", "Range"},
    {"READ_CSV", "Scan csv"},
    {"READ_CSV_AUTO", "Scan csv"},
    {"READ_JSON", "Scan json"},
    {"READ_JSON_AUTO", "Scan json"},
    {"READ_PARQUET", "Scan parquet"},
    {"PARQUET_KV_METADATA", "Scan parquet footers"},
    {"PARQUET_SCAN", "Scan parquet"},
    {"PARQUET_SCHEMA", "Scan parquet footers"},
    {"RESERVOIR_SAMPLE", "Sample"},
    {"RIGHT_DELIM_JOIN", "ShuffledHashJoin"},
    {"LEFT_DELIM_JOIN", "ShuffledHashJoin"},
    {"SEQ_SCAN", "InMemoryTableScan"},
    {"TABLE_SCAN", "InMemoryTableScan"},
    {"STREAMING_LIMIT", "LocalLimit"},
    {"STREAMING_SAMPLE", "Sample"},
    {"STREAMING_WINDOW", "Window"},
    {"TOP_N", "TakeOrderedAndProject"},
    {"UNGROUPED_AGGREGATE", "HashAggregate"},
    {"UNION", "Union"},
    {"UNNEST", "Generate"},
    {"WINDOW", "Window"},
});

std::string trimmed(std::string_view name) {
  while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
  while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
  return std::string(name);
}

std::string spark_name(const std::string& given) {
  const auto name = trimmed(given);
  const auto found = std::ranges::find(names, name, &Name::duckdb);
  return found != names.end() ? std::string(found->spark) : name;
}

bool is_write(std::string_view name) { return name.find("COPY_TO_FILE") != std::string_view::npos; }

void write(const engine::OperatorProfile& profile, aws::JsonWriter& writer) {
  writer.open_object();
  writer.key("operator");
  writer.text(spark_name(profile.name));
  writer.key("engine_operator");
  writer.text(trimmed(profile.name));
  writer.key("seconds");
  writer.number(profile.seconds);
  writer.key("rows");
  writer.number(static_cast<int64_t>(profile.rows));
  writer.key("rows_scanned");  // what a source gave; DuckDB's own figure is an estimate
  writer.number(static_cast<int64_t>(profile.inputs.empty() ? profile.rows : 0));
  writer.key("bytes");
  writer.number(static_cast<int64_t>(profile.bytes));
  writer.key("details");
  writer.open_object();
  for (const auto& [name, value] : profile.details) {
    writer.any_key(name);
    writer.text(value);
  }
  writer.close_object();
  writer.key("inputs");
  writer.open_array();
  for (const auto& input : profile.inputs) write(input, writer);
  writer.close_array();
  writer.close_object();
}

void number(aws::JsonWriter& writer, std::string_view key, uint64_t value) {
  writer.key(key);
  writer.number(static_cast<int64_t>(value));
}

/// Rows that the sources below gave, of a whole plan.
uint64_t rows_of_sources(const engine::OperatorProfile& profile) {
  if (profile.inputs.empty()) return profile.rows;
  uint64_t rows = 0;
  for (const auto& input : profile.inputs) rows += rows_of_sources(input);
  return rows;
}

uint64_t rows_written(const engine::OperatorProfile& profile) {
  if (!is_write(profile.name) || profile.inputs.empty()) return 0;
  return profile.inputs.front().rows;
}

}  // namespace

void RunReport::count(const engine::OperatorProfile& profile) {
  auto& [seconds, rows] = by_operator_[spark_name(profile.name)];
  seconds += profile.seconds;
  rows += profile.rows;
  ++operators_;
  for (const auto& input : profile.inputs) count(input);
}

void RunReport::add(engine::QueryProfile&& profile) {
  const std::scoped_lock lock(mutex_);
  bytes_written_ += profile.bytes_written;
  if (!profile.is_query) return write_usage();
  ++queries_;
  const auto rows_in = rows_of_sources(profile.root);
  const auto written = rows_written(profile.root);
  rows_in_ += rows_in;
  const auto rows_out = written > 0 ? written : profile.rows;
  rows_out_ += rows_out;
  bytes_read_ += profile.bytes_read;
  seconds_ += profile.seconds;
  cpu_seconds_ += profile.cpu_seconds;
  spilled_bytes_ += profile.spilled_bytes;
  peak_memory_bytes_ = std::max(peak_memory_bytes_, profile.peak_memory_bytes);
  count(profile.root);
  keep_plan(profile, rows_in, rows_out);
  write_usage();
}

void RunReport::keep_plan(const engine::QueryProfile& profile, uint64_t rows_in, uint64_t rows_out) {
  const auto now = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  std::string line;
  aws::JsonWriter writer(line);
  writer.open_object();
  number(writer, "query", queries_);
  writer.key("ended");
  writer.iso_time(now);
  writer.key("seconds");
  writer.number(profile.seconds);
  writer.key("cpu_seconds");
  writer.number(profile.cpu_seconds);
  number(writer, "rows_in", rows_in);
  number(writer, "rows_out", rows_out);
  number(writer, "bytes_read", profile.bytes_read);
  number(writer, "peak_memory_bytes", profile.peak_memory_bytes);
  number(writer, "spilled_bytes", profile.spilled_bytes);
  writer.key("plan");
  const auto without_plan = line.size();
  write(profile.root, writer);
  writer.close_object();
  if (line.size() > plan_bytes_max) line = line.substr(0, without_plan) + "null,\"plan_left_out\":\"it is too large\"}";
  if (plans_ >= plans_max || plan_bytes_ + line.size() > all_plans_bytes_max) return;
  ++plans_;
  plan_bytes_ += line.size() + 1;
  std::ofstream(folder_ / "queries.jsonl", std::ios::app) << line << '\n';
}

void RunReport::write_usage() const {
  std::string text;
  aws::JsonWriter writer(text);
  writer.open_object();
  number(writer, "queries", queries_);
  number(writer, "plans_kept", plans_);
  number(writer, "operators", operators_);
  writer.key("query_seconds");
  writer.number(seconds_);
  writer.key("query_cpu_seconds");
  writer.number(cpu_seconds_);
  number(writer, "rows_in", rows_in_);
  number(writer, "rows_out", rows_out_);
  number(writer, "bytes_read", bytes_read_);
  number(writer, "bytes_written", bytes_written_);
  number(writer, "spilled_bytes", spilled_bytes_);
  number(writer, "query_peak_memory_bytes", peak_memory_bytes_);
  writer.key("by_operator");
  writer.open_object();
  for (const auto& [name, totals] : by_operator_) {
    writer.any_key(name);
    writer.open_object();
    writer.key("seconds");
    writer.number(totals.first);
    number(writer, "rows", totals.second);
    writer.close_object();
  }
  writer.close_object();
  writer.close_object();
  const auto fresh = folder_ / "usage.json.new";
  {
    std::ofstream file(fresh, std::ios::trunc);
    file << text << '\n';
  }
  std::error_code ignored;
  std::filesystem::rename(fresh, folder_ / "usage.json", ignored);
}

}  // namespace mastic::program
