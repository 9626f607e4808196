#include <algorithm>
#include <charconv>

#include "ssm/errors.h"
#include "ssm/operations/operations.h"

namespace mastic::ssm {
namespace {

constexpr size_t page_limit = 10;
constexpr size_t names_at_once = 1000;

/// Name and what stands after its colon; of an ARN the name alone.
std::pair<std::string, std::string> parts_of(std::string_view selector) {
  if (selector.starts_with("arn:")) {
    const auto at = selector.find(":parameter/");
    if (at != std::string_view::npos) {
      selector.remove_prefix(at + 10);
      // A name without slashes has one in its ARN only.
      if (selector.find('/', 1) == std::string_view::npos) selector.remove_prefix(1);
    }
  }
  const auto colon = selector.find(':');
  if (colon == std::string_view::npos) return {std::string(selector), ""};
  return {std::string(selector.substr(0, colon)), std::string(selector.substr(colon + 1))};
}

Result<wire::Parameter> shown(Store& store, const Version& version, bool decrypt, std::string_view selector,
                              const aws::CallContext& context) {
  wire::Parameter answer;
  answer.name = version.name;
  answer.type = version.type;
  answer.value = version.value;
  if (decrypt || version.type != "SecureString") {
    TRY(plain, store.plain_value(version));
    answer.value = std::move(plain);
  }
  answer.version = version.number;
  if (const auto [name, wanted] = parts_of(selector); !wanted.empty()) answer.selector = ":" + wanted;
  answer.last_modified_date = version.modified;
  answer.arn = arn_of(version.name, context);
  answer.data_type = version.data_type;
  return answer;
}

Result<wire::GetParameterResponse> get(const wire::GetParameterRequest& request, const aws::CallContext& context,
                                       Store& store) {
  TRY(version, select_version(store, request.name));
  TRY(parameter, shown(store, version, request.with_decryption.value_or(false), request.name, context));
  return wire::GetParameterResponse{.parameter = std::move(parameter)};
}

Result<wire::GetParametersResponse> get_several(const wire::GetParametersRequest& request, const aws::CallContext& context,
                                                Store& store) {
  wire::GetParametersResponse answer{.parameters = std::vector<wire::Parameter>{},
                                     .invalid_parameters = std::vector<std::string>{}};
  for (const auto& name : request.names) {
    const auto version = select_version(store, name);
    if (!version) {
      if (version.error().http_status >= 500) return fail(version.error());
      answer.invalid_parameters->push_back(name);
      continue;
    }
    TRY(parameter, shown(store, *version, request.with_decryption.value_or(false), name, context));
    answer.parameters->push_back(std::move(parameter));
  }
  return answer;
}

bool lies_below(std::string_view name, std::string_view path, bool recursive) {
  if (!name.starts_with(path)) return false;
  return recursive || name.find('/', path.size()) == std::string_view::npos;
}

bool passes(const wire::ParameterStringFilter& filter, const Version& version) {
  const auto& values = filter.values.value_or(std::vector<std::string>{});
  if (filter.key == "Label")
    return std::ranges::any_of(values, [&](const auto& label) { return version.labels.contains(label); });
  const auto& own = filter.key == "Type" ? version.type : filter.key == "KeyId" ? version.key_id : version.name;
  const auto option = filter.option.value_or("Equals");
  return std::ranges::any_of(values, [&](const std::string& value) {
    if (option == "BeginsWith") return own.starts_with(value);
    if (option == "Contains") return own.find(value) != std::string::npos;
    return own == value;
  });
}

bool is_known_key(std::string_view key) { return key == "Type" || key == "KeyId" || key == "Label" || key == "Name"; }

/// Calls `take` with each newest version after `after` until it says that the page is full.
Result<void> walk(Store& store, std::string after, const std::function<Result<bool>(const Version&)>& take) {
  while (true) {
    TRY(names, store.names(after, names_at_once));
    for (const auto& name : names) {
      TRY(version, store.latest(name));
      if (!version) continue;
      TRY(more, take(*version));
      if (!more) return {};
    }
    if (names.size() < names_at_once) return {};
    after = names.back();
  }
}

Result<wire::GetParametersByPathResponse> by_path(const wire::GetParametersByPathRequest& request,
                                                  const aws::CallContext& context, Store& store) {
  if (!request.path.starts_with("/")) {
    return fail(
        error::validation("The parameter doesn't meet the parameter name requirements. The parameter name must begin with a "
                          "forward slash \"/\". It can't be prefixed with \"aws\" or \"ssm\" (case-insensitive)."));
  }
  const auto filters = request.parameter_filters.value_or(std::vector<wire::ParameterStringFilter>{});
  for (const auto& filter : filters) {
    if (!is_known_key(filter.key) || filter.key == "Name") return fail(error::invalid_filter(filter.key));
  }
  const auto path = request.path.ends_with("/") ? request.path : request.path + "/";
  const auto limit = static_cast<size_t>(request.max_results.value_or(page_limit));
  wire::GetParametersByPathResponse answer{.parameters = std::vector<wire::Parameter>{}};
  TRY_DO(walk(store, request.next_token.value_or(""), [&](const Version& version) -> Result<bool> {
    if (!lies_below(version.name, path, request.recursive.value_or(false))) return true;
    if (!std::ranges::all_of(filters, [&](const auto& filter) { return passes(filter, version); })) return true;
    if (answer.parameters->size() == limit) {
      answer.next_token = answer.parameters->back().name;
      return false;
    }
    TRY(parameter, shown(store, version, request.with_decryption.value_or(false), "", context));
    answer.parameters->push_back(std::move(parameter));
    return true;
  }));
  return answer;
}

wire::ParameterMetadata described(const Version& version, const aws::CallContext& context) {
  wire::ParameterMetadata answer;
  answer.name = version.name;
  answer.arn = arn_of(version.name, context);
  answer.type = version.type;
  if (!version.key_id.empty()) answer.key_id = version.key_id;
  answer.last_modified_date = version.modified;
  answer.last_modified_user = version.user;
  if (!version.description.empty()) answer.description = version.description;
  if (!version.allowed_pattern.empty()) answer.allowed_pattern = version.allowed_pattern;
  answer.version = version.number;
  answer.tier = version.tier;
  answer.policies = std::vector<wire::ParameterInlinePolicy>{};
  answer.data_type = version.data_type;
  return answer;
}

/// The old `Filters` say the same as `ParameterFilters` with BeginsWith on names.
std::vector<wire::ParameterStringFilter> filters_of(const wire::DescribeParametersRequest& request) {
  auto filters = request.parameter_filters.value_or(std::vector<wire::ParameterStringFilter>{});
  for (const auto& old : request.filters.value_or(std::vector<wire::ParametersFilter>{})) {
    filters.push_back({.key = old.key, .option = old.key == "Name" ? "BeginsWith" : "Equals", .values = old.values});
  }
  return filters;
}

Result<bool> passes_all(Store& store, const std::vector<wire::ParameterStringFilter>& filters, const Version& version) {
  for (const auto& filter : filters) {
    const auto values = filter.values.value_or(std::vector<std::string>{});
    bool passed = false;
    if (filter.key.starts_with("tag:")) {
      TRY(tags, store.tags(version.name));
      const auto tag = tags ? tags->find(filter.key.substr(4)) : std::map<std::string, std::string>::iterator{};
      passed = tags && tag != tags->end() && (values.empty() || std::ranges::find(values, tag->second) != values.end());
    } else if (filter.key == "Path") {
      const bool recursive = filter.option.value_or("OneLevel") == "Recursive";
      passed = std::ranges::any_of(values, [&](const std::string& path) {
        return lies_below(version.name, path.ends_with("/") ? path : path + "/", recursive);
      });
    } else if (is_known_key(filter.key)) {
      passed = passes(filter, version);
    } else {
      return fail(error::invalid_filter(filter.key));
    }
    if (!passed) return false;
  }
  return true;
}

Result<wire::DescribeParametersResponse> describe(const wire::DescribeParametersRequest& request,
                                                  const aws::CallContext& context, Store& store) {
  const auto filters = filters_of(request);
  const auto limit = static_cast<size_t>(request.max_results.value_or(50));
  wire::DescribeParametersResponse answer{.parameters = std::vector<wire::ParameterMetadata>{}};
  TRY_DO(walk(store, request.next_token.value_or(""), [&](const Version& version) -> Result<bool> {
    TRY(passed, passes_all(store, filters, version));
    if (!passed) return true;
    if (answer.parameters->size() == limit) {
      answer.next_token = answer.parameters->back().name;
      return false;
    }
    answer.parameters->push_back(described(version, context));
    return true;
  }));
  return answer;
}

}  // namespace

std::string arn_of(std::string_view name, const aws::CallContext& context) {
  return "arn:aws:ssm:" + context.region + ":" + context.account_id + ":parameter" + (name.starts_with("/") ? "" : "/") +
         std::string(name);
}

Result<Version> select_version(Store& store, std::string_view selector) {
  const auto [name, wanted] = parts_of(selector);
  TRY(newest, store.latest(name));
  if (!newest) return fail(error::parameter_not_found(name));
  if (wanted.empty()) return std::move(*newest);
  int64_t number = 0;
  const auto [end, bad] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), number);
  const bool is_number = bad == std::errc() && end == wanted.data() + wanted.size();
  TRY(found, is_number ? store.numbered(name, number) : store.labelled(name, wanted));
  if (!found) return fail(error::version_not_found(name, wanted));
  return std::move(*found);
}

void add_reading_operations(aws::Service& service, Store& store) {
  service.on<wire::GetParameter>([&store](const auto& request, const auto& context) { return get(request, context, store); });
  service.on<wire::GetParameters>(
      [&store](const auto& request, const auto& context) { return get_several(request, context, store); });
  service.on<wire::GetParametersByPath>(
      [&store](const auto& request, const auto& context) { return by_path(request, context, store); });
  service.on<wire::DescribeParameters>(
      [&store](const auto& request, const auto& context) { return describe(request, context, store); });
}

}  // namespace mastic::ssm
