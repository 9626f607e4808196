// Every key that requests may be signed with: the operator's, which are the account's own, and those that IAM made.
#pragma once

#include <optional>
#include <string_view>

#include "aws/key_store.h"

namespace mastic::program {

class KeyRing final : public aws::KeyStore {
 public:
  /// Both must outlive this object. The operator's keys come first.
  KeyRing(const aws::KeyStore& configured, const aws::KeyStore& made) : configured_(configured), made_(made) {}

  [[nodiscard]] std::optional<aws::SecretKey> find(std::string_view access_key) const override {
    auto found = configured_.find(access_key);
    return found ? found : made_.find(access_key);
  }

 private:
  const aws::KeyStore& configured_;
  const aws::KeyStore& made_;
};

}  // namespace mastic::program
