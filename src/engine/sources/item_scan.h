// mastic_items(table, witness): a DynamoDB table's items as rows.
//
// `witness` is a NULL of a STRUCT type; its fields are the attributes wanted and the types to decode them to. An attribute
// that is missing, or of a kind that does not fit its type, is NULL; a VARCHAR column takes any kind in its text form.
// Segments are scanned in parallel; columns not used are not asked for; simple conditions go to the store.
#pragma once

#include <memory>

#include "engine/stores.h"

namespace duckdb {
class ExtensionLoader;
}

namespace mastic::engine {

void register_item_scan(duckdb::ExtensionLoader& loader, std::shared_ptr<ItemStore> store, int threads);

}  // namespace mastic::engine
