#include "dynamodb/operations/operations.h"

namespace mastic::dynamodb {

Result<wire::ListTablesResponse> list_tables(const wire::ListTablesRequest& request, Environment& environment,
                                             const aws::CallContext&) {
  const auto limit = static_cast<std::size_t>(request.limit.value_or(100));
  auto names = environment.store.table_names(request.exclusive_start_table_name.value_or(""), limit + 1);
  wire::ListTablesResponse response;
  if (names.size() > limit) {
    names.resize(limit);
    response.last_evaluated_table_name = names.back();
  }
  response.table_names = std::move(names);
  return response;
}

}  // namespace mastic::dynamodb
