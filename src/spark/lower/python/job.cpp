#include "spark/lower/python/job.h"

#include <duckdb/parser/expression/list.hpp>
#include <duckdb/parser/tableref/list.hpp>

#include "spark/lower/arrow_types.h"
#include "spark/lower/types.h"

namespace mastic::spark {

std::shared_ptr<engine::PythonJob> make_python_job(const Lowering& lowering, const PythonCall& function,
                                                   engine::PythonShape shape) {
  const auto& settings = lowering.options().python;
  if (settings == nullptr) not_lowered("Python functions outside of a session");
  auto job = std::make_shared<engine::PythonJob>();
  job->shape = shape;
  job->evaluation_type = function.evaluation_type;
  job->python_version = function.python_version;
  job->environment = {settings->session, settings->files_folder, settings->files_version, settings->variables};
  job->settings = settings->settings;
  job->batch_rows = settings->batch_rows;
  job->limits = {settings->idle_timeout_seconds, settings->kill_on_idle_timeout, settings->fault_handler};
  job->accumulated = settings->accumulated;
  return job;
}

std::vector<int64_t> rows_of_tasks(const Relation& input) {
  const Relation* at = &input;
  while (true) {
    if (const auto* project = std::get_if<Project>(&at->node)) {
      at = project->input.get();
    } else if (const auto* alias = std::get_if<Alias>(&at->node)) {
      at = alias->input.get();
    } else if (const auto* evaluated = std::get_if<PythonEvaluate>(&at->node)) {
      at = evaluated->input.get();
    } else {
      break;
    }
  }
  const auto* range = std::get_if<RangeRows>(&at->node);
  if (range == nullptr || range->partitions < 2) return {};
  const bool up = range->step > 0;
  uint64_t rows = 0;
  if (range->start != range->end && (range->start < range->end) == up) {
    const auto from = static_cast<uint64_t>(up ? range->start : range->end);
    const auto to = static_cast<uint64_t>(up ? range->end : range->start);
    const auto step = up ? static_cast<uint64_t>(range->step) : 0 - static_cast<uint64_t>(range->step);
    rows = (to - from) / step + ((to - from) % step == 0 ? 0 : 1);
  }
  // Where Spark's slices begin: rows * i / partitions.
  const auto count = static_cast<uint64_t>(range->partitions);
  const auto begin = [&](uint64_t i) { return rows / count * i + rows % count * i / count; };
  std::vector<int64_t> tasks;
  for (uint64_t i = 0; i < count; ++i) tasks.push_back(static_cast<int64_t>(begin(i + 1) - begin(i)));
  return tasks;
}

const PythonCall& add_commands(const PythonCall& call, std::vector<std::string>& commands) {
  const PythonCall* innermost = &call;
  if (call.arguments.size() == 1) {
    if (const auto* inner = std::get_if<PythonCall>(&call.arguments[0]->node)) innermost = &add_commands(*inner, commands);
  }
  commands.push_back(call.command);
  return *innermost;
}

Block open_block(Lowering& lowering, const Relation& relation) {
  auto block = lowering.relation(relation);
  if (block.projected || block.limited()) block = std::move(block).wrapped(column_ids(relation));
  return block;
}

namespace {

/// The block's rows in this order; rows of equal keys stay as they come, which DuckDB's sort does not promise.
Block in_order(Block block, duckdb::vector<duckdb::OrderByNode> orders) {
  const auto columns = block.select.size();
  duckdb::vector<duckdb::OrderByNode> outer_orders;
  for (std::size_t i = 0; i < orders.size(); ++i) {
    auto key = std::move(orders[i].expression);
    const auto name = "o" + std::to_string(i);
    key->SetAlias(name);
    block.select.push_back(std::move(key));
    outer_orders.emplace_back(orders[i].type, orders[i].null_order, ast::column(name));
  }
  auto arrival = ast::fill("row_number() OVER ()", {});
  arrival->SetAlias("arrival");
  block.select.push_back(std::move(arrival));
  outer_orders.emplace_back(duckdb::OrderType::ASCENDING, duckdb::OrderByNullType::NULLS_FIRST, ast::column("arrival"));
  Block outer;
  outer.from = subquery_table(std::move(block).to_node({}));
  for (std::size_t i = 0; i < columns; ++i) outer.select.push_back(ast::column("p" + std::to_string(i)));
  outer.projected = true;
  outer.orders = std::move(outer_orders);
  return outer;
}

}  // namespace

engine::PythonInput make_python_input(const Lowering& lowering, Block block, std::vector<PythonColumn> kept,
                                      std::vector<PythonColumn> keys, std::vector<PythonColumn> sent,
                                      std::shared_ptr<arrow::Schema> schema, duckdb::vector<duckdb::OrderByNode> orders) {
  engine::PythonInput input;
  input.kept = kept.size();
  input.keys = keys.size();
  input.sent = schema;
  const auto& settings = lowering.options().python->settings;
  const auto large_types = settings.find("spark.sql.execution.arrow.useLargeVarTypes");
  const bool large = large_types != settings.end() && large_types->second == "true";
  if (large) {
    arrow::FieldVector fields;
    for (const auto& field : schema->fields()) fields.push_back(field->WithType(with_large_offsets(field->type())));
    input.sent = arrow::schema(std::move(fields));
  }
  std::vector<DataType> types;
  for (const auto& column : sent) types.push_back(column.type);
  input.layout = [types = std::move(types), schema = std::move(schema), large](const arrow::ArrayData& data, int column) {
    auto array = to_client_layout(data, types.at(static_cast<std::size_t>(column)), schema->field(column)->type());
    return large ? with_large_offsets(*array) : array;
  };
  for (auto* columns : {&kept, &keys, &sent}) {
    for (auto& column : *columns) {
      auto item = ast::cast(std::move(column.expression), to_duckdb_type(column.type));
      item->SetAlias("p" + std::to_string(block.select.size()));
      block.select.push_back(std::move(item));
    }
  }
  block.projected = true;
  if (!orders.empty()) block = in_order(std::move(block), std::move(orders));
  input.statement = duckdb::make_uniq<duckdb::SelectStatement>();
  input.statement->node = std::move(block).to_node({});
  return input;
}

int32_t SentColumns::add(const ExpressionPtr& expression, const std::string& name) {
  if (const auto* column = std::get_if<ColumnReference>(&expression->node)) {
    for (std::size_t i = 0; i < known_.size(); ++i) {
      const auto* known = known_[i] ? std::get_if<ColumnReference>(&known_[i]->node) : nullptr;
      if (name.empty() && known != nullptr && known->id == column->id) return static_cast<int32_t>(i);
    }
  }
  const auto place = static_cast<int32_t>(columns_.size());
  known_.push_back(expression);
  columns_.push_back({lowering_.expression(expression), expression->type});
  fields_.push_back({name.empty() ? "_" + std::to_string(place) : name, expression->type, expression->nullable, {}});
  return place;
}

int32_t SentColumns::add(ast::Expr expression, const DataType& type) {
  const auto place = static_cast<int32_t>(columns_.size());
  known_.push_back(nullptr);
  columns_.push_back({std::move(expression), type});
  fields_.push_back({"_" + std::to_string(place), type, true, {}});
  return place;
}

std::vector<PythonColumn> SentColumns::take() { return std::move(columns_); }

std::shared_ptr<arrow::Schema> SentColumns::schema() const {
  std::vector<Attribute> attributes;
  for (const auto& field : fields_) attributes.push_back({0, field.name, field.type, field.nullable, {}, {}});
  return to_arrow_schema(attributes, lowering_.options().session_time_zone);
}

std::string SentColumns::type_json() const { return json_string(types::structure(fields_)); }

Block python_scan(Lowering& lowering, const Relation& relation, std::shared_ptr<engine::PythonJob> job) {
  auto ref = duckdb::make_uniq<duckdb::TableFunctionRef>();
  ref->function = ast::call("mastic_python", ast::constant(duckdb::Value::POINTER(reinterpret_cast<uintptr_t>(job.get()))));
  ref->alias = lowering.fresh_name("t");
  for (const auto& attribute : relation.output) ref->column_name_alias.push_back(ast::column_name(attribute.id));
  lowering.keep(std::move(job));
  Block block;
  block.from = std::move(ref);
  return block;
}

}  // namespace mastic::spark
