#include "s3/store/digest.h"

#include <openssl/evp.h>

#include <memory>

#include "s3/store/descriptor.h"

namespace mastic::s3 {
namespace {

class Md5 {
 public:
  Md5() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) { EVP_DigestInit_ex(context_.get(), EVP_md5(), nullptr); }
  void add(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }
  std::string finish() {
    std::string digest(16, '\0');
    EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
    return digest;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string md5(std::string_view bytes) {
  Md5 digest;
  digest.add(bytes);
  return digest.finish();
}

Result<std::string> md5_of_file(const std::filesystem::path& file) {
  TRY(descriptor, Descriptor::open_to_read(file));
  std::error_code code;
  const auto size = static_cast<int64_t>(std::filesystem::file_size(file, code));
  if (code) return fail(Error::io("cannot read a body", code.message()));
  constexpr int64_t step = 256 << 10;
  Md5 digest;
  for (int64_t offset = 0; offset < size; offset += step) {
    TRY(bytes, read_range(descriptor, offset, std::min(step, size - offset)));
    digest.add(bytes);
  }
  return digest.finish();
}

std::string to_hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    text += digits[static_cast<unsigned char>(byte) >> 4];
    text += digits[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

std::string from_hex(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const int high = digit(text[i]);
    const int low = digit(text[i + 1]);
    if (high < 0 || low < 0) return {};
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

}  // namespace mastic::s3
