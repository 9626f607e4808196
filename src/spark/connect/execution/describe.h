// What DESCRIBE EXTENDED, SHOW TABLE EXTENDED and SHOW CREATE TABLE tell of a table.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/stores.h"
#include "spark/connect/session.h"

namespace mastic::spark_connect {

/// Spark's rows of "Detailed Table Information", in its order.
std::vector<std::pair<std::string, std::string>> table_details(const Session& session, const engine::CatalogTable& table);

}  // namespace mastic::spark_connect
