#include "engine/sources/register.h"

#include <duckdb.hpp>
#include <duckdb/main/extension/extension_loader.hpp>

#include "engine/sources/item_scan.h"
#include "engine/sources/object_file_system.h"
#include "engine/sources/text_records.h"

namespace mastic::engine {

void register_sources(duckdb::ExtensionLoader& loader, const Stores& stores, int threads) {
  duckdb::FileSystem::GetFileSystem(loader.GetDatabaseInstance()).RegisterSubSystem(make_object_file_system(stores.objects));
  register_item_scan(loader, stores.items, threads);
  register_text_records(loader);
}

}  // namespace mastic::engine
