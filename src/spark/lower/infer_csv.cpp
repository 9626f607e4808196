#include "spark/lower/infer_csv.h"

#include <algorithm>
#include <duckdb.hpp>
#include <duckdb/common/file_system.hpp>
#include <duckdb/main/client_data.hpp>
#include <set>

#include "engine/duckdb_failure.h"
#include "spark/lower/execute.h"
#include "spark/lower/lowering.h"
#include "spark/lower/relations/file_scan.h"

namespace mastic::spark {
namespace {

/// The first record, as the options cut records.
SparkResult<std::string> first_record(engine::Connection& connection, const std::vector<std::string>& paths,
                                      const FileOptions& options) {
  auto without_header = options;
  without_header.erase("header");
  auto select = duckdb::make_uniq<duckdb::SelectNode>();
  select->select_list.push_back(ast::column(std::string("record")));
  select->from_table =
      record_table("csv", without_header, duckdb::vector<duckdb::Value>(paths.begin(), paths.begin() + 1), "t");
  auto limit = duckdb::make_uniq<duckdb::LimitModifier>();
  limit->limit = ast::integer(1);
  select->modifiers.push_back(std::move(limit));
  auto statement = std::make_unique<duckdb::SelectStatement>();
  statement->node = std::move(select);
  auto rows = connection.stream(std::move(statement));
  if (!rows) return fail(to_spark_error(rows.error()));
  auto chunk = (*rows)->next();
  if (!chunk) return fail(to_spark_error(chunk.error()));
  if (*chunk == nullptr || (*chunk)->size() == 0) return std::string();
  return (*chunk)->GetValue(0, 0).ToString();
}

/// The first line that holds anything.
std::string first_line(engine::Connection& connection, const std::string& path) {
  auto& system = duckdb::FileSystem::GetFileSystem(*connection.duckdb().context);
  const auto flags = duckdb::FileFlags::FILE_FLAGS_READ | duckdb::FileCompressionType::AUTO_DETECT;
  auto file = system.OpenFile(path, flags);
  std::string line;
  char buffer[4096];
  while (line.size() < (16U << 20)) {
    const auto got = file->Read(buffer, sizeof buffer);
    if (got <= 0) break;
    for (int64_t i = 0; i < got; ++i) {
      if (buffer[i] == '\n' || buffer[i] == '\r') {
        if (!line.empty()) return line;
      } else {
        line += buffer[i];
      }
    }
  }
  return line;
}

char first_character(const std::string& text) { return text.empty() ? '\0' : text[0]; }

/// Spark's rule for a header: an empty name is _c<i>; names that repeat without regard to case get their index.
std::vector<std::string> header_names(const std::vector<std::string>& cells, bool header) {
  std::vector<std::string> names;
  std::multiset<std::string> seen;
  for (const auto& cell : cells) seen.insert(lower_case(cell));
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!header || cells[i].empty()) {
      names.push_back("_c" + std::to_string(i));
    } else if (seen.count(lower_case(cells[i])) > 1) {
      names.push_back(cells[i] + std::to_string(i));
    } else {
      names.push_back(cells[i]);
    }
  }
  return names;
}

// Bits of spark_csv_kind, which CSVInferSchema would try in this order.
constexpr int64_t is_integer = 1;
constexpr int64_t is_long = 2;
constexpr int64_t is_double = 8;
constexpr int64_t is_date = 16;
constexpr int64_t is_timestamp = 32;
constexpr int64_t is_boolean = 64;

DataType type_of(int64_t kinds) {
  if (kinds == is_boolean) return types::boolean();
  if (kinds == is_date) return types::date();
  if (kinds != 0 && (kinds & ~(is_date | is_timestamp)) == 0) return types::timestamp();
  if (kinds != 0 && (kinds & ~(is_integer | is_long | is_double)) == 0) {
    return (kinds & is_double) != 0 ? types::double_type() : (kinds & is_long) != 0 ? types::long_type() : types::integer();
  }
  return types::string();
}

}  // namespace

std::vector<std::string> split_csv_record(std::string_view text, char separator, char quote, char escape) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  bool at_start = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == escape && i + 1 < text.size() && (text[i + 1] == quote || text[i + 1] == escape)) {
        cells.back() += text[++i];
      } else if (c == quote && i + 1 < text.size() && text[i + 1] == quote) {
        cells.back() += text[++i];
      } else if (c == quote) {
        quoted = false;
      } else {
        cells.back() += c;
      }
    } else if (c == quote && at_start && quote != '\0') {
      quoted = true;
      at_start = false;
    } else if (c == separator) {
      cells.emplace_back();
      at_start = true;
    } else {
      cells.back() += c;
      at_start = false;
    }
  }
  return cells;
}

SparkResult<std::vector<StructField>> infer_csv(engine::Connection& connection, const std::vector<std::string>& paths,
                                                const FileOptions& options, const std::string& session_time_zone) {
  std::vector<StructField> fields;
  try {
    const bool plain =
        std::ranges::none_of(std::initializer_list<const char*>{"encoding", "charset", "linesep", "comment", "multiline"},
                             [&](const char* name) { return options.contains(name); });
    std::string line;
    if (plain && !paths.front().ends_with(".bz2")) {
      line = first_line(connection, paths.front());
    } else {
      TRY(record, first_record(connection, paths, options));
      line = record;
    }
    if (line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    if (line.empty()) return fields;
    const auto separator = csv_separator(options);
    if (separator.size() > 1) return fail(unsupported("CSV separators of several characters without a schema"));
    const auto cells = split_csv_record(line, first_character(separator), first_character(option(options, {"quote"}, "\"")),
                                        first_character(option(options, {"escape"}, "\\")));
    for (const auto& name : header_names(cells, option_is_true(options, "header"))) {
      fields.push_back({name, types::string(), true, ""});
    }
  } catch (const std::exception& exception) {
    return fail(to_spark_error(engine::to_failure(exception)));
  }
  if (!option_is_true(options, "inferschema")) return fields;

  // SELECT bit_or(spark_csv_kind(c1)), … FROM the files, all columns as text.
  auto read_options = options;
  read_options.erase("mode");
  ReadFiles read{
      .format = "csv", .files = {}, .options = read_options, .data_columns = fields, .partition_columns = {}, .table = ""};
  for (const auto& path : paths) read.files.push_back({path, {}, 0});
  std::vector<Attribute> output;
  for (std::size_t i = 0; i < fields.size(); ++i) output.push_back({i + 1, fields[i].name, types::string(), true, {}, ""});
  const auto relation = make_relation(output, std::move(read));
  LowerOptions lower_options;
  lower_options.session_time_zone = session_time_zone;
  std::unique_ptr<duckdb::SelectStatement> statement;
  try {
    Lowering lowering(lower_options);
    auto block = lowering.relation(*relation).wrapped(column_ids(*relation));
    for (const auto& attribute : output) {
      ast::Exprs one;
      one.push_back(ast::column(attribute.id));
      one.push_back(ast::boolean(option(options, {"timestampformat"}, "").empty()));
      block.select.push_back(ast::fill("coalesce(bit_or(spark_csv_kind($1)), 0)::BIGINT", one));
    }
    block.projected = true;
    statement = std::make_unique<duckdb::SelectStatement>();
    statement->node = std::move(block).to_node({});
  } catch (Unlowered& unlowered) {
    return fail(std::move(unlowered.error));
  }
  auto rows = connection.stream(std::move(statement));
  if (!rows) return fail(to_spark_error(rows.error()));
  auto chunk = (*rows)->next();
  if (!chunk) return fail(to_spark_error(chunk.error()));
  if (*chunk == nullptr) return fields;
  for (std::size_t i = 0; i < fields.size(); ++i) fields[i].type = type_of((*chunk)->GetValue(i, 0).GetValue<int64_t>());
  return fields;
}

}  // namespace mastic::spark
