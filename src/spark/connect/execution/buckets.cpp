#include "spark/connect/execution/buckets.h"

#include "spark/connect/views.h"

namespace mastic::spark_connect {

void add_bucket_column(spark::WriteFiles& write) {
  using spark::make_expression;
  if (write.buckets <= 0) return;
  // pmod(hash(columns), n), as Spark's HashPartitioning.
  spark::Call hash{.function = "hash", .arguments = {}};
  auto output = write.input->output;
  std::vector<spark::NamedExpression> expressions;
  spark::ColumnId last = 0;
  for (const auto& column : output) {
    auto reference = make_expression(column.type, column.nullable, spark::ColumnReference{column.id, column.name});
    expressions.push_back({.id = column.id, .name = column.name, .expression = reference, .metadata_json = {}});
    last = std::max(last, column.id);
  }
  for (const auto& name : write.bucket_columns) {
    for (std::size_t i = 0; i < output.size(); ++i)
      if (to_lower(output[i].name) == to_lower(name)) hash.arguments.push_back(expressions[i].expression);
  }
  const auto integer = spark::types::integer();
  auto hashed = make_expression(integer, false, std::move(hash));
  auto count = make_expression(integer, false, spark::Literal{static_cast<int64_t>(write.buckets)});
  auto bucket = make_expression(integer, true, spark::Call{.function = "pmod", .arguments = {hashed, count}});
  write.bucket_id = std::max<spark::ColumnId>(last + 1, 1ULL << 41U);
  output.push_back({write.bucket_id, "__bucket", integer, true, {}, {}});
  expressions.push_back({.id = write.bucket_id, .name = "__bucket", .expression = bucket, .metadata_json = {}});
  write.input =
      spark::make_relation(std::move(output), spark::Project{.input = write.input, .expressions = std::move(expressions)});
}

}  // namespace mastic::spark_connect
