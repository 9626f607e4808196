#include "ssm/secure_text.h"

#include "aws/encoding.h"
#include "base/sealing.h"

namespace mastic::ssm {

Result<SecureText> SecureText::open(const std::filesystem::path& folder) {
  TRY(key, read_or_make_key(folder / "secure-strings.key"));
  return SecureText(std::move(key));
}

Result<std::string> SecureText::seal(std::string_view plain, std::string_view about) const {
  TRY(sealed, mastic::seal(key_, plain, about));
  return aws::to_base64(sealed);
}

Result<std::string> SecureText::unseal(std::string_view sealed, std::string_view about) const {
  const auto raw = aws::from_base64(sealed);
  auto plain = raw ? mastic::unseal(key_, *raw, about) : std::nullopt;
  if (plain) return std::move(*plain);
  return fail(Error::internal("a SecureString's value cannot be decrypted: its bytes or the key of the data folder changed"));
}

}  // namespace mastic::ssm
