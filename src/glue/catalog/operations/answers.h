// What the catalog's operations share: the check of the catalog asked for, error details, pages.
#pragma once

#include <optional>
#include <string>

#include "aws/service.h"
#include "glue/catalog/catalog.h"
#include "glue/errors.h"
#include "glue/paging.h"

namespace mastic::glue::catalog {

/// There is one catalog, the account's.
inline Result<void> check_catalog(const std::optional<std::string>& catalog_id, const aws::CallContext& context) {
  if (catalog_id && *catalog_id != context.account_id) return fail(error::catalog_not_found(*catalog_id));
  return {};
}

inline wire::ErrorDetail error_detail(const Error& error) {
  wire::ErrorDetail detail;
  detail.error_code = error.code;
  detail.error_message = error.message;
  return detail;
}

inline Result<PageRequest> page_request(const std::optional<std::string>& token, const std::optional<int32_t>& limit,
                                        std::size_t limit_default) {
  TRY(after, page_key(token));
  return PageRequest{std::move(after), limit ? static_cast<std::size_t>(*limit) : limit_default};
}

template <typename Entry>
std::optional<std::string> next_token(const Page<Entry>& page) {
  return page.last_key.empty() ? std::nullopt : std::optional(page_token(page.last_key));
}

/// What GetPartitions and its unfiltered form ask for.
template <typename Request>
Result<PartitionQuery> partition_query(const Request& request) {
  PartitionQuery query;
  query.expression = request.expression.value_or("");
  if (request.segment) {
    query.segment = static_cast<uint32_t>(request.segment->segment_number);
    query.segments = static_cast<uint32_t>(request.segment->total_segments);
    if (query.segment >= query.segments) return fail(error::invalid_input("SegmentNumber must be smaller than TotalSegments."));
  }
  TRY(page, page_request(request.next_token, request.max_results, 1000));
  query.page = std::move(page);
  return query;
}

}  // namespace mastic::glue::catalog
