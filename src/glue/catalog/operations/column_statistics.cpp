// Get-, Update- and DeleteColumnStatisticsForTable and -ForPartition.
#include <algorithm>

#include "glue/catalog/operations/answers.h"
#include "glue/names.h"
#include "glue/operations.h"

namespace mastic::glue {
namespace {

using namespace catalog;
using Context = aws::CallContext;

/// The partition that a request names; one about the whole table has no such member.
template <typename Request>
std::optional<Values> partition_of(const Request& request) {
  if constexpr (requires { request.partition_values; }) {
    return request.partition_values;
  } else {
    return std::nullopt;
  }
}

template <typename Operation>
Result<typename Operation::Response> get(const typename Operation::Request& request, const Context& context, Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY(found, catalog.find_statistics(request.database_name, request.table_name, partition_of(request), request.column_names));
  typename Operation::Response response;
  for (const auto& name : request.column_names) {
    if (std::ranges::any_of(found, [&](const auto& each) { return lower_name(each.column_name) == lower_name(name); }))
      continue;
    wire::ColumnError missing;
    missing.column_name = name;
    missing.error = error_detail(error::statistics_not_found(name));
    if (!response.errors) response.errors.emplace();
    response.errors->push_back(std::move(missing));
  }
  response.column_statistics_list = std::move(found);
  return response;
}

template <typename Operation>
Result<typename Operation::Response> update(const typename Operation::Request& request, const Context& context,
                                            Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY(failures,
      catalog.put_statistics(request.database_name, request.table_name, partition_of(request), request.column_statistics_list));
  typename Operation::Response response;
  for (const auto& failure : failures) {
    wire::ColumnStatisticsError refused;
    refused.column_statistics = failure.statistics;
    refused.error = error_detail(failure.error);
    if (!response.errors) response.errors.emplace();
    response.errors->push_back(std::move(refused));
  }
  return response;
}

template <typename Operation>
Result<typename Operation::Response> remove(const typename Operation::Request& request, const Context& context,
                                            Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY_DO(catalog.delete_statistics(request.database_name, request.table_name, partition_of(request), request.column_name));
  return typename Operation::Response{};
}

}  // namespace

void add_column_statistics_operations(aws::Service& service, Catalog& catalog) {
  service.on<wire::GetColumnStatisticsForTable>([&](const auto& request, const Context& context) {
    return get<wire::GetColumnStatisticsForTable>(request, context, catalog);
  });
  service.on<wire::GetColumnStatisticsForPartition>([&](const auto& request, const Context& context) {
    return get<wire::GetColumnStatisticsForPartition>(request, context, catalog);
  });
  service.on<wire::UpdateColumnStatisticsForTable>([&](const auto& request, const Context& context) {
    return update<wire::UpdateColumnStatisticsForTable>(request, context, catalog);
  });
  service.on<wire::UpdateColumnStatisticsForPartition>([&](const auto& request, const Context& context) {
    return update<wire::UpdateColumnStatisticsForPartition>(request, context, catalog);
  });
  service.on<wire::DeleteColumnStatisticsForTable>([&](const auto& request, const Context& context) {
    return remove<wire::DeleteColumnStatisticsForTable>(request, context, catalog);
  });
  service.on<wire::DeleteColumnStatisticsForPartition>([&](const auto& request, const Context& context) {
    return remove<wire::DeleteColumnStatisticsForPartition>(request, context, catalog);
  });
}

}  // namespace mastic::glue
