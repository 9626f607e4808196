#include <algorithm>
#include <chrono>

#include "kms/errors.h"
#include "kms/operations/operations.h"

namespace mastic::kms {
namespace {

constexpr int32_t default_period_days = 365;
constexpr int32_t default_page = 100;
constexpr std::size_t on_demand_limit = 10;

Result<wire::EnableKeyRotation::Response> enable(const wire::EnableKeyRotationRequest& request, const aws::CallContext& context,
                                                 const Desk& desk) {
  TRY_DO(change_key(desk, context, request.key_id, [&](Key& key) -> Result<void> {
    TRY_DO(check_usable(key, context));
    const auto days = request.rotation_period_in_days.value_or(key.rotation_days > 0 ? key.rotation_days : default_period_days);
    if (days != key.rotation_days) key.next_rotation = desk.clock.now() + std::chrono::days(days);
    key.rotation_days = days;
    return {};
  }));
  return wire::EnableKeyRotation::Response{};
}

Result<wire::DisableKeyRotation::Response> disable(const wire::DisableKeyRotationRequest& request,
                                                   const aws::CallContext& context, const Desk& desk) {
  TRY_DO(change_key(desk, context, request.key_id, [&](Key& key) -> Result<void> {
    TRY_DO(check_usable(key, context));
    key.rotation_days = 0;
    key.next_rotation.reset();
    return {};
  }));
  return wire::DisableKeyRotation::Response{};
}

Result<wire::GetKeyRotationStatusResponse> status(const wire::GetKeyRotationStatusRequest& request,
                                                  const aws::CallContext& context, const Desk& desk) {
  TRY(key, find_key(desk, context, request.key_id, /*aliases=*/false));
  wire::GetKeyRotationStatusResponse answer;
  answer.key_id = key_arn(context, key.id);
  answer.key_rotation_enabled = key.rotation_days > 0 && !key.deletion;
  if (*answer.key_rotation_enabled) {
    answer.rotation_period_in_days = key.rotation_days;
    answer.next_rotation_date = key.next_rotation;
  }
  return answer;
}

Result<wire::RotateKeyOnDemandResponse> rotate(const wire::RotateKeyOnDemandRequest& request, const aws::CallContext& context,
                                               const Desk& desk) {
  TRY(key, find_key(desk, context, request.key_id, /*aliases=*/false));
  const auto arn = key_arn(context, key.id);
  if (key.managed_by_aws) return fail(error::managed_by_aws(arn));
  TRY_DO(check_usable(key, context));
  TRY(rotations, desk.store.rotations(key.id));
  if (static_cast<std::size_t>(std::ranges::count(rotations, true, &Rotation::on_demand)) >= on_demand_limit) {
    return fail(error::limit("A key is rotated on demand at most 10 times."));
  }
  TRY_DO(desk.store.rotate_on_demand(key.id));
  return wire::RotateKeyOnDemandResponse{.key_id = arn};
}

Result<wire::ListKeyRotationsResponse> list(const wire::ListKeyRotationsRequest& request, const aws::CallContext& context,
                                            const Desk& desk) {
  if (request.include_key_material.value_or("ROTATIONS_ONLY") != "ROTATIONS_ONLY") {
    return fail(error::unsupported("IncludeKeyMaterial " + *request.include_key_material));
  }
  TRY(key, find_key(desk, context, request.key_id, /*aliases=*/false));
  TRY(rotations, desk.store.rotations(key.id));
  const auto limit = static_cast<std::size_t>(request.limit.value_or(default_page));
  const auto name_of = [](const Rotation& each) {
    return std::string(20 - std::to_string(each.material).size(), '0') + std::to_string(each.material);
  };
  auto [page, next] = page_of(rotations, name_of, request.marker, static_cast<int32_t>(limit));
  wire::ListKeyRotationsResponse answer{
      .rotations = std::vector<wire::RotationsListEntry>{}, .next_marker = next, .truncated = next.has_value()};
  for (const auto& rotation : page) {
    wire::RotationsListEntry entry;
    entry.key_id = key_arn(context, key.id);
    entry.rotation_date = rotation.at;
    entry.rotation_type = rotation.on_demand ? "ON_DEMAND" : "AUTOMATIC";
    answer.rotations->push_back(std::move(entry));
  }
  return answer;
}

}  // namespace

void add_rotation_operations(aws::Service& service, const Desk& desk) {
  service.on<wire::EnableKeyRotation>(
      [desk](const auto& request, const auto& context) { return enable(request, context, desk); });
  service.on<wire::DisableKeyRotation>(
      [desk](const auto& request, const auto& context) { return disable(request, context, desk); });
  service.on<wire::GetKeyRotationStatus>(
      [desk](const auto& request, const auto& context) { return status(request, context, desk); });
  service.on<wire::RotateKeyOnDemand>(
      [desk](const auto& request, const auto& context) { return rotate(request, context, desk); });
  service.on<wire::ListKeyRotations>([desk](const auto& request, const auto& context) { return list(request, context, desk); });
}

}  // namespace mastic::kms
