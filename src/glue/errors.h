// Every failure Glue answers with: code, status and message are decided here.
#pragma once

#include <string_view>

#include "base/result.h"

namespace mastic::glue::error {

// Catalog
Error database_not_found(std::string_view name);
Error table_not_found(std::string_view name);
Error table_version_not_found(std::string_view version);
Error partition_not_found();
Error partition_index_not_found(std::string_view name);
Error partition_index_exists(std::string_view name);
Error too_many_partition_indexes(std::size_t maximum);
Error statistics_not_found(std::string_view column);
Error function_not_found(std::string_view name);
Error database_exists();
Error table_exists();
Error partition_exists();
Error function_exists();
/// UpdateTable with a VersionId that is no longer the newest.
Error table_version_mismatch();
Error unsupported_expression(std::string_view why);

// Crawlers
Error crawler_not_found(std::string_view name);
Error crawler_exists(std::string_view name);
Error crawler_running(std::string_view name);
Error crawler_not_running(std::string_view name);
Error crawler_stopping(std::string_view name);
/// The role is not there or does not trust Glue.
Error role_not_assumable(std::string_view role_arn);
Error classifier_not_found(std::string_view name);
Error classifier_exists(std::string_view name);

// Jobs
Error job_not_found(std::string_view name);
Error job_run_not_found(std::string_view run_id);
Error job_differs(std::string_view name);
Error concurrent_runs_exceeded(std::string_view job_name);

// Any
Error invalid_input(std::string_view message);
Error invalid_token();
/// A member of a request that this server does not act on: said so instead of ignored.
Error unsupported(std::string_view member);
Error catalog_not_found(std::string_view catalog_id);
Error resource_not_found(std::string_view arn);

}  // namespace mastic::glue::error
