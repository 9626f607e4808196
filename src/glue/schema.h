// The tables of `glue.db`.
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.h"
#include "base/sqlite.h"

namespace mastic::glue {

/// Opens or creates the database file and brings it to the newest schema.
Result<std::unique_ptr<sqlite::Database>> open_database(const std::filesystem::path& folder);

}  // namespace mastic::glue
