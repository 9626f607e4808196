#include "glue/codegen/writer.h"

#include <fmt/format.h>

#include <algorithm>

#include "glue/codegen/python_text.h"

namespace mastic::glue::codegen {
namespace {

constexpr std::string_view head = R"(import sys

from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame, DynamicFrameCollection
from awsglue.job import Job
from awsglue.transforms import *
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext
from pyspark.sql import functions as F
)";

constexpr std::string_view set_up = R"(args = getResolvedOptions(sys.argv, ["JOB_NAME"])
glueContext = GlueContext(SparkContext.getOrCreate())
spark = glueContext.spark_session
job = Job(glueContext)
job.init(args["JOB_NAME"], args)
)";

std::string_view text_of(Helper helper) {
  switch (helper) {
    case Helper::run_sql:
      return R"(def run_sql(query, frames, transformation_ctx):
    """The result of a query in which each DynamicFrame is a view of the given name."""
    for alias, frame in frames.items():
        frame.toDF().createOrReplaceTempView(alias)
    return DynamicFrame.fromDF(spark.sql(query), glueContext, transformation_ctx)
)";
    case Helper::as_dynamic_frame:
      return R"(def as_dynamic_frame(data_frame, transformation_ctx):
    return DynamicFrame.fromDF(data_frame, glueContext, transformation_ctx)
)";
    case Helper::join_frames:
      return R"(def join_frames(left, right, keys, how, transformation_ctx):
    """Joins by pairs of columns (left's, right's)."""
    one, other = left.toDF().alias("l"), right.toDF().alias("r")
    condition = F.lit(True)
    for left_key, right_key in keys:
        condition = condition & (F.col("l." + left_key) == F.col("r." + right_key))
    return DynamicFrame.fromDF(one.join(other, condition, how), glueContext, transformation_ctx)
)";
    case Helper::drop_null_columns:
      return R"(def drop_null_columns(frame, empty_texts, transformation_ctx):
    """Drops the columns in which every value is null, or one of the texts that stand for no value."""
    data = frame.toDF()
    filled = [
        F.count(F.when(F.col(f"`{name}`").isNotNull() & ~F.col(f"`{name}`").cast("string").isin(empty_texts), 1)).alias(name)
        if kind in ("string", "tinyint", "smallint", "int", "bigint", "float", "double") and empty_texts
        else F.count(F.col(f"`{name}`")).alias(name)
        for name, kind in data.dtypes
    ]
    counts = data.agg(*filled).first()
    kept = [f"`{name}`" for name, count in zip(data.columns, counts) if count > 0]
    return DynamicFrame.fromDF(data.select(*kept), glueContext, transformation_ctx)
)";
    case Helper::route:
      return R"(def route(frame, conditions, transformation_ctx):
    """A frame for each condition, and default_group with the rows that meet none."""
    data = frame.toDF()
    groups = {name: DynamicFrame.fromDF(data.filter(condition), glueContext, name) for name, condition in conditions.items()}
    rest = F.lit(True)
    for condition in conditions.values():
        rest = rest & ~F.coalesce(condition, F.lit(False))
    groups["default_group"] = DynamicFrame.fromDF(data.filter(rest), glueContext, "default_group")
    return DynamicFrameCollection(groups, glueContext)
)";
  }
  return {};
}

}  // namespace

void Writer::statement(const Node& node, std::string text) {
  if (last_node_ != node.id) {
    statements_.push_back(fmt::format("\n# {}: {}", node.kind.name, python_comment(node.name)));
    last_node_ = node.id;
  }
  statements_.push_back(std::move(text));
}

bool Writer::define(const std::string& name, std::string text) {
  const auto found = std::ranges::find(definitions_, name, &std::pair<std::string, std::string>::first);
  if (found != definitions_.end()) return found->second == text;
  definitions_.emplace_back(name, std::move(text));
  return true;
}

void Writer::unsupported(const Node& node, std::string message) { problems_.push_back({node.id, std::move(message), true}); }

void Writer::wrong(const Node& node, std::string message) { problems_.push_back({node.id, std::move(message)}); }

std::string Writer::variable_of(std::string_view node_id) const {
  const auto* node = graph_.find(node_id);
  return node == nullptr ? "None" : node->variable;
}

std::string Writer::input(const Node& node, std::size_t index) const {
  return index < node.inputs.size() ? variable_of(node.inputs[index]) : "None";
}

std::string Writer::script(const std::optional<std::string>& tail) const {
  std::string text(head);
  // A run ends here, by name, before it reads or writes a thing.
  for (const auto& problem : problems_) {
    if (problem.only_unsupported) {
      text += fmt::format("\nraise NotImplementedError({})\n", python_string(problem.node_id + ": " + problem.message));
    }
  }
  for (const auto helper : helpers_) text += fmt::format("\n\n{}", text_of(helper));
  for (const auto& [name, definition] : definitions_) text += fmt::format("\n\n{}", definition);
  text += fmt::format("{}{}", helpers_.empty() && definitions_.empty() ? "\n" : "\n\n", set_up);
  for (const auto& line : statements_) text += line + "\n";
  text += "\n" + tail.value_or("job.commit()") + "\n";
  return text;
}

}  // namespace mastic::glue::codegen
