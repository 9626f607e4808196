#include "s3/operations/content.h"

#include "s3/errors.h"

namespace mastic::s3 {

Result<void> check_metadata(const std::map<std::string, std::string>& metadata) {
  constexpr std::size_t most = 2048;
  std::size_t size = 0;
  for (const auto& [name, value] : metadata) size += name.size() + value.size();
  if (size > most) return fail(errors::metadata_too_large(size));
  return {};
}

std::string without_aws_chunked(std::string_view content_encoding) {
  std::string kept;
  while (!content_encoding.empty()) {
    const auto comma = content_encoding.find(',');
    auto coding = content_encoding.substr(0, comma);
    while (coding.starts_with(' ')) coding.remove_prefix(1);
    while (coding.ends_with(' ')) coding.remove_suffix(1);
    if (!coding.empty() && coding != "aws-chunked") kept.append(kept.empty() ? "" : ",").append(coding);
    content_encoding = comma == std::string_view::npos ? std::string_view{} : content_encoding.substr(comma + 1);
  }
  return kept;
}

}  // namespace mastic::s3
