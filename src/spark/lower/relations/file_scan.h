// What reading files of any format shares: the files of one scan, and the scan that comes of them.
#pragma once

#include <duckdb.hpp>
#include <duckdb/parser/tableref/list.hpp>
#include <string>
#include <utility>
#include <vector>

#include "spark/lower/file_options.h"
#include "spark/lower/lowering.h"

namespace mastic::spark {

/// A scan of some files: the FROM, and for each data column the expression that reads it.
struct Scan {
  duckdb::unique_ptr<duckdb::TableFunctionRef> from;
  duckdb::unique_ptr<duckdb::TableRef> table;  // instead of `from`, when it is more than a function
  ast::Exprs columns;
  ast::Exprs where;
  ast::Expr path;  // a row's file; null: not at hand
};

struct Reader {
  Lowering& lowering;
  const ReadFiles& node;
  duckdb::vector<duckdb::Value> paths;
  const ReadFiles::PartitionedFile* file = nullptr;  // the only one, when its rows are to know it
  std::vector<bool> required = {};                   // of the data columns, those that the query wants

  [[nodiscard]] std::string mode() const { return lower_case(option(node.options, {"mode"}, "permissive")); }
  [[nodiscard]] bool is_corrupt_record(const StructField& field) const {
    return field.name == option(node.options, {"columnnameofcorruptrecord"}, "_corrupt_record");
  }

  Scan open(const std::string& function, std::vector<std::pair<std::string, duckdb::Value>> settings) {
    ast::Exprs arguments;
    arguments.push_back(ast::constant(duckdb::Value::LIST(duckdb::LogicalType::VARCHAR, paths)));
    for (auto& [name, value] : settings) {
      auto setting = ast::constant(std::move(value));
      setting->SetAlias(name);
      arguments.push_back(std::move(setting));
    }
    auto from = duckdb::make_uniq<duckdb::TableFunctionRef>();
    from->function = ast::call(function, std::move(arguments));
    from->alias = lowering.fresh_name("t");
    Scan scan;
    scan.from = std::move(from);
    return scan;
  }
};

/// A text field of a CSV file as its column's type; what does not fit is NULL, or with `strict` an error.
ast::Expr parse_csv_field(Reader& reader, ast::Expr text, const DataType& type, bool strict);

/// Whether a file is read record by record through our own kernels: for modes, options and encodings that DuckDB's readers
/// do not have.
bool reads_records(const Reader& reader);
Scan scan_records(Reader& reader);

/// Options as one text for the kernels and sources of the engine.
std::string named_options(const FileOptions& options);
/// mastic_records over the files, with the options of the source that a format's options ask for.
duckdb::unique_ptr<duckdb::TableFunctionRef> record_table(const std::string& format, const FileOptions& options,
                                                          duckdb::vector<duckdb::Value> paths, const std::string& alias,
                                                          const std::string& header_names = "");
/// What a kernel that reads JSON makes itself; the rest is read as text and cast.
DataType record_type(const DataType& type);

}  // namespace mastic::spark
