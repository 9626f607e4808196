// Repositories on disk: `ecr.db` (SQLite), a row a repository. Thread-safe. Owner: Ecr.
// There is one registry, the account's; a repository's region is only a part of its ARN.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/models/ecr.h"
#include "base/result.h"
#include "base/sqlite.h"

namespace mastic::ecr {

struct Record {
  aws::ecr::Repository described;  // as DescribeRepositories shows it
  std::optional<std::string> policy;
  std::optional<std::string> lifecycle_policy;
  std::map<std::string, std::string> tags;
};

class Store {
 public:
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder);

  /// False when there is one of the name already.
  Result<bool> create(const Record& record);
  Result<std::optional<Record>> find(std::string_view name);
  /// In the order of names, those behind `after`.
  Result<std::vector<Record>> list(std::string_view after, std::size_t limit);
  /// Hands the repository to `change` and keeps it when that succeeds; gives what is kept, nothing when there is none.
  Result<std::optional<Record>> change(std::string_view name, const std::function<Result<void>(Record&)>& change);
  Result<void> remove(std::string_view name);

 private:
  explicit Store(std::unique_ptr<sqlite::Database> database) : database_(std::move(database)) {}
  const std::unique_ptr<sqlite::Database> database_;
};

}  // namespace mastic::ecr
