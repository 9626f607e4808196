// Rows that come from nowhere else: local data, ranges, items, cached relations.
#include <arrow/buffer.h>
#include <arrow/c/bridge.h>
#include <arrow/io/memory.h>
#include <arrow/ipc/reader.h>

#include <duckdb.hpp>
#include <duckdb/common/arrow/arrow_wrapper.hpp>
#include <duckdb/function/table/arrow.hpp>
#include <duckdb/parser/expression/list.hpp>
#include <duckdb/parser/tableref/list.hpp>

#include "spark/lower/lowering.h"
#include "spark/lower/types.h"

namespace mastic::spark {
namespace {

using duckdb::make_uniq;

duckdb::vector<std::string> names_of(const Relation& relation) {
  duckdb::vector<std::string> names;
  for (const auto& attribute : relation.output) names.push_back(ast::column_name(attribute.id));
  return names;
}

duckdb::unique_ptr<duckdb::TableFunctionRef> table_function(Lowering& lowering, const std::string& name, ast::Exprs arguments,
                                                            const Relation& relation) {
  auto ref = make_uniq<duckdb::TableFunctionRef>();
  ref->function = ast::call(name, std::move(arguments));
  ref->alias = lowering.fresh_name("t");
  ref->column_name_alias = names_of(relation);
  return ref;
}

/// What arrow_scan asks for a stream: a reader over the bytes, afresh for each scan.
std::shared_ptr<arrow::RecordBatchReader> open_stream(const std::string& bytes) {
  auto buffer =
      std::make_shared<arrow::Buffer>(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int64_t>(bytes.size()));
  auto reader = arrow::ipc::RecordBatchStreamReader::Open(std::make_shared<arrow::io::BufferReader>(buffer));
  if (!reader.ok()) throw duckdb::InvalidInputException("Local data is no Arrow stream: " + reader.status().ToString());
  return *reader;
}

duckdb::unique_ptr<duckdb::ArrowArrayStreamWrapper> produce(uintptr_t address, duckdb::ArrowStreamParameters&) {
  auto wrapper = make_uniq<duckdb::ArrowArrayStreamWrapper>();
  const auto exported = arrow::ExportRecordBatchReader(open_stream(*reinterpret_cast<const std::string*>(address)),
                                                       reinterpret_cast<::ArrowArrayStream*>(&wrapper->arrow_array_stream));
  if (!exported.ok()) throw duckdb::InvalidInputException(exported.ToString());
  return wrapper;
}

void get_schema(::ArrowArrayStream* address, ::ArrowSchema& schema) {
  const auto exported = arrow::ExportSchema(*open_stream(*reinterpret_cast<const std::string*>(address))->schema(), &schema);
  if (!exported.ok()) throw duckdb::InvalidInputException(exported.ToString());
}

}  // namespace

/// SELECT NULL AS c1, … WHERE false
Block no_rows(const Relation& relation) {
  Block block;
  for (const auto& attribute : relation.output) {
    auto item = ast::null_of(to_duckdb_type(attribute.type));
    item->SetAlias(ast::column_name(attribute.id));
    block.select.push_back(std::move(item));
  }
  block.projected = true;
  block.where.push_back(ast::boolean(false));
  return block;
}

Block lower_local_data(Lowering& lowering, const Relation& relation, const LocalData& node) {
  if (!node.arrow_stream || node.arrow_stream->empty()) return no_rows(relation);
  lowering.keep(node.arrow_stream);
  ast::Exprs arguments;
  arguments.push_back(ast::constant(duckdb::Value::POINTER(reinterpret_cast<uintptr_t>(node.arrow_stream.get()))));
  arguments.push_back(ast::constant(duckdb::Value::POINTER(reinterpret_cast<uintptr_t>(&produce))));
  arguments.push_back(ast::constant(duckdb::Value::POINTER(reinterpret_cast<uintptr_t>(&get_schema))));
  Block scan;
  if (relation.output.empty()) not_lowered("local data without columns");
  auto ref = table_function(lowering, "arrow_scan_dumb", std::move(arguments), relation);
  // The stream's types are the client's; ours are the relation's.
  duckdb::vector<std::string> raw;
  for (const auto& name : ref->column_name_alias) raw.push_back("raw_" + name);
  ref->column_name_alias = raw;
  scan.from = std::move(ref);
  for (std::size_t i = 0; i < relation.output.size(); ++i) {
    const auto& attribute = relation.output[i];
    auto item = ast::column(raw[i]);
    if (attribute.type.is(TypeKind::day_time_interval)) {
      item = ast::call("epoch_us", std::move(item));
    } else if (attribute.type.is(TypeKind::year_month_interval)) {
      ast::Exprs interval;
      interval.push_back(std::move(item));
      item = ast::fill("datepart('year', $1) * 12 + datepart('month', $1)", interval);
    }
    item = ast::cast(std::move(item), to_duckdb_type(attribute.type));
    item->SetAlias(ast::column_name(attribute.id));
    scan.select.push_back(std::move(item));
  }
  scan.projected = true;
  return scan;
}

Block lower_range(Lowering& lowering, const Relation& relation, const RangeRows& node) {
  ast::Exprs arguments;
  for (const auto value : {node.start, node.end, node.step}) arguments.push_back(ast::constant(duckdb::Value::BIGINT(value)));
  Block block;
  block.from = table_function(lowering, "range", std::move(arguments), relation);
  return block;
}

Block lower_read_items(Lowering& lowering, const Relation& relation, const ReadItems& node) {
  duckdb::child_list_t<duckdb::LogicalType> fields;
  for (const auto& attribute : relation.output) fields.emplace_back(attribute.name, to_duckdb_type(attribute.type));
  ast::Exprs arguments;
  arguments.push_back(ast::text(node.table));
  arguments.push_back(ast::constant(duckdb::Value(duckdb::LogicalType::STRUCT(std::move(fields)))));
  Block block;
  block.from = table_function(lowering, "mastic_items", std::move(arguments), relation);
  return block;
}

Block lower_read_cached(Lowering& lowering, const Relation& relation, const ReadCached& node) {
  auto ref = make_uniq<duckdb::BaseTableRef>();
  ref->catalog_name = "memory";
  ref->schema_name = "main";
  ref->table_name = node.name;
  ref->alias = lowering.fresh_name("t");
  ref->column_name_alias = names_of(relation);
  Block block;
  block.from = std::move(ref);
  return block;
}

}  // namespace mastic::spark
