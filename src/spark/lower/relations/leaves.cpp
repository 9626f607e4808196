// Rows that come from nowhere else: local data, ranges, items, cached relations.
#include <arrow/c/bridge.h>

#include <duckdb.hpp>
#include <duckdb/common/arrow/arrow_wrapper.hpp>
#include <duckdb/function/table/arrow.hpp>
#include <duckdb/parser/expression/list.hpp>
#include <duckdb/parser/tableref/list.hpp>

#include "spark/lower/local_rows.h"
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
std::shared_ptr<arrow::RecordBatchReader> open_stream(uintptr_t address) {
  auto reader = open_local_rows(*reinterpret_cast<const LocalRows*>(address));
  if (!reader.ok()) throw duckdb::InvalidInputException("Local data is no Arrow stream: " + reader.status().ToString());
  return *reader;
}

duckdb::unique_ptr<duckdb::ArrowArrayStreamWrapper> produce(uintptr_t address, duckdb::ArrowStreamParameters&) {
  auto wrapper = make_uniq<duckdb::ArrowArrayStreamWrapper>();
  const auto exported =
      arrow::ExportRecordBatchReader(open_stream(address), reinterpret_cast<::ArrowArrayStream*>(&wrapper->arrow_array_stream));
  if (!exported.ok()) throw duckdb::InvalidInputException(exported.ToString());
  return wrapper;
}

void get_schema(::ArrowArrayStream* address, ::ArrowSchema& schema) {
  const auto exported = arrow::ExportSchema(*open_stream(reinterpret_cast<uintptr_t>(address))->schema(), &schema);
  if (!exported.ok()) throw duckdb::InvalidInputException(exported.ToString());
}

/// Rows without columns: only their number matters.
Block empty_rows(Lowering& lowering, const Relation& relation, const std::string& stream) {
  const auto count = count_local_rows(stream);
  if (!count.ok()) throw duckdb::InvalidInputException("Local data is no Arrow stream: " + count.status().ToString());
  ast::Exprs arguments;
  arguments.push_back(ast::constant(duckdb::Value::BIGINT(*count)));
  Block block;
  block.from = table_function(lowering, "range", std::move(arguments), relation);
  return block;
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
  if (relation.output.empty()) return empty_rows(lowering, relation, *node.arrow_stream);
  auto rows = std::make_shared<LocalRows>();
  rows->stream = node.arrow_stream;
  for (const auto& attribute : relation.output) rows->types.push_back(attribute.type);
  ast::Exprs arguments;
  arguments.push_back(ast::constant(duckdb::Value::POINTER(reinterpret_cast<uintptr_t>(rows.get()))));
  arguments.push_back(ast::constant(duckdb::Value::POINTER(reinterpret_cast<uintptr_t>(&produce))));
  arguments.push_back(ast::constant(duckdb::Value::POINTER(reinterpret_cast<uintptr_t>(&get_schema))));
  lowering.keep(std::move(rows));
  Block scan;
  auto ref = table_function(lowering, "arrow_scan_dumb", std::move(arguments), relation);
  // The stream's types are the client's; ours are the relation's.
  duckdb::vector<std::string> raw;
  for (const auto& name : ref->column_name_alias) raw.push_back("raw_" + name);
  ref->column_name_alias = raw;
  scan.from = std::move(ref);
  for (std::size_t i = 0; i < relation.output.size(); ++i) {
    auto item = ast::cast(ast::column(raw[i]), to_duckdb_type(relation.output[i].type));
    item->SetAlias(ast::column_name(relation.output[i].id));
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
  if (node.name.starts_with("recursion_")) {
    // The rows that the step before gave: WITH RECURSIVE's own name, whose last column is the level.
    auto table = make_uniq<duckdb::BaseTableRef>();
    table->table_name = node.name;
    table->alias = lowering.fresh_name("t");
    table->column_name_alias = names_of(relation);
    Block block;
    block.from = std::move(table);
    return block;
  }
  ast::Exprs arguments;
  arguments.push_back(ast::text(node.name));
  Block block;
  block.from = table_function(lowering, "mastic_kept", std::move(arguments), relation);
  return block;
}

}  // namespace mastic::spark
