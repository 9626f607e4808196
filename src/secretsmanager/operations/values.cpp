#include <algorithm>

#include "secretsmanager/errors.h"
#include "secretsmanager/operations/operations.h"

namespace mastic::secretsmanager {
namespace {

Result<Version> select(Store& store, const Secret& secret, const std::optional<std::string>& id,
                       const std::optional<std::string>& stage) {
  TRY(versions, store.versions(secret.name));
  const auto wanted_stage = stage.value_or("AWSCURRENT");
  for (auto& version : versions) {
    if (id && version.id != *id) continue;
    if ((stage || !id) && !version.stages.contains(wanted_stage)) continue;
    return std::move(version);
  }
  return fail(error::no_value(id ? "VersionId: " + *id : "staging label: " + wanted_stage));
}

/// GetSecretValueResponse and SecretValueEntry have the same members.
template <typename Shown>
Shown shown(const Secret& secret, Version version) {
  Shown answer;
  answer.arn = secret.arn;
  answer.name = secret.name;
  answer.version_id = version.id;
  answer.version_stages = std::vector<std::string>(version.stages.begin(), version.stages.end());
  answer.created_date = version.created;
  (version.binary ? answer.secret_binary : answer.secret_string) = std::move(version.value);
  return answer;
}

Result<wire::GetSecretValueResponse> get(const wire::GetSecretValueRequest& request, Store& store) {
  TRY(secret, find_secret(store, request.secret_id));
  TRY(version, select(store, secret, request.version_id, request.version_stage));
  return shown<wire::GetSecretValueResponse>(secret, std::move(version));
}

Result<wire::BatchGetSecretValueResponse> get_batch(const wire::BatchGetSecretValueRequest& request, Store& store) {
  if (!request.secret_id_list || (request.filters && !request.filters->empty())) {
    return fail(error::invalid_parameter("Give SecretIdList; Filters are not supported by BatchGetSecretValue here."));
  }
  wire::BatchGetSecretValueResponse answer{.secret_values = std::vector<wire::SecretValueEntry>{},
                                           .errors = std::vector<wire::APIErrorType>{}};
  for (const auto& id : *request.secret_id_list) {
    const auto found = find_secret(store, id);
    auto version = found ? select(store, *found, std::nullopt, std::nullopt) : Result<Version>(fail(found.error()));
    if (version) {
      answer.secret_values->push_back(shown<wire::SecretValueEntry>(*found, std::move(*version)));
    } else {
      answer.errors->push_back({.secret_id = id, .error_code = version.error().code, .message = version.error().message});
    }
  }
  return answer;
}

Result<wire::PutSecretValueResponse> put(const wire::PutSecretValueRequest& request, Store& store, const Clock& clock) {
  if (request.rotation_token) return fail(error::invalid_parameter("Rotation is not supported: RotationToken."));
  TRY(value, given_value(request.secret_string, request.secret_binary));
  if (!value) return fail(error::invalid_request("You must provide either SecretString or SecretBinary."));
  const auto stages = request.version_stages.value_or(std::vector<std::string>{"AWSCURRENT"});
  std::string made;
  TRY(entry, change_secret(store, request.secret_id, [&](Entry& changed) -> Result<void> {
        TRY(id, put_version(changed, *value, request.client_request_token.value_or(""), stages, clock.now()));
        made = id;
        return {};
      }));
  return wire::PutSecretValueResponse{
      .arn = entry.secret.arn, .name = entry.secret.name, .version_id = made, .version_stages = labels_of(entry.stages)[made]};
}

Result<void> move(Entry& entry, const wire::UpdateSecretVersionStageRequest& request) {
  const auto& stage = request.version_stage;
  const auto bearer = entry.stages.find(stage);
  if (bearer != entry.stages.end() && request.remove_from_version_id.value_or("") != bearer->second &&
      request.move_to_version_id.value_or("") != bearer->second) {
    return fail(error::invalid_parameter("The parameter RemoveFromVersionId can't be empty or another version. Staging label " +
                                         stage + " is currently attached to version " + bearer->second +
                                         ", so you must explicitly reference that version in RemoveFromVersionId."));
  }
  if (request.move_to_version_id) {
    if (std::ranges::find(entry.versions, *request.move_to_version_id, &Version::id) == entry.versions.end()) {
      return fail(error::no_value("VersionId: " + *request.move_to_version_id));
    }
    move_stage(entry.stages, stage, *request.move_to_version_id);
  } else if (stage == "AWSCURRENT") {
    return fail(error::invalid_parameter("You can't remove AWSCURRENT from a version: move it to another."));
  } else {
    entry.stages.erase(stage);
  }
  return {};
}

Result<wire::UpdateSecretVersionStageResponse> move(const wire::UpdateSecretVersionStageRequest& request, Store& store) {
  TRY(entry, change_secret(store, request.secret_id, [&](Entry& changed) { return move(changed, request); }));
  return wire::UpdateSecretVersionStageResponse{.arn = entry.secret.arn, .name = entry.secret.name};
}

}  // namespace

void add_value_operations(aws::Service& service, Store& store, const Clock& clock) {
  service.on<wire::GetSecretValue>([&store](const auto& request, const auto&) { return get(request, store); });
  service.on<wire::BatchGetSecretValue>([&store](const auto& request, const auto&) { return get_batch(request, store); });
  service.on<wire::PutSecretValue>([&store, &clock](const auto& request, const auto&) { return put(request, store, clock); });
  service.on<wire::UpdateSecretVersionStage>([&store](const auto& request, const auto&) { return move(request, store); });
}

}  // namespace mastic::secretsmanager
