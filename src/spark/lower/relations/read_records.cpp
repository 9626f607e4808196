// Text files record by record, each parsed by our own kernels: the modes with their column of corrupt records, and the options
// that DuckDB's readers do not have.
#include <algorithm>
#include <array>
#include <duckdb/parser/expression/list.hpp>

#include "spark/lower/relations/file_scan.h"
#include "spark/lower/types.h"

namespace mastic::spark {
namespace {

/// Options that only the kernels know, with the value that asks for what DuckDB does anyway.
struct KernelOption {
  std::string_view name;
  std::string_view otherwise;
};
constexpr KernelOption csv_options[] = {
    {"nanvalue", "NaN"},       {"positiveinf", "Inf"}, {"negativeinf", "-Inf"},
    {"emptyvalue", ""},        {"linesep", "\n"},      {"unescapedquotehandling", "STOP_AT_DELIMITER"},
    {"enforceschema", "true"}, {"timezone", ""},       {"chartoescapequoteescaping", "\\"},
};
constexpr KernelOption json_options[] = {
    {"allowcomments", "false"},
    {"allowunquotedfieldnames", "false"},
    {"allownumericleadingzeros", "false"},
    {"allowbackslashescapinganycharacter", "false"},
    {"allowunquotedcontrolchars", "false"},
    {"allowsinglequotes", ""},
    {"allownonnumericnumbers", ""},
    {"dateformat", ""},
    {"timestampformat", ""},
    {"timestampntzformat", ""},
    {"linesep", "\n"},
    {"timezone", ""},
};
constexpr KernelOption text_options[] = {{"linesep", "\n"}};

template <typename Options>
bool asks_for_kernel(const Options& known, const FileOptions& options) {
  return std::ranges::any_of(known, [&](const KernelOption& row) {
    const auto given = options.find(std::string(row.name));
    return given != options.end() && given->second != row.otherwise;
  });
}

std::string encoding_of(const FileOptions& options) { return option(options, {"encoding", "charset"}, "UTF-8"); }

ast::Expr field_of(ast::Expr structure, const std::string& name) {
  return ast::call("struct_extract", std::move(structure), ast::text(name));
}

/// FROM (SELECT records, path FROM files), with names of its own.
duckdb::unique_ptr<duckdb::TableRef> derived(duckdb::unique_ptr<duckdb::TableRef> from, ast::Exprs items,
                                             std::vector<std::string> names) {
  auto select = duckdb::make_uniq<duckdb::SelectNode>();
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i]->SetAlias(names[i]);
    select->select_list.push_back(std::move(items[i]));
  }
  select->from_table = std::move(from);
  return subquery_table(std::move(select));
}

ast::Expr file_url(ast::Expr path) {
  ast::Exprs parts;
  parts.push_back(std::move(path));
  return ast::fill("CASE WHEN starts_with($1, '/') THEN 'file://' || $1 ELSE $1 END", parts);
}

duckdb::unique_ptr<duckdb::TableFunctionRef> files_of(Reader& reader, const std::string& header_names = "") {
  return record_table(lower_case(reader.node.format), reader.node.options, std::move(reader.paths),
                      reader.lowering.fresh_name("t"), header_names);
}

Scan text_records(Reader& reader) {
  Scan scan;
  scan.table = files_of(reader);
  scan.columns.push_back(ast::column(std::string("record")));
  scan.path = ast::column(std::string("path"));
  return scan;
}

/// `kernel`: makes of a record a list of rows, by the options.
Scan row_records(Reader& reader, const std::string& kernel) {
  // A record is judged by the columns that are wanted.
  DataType schema = types::of(TypeKind::struct_);
  for (std::size_t i = 0; i < reader.node.data_columns.size(); ++i) {
    const auto& field = reader.node.data_columns[i];
    if (reader.required[i]) schema.fields.push_back({field.name, field.type, true, ""});
  }
  const bool none = schema.fields.empty();
  if (none) schema.fields.push_back({"_", types::string(), true, ""});
  const auto read = record_type(schema);
  const auto names = duckdb_field_names(read);
  ast::Exprs call;
  call.push_back(ast::column(std::string("record")));
  call.push_back(ast::null_of(to_duckdb_type(read)));
  call.push_back(ast::text(named_options(reader.node.options)));
  call.push_back(ast::text(reader.lowering.options().session_time_zone));
  call.push_back(file_url(ast::column(std::string("path"))));
  ast::Exprs items;
  items.push_back(ast::call("unnest", ast::call(kernel, std::move(call))));
  items.push_back(ast::column(std::string("path")));
  Scan scan;
  scan.table = derived(files_of(reader), std::move(items), {"one", "path"});
  const auto mode = reader.mode() == "failfast" ? EvalMode::ansi : EvalMode::try_;
  for (std::size_t column = 0, i = 0; column < reader.node.data_columns.size(); ++column) {
    if (!reader.required[column]) {
      scan.columns.push_back(ast::null_of(to_duckdb_type(reader.node.data_columns[column].type)));
      continue;
    }
    scan.columns.push_back(reader.lowering.cast(field_of(ast::column(std::string("one")), names[i]), read.fields[i].type,
                                                schema.fields[i].type, mode));
    ++i;
  }
  scan.path = ast::column(std::string("path"));
  return scan;
}

/// Texts that stand for numbers that are none, as Java reads them.
ast::Expr named_numbers(const FileOptions& options, ast::Expr text, const DataType& type) {
  if (!type.is(TypeKind::double_) && !type.is(TypeKind::float_)) return text;
  ast::Exprs parts;
  parts.push_back(std::move(text));
  parts.push_back(ast::text(option(options, {"nanvalue"}, "NaN")));
  parts.push_back(ast::text(option(options, {"positiveinf"}, "Inf")));
  parts.push_back(ast::text(option(options, {"negativeinf"}, "-Inf")));
  return ast::fill("CASE $1 WHEN $2 THEN 'NaN' WHEN $3 THEN 'Infinity' WHEN $4 THEN '-Infinity' ELSE $1 END", parts);
}

/// Whether a line must have as many cells as there are columns. Not where Spark has its parser pick some of them: with column
/// pruning, if any is not wanted.
bool counts_cells(const Reader& reader) {
  const auto& options = reader.node.options;
  if (!option_is_true(options, "columnpruning", !option_is_true(options, "multiline"))) return true;
  bool all = true;
  for (std::size_t i = 0; i < reader.node.data_columns.size(); ++i) {
    const bool corrupt = reader.is_corrupt_record(reader.node.data_columns[i]);
    if (corrupt && reader.required[i]) return true;
    all = all && (corrupt || reader.required[i]);
  }
  return all;
}

Scan csv_records(Reader& reader) {
  const auto& options = reader.node.options;
  std::string header_names;
  int64_t width = 0;
  for (const auto& field : reader.node.data_columns) {
    if (reader.is_corrupt_record(field)) continue;
    header_names += (width++ > 0 ? csv_separator(options) : "") + field.name;
  }
  if (option_is_true(options, "enforceschema", true)) header_names.clear();
  auto kernel_options = options;
  kernel_options["sep"] = csv_separator(options);
  ast::Exprs items;
  items.push_back(ast::call("spark_csv_cells", ast::column(std::string("record")), ast::text(named_options(kernel_options))));
  items.push_back(ast::column(std::string("record")));
  items.push_back(ast::column(std::string("path")));
  Scan scan;
  scan.table = derived(files_of(reader, header_names), std::move(items), {"cells", "record", "path"});
  const auto cells = [] { return ast::column(std::string("cells")); };
  ast::Exprs malformed;
  if (counts_cells(reader)) {
    ast::Exprs count;
    count.push_back(cells());
    count.push_back(ast::integer(width));
    malformed.push_back(ast::fill("len($1) <> $2", count));
  }
  int64_t place = 0;
  std::size_t corrupt = reader.node.data_columns.size();
  for (std::size_t i = 0; i < reader.node.data_columns.size(); ++i) {
    const auto& field = reader.node.data_columns[i];
    if (reader.is_corrupt_record(field)) {
      corrupt = i;
      scan.columns.push_back(nullptr);
      continue;
    }
    auto cell = ast::call("list_extract", cells(), ast::integer(++place));
    if (!reader.required[i]) {
      scan.columns.push_back(ast::null_of(to_duckdb_type(field.type)));
      continue;
    }
    if (field.type.is_textual()) {
      scan.columns.push_back(std::move(cell));
      continue;
    }
    auto value = parse_csv_field(reader, named_numbers(options, cell->Copy(), field.type), field.type, false);
    ast::Exprs both;
    both.push_back(std::move(cell));
    both.push_back(value->Copy());
    malformed.push_back(ast::fill("$1 IS NOT NULL AND $2 IS NULL", both));
    scan.columns.push_back(std::move(value));
  }
  auto bad = malformed.empty() ? ast::boolean(false) : ast::conjunction(std::move(malformed), false);
  if (corrupt < scan.columns.size()) {
    scan.columns[corrupt] =
        ast::case_when(bad->Copy(), ast::column(std::string("record")), ast::null_of(duckdb::LogicalType::VARCHAR));
  }
  if (reader.mode() == "dropmalformed") {
    ast::Exprs one;
    one.push_back(std::move(bad));
    scan.where.push_back(ast::fill("NOT $1", one));
  } else if (reader.mode() == "failfast") {
    scan.where.push_back(ast::call("spark_sound_record", std::move(bad), file_url(ast::column(std::string("path")))));
  }
  scan.path = ast::column(std::string("path"));
  return scan;
}

}  // namespace

std::string named_options(const FileOptions& options) {
  std::string text;
  for (const auto& [name, value] : options) text += name + '\x1f' + value + '\x1e';
  return text;
}

DataType record_type(const DataType& type) {
  if (type.is_interval() || type.is(TypeKind::time) || type.is_textual()) return types::string();
  DataType copy = type;
  for (auto& child : copy.children) child = record_type(child);
  for (auto& field : copy.fields) field.type = record_type(field.type);
  if (type.is(TypeKind::map)) copy.children[0] = types::string();
  return copy;
}

bool reads_records(const Reader& reader) {
  const auto format = lower_case(reader.node.format);
  if (format == "xml") return true;
  if (format != "csv" && format != "json" && format != "text") return false;
  const auto& options = reader.node.options;
  const auto encoding = lower_case(encoding_of(options));
  const bool utf8 = encoding == "utf-8" || encoding == "utf8";
  const bool packed =
      std::ranges::any_of(reader.paths, [](const duckdb::Value& path) { return path.ToString().ends_with(".bz2"); });
  if (!utf8 || packed) return true;
  if (format == "text") return asks_for_kernel(text_options, options);
  if (reader.mode() != "permissive") return true;
  if (std::ranges::any_of(reader.node.data_columns, [&](const auto& field) { return reader.is_corrupt_record(field); }))
    return true;
  return format == "csv" ? asks_for_kernel(csv_options, options) : asks_for_kernel(json_options, options);
}

duckdb::unique_ptr<duckdb::TableFunctionRef> record_table(const std::string& format, const FileOptions& options,
                                                          duckdb::vector<duckdb::Value> paths, const std::string& alias,
                                                          const std::string& header_names) {
  FileOptions source;
  source["separator"] = option(options, {"linesep"}, "");
  source["encoding"] = encoding_of(options);
  const bool multi_line = option_is_true(options, "multiline");
  if (format == "text" ? option_is_true(options, "wholetext") : format == "json" && multi_line) source["whole"] = "true";
  if (format == "xml") source["row_tag"] = option(options, {"rowtag"}, "ROW");
  if (format == "csv") {
    source["blank"] = "drop";
    source["comment"] = option(options, {"comment"}, "");
    source["header"] = option_is_true(options, "header") ? "true" : "false";
    source["names"] = header_names;
    source["cells"] = csv_separator(options);
    if (multi_line) {
      source["quote"] = option(options, {"quote"}, "\"");
      source["escape"] = option(options, {"escape"}, "\\");
    }
  }
  auto from = duckdb::make_uniq<duckdb::TableFunctionRef>();
  from->function =
      ast::call("mastic_records", ast::constant(duckdb::Value::LIST(duckdb::LogicalType::VARCHAR, std::move(paths))),
                ast::text(named_options(source)));
  from->alias = alias;
  return from;
}

Scan scan_records(Reader& reader) {
  const auto format = lower_case(reader.node.format);
  if (format == "text") return text_records(reader);
  if (format == "csv") return csv_records(reader);
  return row_records(reader, format == "json" ? "spark_json_records" : "spark_xml_records");
}

}  // namespace mastic::spark
