// The access keys that the operator has configured.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/key_store.h"
#include "base/result.h"

namespace mastic::program {

class AccessKeys final : public aws::KeyStore {
 public:
  /// From the file when it is given, else from $MASTIC_ACCESS_KEYS. None: an object without keys.
  static Result<AccessKeys> read(const std::string& keys_file);

  [[nodiscard]] std::optional<aws::SecretKey> find(std::string_view access_key) const override;
  [[nodiscard]] bool empty() const { return keys_.empty(); }
  /// What a job's scripts sign with; any key will do when there are none.
  [[nodiscard]] std::pair<std::string, std::string> for_scripts() const;

 private:
  std::vector<std::pair<std::string, std::string>> keys_;
};

}  // namespace mastic::program
