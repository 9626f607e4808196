// What a CiphertextBlob holds: which material of which key encrypted it, and the sealed text.
//
// Layout: one byte of version, the key's id (16 bytes), the material's number (4 bytes, big-endian), then what
// base/sealing.h makes. The head and the encryption context are bound to the text. Pure; thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mastic::kms {

using EncryptionContext = std::map<std::string, std::string>;

struct CiphertextHead {
  std::string key_id;  // a UUID as text
  int64_t material = 0;
};

/// `material` is the secret of the material that `head` names.
Result<std::string> encrypt(const CiphertextHead& head, std::string_view material, std::string_view plain,
                            const EncryptionContext& context);

/// Who can read the blob; nothing when it is none of ours.
std::optional<CiphertextHead> read_head(std::string_view blob);

/// Nothing when the blob was changed, or another context or material is given.
std::optional<std::string> decrypt(std::string_view blob, std::string_view material, const EncryptionContext& context);

}  // namespace mastic::kms
