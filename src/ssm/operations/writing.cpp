#include <fmt/format.h>

#include <algorithm>

#include "base/bounded_pattern.h"
#include "ssm/errors.h"
#include "ssm/operations/operations.h"

namespace mastic::ssm {
namespace {

constexpr size_t standard_limit = 4096;
constexpr size_t advanced_limit = 8192;
constexpr std::string_view default_key = "alias/aws/ssm";

Result<void> check_name(const std::string& name) {
  const auto is_allowed = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '.' || c == '-' || c == '/'; };
  if (!std::ranges::all_of(name, is_allowed)) {
    return fail(
        error::validation("Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a path, it can "
                          "consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, "
                          "numbers and the following 3 symbols .-_"));
  }
  if (name.find('/') != std::string::npos && !name.starts_with("/")) {
    return fail(error::validation("Parameter name must be a fully qualified name."));
  }
  auto first = name.substr(name.starts_with("/") ? 1 : 0);
  std::ranges::transform(first, first.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (first.starts_with("aws") || first.starts_with("ssm")) {
    return fail(error::validation(
        fmt::format("Parameter name can't be prefixed with \"aws\" or \"ssm\" (case-insensitive): {}", name)));
  }
  return {};
}

Result<void> check_pattern(const wire::PutParameterRequest& request) {
  if (!request.allowed_pattern || request.allowed_pattern->empty()) return {};
  const auto pattern = BoundedPattern::compile(*request.allowed_pattern);
  if (!pattern) {
    return fail(
        Error{"InvalidAllowedPatternException", "The AllowedPattern is no regular expression: " + *request.allowed_pattern});
  }
  if (pattern->matches(request.value)) return {};
  return fail(error::pattern_mismatch(request.name, *request.allowed_pattern));
}

Result<std::string> tier_of(const wire::PutParameterRequest& request) {
  const auto asked = request.tier.value_or("Standard");
  const bool large = request.value.size() > standard_limit;
  const auto tier = asked == "Intelligent-Tiering" ? std::string(large ? "Advanced" : "Standard") : asked;
  if (request.value.size() > (tier == "Advanced" ? advanced_limit : standard_limit)) {
    return fail(error::validation(fmt::format("{} tier parameters support a maximum parameter value of {} characters.", tier,
                                              tier == "Advanced" ? advanced_limit : standard_limit)));
  }
  return tier;
}

Result<std::string> type_of(const wire::PutParameterRequest& request, const std::optional<Version>& before) {
  if (before && request.type && *request.type != before->type) return fail(error::type_mismatch());
  if (request.type) return *request.type;
  if (before) return before->type;
  return fail(error::validation("A parameter type is required when you create a parameter."));
}

Result<wire::PutParameterResponse> put(const wire::PutParameterRequest& request, const aws::CallContext& context, Store& store,
                                       const Clock& clock) {
  TRY_DO(check_name(request.name));
  if (request.policies && !request.policies->empty() && *request.policies != "[]") return fail(error::unsupported_policy());
  const bool overwrite = request.overwrite.value_or(false);
  if (overwrite && request.tags && !request.tags->empty()) {
    return fail(
        error::validation("Invalid request: tags and overwrite can't be used together. To create a parameter with tags, "
                          "please remove overwrite flag. To update tags for an existing parameter, please use "
                          "AddTagsToResource or RemoveTagsFromResource."));
  }
  TRY_DO(check_pattern(request));
  TRY(tier, tier_of(request));
  TRY(before, store.latest(request.name));
  if (before && !overwrite) return fail(error::parameter_exists());
  TRY(type, type_of(request, before));
  const auto data_type = request.data_type.value_or("text");
  if (data_type != "text") return fail(error::validation("The data type " + data_type + " is not supported; text is"));
  std::string value = request.value;
  if (type == "SecureString") {
    TRY(sealed, store.secure_text().seal(value, request.name));
    value = std::move(sealed);
  }
  std::map<std::string, std::string> tags;
  for (const auto& tag : request.tags.value_or(std::vector<wire::Tag>{})) tags[tag.key] = tag.value;
  TRY(version, store.put({.name = request.name,
                          .type = type,
                          .value = std::move(value),
                          .description = request.description.value_or(before ? before->description : ""),
                          .allowed_pattern = request.allowed_pattern.value_or(""),
                          .tier = tier,
                          .data_type = data_type,
                          .key_id = type == "SecureString" ? request.key_id.value_or(std::string(default_key)) : "",
                          .user = "arn:aws:iam::" + context.account_id + ":root",
                          .modified = clock.now(),
                          .labels = {}},
                         overwrite, tags));
  return wire::PutParameterResponse{.version = version, .tier = tier};
}

Result<wire::DeleteParameterResponse> erase(const wire::DeleteParameterRequest& request, Store& store) {
  TRY(erased, store.erase(request.name));
  if (!erased) return fail(error::parameter_not_found(request.name));
  return wire::DeleteParameterResponse{};
}

Result<wire::DeleteParametersResponse> erase_several(const wire::DeleteParametersRequest& request, Store& store) {
  wire::DeleteParametersResponse answer{.deleted_parameters = std::vector<std::string>{},
                                        .invalid_parameters = std::vector<std::string>{}};
  for (const auto& name : request.names) {
    TRY(erased, store.erase(name));
    (erased ? answer.deleted_parameters : answer.invalid_parameters)->push_back(name);
  }
  return answer;
}

}  // namespace

void add_writing_operations(aws::Service& service, Store& store, const Clock& clock) {
  service.on<wire::PutParameter>(
      [&store, &clock](const auto& request, const auto& context) { return put(request, context, store, clock); });
  service.on<wire::DeleteParameter>([&store](const auto& request, const auto&) { return erase(request, store); });
  service.on<wire::DeleteParameters>([&store](const auto& request, const auto&) { return erase_several(request, store); });
}

}  // namespace mastic::ssm
