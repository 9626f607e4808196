#include "dynamodb/errors.h"
#include "dynamodb/operations/table_lookup.h"
#include "dynamodb/operations/table_shapes.h"

namespace mastic::dynamodb {

Result<wire::DescribeTableResponse> describe_table(const wire::DescribeTableRequest& request, Environment& environment,
                                                   const aws::CallContext&) {
  TRY(name, table_name_of(request.table_name));
  const auto table = environment.store.find_table(name);
  if (!table) return fail(errors::table_not_found(name));
  return wire::DescribeTableResponse{.table = describe(environment.store, table)};
}

}  // namespace mastic::dynamodb
