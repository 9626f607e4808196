// A session in memory, for the analyzer's tests: settings, views, nothing behind them.
#pragma once

#include <map>

#include "spark/analyze/analyzer.h"

namespace mastic::spark {

class TestContext : public AnalysisContext {
 public:
  std::map<std::string, std::string, std::less<>> settings{{"spark.sql.ansi.enabled", "false"}};
  std::map<std::string, RelationPtr, std::less<>> views;
  engine::Stores test_stores;
  std::vector<std::vector<ExpressionPtr>> rows;  // what collect() answers

  [[nodiscard]] std::optional<std::string> configuration(std::string_view key) const override {
    const auto found = settings.find(key);
    return found == settings.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] std::string current_database() const override { return "default"; }
  [[nodiscard]] const engine::Stores& stores() const override { return test_stores; }
  [[nodiscard]] RelationPtr find_view(const std::vector<std::string>& name) const override {
    const auto found = views.find(name.back());
    return found == views.end() ? nullptr : found->second;
  }
  [[nodiscard]] std::shared_ptr<const std::string> cached_local_data(std::string_view) const override { return nullptr; }
  [[nodiscard]] RelationPtr cached_relation(std::string_view) const override { return nullptr; }
  [[nodiscard]] const ::spark::connect::CommonInlineUserDefinedFunction* find_user_function(std::string_view) const override {
    return nullptr;
  }
  [[nodiscard]] SparkResult<ReadFiles> infer_file_schema(const FileRequest& request) override {
    ReadFiles files;
    files.format = request.format;
    if (request.schema) files.data_columns = request.schema->fields;
    return files;
  }
  [[nodiscard]] SparkResult<std::vector<ReadFiles::PartitionedFile>> list_files(
      const std::vector<std::string>&, const std::map<std::string, std::string>&) override {
    return std::vector<ReadFiles::PartitionedFile>{};
  }
  [[nodiscard]] SparkResult<std::vector<std::vector<ExpressionPtr>>> collect(const RelationPtr&, int64_t) override {
    return rows;
  }

  /// A view of these columns.
  void add_view(const std::string& name, std::vector<StructField> columns) {
    std::vector<Attribute> output;
    ColumnId id = 1000;
    for (auto& column : columns) output.push_back({++id, column.name, column.type, column.nullable, {}, {}});
    views[name] = make_relation(std::move(output), LocalData{});
  }
};

}  // namespace mastic::spark
