// Whose rights jobs and crawlers have: sessions of their roles, and what these may do. Implemented outside this room, where
// IAM is; thread-safe. Without it (no keys are configured) everything is allowed and no role is looked at.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mastic::glue {

/// The names that Glue gives its sessions; they stand in the ARNs of denials.
inline constexpr std::string_view run_session_name = "GlueJobRunnerSession";
inline constexpr std::string_view crawl_session_name = "AWS-Crawler";

class Roles {
 public:
  virtual ~Roles() = default;

  /// Of a role's name or ARN, its ARN.
  [[nodiscard]] virtual std::string arn_of(std::string_view role) const = 0;
  /// Whether the role (a name or an ARN) is there and trusts glue.amazonaws.com.
  [[nodiscard]] virtual bool may_run_as(std::string_view role) const = 0;

  struct Session {
    std::string access_key, secret, token;
  };
  /// Of a role that Glue may run as. `policy`, if given, limits the session further.
  [[nodiscard]] virtual Result<Session> start(std::string_view role, std::string_view session_name,
                                              std::chrono::seconds lifetime, const std::optional<std::string>& policy) = 0;
  virtual void end(std::string_view access_key) = 0;

  /// Fails with AWS's sentence, which names principal, action and ARN.
  [[nodiscard]] virtual Result<void> permit(std::string_view access_key, std::string_view action,
                                            std::string_view resource) const = 0;
};

}  // namespace mastic::glue
