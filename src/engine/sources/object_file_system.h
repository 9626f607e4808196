// s3://, s3a:// and s3n:// as a DuckDB file system over ObjectStore. Read only: the writer (spark/lower/write.h) puts
// bodies into the store's incoming folder and commits them itself.
#pragma once

#include <duckdb/common/file_system.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/stores.h"

namespace mastic::engine {

/// `store` may be null: then every path of ours fails with a text that says so.
duckdb::unique_ptr<duckdb::FileSystem> make_object_file_system(std::shared_ptr<ObjectStore> store);

}  // namespace mastic::engine
