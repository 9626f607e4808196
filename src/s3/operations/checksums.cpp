#include "s3/operations/checksums.h"

#include <fmt/format.h>

#include <algorithm>

#include "aws/digest.h"
#include "aws/encoding.h"
#include "s3/digest.h"
#include "s3/errors.h"
#include "s3/operations/crc_combine.h"

namespace mastic::s3 {
namespace {

bool is_crc(aws::DigestKind kind) {
  return kind == aws::DigestKind::crc32 || kind == aws::DigestKind::crc32c || kind == aws::DigestKind::crc64nvme;
}

Result<std::string> raw_checksum(const PartSummary& part, std::string_view algorithm) {
  if (part.checksum && part.checksum->algorithm == algorithm)
    if (auto raw = aws::from_base64(part.checksum->value)) return *std::move(raw);
  return fail(errors::invalid_request(fmt::format("A part of this upload has no {} checksum.", algorithm)));
}

}  // namespace

std::optional<Checksum> checksum_of(const aws::IncomingBody& body) {
  if (body.checksums.empty()) return std::nullopt;
  return Checksum{body.checksums.front().algorithm, body.checksums.front().value, false};
}

bool is_supported(std::string_view algorithm) { return aws::checksum_kind(algorithm).has_value(); }

Result<void> check_algorithm(const std::optional<std::string>& algorithm) {
  if (!algorithm || is_supported(*algorithm)) return {};
  return fail(errors::not_implemented("checksum algorithm " + *algorithm));
}

Result<Checksum> compute(const Body& body, std::string_view algorithm) {
  const auto kind = aws::checksum_kind(algorithm);
  if (!kind) return fail(errors::not_implemented("checksum algorithm " + std::string(algorithm)));
  TRY(raw, digest_of(body, *kind));
  return Checksum{std::string(algorithm), aws::to_base64(raw), false};
}

Result<Checksum> combine(const std::vector<PartSummary>& parts, std::string_view algorithm, bool composite) {
  const auto kind = aws::checksum_kind(algorithm);
  if (!kind) return fail(errors::not_implemented("checksum algorithm " + std::string(algorithm)));
  if (!composite && !is_crc(*kind))
    return fail(errors::invalid_request("The FULL_OBJECT checksum type cannot be used with the " + std::string(algorithm) +
                                        " checksum algorithm."));
  std::string joined;
  for (const auto& part : parts) {
    TRY(raw, raw_checksum(part, algorithm));
    if (composite) {
      joined += raw;
    } else {
      joined = joined.empty() ? raw : combine_crc(*kind, joined, raw, static_cast<uint64_t>(part.size));
    }
  }
  if (!composite) return Checksum{std::string(algorithm), aws::to_base64(joined), false};
  const auto value = aws::to_base64(aws::Digest::of(*kind, joined));
  return Checksum{std::string(algorithm), fmt::format("{}-{}", value, parts.size()), true};
}

}  // namespace mastic::s3
