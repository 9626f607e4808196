// All operations of the service, one function a family. `glue.cpp` calls them; each lists its operations by name.
#pragma once

#include "aws/models/glue.h"
#include "base/clock.h"
#include "glue/permission.h"

namespace mastic::aws {
class Service;
}

namespace mastic::glue {

class Jobs;
class Sessions;
class StatisticsSettings;
class StatisticsTasks;
namespace registry {
class Registry;
}
class Tags;
template <typename Entry>
class Records;
namespace catalog {
class Catalog;
}
namespace crawler {
class Crawlers;
}
namespace orchestrate {
class GlueNodes;
class Orchestrator;
}  // namespace orchestrate

void add_database_operations(aws::Service& service, catalog::Catalog& catalog, Tags& tags);
void add_table_operations(aws::Service& service, catalog::Catalog& catalog);
void add_table_version_operations(aws::Service& service, catalog::Catalog& catalog);
void add_partition_operations(aws::Service& service, catalog::Catalog& catalog);
void add_partition_batch_operations(aws::Service& service, catalog::Catalog& catalog);
void add_function_operations(aws::Service& service, catalog::Catalog& catalog);
void add_crawler_operations(aws::Service& service, crawler::Crawlers& crawlers, orchestrate::Orchestrator& orchestrator,
                            Tags& tags, Records<aws::glue::Classifier>& classifiers);
void add_classifier_operations(aws::Service& service, Records<aws::glue::Classifier>& classifiers, const Clock& clock);
void add_crawler_schedule_operations(aws::Service& service, crawler::Crawlers& crawlers,
                                     orchestrate::Orchestrator& orchestrator);
void add_trigger_operations(aws::Service& service, orchestrate::Orchestrator& orchestrator, Tags& tags);
void add_workflow_operations(aws::Service& service, orchestrate::Orchestrator& orchestrator, Tags& tags);
void add_workflow_run_operations(aws::Service& service, orchestrate::Orchestrator& orchestrator, orchestrate::GlueNodes& nodes);
void add_crawl_operations(aws::Service& service, crawler::Crawlers& crawlers);
void add_job_operations(aws::Service& service, Jobs& jobs, Tags& tags, const WriteObject& write_object);
void add_job_run_operations(aws::Service& service, Jobs& jobs);
void add_tag_operations(aws::Service& service, Tags& tags);
void add_connection_operations(aws::Service& service, Records<aws::glue::Connection>& connections, Tags& tags,
                               const Clock& clock);
void add_security_configuration_operations(aws::Service& service, Records<aws::glue::SecurityConfiguration>& configurations,
                                           const Clock& clock);
void add_resource_policy_operations(aws::Service& service, Records<aws::glue::GetResourcePolicyResponse>& policies,
                                    const Clock& clock);
void add_partition_index_operations(aws::Service& service, catalog::Catalog& catalog);
void add_column_statistics_operations(aws::Service& service, catalog::Catalog& catalog);
void add_statistics_task_operations(aws::Service& service, StatisticsTasks& tasks);
void add_statistics_settings_operations(aws::Service& service, StatisticsSettings& settings,
                                        orchestrate::Orchestrator& orchestrator, catalog::Catalog& catalog);
void add_codegen_operations(aws::Service& service, catalog::Catalog& catalog);
void add_registry_operations(aws::Service& service, registry::Registry& registry, Tags& tags);
void add_schema_operations(aws::Service& service, registry::Registry& registry, Tags& tags);
void add_schema_version_operations(aws::Service& service, registry::Registry& registry);
void add_schema_metadata_operations(aws::Service& service, registry::Registry& registry);
void add_session_operations(aws::Service& service, Sessions& sessions, Tags& tags);
void add_catalog_operations(aws::Service& service, catalog::Catalog& catalog);
void add_search_operations(aws::Service& service, catalog::Catalog& catalog);

}  // namespace mastic::glue
