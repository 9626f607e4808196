// The client's rows (an Arrow IPC stream) as a stream that DuckDB's arrow_scan takes: the layouts that differ from ours are
// changed on the way, buffers are shared.
//
// | sent                       | given                                                        |
// | duration                   | int64, microseconds                                          |
// | month_interval             | int32                                                        |
// | struct                     | the fields under the names that types.h gives them           |
// | struct<value, metadata>    | of a variant, under the names of types.h                        |
// | extension                  | what it stores                                               |
#pragma once

#include <arrow/record_batch.h>

#include <memory>
#include <string>
#include <vector>

#include "spark/plan/relation.h"

namespace mastic::spark {

struct LocalRows {
  std::shared_ptr<const std::string> stream;
  std::vector<DataType> types;  // of the columns, as analysis has found them
};

arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> open_local_rows(const LocalRows& rows);
/// How many rows there are; for streams without columns.
arrow::Result<int64_t> count_local_rows(const std::string& stream);

}  // namespace mastic::spark
