// What readiness asks of the stores.
#pragma once

#include <vector>

#include "dynamodb/dynamodb.h"
#include "glue/glue.h"
#include "jobs/jobs.h"
#include "logs/logs.h"
#include "program/monitoring_pages.h"

namespace mastic::program {

/// Each asks its store one small question; the rooms must outlive them.
std::vector<StoreCheck> store_checks(logs::Logs& logs, dynamodb::Database& items, glue::CatalogView& catalog, jobs::Runs& runs);

}  // namespace mastic::program
