#include <chrono>

#include "kms/errors.h"
#include "kms/operations/operations.h"

namespace mastic::kms {
namespace {

constexpr int32_t default_window_days = 30;

Result<wire::ScheduleKeyDeletionResponse> schedule(const wire::ScheduleKeyDeletionRequest& request,
                                                   const aws::CallContext& context, const Desk& desk) {
  const auto days = request.pending_window_in_days.value_or(default_window_days);
  if (days < 7 || days > 30) return fail(Error::invalid("PendingWindowInDays must be between 7 and 30 (inclusive)."));
  TRY(key, change_key(desk, context, request.key_id, [&](Key& changed) -> Result<void> {
        changed.deletion = desk.clock.now() + std::chrono::days(days);
        changed.deletion_window_days = days;
        return {};
      }));
  return wire::ScheduleKeyDeletionResponse{.key_id = key_arn(context, key.id),
                                           .deletion_date = key.deletion,
                                           .key_state = "PendingDeletion",
                                           .pending_window_in_days = days};
}

Result<wire::CancelKeyDeletionResponse> cancel(const wire::CancelKeyDeletionRequest& request, const aws::CallContext& context,
                                               const Desk& desk) {
  TRY(key, change_key(
               desk, context, request.key_id,
               [&](Key& changed) -> Result<void> {
                 if (!changed.deletion) return fail(error::not_pending_deletion(key_arn(context, changed.id)));
                 changed.deletion.reset();
                 changed.enabled = false;  // It is enabled on its own account.
                 return {};
               },
               /*pending=*/true));
  return wire::CancelKeyDeletionResponse{.key_id = key_arn(context, key.id)};
}

template <typename Operation>
void set_enabled_on(aws::Service& service, const Desk& desk, bool enabled) {
  service.on<Operation>([desk, enabled](const auto& request, const auto& context) -> Result<typename Operation::Response> {
    TRY_DO(change_key(desk, context, request.key_id, [&](Key& key) -> Result<void> {
      key.enabled = enabled;
      return {};
    }));
    return typename Operation::Response{};
  });
}

}  // namespace

void add_state_operations(aws::Service& service, const Desk& desk) {
  set_enabled_on<wire::EnableKey>(service, desk, true);
  set_enabled_on<wire::DisableKey>(service, desk, false);
  service.on<wire::ScheduleKeyDeletion>(
      [desk](const auto& request, const auto& context) { return schedule(request, context, desk); });
  service.on<wire::CancelKeyDeletion>(
      [desk](const auto& request, const auto& context) { return cancel(request, context, desk); });
  service.on<wire::UpdateKeyDescription>(
      [desk](const auto& request, const auto& context) -> Result<wire::UpdateKeyDescription::Response> {
        TRY_DO(change_key(desk, context, request.key_id, [&](Key& key) -> Result<void> {
          key.description = request.description;
          return {};
        }));
        return wire::UpdateKeyDescription::Response{};
      });
}

}  // namespace mastic::kms
