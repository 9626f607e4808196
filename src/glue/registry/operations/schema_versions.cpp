// RegisterSchemaVersion, GetSchemaVersion, GetSchemaByDefinition, ListSchemaVersions, DeleteSchemaVersions,
// CheckSchemaVersionValidity, GetSchemaVersionsDiff.
#include <charconv>
#include <nlohmann/json.hpp>

#include "glue/catalog/operations/answers.h"
#include "glue/operations.h"
#include "glue/registry/operations/registry_names.h"
#include "glue/registry/schema_format.h"

namespace mastic::glue {
namespace {

namespace wire = aws::glue;
using namespace registry;
using Context = aws::CallContext;

Result<wire::RegisterSchemaVersionResponse> register_version(const wire::RegisterSchemaVersionInput& request,
                                                             Registry& registry) {
  TRY(name, schema_of(request.schema_id));
  TRY(registered, registry.register_version(name, request.schema_definition));
  wire::RegisterSchemaVersionResponse response;
  response.schema_version_id = registered.version.schema_version_id;
  response.version_number = registered.version.version_number;
  response.status = registered.version.status;
  return response;
}

Result<wire::GetSchemaVersionResponse> get_version(const wire::GetSchemaVersionInput& request, const Context& context,
                                                   Registry& registry) {
  TRY(found, version_of(registry, request.schema_version_id, request.schema_id, request.schema_version_number));
  found.version.schema_arn = schema_arn(found.schema, context);
  return std::move(found.version);
}

Result<wire::GetSchemaByDefinitionResponse> by_definition(const wire::GetSchemaByDefinitionInput& request,
                                                          const Context& context, Registry& registry) {
  TRY(name, schema_of(request.schema_id));
  TRY(found, registry.find_definition(name, request.schema_definition));
  wire::GetSchemaByDefinitionResponse response;
  response.schema_version_id = found.version.schema_version_id;
  response.schema_arn = schema_arn(name, context);
  response.data_format = found.version.data_format;
  response.status = found.version.status;
  response.created_time = found.version.created_time;
  return response;
}

Result<wire::ListSchemaVersionsResponse> list_versions(const wire::ListSchemaVersionsInput& request, const Context& context,
                                                       Registry& registry) {
  TRY(name, schema_of(request.schema_id));
  TRY(page, catalog::page_request(request.next_token, request.max_results, 100));
  TRY(found, registry.list_versions(name, page));
  wire::ListSchemaVersionsResponse response;
  response.next_token = catalog::next_token(found);
  response.schemas.emplace();
  for (const auto& each : found.entries) {
    wire::SchemaVersionListItem item;
    item.schema_arn = schema_arn(name, context);
    item.schema_version_id = each.version.schema_version_id;
    item.version_number = each.version.version_number;
    item.status = each.version.status;
    item.created_time = each.version.created_time;
    response.schemas->push_back(std::move(item));
  }
  return response;
}

/// "3" or "1-4".
Result<std::pair<int64_t, int64_t>> range_of(std::string_view text) {
  int64_t first = 0;
  int64_t last = 0;
  const auto* end = text.data() + text.size();
  const auto [at, failure] = std::from_chars(text.data(), end, first);
  if (failure == std::errc() && at == end) return std::pair(first, first);
  if (failure == std::errc() && *at == '-') {
    const auto [behind, failed] = std::from_chars(at + 1, end, last);
    if (failed == std::errc() && behind == end && first <= last && last - first <= 100'000) return std::pair(first, last);
  }
  return fail(error::invalid_input("Versions are a number or a range of them: " + std::string(text)));
}

Result<wire::DeleteSchemaVersionsResponse> delete_versions(const wire::DeleteSchemaVersionsInput& request, Registry& registry) {
  TRY(name, schema_of(request.schema_id));
  TRY(range, range_of(request.versions));
  TRY_DO(registry.get_schema(name));
  wire::DeleteSchemaVersionsResponse response;
  response.schema_version_errors.emplace();
  for (auto number = range.first; number <= range.second; ++number) {
    const auto removed = registry.remove_version(name, number);
    if (removed) continue;
    if (removed.error().http_status >= 500) return fail(removed.error());
    wire::SchemaVersionErrorItem item;
    item.version_number = number;
    item.error_details.emplace().error_code = removed.error().code;
    item.error_details->error_message = removed.error().message;
    response.schema_version_errors->push_back(std::move(item));
  }
  return response;
}

Result<wire::CheckSchemaVersionValidityResponse> check_validity(const wire::CheckSchemaVersionValidityInput& request) {
  const auto flaw = flaw_of(*format_of(request.data_format), request.schema_definition);
  wire::CheckSchemaVersionValidityResponse response;
  response.valid = !flaw.has_value();
  if (flaw) response.error = flaw;
  return response;
}

Result<wire::GetSchemaVersionsDiffResponse> diff(const wire::GetSchemaVersionsDiffInput& request, Registry& registry) {
  TRY(name, schema_of(request.schema_id));
  TRY(first_choice, choice_of(request.first_schema_version_number));
  TRY(second_choice, choice_of(request.second_schema_version_number));
  TRY(first, registry.find_version(name, first_choice));
  TRY(second, registry.find_version(name, second_choice));
  // Glue's differences are JSON patches (RFC 6902), which there are of JSON texts alone.
  if (first.version.data_format == "PROTOBUF") return fail(error::unsupported("differences between PROTOBUF schemas"));
  const auto from = nlohmann::json::parse(*first.version.schema_definition, nullptr, /*allow_exceptions=*/false);
  const auto to = nlohmann::json::parse(*second.version.schema_definition, nullptr, /*allow_exceptions=*/false);
  wire::GetSchemaVersionsDiffResponse response;
  response.diff = nlohmann::json::diff(from, to).dump();
  return response;
}

}  // namespace

void add_schema_version_operations(aws::Service& service, Registry& registry) {
  service.on<wire::RegisterSchemaVersion>(
      [&](const auto& request, const Context&) { return register_version(request, registry); });
  service.on<wire::GetSchemaVersion>(
      [&](const auto& request, const Context& context) { return get_version(request, context, registry); });
  service.on<wire::GetSchemaByDefinition>(
      [&](const auto& request, const Context& context) { return by_definition(request, context, registry); });
  service.on<wire::ListSchemaVersions>(
      [&](const auto& request, const Context& context) { return list_versions(request, context, registry); });
  service.on<wire::DeleteSchemaVersions>(
      [&](const auto& request, const Context&) { return delete_versions(request, registry); });
  service.on<wire::CheckSchemaVersionValidity>([](const auto& request, const Context&) { return check_validity(request); });
  service.on<wire::GetSchemaVersionsDiff>([&](const auto& request, const Context&) { return diff(request, registry); });
}

}  // namespace mastic::glue
