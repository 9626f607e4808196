// Tags of Glue's resources. A resource is named as in its ARN behind the account: `job/NAME`, `crawler/NAME`,
// `database/NAME`, `connection/NAME`; the region and the account of an ARN do not matter, as there is one account and one
// catalog. Thread-safe: each call is one statement or transaction.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/sqlite.h"

namespace mastic::glue {

using TagMap = std::map<std::string, std::string>;

class Tags {
 public:
  explicit Tags(sqlite::Database& database) : database_(database) {}

  Result<TagMap> get(std::string_view resource);
  /// Of every resource that has any.
  Result<std::map<std::string, TagMap>> all();
  /// Adds tags or gives them other values. Glue allows 50 a resource.
  Result<void> add(std::string_view resource, const TagMap& tags);
  Result<void> remove(std::string_view resource, const std::vector<std::string>& keys);
  Result<void> remove_all(std::string_view resource);
  /// Whether the resource has each of these tags with its value.
  Result<bool> has(std::string_view resource, const std::optional<TagMap>& wanted);

  /// `job/NAME` out of `arn:aws:glue:REGION:ACCOUNT:job/NAME`; fails for what is no ARN of a kind that has tags.
  static Result<std::string> resource_of(std::string_view arn);
  /// Whether the job, crawler, database or connection is there.
  Result<bool> exists(std::string_view resource);

 private:
  sqlite::Database& database_;
};

}  // namespace mastic::glue
