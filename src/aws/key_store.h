// The access keys that requests may be signed with.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace mastic::aws {

struct SecretKey {
  std::string secret;
  std::string session_token;          // of temporary credentials: the request must carry it
  std::optional<Instant> expires_at;  // of temporary credentials
  std::string account_id;             // empty: the server's
};

/// Thread-safe.
class KeyStore {
 public:
  virtual ~KeyStore() = default;
  /// Nothing when there is no such key.
  [[nodiscard]] virtual std::optional<SecretKey> find(std::string_view access_key) const = 0;
};

}  // namespace mastic::aws
