// Files through DuckDB's own parallel readers, with columns and options spelled out: nothing is sniffed.
//
// CSV fields are read as text and cast by Spark's kernels, as a malformed number is NULL there and not an error. Files that
// share their partition values are one scan; scans are joined by UNION ALL, each with its values as constants, so that
// DuckDB drops those that a filter rules out.
#include <arrow/c/bridge.h>
#include <fmt/format.h>

#include <algorithm>
#include <duckdb.hpp>
#include <duckdb/common/arrow/arrow_wrapper.hpp>
#include <duckdb/function/table/arrow.hpp>
#include <duckdb/parser/expression/list.hpp>
#include <duckdb/parser/expression/star_expression.hpp>
#include <duckdb/parser/query_node/set_operation_node.hpp>
#include <duckdb/parser/tableref/list.hpp>
#include <map>

#include "spark/lower/arrow_files.h"
#include "spark/lower/file_listing.h"
#include "spark/lower/file_options.h"
#include "spark/lower/lowering.h"
#include "spark/lower/relations/file_scan.h"
#include "spark/lower/types.h"

namespace mastic::spark {

using duckdb::Value;

/// A text field of a CSV file as its column's type; NULL, or an error in mode FAILFAST, when it does not fit.
ast::Expr parse_csv_field(Reader& reader, ast::Expr text, const DataType& type, bool strict) {
  const auto& options = reader.node.options;
  const auto zone = ast::text(option(options, {"timezone"}, reader.lowering.options().session_time_zone));
  if (type.is_textual()) return text;
  if (type.is(TypeKind::date)) {
    if (const auto pattern = option(options, {"dateformat"}, ""); !pattern.empty()) {
      return ast::cast(ast::call("spark_parse_local", std::move(text), ast::text(pattern), ast::boolean(strict)),
                       duckdb::LogicalType::DATE);
    }
  }
  if (type.is(TypeKind::timestamp)) {
    if (const auto pattern = option(options, {"timestampformat"}, ""); !pattern.empty()) {
      return ast::call("spark_parse_instant", std::move(text), ast::text(pattern), zone->Copy(), ast::boolean(strict));
    }
  }
  if (type.is(TypeKind::timestamp_ntz)) {
    if (const auto pattern = option(options, {"timestampntzformat"}, ""); !pattern.empty()) {
      return ast::call("spark_parse_local", std::move(text), ast::text(pattern), ast::boolean(strict));
    }
  }
  switch (type.kind) {
    case TypeKind::boolean:
    case TypeKind::byte_:
    case TypeKind::short_:
    case TypeKind::integer:
    case TypeKind::long_:
    case TypeKind::float_:
    case TypeKind::double_:
      return ast::call("spark_csv_value", std::move(text), ast::null_of(to_duckdb_type(type)), ast::boolean(strict));
    default: return reader.lowering.cast(std::move(text), types::string(), type, strict ? EvalMode::ansi : EvalMode::try_);
  }
}

namespace {

Scan scan_csv(Reader& reader) {
  const auto& options = reader.node.options;
  duckdb::child_list_t<Value> columns;
  for (std::size_t i = 0; i < reader.node.data_columns.size(); ++i) {
    columns.emplace_back("f" + std::to_string(i), Value("VARCHAR"));
  }
  const bool multi_line = option_is_true(options, "multiline");
  const auto null_text = option(options, {"nullvalue"}, "");
  duckdb::vector<Value> null_texts{Value(null_text)};
  std::vector<std::pair<std::string, Value>> settings = {
      {"columns", Value::STRUCT(std::move(columns))},
      {"auto_detect", Value::BOOLEAN(false)},
      {"header", Value::BOOLEAN(option_is_true(options, "header"))},
      {"delim", Value(csv_separator(options))},
      {"quote", Value(option(options, {"quote"}, "\""))},
      {"escape", Value(option(options, {"escape"}, "\\"))},
      {"nullstr", Value::LIST(duckdb::LogicalType::VARCHAR, std::move(null_texts))},
      {"allow_quoted_nulls", Value::BOOLEAN(!null_text.empty())},
      {"null_padding", Value::BOOLEAN(true)},
      {"strict_mode", Value::BOOLEAN(false)},
      {"max_line_size", Value("16777216")},
      {"buffer_size", Value("33554432")},  // else 16 lines of the longest: a quarter of a gigabyte, filled before it is parsed
  };
  if (settings[4].second.ToString().empty()) settings[5].second = Value("");
  if (multi_line) settings.emplace_back("parallel", Value::BOOLEAN(false));
  if (const auto comment = option(options, {"comment"}, ""); !comment.empty()) settings.emplace_back("comment", Value(comment));
  if (const auto encoding = lower_case(option(options, {"encoding", "charset"}, "utf-8"));
      encoding != "utf-8" && encoding != "utf8") {
    settings.emplace_back("encoding", Value(encoding == "iso-8859-1" ? "latin-1" : encoding));
  }
  auto scan = reader.open("read_csv", std::move(settings));
  const bool trim_left = option_is_true(options, "ignoreleadingwhitespace");
  const bool trim_right = option_is_true(options, "ignoretrailingwhitespace");
  for (std::size_t i = 0; i < reader.node.data_columns.size(); ++i) {
    const auto& field = reader.node.data_columns[i];
    auto text = ast::column("f" + std::to_string(i));
    if (trim_left || trim_right) {
      text = ast::call("spark_csv_trim", std::move(text), ast::boolean(trim_left), ast::boolean(trim_right));
    }
    auto value = parse_csv_field(reader, std::move(text), field.type, false);
    scan.columns.push_back(std::move(value));
  }
  return scan;
}

Scan scan_text(Reader& reader) {
  if (option_is_true(reader.node.options, "wholetext")) {
    auto scan = reader.open("read_text", {});
    scan.columns.push_back(ast::column(std::string("content")));
    return scan;
  }
  duckdb::child_list_t<Value> columns;
  columns.emplace_back("f0", Value("VARCHAR"));
  // A line is one field: the separator is a character that text does not hold.
  auto scan = reader.open("read_csv", {{"columns", Value::STRUCT(std::move(columns))},
                                       {"auto_detect", Value::BOOLEAN(false)},
                                       {"header", Value::BOOLEAN(false)},
                                       {"delim", Value(std::string(1, '\x01'))},
                                       {"quote", Value("")},
                                       {"escape", Value("")},
                                       {"null_padding", Value::BOOLEAN(true)},
                                       {"strict_mode", Value::BOOLEAN(false)},
                                       {"max_line_size", Value("16777216")},
                                       {"buffer_size", Value("33554432")}});
  ast::Exprs both;
  both.push_back(ast::column(std::string("f0")));
  both.push_back(ast::text(""));
  scan.columns.push_back(ast::coalesce(std::move(both)));
  return scan;
}

Scan scan_json(Reader& reader) {
  duckdb::child_list_t<Value> columns;
  for (const auto& field : reader.node.data_columns) {
    columns.emplace_back(field.name, Value(to_duckdb_type(json_read_type(field.type)).ToString()));
  }
  const bool multi_line = option_is_true(reader.node.options, "multiline");
  const bool only_corrupt = columns.empty();
  if (only_corrupt) columns.emplace_back("_", Value("VARCHAR"));
  std::vector<std::pair<std::string, Value>> settings = {{"columns", Value::STRUCT(std::move(columns))},
                                                         {"format", Value(multi_line ? "auto" : "newline_delimited")},
                                                         {"maximum_object_size", Value::UINTEGER(128U << 20)}};
  if (!multi_line && reader.mode() != "failfast") settings.emplace_back("ignore_errors", Value::BOOLEAN(true));
  auto scan = reader.open("read_json", std::move(settings));
  std::size_t index = 0;
  for (const auto& field : reader.node.data_columns) {
    const auto name = "f" + std::to_string(index++);
    scan.from->column_name_alias.push_back(name);
    scan.columns.push_back(reader.lowering.cast(ast::column(name), json_read_type(field.type), field.type,
                                                reader.mode() == "failfast" ? EvalMode::ansi : EvalMode::try_));
  }
  return scan;
}

/// Files may lack columns that the schema names: UNION ALL BY NAME with no rows of all columns makes these NULL.
duckdb::unique_ptr<duckdb::TableRef> with_all_columns(duckdb::unique_ptr<duckdb::TableFunctionRef> files, Reader& reader) {
  auto all = duckdb::make_uniq<duckdb::SelectNode>();
  all->select_list.push_back(duckdb::make_uniq<duckdb::StarExpression>());
  all->from_table = std::move(files);
  auto none = duckdb::make_uniq<duckdb::SelectNode>();
  for (const auto& field : reader.node.data_columns) {
    // Untyped, so that the files' own type stays.
    auto nothing = ast::constant(Value());
    nothing->SetAlias(field.name);
    none->select_list.push_back(std::move(nothing));
  }
  none->from_table = duckdb::make_uniq<duckdb::EmptyTableRef>();
  none->where_clause = ast::boolean(false);
  auto both = duckdb::make_uniq<duckdb::SetOperationNode>();
  both->setop_type = duckdb::SetOperationType::UNION_BY_NAME;
  both->setop_all = true;
  both->children.push_back(std::move(all));
  both->children.push_back(std::move(none));
  return subquery_table(std::move(both));
}

Scan scan_parquet(Reader& reader) {
  std::vector<std::pair<std::string, Value>> settings = {{"hive_partitioning", Value::BOOLEAN(false)}};
  if (reader.file != nullptr) settings.emplace_back("file_row_number", Value::BOOLEAN(true));
  if (reader.paths.size() > 1) settings.emplace_back("union_by_name", Value::BOOLEAN(true));
  auto scan = reader.open("read_parquet", std::move(settings));
  if (reader.node.may_lack_columns && !reader.node.data_columns.empty())
    scan.table = with_all_columns(std::move(scan.from), reader);
  for (const auto& field : reader.node.data_columns) {
    auto column = ast::column(field.name);
    if (field.type.is(TypeKind::timestamp)) column = ast::call("spark_as_instant", std::move(column));
    scan.columns.push_back(ast::cast(std::move(column), to_duckdb_type(field.type)));
  }
  return scan;
}

/// Path, time, length and bytes of each file.
Scan scan_binary(Reader& reader) {
  auto scan = reader.open("read_blob", {});
  for (const auto& field : reader.node.data_columns) {
    const auto name = lower_case(field.name);
    const auto* column = name == "path"               ? "filename"
                         : name == "modificationtime" ? "last_modified"
                         : name == "length"           ? "size"
                                                      : "content";
    auto value = ast::column(std::string(column));
    if (name == "modificationtime")
      value = ast::call("spark_as_instant", ast::cast(std::move(value), duckdb::LogicalType::TIMESTAMP));
    if (name == "path") {
      ast::Exprs parts;
      parts.push_back(std::move(value));
      value = ast::fill("CASE WHEN starts_with($1, '/') THEN 'file:' || $1 ELSE $1 END", parts);
    }
    scan.columns.push_back(ast::cast(std::move(value), to_duckdb_type(field.type)));
  }
  return scan;
}

/// What arrow_scan asks for: the files' rows, afresh for each scan.
std::shared_ptr<arrow::RecordBatchReader> open_files(uintptr_t address) {
  auto reader = open_arrow_files(*reinterpret_cast<const ArrowFiles*>(address));
  if (!reader.ok()) throw duckdb::IOException("Cannot read: " + reader.status().ToString());
  return *reader;
}
duckdb::unique_ptr<duckdb::ArrowArrayStreamWrapper> produce_files(uintptr_t address, duckdb::ArrowStreamParameters&) {
  auto wrapper = duckdb::make_uniq<duckdb::ArrowArrayStreamWrapper>();
  const auto exported =
      arrow::ExportRecordBatchReader(open_files(address), reinterpret_cast<::ArrowArrayStream*>(&wrapper->arrow_array_stream));
  if (!exported.ok()) throw duckdb::InvalidInputException(exported.ToString());
  return wrapper;
}
void files_schema(::ArrowArrayStream* address, ::ArrowSchema& schema) {
  const auto exported = arrow::ExportSchema(*open_files(reinterpret_cast<uintptr_t>(address))->schema(), &schema);
  if (!exported.ok()) throw duckdb::InvalidInputException(exported.ToString());
}

Scan scan_arrow(Reader& reader) {
  auto files = std::make_shared<ArrowFiles>();
  files->stores = reader.lowering.options().stores;
  if (files->stores == nullptr) not_lowered("reading " + reader.node.format + " here");
  files->format = lower_case(reader.node.format);
  for (const auto& path : reader.paths) files->paths.push_back(path.ToString());
  for (std::size_t i = 0; i < reader.node.data_columns.size(); ++i)
    if (reader.required[i]) files->columns.push_back(reader.node.data_columns[i]);
  if (files->format == "avro") {
    auto schema = avro_schema_option(*files->stores, reader.node.options);
    if (!schema) throw Unlowered{std::move(schema).error()};
    files->avro_schema = std::move(*schema);
  }
  ast::Exprs arguments;
  arguments.push_back(ast::constant(duckdb::Value::POINTER(reinterpret_cast<uintptr_t>(files.get()))));
  arguments.push_back(ast::constant(duckdb::Value::POINTER(reinterpret_cast<uintptr_t>(&produce_files))));
  arguments.push_back(ast::constant(duckdb::Value::POINTER(reinterpret_cast<uintptr_t>(&files_schema))));
  reader.lowering.keep(files);
  Scan scan;
  scan.from = duckdb::make_uniq<duckdb::TableFunctionRef>();
  scan.from->function = ast::call("arrow_scan_dumb", std::move(arguments));
  scan.from->alias = reader.lowering.fresh_name("t");
  std::size_t place = 0;
  for (std::size_t i = 0; i < reader.node.data_columns.size(); ++i) {
    const auto& type = reader.node.data_columns[i].type;
    if (!reader.required[i]) {
      scan.columns.push_back(ast::null_of(to_duckdb_type(type)));
      continue;
    }
    auto column = ast::column("f" + std::to_string(place++));
    if (type.is(TypeKind::timestamp))
      column = ast::call("spark_as_instant", ast::cast(std::move(column), duckdb::LogicalType::TIMESTAMP));
    scan.columns.push_back(ast::cast(std::move(column), to_duckdb_type(type)));
  }
  return scan;
}

Scan scan(Reader& reader) {
  const auto format = lower_case(reader.node.format);
  if (reads_records(reader)) return scan_records(reader);
  if (format == "csv") return scan_csv(reader);
  if (format == "json") return scan_json(reader);
  if (format == "parquet") return scan_parquet(reader);
  if (format == "text") return scan_text(reader);
  if (format == "binaryfile") return scan_binary(reader);
  if (is_arrow_format(format)) return scan_arrow(reader);
  not_lowered("reading format " + reader.node.format);
}

std::string file_url(const std::string& path) {
  if (!path.starts_with('/')) return path;
  static constexpr std::string_view kept = "/-_.~!$&'()*+,;=:@";
  std::string url = "file:";
  for (const char c : path) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || kept.find(c) != std::string_view::npos ||
        static_cast<unsigned char>(c) >= 0x80) {
      url += c;
    } else {
      url += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return url;
}

/// The structure `_metadata` of the scan's one file.
ast::Expr file_metadata(Reader& reader, const DataType& type) {
  const auto& file = *reader.file;
  const auto* stores = reader.lowering.options().stores;
  const auto modified = stores == nullptr ? 0 : modified_at(*stores, file.path);
  ast::Exprs members;
  for (const auto& field : type.fields) {
    const auto number = [](int64_t value) { return ast::constant(Value::BIGINT(value)); };
    auto value = field.name == "file_path"          ? ast::text(file_url(file.path))
                 : field.name == "file_name"        ? ast::text(file.path.substr(file.path.rfind('/') + 1))
                 : field.name == "file_block_start" ? number(0)
                 : field.name == "row_index"
                     ? ast::cast(ast::column(std::string("file_row_number")), duckdb::LogicalType::BIGINT)
                 : field.name == "file_modification_time"
                     ? ast::constant(Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(modified / 1000 * 1000)))
                     : number(static_cast<int64_t>(file.size_bytes));
    value->SetAlias(field.name);
    members.push_back(std::move(value));
  }
  return ast::cast(ast::call("struct_pack", std::move(members)), to_duckdb_type(type));
}

/// SELECT the data columns, then the group's partition values.
duckdb::unique_ptr<duckdb::SelectNode> select_group(Reader& reader, const Relation& relation,
                                                    const std::vector<std::optional<std::string>>& values) {
  auto scanned = scan(reader);
  const auto& node = reader.node;
  auto select = duckdb::make_uniq<duckdb::SelectNode>();
  for (std::size_t i = 0; i < node.partition_columns.size(); ++i) {
    const auto& type = node.partition_columns[i].type;
    scanned.columns.push_back(i < values.size() && values[i]
                                  ? reader.lowering.cast(ast::text(*values[i]), types::string(), type, EvalMode::legacy)
                                  : ast::null_of(to_duckdb_type(type)));
  }
  for (auto i = scanned.columns.size(); i < relation.output.size(); ++i)
    scanned.columns.push_back(file_metadata(reader, relation.output[i].type));
  for (std::size_t i = 0; i < relation.output.size(); ++i) {
    scanned.columns[i]->SetAlias(ast::column_name(relation.output[i].id));
    select->select_list.push_back(std::move(scanned.columns[i]));
  }
  if (select->select_list.empty()) select->select_list.push_back(ast::boolean(true));
  if (!scanned.where.empty()) select->where_clause = ast::conjunction(std::move(scanned.where), true);
  select->from_table = scanned.table ? std::move(scanned.table) : std::move(scanned.from);
  return select;
}

/// Which data columns the query wants. The corrupt records alone are not to be had: they depend on the others.
std::vector<bool> required_data(const Lowering& lowering, const Relation& relation, const ReadFiles& node) {
  std::vector<bool> required;
  for (std::size_t i = 0; i < node.data_columns.size(); ++i)
    required.push_back(i >= relation.output.size() || lowering.is_required(relation, relation.output[i].id));
  const auto format = lower_case(node.format);
  if (format != "csv" && format != "json" && format != "xml") return required;
  const auto corrupt = option(node.options, {"columnnameofcorruptrecord"}, "_corrupt_record");
  const StructField* only = nullptr;
  std::size_t count = 0;
  for (std::size_t i = 0; i < required.size(); ++i) {
    if (!required[i]) continue;
    only = &node.data_columns[i];
    ++count;
  }
  if (count == 1 && only->name == corrupt)
    throw Unlowered{analysis_error("UNSUPPORTED_FEATURE.QUERY_ONLY_CORRUPT_RECORD_COLUMN")};
  return required;
}

}  // namespace

Block lower_read_files(Lowering& lowering, const Relation& relation, const ReadFiles& node) {
  if (node.files.empty()) return no_rows(relation);
  // Groups in the order of their first file.
  struct Group {
    std::vector<std::optional<std::string>> values;
    duckdb::vector<Value> paths;
    const ReadFiles::PartitionedFile* file = nullptr;
  };
  std::vector<Group> groups;
  std::map<std::vector<std::optional<std::string>>, std::size_t> known;
  // Each file by itself, if rows are to know theirs.
  const bool alone = relation.output.size() > node.data_columns.size() + node.partition_columns.size();
  // Spark packs files into tasks from the largest to the smallest: so come its rows, and ours.
  std::vector<const ReadFiles::PartitionedFile*> files;
  for (const auto& file : node.files) files.push_back(&file);
  std::ranges::stable_sort(files, std::ranges::greater{}, &ReadFiles::PartitionedFile::size_bytes);
  for (const auto* file : files) {
    if (alone) {
      groups.push_back({file->partition_values, {Value(file->path)}, file});
      continue;
    }
    const auto [place, fresh] = known.try_emplace(file->partition_values, groups.size());
    if (fresh) groups.push_back({file->partition_values, {}});
    groups[place->second].paths.emplace_back(file->path);
  }
  const auto required = required_data(lowering, relation, node);
  duckdb::vector<duckdb::unique_ptr<duckdb::QueryNode>> selects;
  for (auto& group : groups) {
    Reader reader{lowering, node, std::move(group.paths), group.file, required};
    selects.push_back(select_group(reader, relation, group.values));
  }
  Block block;
  if (selects.size() == 1) {
    block.from = subquery_table(std::move(selects[0]));
    return block;
  }
  auto all = duckdb::make_uniq<duckdb::SetOperationNode>();
  all->setop_type = duckdb::SetOperationType::UNION;
  all->setop_all = true;
  all->children = std::move(selects);
  block.from = subquery_table(std::move(all));
  return block;
}

}  // namespace mastic::spark
