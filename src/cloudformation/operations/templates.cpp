// GetTemplate, GetTemplateSummary, ValidateTemplate.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "cloudformation/errors.h"
#include "cloudformation/operations/operations.h"

namespace mastic::cloudformation {
namespace {

Result<wire::GetTemplateResponse> get_template(const House& house, const wire::GetTemplateRequest& request,
                                               const Context& context) {
  wire::GetTemplateResponse response;
  response.stages_available = std::vector<std::string>{"Original", "Processed"};
  std::optional<StackRecord> stack;
  if (request.stack_name) {
    TRY(named, require_stack(house, context, *request.stack_name));
    stack = named;
  }
  if (!request.change_set_name) {
    if (!stack) return fail(error::validation("Either StackName or ChangeSetName must be specified."));
    response.template_body = stack->current.template_body;
    return response;
  }
  if (!stack && !request.change_set_name->starts_with("arn:")) {
    return fail(error::validation("StackName must be specified if ChangeSetName is not specified as an ARN."));
  }
  TRY(set, request.change_set_name->starts_with("arn:") ? house.store.find_change_set(*request.change_set_name)
                                                        : house.store.find_change_set(stack->id, *request.change_set_name));
  if (!set) return fail(error::no_change_set(*request.change_set_name));
  response.template_body = set->wanted.template_body;
  return response;
}

std::optional<std::string> reason_for(const Template& source, const std::vector<std::string>& capabilities) {
  if (capabilities.empty()) return std::nullopt;
  std::set<std::string> types;
  for (const auto& [id, resource] : source.resources) {
    if (resource.type.starts_with("AWS::IAM::")) types.insert(resource.type);
  }
  return fmt::format("The following resource(s) require capabilities: [{}]", fmt::join(types, ", "));
}

Result<wire::ValidateTemplateResponse> validate_template(const House& house, const wire::ValidateTemplateRequest& request,
                                                         const Context& context) {
  TRY(body, template_of(house, context, request.template_body, request.template_url, nullptr));
  TRY(source, parse_template(body));
  Conditions every;
  for (const auto& [name, unused] : source.conditions) every[name] = true;
  TRY_DO(dependencies(source, every));
  wire::ValidateTemplateResponse response;
  response.description = unless_empty(source.description);
  response.parameters.emplace();
  for (const auto& [key, declaration] : source.parameters) {
    response.parameters->push_back(
        {key, declaration.default_value, declaration.no_echo, unless_empty(declaration.description)});
  }
  response.capabilities = required_capabilities(source);
  response.capabilities_reason = reason_for(source, *response.capabilities);
  if (!source.transforms.empty()) response.declared_transforms = source.transforms;
  return response;
}

Result<wire::GetTemplateSummaryResponse> summarise(const House& house, const wire::GetTemplateSummaryRequest& request,
                                                   const Context& context) {
  std::string body;
  if (request.stack_name) {
    TRY(stack, require_stack(house, context, *request.stack_name));
    body = stack.current.template_body;
  } else {
    TRY(given, template_of(house, context, request.template_body, request.template_url, nullptr));
    body = std::move(given);
  }
  TRY(source, parse_template(body));
  wire::GetTemplateSummaryResponse response;
  response.description = unless_empty(source.description);
  response.parameters.emplace();
  for (const auto& [key, declaration] : source.parameters) {
    wire::ParameterDeclaration parameter;
    parameter.parameter_key = key;
    parameter.default_value = declaration.default_value;
    parameter.parameter_type = declaration.type;
    parameter.no_echo = declaration.no_echo;
    parameter.description = unless_empty(declaration.description);
    parameter.parameter_constraints.emplace();
    if (!declaration.allowed_values.empty()) parameter.parameter_constraints->allowed_values = declaration.allowed_values;
    response.parameters->push_back(std::move(parameter));
  }
  std::map<std::string, std::vector<std::string>> types;
  std::vector<std::string> unknown;
  for (const auto& [id, resource] : source.resources) types[resource.type].push_back(id);
  response.resource_types.emplace();
  response.resource_identifier_summaries.emplace();
  for (const auto& [type, ids] : types) {
    response.resource_types->push_back(type);
    if (house.type(type) == nullptr) unknown.push_back(type);
    wire::ResourceIdentifierSummary summary;
    summary.resource_type = type;
    summary.logical_resource_ids = ids;
    response.resource_identifier_summaries->push_back(std::move(summary));
  }
  const bool only_warn = request.template_summary_config &&
                         request.template_summary_config->treat_unrecognized_resource_types_as_warnings.value_or(false);
  if (!unknown.empty() && !only_warn) return fail(error::unrecognized_types(unknown));
  if (!unknown.empty()) {
    response.warnings.emplace();
    response.warnings->unrecognized_resource_types = unknown;
  }
  response.capabilities = required_capabilities(source);
  response.capabilities_reason = reason_for(source, *response.capabilities);
  response.version = "2010-09-09";
  if (!source.metadata.empty()) response.metadata = source.metadata.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (!source.transforms.empty()) response.declared_transforms = source.transforms;
  return response;
}

}  // namespace

void add_template_operations(aws::Service& service, const House& house) {
  service.on<wire::GetTemplate>(
      [&](const wire::GetTemplateRequest& request, const Context& context) { return get_template(house, request, context); });
  service.on<wire::ValidateTemplate>([&](const wire::ValidateTemplateRequest& request, const Context& context) {
    return validate_template(house, request, context);
  });
  service.on<wire::GetTemplateSummary>([&](const wire::GetTemplateSummaryRequest& request, const Context& context) {
    return summarise(house, request, context);
  });
}

}  // namespace mastic::cloudformation
