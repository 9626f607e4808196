// Bytes that only the holder of a key reads: AES-256-GCM (NIST SP 800-38D). Thread-safe; keeps nothing.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mastic {

constexpr std::size_t sealing_key_size = 32;

/// From the cryptographic generator.
Result<std::string> random_bytes(std::size_t size);

/// The key that a file keeps; a new one (mode 0600) when there is no such file.
Result<std::string> read_or_make_key(const std::filesystem::path& path);

/// Nonce, tag and ciphertext. `about` is bound to them and must be given again to read.
Result<std::string> seal(std::string_view key, std::string_view plain, std::string_view about);

/// Nothing when the key, the bytes or `about` are not those that were sealed.
std::optional<std::string> unseal(std::string_view key, std::string_view sealed, std::string_view about);

}  // namespace mastic
