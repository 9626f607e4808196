#include "ecr/errors.h"
#include "ecr/operations/operations.h"

namespace mastic::ecr {
namespace {

Result<wire::PutImageTagMutabilityResponse> put_mutability(const wire::PutImageTagMutabilityRequest& request,
                                                           const Context& context, Store& store) {
  TRY_DO(check_exclusions(request.image_tag_mutability, request.image_tag_mutability_exclusion_filters));
  TRY_DO(change_repository(store, request.repository_name, request.registry_id, context, [&](Record& record) -> Result<void> {
    record.described.image_tag_mutability = request.image_tag_mutability;
    record.described.image_tag_mutability_exclusion_filters = request.image_tag_mutability_exclusion_filters;
    return {};
  }));
  wire::PutImageTagMutabilityResponse response;
  response.registry_id = context.account_id;
  response.repository_name = request.repository_name;
  response.image_tag_mutability = request.image_tag_mutability;
  response.image_tag_mutability_exclusion_filters = request.image_tag_mutability_exclusion_filters;
  return response;
}

Result<wire::PutImageScanningConfigurationResponse> put_scanning(const wire::PutImageScanningConfigurationRequest& request,
                                                                 const Context& context, Store& store) {
  wire::ImageScanningConfiguration configuration;
  configuration.scan_on_push = request.image_scanning_configuration.scan_on_push.value_or(false);
  TRY_DO(change_repository(store, request.repository_name, request.registry_id, context, [&](Record& record) -> Result<void> {
    record.described.image_scanning_configuration = configuration;
    return {};
  }));
  wire::PutImageScanningConfigurationResponse response;
  response.registry_id = context.account_id;
  response.repository_name = request.repository_name;
  response.image_scanning_configuration = configuration;
  return response;
}

}  // namespace

Result<void> check_exclusions(const std::optional<std::string>& mutability,
                              const std::optional<std::vector<wire::ImageTagMutabilityExclusionFilter>>& filters) {
  const bool excludes = mutability && mutability->ends_with("_WITH_EXCLUSION");
  if (excludes == (filters && !filters->empty())) return {};
  return fail(error::invalid_parameter(
      "imageTagMutabilityExclusionFilters",
      excludes ? "Exclusion filters are needed when imageTagMutability ends in _WITH_EXCLUSION"
               : "Exclusion filters are only possible when imageTagMutability ends in _WITH_EXCLUSION"));
}

void add_setting_operations(aws::Service& service, Store& store) {
  service.on<wire::PutImageTagMutability>(
      [&](const auto& request, const Context& context) { return put_mutability(request, context, store); });
  service.on<wire::PutImageScanningConfiguration>(
      [&](const auto& request, const Context& context) { return put_scanning(request, context, store); });
}

}  // namespace mastic::ecr
