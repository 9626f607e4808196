// All operations of the service, one function a family. `ecr.cpp` calls them; each lists its operations by name.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "aws/models/ecr.h"
#include "aws/service.h"
#include "base/clock.h"
#include "base/result.h"
#include "ecr/store.h"

namespace mastic::ecr {

namespace wire = aws::ecr;
using Context = aws::CallContext;

void add_repository_operations(aws::Service& service, Store& store, const Clock& clock);
void add_policy_operations(aws::Service& service, Store& store);
void add_setting_operations(aws::Service& service, Store& store);
void add_tag_operations(aws::Service& service, Store& store);

/// The repository, or RepositoryNotFoundException: in a registry that is not the account's there are none.
Result<Record> require_repository(Store& store, std::string_view name, const std::optional<std::string>& registry,
                                  const Context& context);
/// Store::change, with the same failure.
Result<Record> change_repository(Store& store, std::string_view name, const std::optional<std::string>& registry,
                                 const Context& context, const std::function<Result<void>(Record&)>& change);

/// Adds tags or gives them other values: at most 50 a repository, none of `aws:`.
Result<void> add_tags(std::map<std::string, std::string>& tags, const std::vector<wire::Tag>& added);

/// Exclusion filters belong to the two modes that exclude something, and those need them.
Result<void> check_exclusions(const std::optional<std::string>& mutability,
                              const std::optional<std::vector<wire::ImageTagMutabilityExclusionFilter>>& filters);

}  // namespace mastic::ecr
