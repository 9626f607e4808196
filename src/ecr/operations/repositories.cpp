#include <fmt/format.h>

#include "aws/encoding.h"
#include "ecr/errors.h"
#include "ecr/operations/operations.h"

namespace mastic::ecr {
namespace {

Result<wire::CreateRepositoryResponse> create_repository(const wire::CreateRepositoryRequest& request, const Context& context,
                                                         Store& store, const Clock& clock) {
  const auto& name = request.repository_name;
  if (request.registry_id && *request.registry_id != context.account_id) {
    return fail(error::invalid_parameter("registryId", "The registry must be the caller's own"));
  }
  TRY_DO(check_exclusions(request.image_tag_mutability, request.image_tag_mutability_exclusion_filters));
  Record record;
  if (request.tags) TRY_DO(add_tags(record.tags, *request.tags));
  auto& described = record.described;
  described.registry_id = context.account_id;
  described.repository_name = name;
  described.repository_arn = fmt::format("arn:aws:ecr:{}:{}:repository/{}", context.region, context.account_id, name);
  described.repository_uri = fmt::format("{}.dkr.ecr.{}.amazonaws.com/{}", context.account_id, context.region, name);
  described.created_at = clock.now();
  described.image_tag_mutability = request.image_tag_mutability.value_or("MUTABLE");
  described.image_tag_mutability_exclusion_filters = request.image_tag_mutability_exclusion_filters;
  described.image_scanning_configuration.emplace().scan_on_push =
      request.image_scanning_configuration && request.image_scanning_configuration->scan_on_push.value_or(false);
  wire::EncryptionConfiguration encryption;
  encryption.encryption_type = "AES256";
  described.encryption_configuration = request.encryption_configuration.value_or(encryption);
  TRY(created, store.create(record));
  if (!created) return fail(error::repository_exists(name, context.account_id));
  wire::CreateRepositoryResponse response;
  response.repository = std::move(record.described);
  return response;
}

Result<wire::DescribeRepositoriesResponse> describe_repositories(const wire::DescribeRepositoriesRequest& request,
                                                                 const Context& context, Store& store) {
  wire::DescribeRepositoriesResponse response;
  response.repositories.emplace();
  if (request.repository_names) {
    if (request.next_token || request.max_results) {
      return fail(error::invalid_parameter("maxResults", "Paging is not possible when repositoryNames is given"));
    }
    for (const auto& name : *request.repository_names) {
      TRY(record, require_repository(store, name, request.registry_id, context));
      response.repositories->push_back(std::move(record.described));
    }
    return response;
  }
  if (request.registry_id && *request.registry_id != context.account_id) return response;
  std::string after;
  if (request.next_token) {
    const auto decoded = aws::from_base64(*request.next_token);
    if (!decoded) return fail(error::invalid_parameter("nextToken", "Invalid pagination token"));
    after = *decoded;
  }
  const auto limit = static_cast<std::size_t>(request.max_results.value_or(100));
  TRY(records, store.list(after, limit + 1));
  if (records.size() > limit) {
    records.pop_back();
    response.next_token = aws::to_base64(records.back().described.repository_name.value_or(""));
  }
  for (auto& record : records) response.repositories->push_back(std::move(record.described));
  return response;
}

Result<wire::DeleteRepositoryResponse> delete_repository(const wire::DeleteRepositoryRequest& request, const Context& context,
                                                         Store& store) {
  // `force` only matters to a repository with images, of which there are none.
  TRY(record, require_repository(store, request.repository_name, request.registry_id, context));
  TRY_DO(store.remove(request.repository_name));
  wire::DeleteRepositoryResponse response;
  response.repository = std::move(record.described);
  return response;
}

}  // namespace

Result<Record> require_repository(Store& store, std::string_view name, const std::optional<std::string>& registry,
                                  const Context& context) {
  const auto& asked = registry ? *registry : context.account_id;
  if (asked != context.account_id) return fail(error::repository_not_found(name, asked));
  TRY(record, store.find(name));
  if (!record) return fail(error::repository_not_found(name, asked));
  return std::move(*record);
}

Result<Record> change_repository(Store& store, std::string_view name, const std::optional<std::string>& registry,
                                 const Context& context, const std::function<Result<void>(Record&)>& change) {
  const auto& asked = registry ? *registry : context.account_id;
  if (asked != context.account_id) return fail(error::repository_not_found(name, asked));
  TRY(record, store.change(name, change));
  if (!record) return fail(error::repository_not_found(name, asked));
  return std::move(*record);
}

void add_repository_operations(aws::Service& service, Store& store, const Clock& clock) {
  service.on<wire::CreateRepository>(
      [&](const auto& request, const Context& context) { return create_repository(request, context, store, clock); });
  service.on<wire::DescribeRepositories>(
      [&](const auto& request, const Context& context) { return describe_repositories(request, context, store); });
  service.on<wire::DeleteRepository>(
      [&](const auto& request, const Context& context) { return delete_repository(request, context, store); });
}

}  // namespace mastic::ecr
