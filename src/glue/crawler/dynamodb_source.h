// The ItemSource that is this server's DynamoDB.
#pragma once

#include "dynamodb/dynamodb.h"
#include "glue/crawler/item_source.h"

namespace mastic::glue::crawler {

class DynamodbSource final : public ItemSource {
 public:
  /// `database` outlives the source.
  explicit DynamodbSource(dynamodb::Database& database) : database_(database) {}
  Result<std::optional<SourceTable>> find_table(std::string_view name) override;
  Result<void> scan(std::string_view name, const std::function<bool(std::string_view item)>& receive) override;

 private:
  dynamodb::Database& database_;
};

}  // namespace mastic::glue::crawler
