// MD5 as S3's ETags need it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mastic::s3 {

std::string md5(std::string_view bytes);  // Raw, 16 bytes.
Result<std::string> md5_of_file(const std::filesystem::path& file);
std::string to_hex(std::string_view bytes);
/// Empty when the text is no hexadecimal digits.
std::string from_hex(std::string_view text);

}  // namespace mastic::s3
