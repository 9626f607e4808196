#include "spark/lower/write_format.h"

#include <algorithm>
#include <duckdb.hpp>
#include <duckdb/common/types/value.hpp>

#include "spark/lower/arrow_files.h"
#include "spark/lower/file_options.h"
#include "spark/lower/relations/file_scan.h"
#include "spark/lower/types.h"

namespace mastic::spark {
namespace {

using duckdb::Value;

bool is_line_format(const std::string& format) { return format == "json" || format == "text" || format == "xml"; }

/// `<?xml …?>` and the start of the root's element, whose tag may be written with attributes.
std::string xml_header(const FileOptions& options) {
  const auto declaration = option(options, {"declaration"}, R"(version="1.0" encoding="UTF-8" standalone="yes")");
  return (declaration.empty() ? "" : "<?xml " + declaration + "?>\n") + "<" + option(options, {"roottag"}, "ROWS") + ">";
}
std::string xml_footer(const FileOptions& options) {
  const auto root = option(options, {"roottag"}, "ROWS");
  return "</" + root.substr(0, root.find(' ')) + ">";
}

ast::Expr trimmed(ast::Expr text, bool left, bool right) {
  if (!left && !right) return text;
  return ast::call("spark_csv_trim", std::move(text), ast::boolean(left), ast::boolean(right));
}

}  // namespace

WriteFormat::WriteFormat(const WriteFiles& command, Lowering& lowering)
    : command_(command), lowering_(lowering), format_(lower_case(command.format)) {
  if (format_ == "glueparquet") format_ = "parquet";
  compression_ = lower_case(option(command.options, {"compression", "orc.compress", "codec"},
                                   format_ == "parquet" ? "snappy"
                                   : format_ == "orc"   ? "zstd"
                                   : format_ == "avro"  ? "snappy"
                                                        : "none"));
  if (compression_ == "uncompressed") compression_ = "none";
  if (format_ == "csv" || is_line_format(format_)) {
    if (compression_.ends_with("codec")) {  // Hadoop's classes
      compression_ = compression_.contains("gzip")    ? "gzip"
                     : compression_.contains("bzip2") ? "bzip2"
                     : compression_.contains("zstan") ? "zstd"
                                                      : "deflate";
    }
    const auto encoding = lower_case(option(command.options, {"encoding", "charset"}, "utf-8"));
    lines_ = compression_ == "bzip2" || compression_ == "deflate" || (encoding != "utf-8" && encoding != "utf8") ||
             option(command.options, {"linesep"}, "\n") != "\n" || format_ == "xml";
    for (const char* name : {"escapequotes", "chartoescapequoteescaping", "emptyvalue"})
      lines_ = lines_ || (format_ == "csv" && command.options.contains(name));
  }
}

LineFormat WriteFormat::line_format(const std::vector<Attribute>& columns) const {
  LineFormat format;
  format.separator = option(command_.options, {"linesep"}, "\n");
  format.encoding = option(command_.options, {"encoding", "charset"}, "UTF-8");
  format.compression = compression_;
  if (format_ == "xml") {
    format.separator = "\n";
    format.header = xml_header(command_.options);
    format.footer = xml_footer(command_.options);
    format.has_header = format.only_around_rows = true;
  }
  if (format_ == "csv" && option_is_true(command_.options, "header")) {
    format.has_header = true;
    for (const auto& column : columns)
      format.header += (format.header.empty() ? "" : csv_separator(command_.options)) + column.name;
  }
  return format;
}

SparkResult<void> WriteFormat::check() const {
  if (format_ == "orc") {
    for (const auto& column : command_.input->output) {
      if (!column.type.is_interval() && !column.type.is(TypeKind::null_)) continue;
      return fail(analysis_error(
          "UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
          {{"format", "ORC"}, {"columnName", "`" + column.name + "`"}, {"columnType", "\"" + sql_string(column.type) + "\""}}));
    }
  }
  if (format_ == "avro") {
    if (option_is_true(command_.options, "positionalfieldmatching"))
      return fail(unsupported("the option positionalFieldMatching of writing avro"));
    static constexpr const char* known[] = {"none", "deflate", "snappy", "zstandard", "zstd", "bzip2"};
    if (std::ranges::find(known, compression_) == std::end(known))
      return fail(unsupported("compression " + compression_ + " for avro"));
    return {};
  }
  if (is_arrow_format(format_)) {
    if (compression_ == "none" || compression_ == "zlib" || compression_ == "snappy" || compression_ == "zstd" ||
        compression_ == "lz4")
      return {};
    return fail(unsupported("compression " + compression_ + " for " + format_));
  }
  if (format_ != "csv" && format_ != "parquet" && !is_line_format(format_))
    return fail(unsupported("writing format " + command_.format));
  if (const auto encoding = option(command_.options, {"encoding", "charset"}, "UTF-8"); lines_ && !is_known_encoding(encoding))
    return fail(unsupported("the encoding " + encoding));
  const bool known = compression_ == "none" || compression_ == "gzip" || compression_ == "zstd" || lines_ ||
                     (format_ == "parquet" && (compression_ == "snappy" || compression_ == "lz4" || compression_ == "brotli" ||
                                               compression_ == "lz4_raw"));
  if (!known) return fail(unsupported("compression " + compression_ + " for " + format_));
  if (format_ == "csv") {
    for (const auto& column : command_.input->output) {
      if (!column.type.is_nested() && !column.type.is(TypeKind::binary)) continue;
      return fail(analysis_error(
          "UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
          {{"format", "CSV"}, {"columnName", "`" + column.name + "`"}, {"columnType", "\"" + sql_string(column.type) + "\""}}));
    }
  }
  if (format_ == "text" && command_.input->output.size() - command_.partition_columns.size() != 1) {
    // Spark's own words; it gives them no condition.
    SparkError error = analysis_error("INTERNAL_ERROR");
    error.condition.clear();
    error.sql_state.clear();
    error.parameters.clear();
    error.message = "Text data source supports only a single column, and you have " +
                    std::to_string(command_.input->output.size() - command_.partition_columns.size()) + " columns.";
    return fail(std::move(error));
  }
  return {};
}

std::string WriteFormat::extension() const {
  const std::string packed = compression_ == "gzip"      ? ".gz"
                             : compression_ == "zstd"    ? ".zst"
                             : compression_ == "bzip2"   ? ".bz2"
                             : compression_ == "deflate" ? ".deflate"
                                                         : "";
  if (format_ == "avro") return ".avro";
  if (format_ == "orc") return (compression_ == "none" ? "" : "." + compression_) + std::string(".orc");
  if (format_ == "parquet") {
    return compression_ == "none" ? ".parquet"
                                  : (compression_ == "gzip" ? ".gz" : "." + compression_) + std::string(".parquet");
  }
  return (format_ == "text" ? ".txt" : "." + format_) + packed;
}

ast::Expr WriteFormat::csv_cell(const Attribute& column) {
  auto value = ast::column(column.id);
  const auto& options = command_.options;
  const auto formatted = [&](const char* name, const char* fallback) {
    auto local = lowering_.local_time(std::move(value), column.type);
    return ast::call("spark_format_datetime", std::move(local), ast::text(option(options, {name}, fallback)),
                     ast::text(lowering_.options().session_time_zone));
  };
  switch (column.type.kind) {
    case TypeKind::string:
    case TypeKind::char_:
    case TypeKind::varchar:
      // Writers trim unless told not to.
      return trimmed(std::move(value), option_is_true(options, "ignoreleadingwhitespace", true),
                     option_is_true(options, "ignoretrailingwhitespace", true));
    case TypeKind::boolean:
    case TypeKind::byte_:
    case TypeKind::short_:
    case TypeKind::integer:
    case TypeKind::long_:
    case TypeKind::decimal: return value;  // DuckDB's text is Spark's
    case TypeKind::date:
      return option(options, {"dateformat"}, "").empty() ? std::move(value) : formatted("dateformat", "yyyy-MM-dd");
    case TypeKind::timestamp: return formatted("timestampformat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
    case TypeKind::timestamp_ntz: return formatted("timestampntzformat", "yyyy-MM-dd'T'HH:mm:ss.SSS");
    default: return lowering_.to_text(std::move(value), column.type);
  }
}

duckdb::unique_ptr<duckdb::QueryNode> WriteFormat::query(Block rows, const std::vector<Attribute>& columns) {
  // The sort of the input lies in the block's FROM, and COPY keeps the order of rows.
  if (format_ == "parquet") {
    DataType schema = types::of(TypeKind::struct_);
    for (const auto& column : columns)
      schema.fields.push_back({column.name, column.type, column.nullable, column.metadata_json});
    row_metadata_ = json_string(schema);
  }
  if (format_ == "json" || format_ == "xml") {
    ast::Exprs members;
    DataType structure = types::of(TypeKind::struct_);
    for (const auto& column : columns) structure.fields.push_back({column.name, column.type, true, ""});
    const auto names = duckdb_field_names(structure);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      members.push_back(ast::column(columns[i].id));
      members.back()->SetAlias(names[i]);
    }
    const bool keeps_nulls =
        format_ == "xml" ? command_.options.contains("nullvalue") : !option_is_true(command_.options, "ignorenullfields", true);
    auto text = ast::call(
        "spark_to_json", ast::call("struct_pack", std::move(members)), ast::text(lowering_.options().session_time_zone),
        ast::boolean(keeps_nulls), ast::boolean(format_ == "json" && option_is_true(command_.options, "pretty")),
        ast::text(option(command_.options, {"dateformat"}, "")), ast::text(option(command_.options, {"timestampformat"}, "")));
    if (format_ == "xml")
      text = ast::call("spark_json_to_xml", std::move(text), ast::text(named_options(command_.options)), ast::integer(1));
    rows.select.push_back(std::move(text));
    rows.select.back()->SetAlias("value");
  } else if (format_ == "csv" && lines_) {
    ast::Exprs cells;
    for (const auto& column : columns) cells.push_back(ast::cast(csv_cell(column), duckdb::LogicalType::VARCHAR));
    FileOptions options = command_.options;
    options["sep"] = csv_separator(options);
    ast::Exprs arguments;
    arguments.push_back(ast::list(std::move(cells)));
    arguments.push_back(ast::text(named_options(options)));
    rows.select.push_back(ast::call("spark_csv_line", std::move(arguments)));
    rows.select.back()->SetAlias("value");
  } else {
    for (const auto& column : columns) {
      rows.select.push_back(format_ == "csv" ? csv_cell(column) : ast::column(column.id));
      rows.select.back()->SetAlias(column.name);
    }
  }
  rows.projected = true;
  return std::move(rows).to_node({});
}

duckdb::unique_ptr<duckdb::CopyInfo> WriteFormat::copy_info(duckdb::unique_ptr<duckdb::QueryNode> query) const {
  auto info = duckdb::make_uniq<duckdb::CopyInfo>();
  info->is_from = false;
  info->select_statement = std::move(query);
  info->is_format_auto_detected = false;
  const auto set = [&](const char* name, Value value) { info->options[name] = {std::move(value)}; };
  const auto& options = command_.options;
  if (format_ == "parquet") {
    info->format = "parquet";
    set("compression", Value(compression_ == "none" ? "uncompressed" : compression_ == "lz4" ? "lz4_raw" : compression_));
    set("kv_metadata", Value::STRUCT({{std::string(parquet_row_metadata_key), Value(row_metadata_)}}));
    return info;
  }
  info->format = "csv";
  set("compression", Value(compression_));
  if (is_line_format(format_)) {
    // One column, nothing quoted: the line is the value.
    set("header", Value::BOOLEAN(false));
    set("delimiter", Value(std::string(1, '\x01')));
    set("quote", Value(""));
    set("escape", Value(""));
    set("nullstr", Value(""));
    return info;
  }
  set("header", Value::BOOLEAN(option_is_true(options, "header")));
  set("delimiter", Value(csv_separator(options)));
  set("quote", Value(option(options, {"quote"}, "\"")));
  set("escape", Value(option(options, {"escape"}, option(options, {"quote"}, "\"").empty() ? "" : "\\")));
  set("nullstr", Value(option(options, {"nullvalue"}, "")));
  if (option_is_true(options, "quoteall")) set("force_quote", Value("*"));
  return info;
}

}  // namespace mastic::spark
