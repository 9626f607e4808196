#include "kms/ciphertext.h"

#include "base/sealing.h"

namespace mastic::kms {
namespace {

constexpr char version = 1;
constexpr std::size_t id_size = 16;
constexpr std::size_t head_size = 1 + id_size + 4;
constexpr std::string_view digits = "0123456789abcdef";

/// Nothing when the text is no UUID.
std::optional<std::string> id_bytes(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  std::string hex;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool hyphen = at == 8 || at == 13 || at == 18 || at == 23;
    if (hyphen != (text[at] == '-')) return std::nullopt;
    if (!hyphen) hex += text[at];
  }
  std::string bytes;
  for (std::size_t at = 0; at < hex.size(); at += 2) {
    const auto high = digits.find(hex[at]);
    const auto low = digits.find(hex[at + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

std::string id_text(std::string_view bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    if (at == 4 || at == 6 || at == 8 || at == 10) text += '-';
    const auto byte = static_cast<unsigned char>(bytes[at]);
    text += digits[byte / 16];
    text += digits[byte % 16];
  }
  return text;
}

void append_number(std::string& into, uint64_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) into += static_cast<char>((number >> static_cast<unsigned>(shift)) & 0xFFU);
}

/// The head and the context as one text that no other pair has: lengths stand before texts.
std::string bound(std::string_view head, const EncryptionContext& context) {
  std::string text(head);
  for (const auto& [name, value] : context) {
    for (const auto& part : {name, value}) {
      append_number(text, part.size());
      text += part;
    }
  }
  return text;
}

}  // namespace

Result<std::string> encrypt(const CiphertextHead& head, std::string_view material, std::string_view plain,
                            const EncryptionContext& context) {
  const auto id = id_bytes(head.key_id);
  if (!id) return fail(Error::internal("a key's id is no UUID: " + head.key_id));
  std::string blob(1, version);
  blob += *id;
  append_number(blob, static_cast<uint64_t>(head.material));
  TRY(sealed, seal(material, plain, bound(blob, context)));
  return blob + sealed;
}

std::optional<CiphertextHead> read_head(std::string_view blob) {
  if (blob.size() <= head_size || blob[0] != version) return std::nullopt;
  CiphertextHead head{.key_id = id_text(blob.substr(1, id_size))};
  for (const char byte : blob.substr(1 + id_size, 4)) head.material = head.material * 256 + static_cast<unsigned char>(byte);
  return head;
}

std::optional<std::string> decrypt(std::string_view blob, std::string_view material, const EncryptionContext& context) {
  if (!read_head(blob)) return std::nullopt;
  return unseal(material, blob.substr(head_size), bound(blob.substr(0, head_size), context));
}

}  // namespace mastic::kms
