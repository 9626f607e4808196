// What analysis asks of a session, for the length of one request: the session, and an engine connection for what must be
// looked up in data (file schemas, pivot values). Not thread-safe.
#pragma once

#include <vector>

#include "spark/analyze/analyzer.h"
#include "spark/connect/session.h"
#include "spark/lower/lower.h"

namespace mastic::spark_connect {

class RequestContext final : public spark::AnalysisContext {
 public:
  RequestContext(Session& session, engine::Connection& connection) : session_(session), connection_(connection) {}

  [[nodiscard]] std::optional<std::string> configuration(std::string_view key) const override;
  [[nodiscard]] std::string current_database() const override;
  [[nodiscard]] const engine::Stores& stores() const override;
  [[nodiscard]] spark::RelationPtr find_view(const std::vector<std::string>& name) const override;
  [[nodiscard]] std::optional<spark::SparkResult<spark::RelationPtr>> cached_table(const std::string& database,
                                                                                   const std::string& table) override;
  [[nodiscard]] spark::ExpressionPtr find_variable(std::string_view name) const override;
  [[nodiscard]] std::optional<spark::SqlFunction> find_sql_function(const std::vector<std::string>& name) const override;
  [[nodiscard]] std::optional<spark::SqlFunction> find_catalog_sql_function(
      const std::vector<std::string>& name) const override;
  [[nodiscard]] std::shared_ptr<const std::string> cached_local_data(std::string_view hash) const override;
  [[nodiscard]] spark::RelationPtr cached_relation(std::string_view relation_id) const override;
  [[nodiscard]] const ::spark::connect::CommonInlineUserDefinedFunction* find_user_function(
      std::string_view name) const override;
  [[nodiscard]] const ::spark::connect::CommonInlineUserDefinedTableFunction* find_user_table_function(
      std::string_view name) const override;
  [[nodiscard]] const ::spark::connect::CommonInlineUserDefinedDataSource* find_user_data_source(
      std::string_view name) const override;
  [[nodiscard]] spark::SparkResult<std::string> ask_python(const std::string& module, const std::string& python_version,
                                                           const std::string& request) override;
  void python_ended(std::string_view rest) override;
  [[nodiscard]] int64_t python_result_id(const std::string& call_site) override;
  [[nodiscard]] spark::SparkResult<int> profile_cpus(int profile) override;
  [[nodiscard]] spark::SparkResult<spark::ReadFiles> infer_file_schema(const FileRequest& request) override;
  [[nodiscard]] spark::SparkResult<std::vector<spark::ReadFiles::PartitionedFile>> list_files(
      const std::vector<std::string>& paths, const std::map<std::string, std::string>& options) override;
  [[nodiscard]] spark::SparkResult<std::vector<spark::StructField>> infer_rows(
      const spark::RelationPtr& plan, const std::string& format, const std::map<std::string, std::string>& options) override;
  [[nodiscard]] spark::SparkResult<std::vector<std::vector<spark::ExpressionPtr>>> collect(const spark::RelationPtr& plan,
                                                                                           int64_t limit) override;

  /// The temporary views that were met, as CREATE VIEW must know.
  [[nodiscard]] const std::vector<std::string>& used_views() const { return used_views_; }

 private:
  Session& session_;
  engine::Connection& connection_;
  std::string being_kept_;  // the table whose rows are computed: read as it is
  mutable std::vector<std::string> used_views_;
  mutable std::vector<UserTableFunction> used_table_functions_;
  mutable std::vector<UserDataSource> used_data_sources_;
  mutable std::vector<UserFunction> used_functions_;  // kept while the request refers to them
};

/// The session's settings that show in results.
[[nodiscard]] spark::LowerOptions lower_options(const Session& session);

}  // namespace mastic::spark_connect
