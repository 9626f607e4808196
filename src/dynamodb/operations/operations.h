// DynamoDB's operations: typed request in, typed response or modelled error out. One file each, same name.
#pragma once

#include <string_view>

#include "aws/models/dynamodb.h"
#include "aws/service.h"
#include "base/clock.h"
#include "base/result.h"
#include "dynamodb/store/store.h"

namespace mastic::dynamodb {

namespace wire = aws::dynamodb;

/// What operations work on. Outlives the service.
struct Environment {
  Store& store;
  const Clock& clock;
};

// Tables
Result<wire::CreateTableResponse> create_table(const wire::CreateTableRequest&, Environment&, const aws::CallContext&);
Result<wire::DescribeTableResponse> describe_table(const wire::DescribeTableRequest&, Environment&, const aws::CallContext&);
Result<wire::ListTablesResponse> list_tables(const wire::ListTablesRequest&, Environment&, const aws::CallContext&);
Result<wire::UpdateTableResponse> update_table(const wire::UpdateTableRequest&, Environment&, const aws::CallContext&);
Result<wire::DeleteTableResponse> delete_table(const wire::DeleteTableRequest&, Environment&, const aws::CallContext&);

// Items
Result<wire::PutItemResponse> put_item(const wire::PutItemRequest&, Environment&, const aws::CallContext&);
Result<wire::GetItemResponse> get_item(const wire::GetItemRequest&, Environment&, const aws::CallContext&);
Result<wire::UpdateItemResponse> update_item(const wire::UpdateItemRequest&, Environment&, const aws::CallContext&);
Result<wire::DeleteItemResponse> delete_item(const wire::DeleteItemRequest&, Environment&, const aws::CallContext&);
Result<wire::BatchWriteItemResponse> batch_write_item(const wire::BatchWriteItemRequest&, Environment&,
                                                      const aws::CallContext&);
Result<wire::BatchGetItemResponse> batch_get_item(const wire::BatchGetItemRequest&, Environment&, const aws::CallContext&);
Result<wire::TransactWriteItemsResponse> transact_write_items(const wire::TransactWriteItemsRequest&, Environment&,
                                                              const aws::CallContext&);
Result<wire::TransactGetItemsResponse> transact_get_items(const wire::TransactGetItemsRequest&, Environment&,
                                                          const aws::CallContext&);
Result<wire::QueryResponse> query(const wire::QueryRequest&, Environment&, const aws::CallContext&);
Result<wire::ScanResponse> scan(const wire::ScanRequest&, Environment&, const aws::CallContext&);

// Settings
Result<wire::DescribeLimitsResponse> describe_limits(const wire::DescribeLimitsRequest&, Environment&, const aws::CallContext&);
Result<wire::DescribeEndpointsResponse> describe_endpoints(const wire::DescribeEndpointsRequest&, Environment&,
                                                           const aws::CallContext&);
Result<wire::DescribeTimeToLiveResponse> describe_time_to_live(const wire::DescribeTimeToLiveRequest&, Environment&,
                                                               const aws::CallContext&);
Result<wire::UpdateTimeToLiveResponse> update_time_to_live(const wire::UpdateTimeToLiveRequest&, Environment&,
                                                           const aws::CallContext&);
Result<wire::UpdateContinuousBackupsResponse> update_continuous_backups(const wire::UpdateContinuousBackupsRequest&,
                                                                        Environment&, const aws::CallContext&);
Result<wire::DescribeContinuousBackupsResponse> describe_continuous_backups(const wire::DescribeContinuousBackupsRequest&,
                                                                            Environment&, const aws::CallContext&);
Result<wire::TagResourceResponse> tag_resource(const wire::TagResourceRequest&, Environment&, const aws::CallContext&);
Result<wire::UntagResourceResponse> untag_resource(const wire::UntagResourceRequest&, Environment&, const aws::CallContext&);
Result<wire::ListTagsOfResourceResponse> list_tags_of_resource(const wire::ListTagsOfResourceRequest&, Environment&,
                                                               const aws::CallContext&);

}  // namespace mastic::dynamodb
