#include <algorithm>
#include <charconv>

#include "ssm/errors.h"
#include "ssm/operations/operations.h"

namespace mastic::ssm {
namespace {

Result<wire::ParameterHistory> shown(Store& store, const Version& version, bool decrypt) {
  wire::ParameterHistory answer;
  answer.name = version.name;
  answer.type = version.type;
  if (!version.key_id.empty()) answer.key_id = version.key_id;
  answer.last_modified_date = version.modified;
  answer.last_modified_user = version.user;
  if (!version.description.empty()) answer.description = version.description;
  answer.value = version.value;
  if (decrypt || version.type != "SecureString") {
    TRY(plain, store.plain_value(version));
    answer.value = std::move(plain);
  }
  if (!version.allowed_pattern.empty()) answer.allowed_pattern = version.allowed_pattern;
  answer.version = version.number;
  answer.labels = std::vector<std::string>(version.labels.begin(), version.labels.end());
  answer.tier = version.tier;
  answer.policies = std::vector<wire::ParameterInlinePolicy>{};
  answer.data_type = version.data_type;
  return answer;
}

Result<wire::GetParameterHistoryResponse> history(const wire::GetParameterHistoryRequest& request, Store& store) {
  TRY(versions, store.history(request.name));
  if (versions.empty()) return fail(error::parameter_not_found(request.name));
  int64_t after = 0;
  const auto token = request.next_token.value_or("0");
  std::from_chars(token.data(), token.data() + token.size(), after);
  const auto limit = static_cast<size_t>(request.max_results.value_or(50));
  wire::GetParameterHistoryResponse answer{.parameters = std::vector<wire::ParameterHistory>{}};
  for (const auto& version : versions) {
    if (version.number <= after) continue;
    if (answer.parameters->size() == limit) {
      answer.next_token = std::to_string(*answer.parameters->back().version);
      break;
    }
    TRY(entry, shown(store, version, request.with_decryption.value_or(false)));
    answer.parameters->push_back(std::move(entry));
  }
  return answer;
}

/// Letters, digits, `.-_`; not a number first, not aws or ssm.
bool is_label(const std::string& label) {
  const auto is_allowed = [](unsigned char c) { return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_'; };
  return !label.empty() && label.size() <= 100 && std::isdigit(static_cast<unsigned char>(label[0])) == 0 &&
         !label.starts_with("aws") && !label.starts_with("ssm") && std::ranges::all_of(label, is_allowed);
}

Result<wire::LabelParameterVersionResponse> label(const wire::LabelParameterVersionRequest& request, Store& store) {
  TRY(newest, store.latest(request.name));
  if (!newest) return fail(error::parameter_not_found(request.name));
  const auto number = request.parameter_version.value_or(newest->number);
  wire::LabelParameterVersionResponse answer{.invalid_labels = std::vector<std::string>{}, .parameter_version = number};
  std::set<std::string> labels;
  for (const auto& each : request.labels) {
    if (is_label(each)) {
      labels.insert(each);
    } else {
      answer.invalid_labels->push_back(each);
    }
  }
  TRY(found, store.label(request.name, number, labels));
  if (!found) return fail(error::version_not_found(request.name, std::to_string(number)));
  return answer;
}

Result<wire::UnlabelParameterVersionResponse> unlabel(const wire::UnlabelParameterVersionRequest& request, Store& store) {
  TRY(version, store.numbered(request.name, request.parameter_version));
  if (!version) return fail(error::version_not_found(request.name, std::to_string(request.parameter_version)));
  wire::UnlabelParameterVersionResponse answer{.removed_labels = std::vector<std::string>{},
                                               .invalid_labels = std::vector<std::string>{}};
  for (const auto& each : request.labels) {
    (version->labels.contains(each) ? answer.removed_labels : answer.invalid_labels)->push_back(each);
  }
  TRY_DO(
      store.unlabel(request.name, request.parameter_version, {answer.removed_labels->begin(), answer.removed_labels->end()}));
  return answer;
}

}  // namespace

void add_history_operations(aws::Service& service, Store& store) {
  service.on<wire::GetParameterHistory>([&store](const auto& request, const auto&) { return history(request, store); });
  service.on<wire::LabelParameterVersion>([&store](const auto& request, const auto&) { return label(request, store); });
  service.on<wire::UnlabelParameterVersion>([&store](const auto& request, const auto&) { return unlabel(request, store); });
}

}  // namespace mastic::ssm
