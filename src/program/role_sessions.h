// Sessions of roles for what this server does in somebody's name: job runs, crawls, the operations of stacks.
#pragma once

#include <string>
#include <string_view>

#include "aws/service.h"
#include "base/result.h"
#include "glue/roles.h"
#include "iam/authorize/authorizer.h"
#include "iam/iam.h"

namespace mastic::program {

/// Thread-safe. Both outlive this object.
class RoleSessions final : public glue::Roles {
 public:
  RoleSessions(iam::Iam& iam, const iam::Authorizer& authorizer) : iam_(iam), authorizer_(authorizer) {}

  [[nodiscard]] std::string arn_of(std::string_view role) const override;
  [[nodiscard]] bool may_run_as(std::string_view role) const override;
  [[nodiscard]] Result<Session> start(std::string_view role, std::string_view session_name, std::chrono::seconds lifetime,
                                      const std::optional<std::string>& policy) override;
  void end(std::string_view access_key) override;
  [[nodiscard]] Result<void> permit(std::string_view access_key, std::string_view action,
                                    std::string_view resource) const override;

  /// The key that a stack's operation acts with: of its service role, else with the caller's rights; empty for the account.
  /// Fails with CloudFormation's error when the role cannot be assumed.
  [[nodiscard]] Result<std::string> act_for_stack(const aws::CallContext& caller, const std::string& role_arn);

 private:
  iam::Iam& iam_;
  const iam::Authorizer& authorizer_;
};

}  // namespace mastic::program
