#include "glue/errors.h"

#include <fmt/format.h>

namespace mastic::glue::error {
namespace {

Error not_found(std::string message) { return {"EntityNotFoundException", std::move(message)}; }
Error exists(std::string message) { return {"AlreadyExistsException", std::move(message)}; }

}  // namespace

Error database_not_found(std::string_view name) { return not_found(fmt::format("Database {} not found.", name)); }
Error table_not_found(std::string_view name) { return not_found(fmt::format("Table {} not found.", name)); }
Error table_version_not_found(std::string_view version) { return not_found(fmt::format("Version {} not found.", version)); }
Error partition_not_found() { return not_found("Cannot find partition."); }
Error partition_index_not_found(std::string_view name) { return not_found(fmt::format("Partition index {} not found.", name)); }
Error partition_index_exists(std::string_view name) { return exists(fmt::format("Partition index already exists: {}", name)); }
Error too_many_partition_indexes(std::size_t maximum) {
  return {"ResourceNumberLimitExceededException",
          fmt::format("Number of partition indexes exceeds the limit of {} for a table.", maximum)};
}
Error statistics_not_found(std::string_view column) {
  return not_found(fmt::format("Column statistics not found for column: {}", column));
}
Error function_not_found(std::string_view name) { return not_found(fmt::format("Function {} not found.", name)); }
Error database_exists() { return exists("Database already exists."); }
Error table_exists() { return exists("Table already exists."); }
Error partition_exists() { return exists("Partition already exists."); }
Error function_exists() { return exists("Function already exists."); }
Error table_version_mismatch() {
  return {"ConcurrentModificationException", "Update table failed due to concurrent modifications."};
}
Error unsupported_expression(std::string_view why) { return invalid_input(fmt::format("Unsupported expression '{}'", why)); }

Error crawler_not_found(std::string_view name) {
  return not_found(fmt::format("Crawler entry with name {} does not exist", name));
}
Error crawler_exists(std::string_view name) { return exists(fmt::format("Crawler with name {} already exists", name)); }
Error crawler_running(std::string_view name) {
  return {"CrawlerRunningException", fmt::format("Crawler with name {} has already started", name)};
}
Error crawler_not_running(std::string_view name) {
  return {"CrawlerNotRunningException", fmt::format("Crawler with name {} isn't running", name)};
}
Error crawler_stopping(std::string_view name) {
  return {"CrawlerStoppingException", fmt::format("Crawler with name {} is already stopping", name)};
}

Error classifier_exists(std::string_view name) { return exists(fmt::format("Classifier with name {} already exists", name)); }
Error classifier_not_found(std::string_view name) { return not_found(fmt::format("Classifier {} not found.", name)); }

Error job_not_found(std::string_view name) { return not_found(fmt::format("Job with name: {} not found.", name)); }
Error job_run_not_found(std::string_view run_id) { return not_found(fmt::format("Job run {} not found.", run_id)); }
Error job_differs(std::string_view name) {
  return {"IdempotentParameterMismatchException",
          fmt::format("Job with name: {} already submitted with different configuration.", name)};
}
Error concurrent_runs_exceeded(std::string_view job_name) {
  return {"ConcurrentRunsExceededException", fmt::format("Concurrent runs exceeded for {}", job_name)};
}

Error role_not_assumable(std::string_view role_arn) {
  return invalid_input(fmt::format("Service is unable to assume role {}. Please verify role's TrustPolicy", role_arn));
}
Error invalid_input(std::string_view message) { return {"InvalidInputException", std::string(message)}; }
Error invalid_token() {
  return invalid_input("The NextToken is not valid. Use one that a previous page of this request gave.");
}
Error unsupported(std::string_view member) { return invalid_input(fmt::format("Not supported by this server: {}", member)); }
Error catalog_not_found(std::string_view catalog_id) { return not_found(fmt::format("Catalog {} not found.", catalog_id)); }
Error resource_not_found(std::string_view arn) { return not_found(fmt::format("Resource not found: {}", arn)); }

}  // namespace mastic::glue::error
