#include "dynamodb/errors.h"
#include "dynamodb/operations/table_lookup.h"
#include "dynamodb/operations/table_shapes.h"

namespace mastic::dynamodb {

Result<wire::DeleteTableResponse> delete_table(const wire::DeleteTableRequest& request, Environment& environment,
                                               const aws::CallContext&) {
  TRY(name, table_name_of(request.table_name));
  const auto table = environment.store.find_table(name);
  if (!table) return fail(errors::table_not_found(name));
  if (table->definition()->deletion_protection)
    return fail(
        errors::validation("Resource cannot be deleted as it is currently protected against deletion. Disable "
                           "deletion protection first."));
  auto description = describe(environment.store, table, "DELETING");
  TRY_DO(environment.store.delete_table(table));
  return wire::DeleteTableResponse{.table_description = std::move(description)};
}

}  // namespace mastic::dynamodb
