// What Glue needs of the other rooms, as its Dependencies say it.
#pragma once

#include <filesystem>
#include <functional>

#include "announce/events.h"
#include "dynamodb/dynamodb.h"
#include "glue/glue.h"
#include "iam/authorize/authorizer.h"
#include "jobs/jobs.h"
#include "logs/logs.h"
#include "s3/s3.h"

namespace mastic::program {

/// Asks the policies of whoever calls; the house itself, which has no key, may everything. Without `authorizer` it is empty.
glue::Permission permission_of_callers(const iam::Authorizer* authorizer);

glue::Dependencies glue_dependencies(const Clock& clock, std::filesystem::path folder, s3::ObjectStore& objects,
                                     dynamodb::Database& items, logs::Logs& logs, jobs::Runs& runs, announce::Events& events,
                                     glue::Roles* roles, const glue::Permission& permit,
                                     std::function<void(const glue::CrawlNotice&)> on_crawl);

}  // namespace mastic::program
