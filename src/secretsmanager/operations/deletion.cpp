#include <chrono>

#include "secretsmanager/errors.h"
#include "secretsmanager/operations/operations.h"

namespace mastic::secretsmanager {
namespace {

Result<wire::DeleteSecretResponse> erase(const wire::DeleteSecretRequest& request, Store& store, const Clock& clock) {
  const bool force = request.force_delete_without_recovery.value_or(false);
  if (force && request.recovery_window_in_days) {
    return fail(error::invalid_parameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays."));
  }
  const auto days = request.recovery_window_in_days.value_or(30);
  if (days < 7 || days > 30) {
    return fail(error::invalid_parameter("The RecoveryWindowInDays value must be between 7 and 30 days (inclusive)."));
  }
  if (force) {
    TRY(secret, find_secret(store, request.secret_id, /*deleted_too=*/true));
    TRY_DO(store.erase(secret.name));
    return wire::DeleteSecretResponse{.arn = secret.arn, .name = secret.name, .deletion_date = clock.now()};
  }
  TRY(entry, change_secret(store, request.secret_id, [&](Entry& changed) -> Result<void> {
        changed.secret.deletion = clock.now() + std::chrono::days(days);
        return {};
      }));
  return wire::DeleteSecretResponse{.arn = entry.secret.arn, .name = entry.secret.name, .deletion_date = entry.secret.deletion};
}

Result<wire::RestoreSecretResponse> restore(const wire::RestoreSecretRequest& request, Store& store) {
  TRY(entry, change_secret(
                 store, request.secret_id,
                 [](Entry& changed) -> Result<void> {
                   changed.secret.deletion.reset();
                   return {};
                 },
                 /*deleted_too=*/true));
  return wire::RestoreSecretResponse{.arn = entry.secret.arn, .name = entry.secret.name};
}

}  // namespace

void add_deletion_operations(aws::Service& service, Store& store, const Clock& clock) {
  service.on<wire::DeleteSecret>([&store, &clock](const auto& request, const auto&) { return erase(request, store, clock); });
  service.on<wire::RestoreSecret>([&store](const auto& request, const auto&) { return restore(request, store); });
}

}  // namespace mastic::secretsmanager
