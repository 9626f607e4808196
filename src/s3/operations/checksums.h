// Checksums of objects and parts: reading them from requests, putting them into responses, and those that S3 computes itself.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/body.h"
#include "base/result.h"
#include "s3/object.h"

namespace mastic::s3 {

/// The member of a generated structure that holds the checksum of this algorithm; null: an algorithm that is not ours.
template <typename Structure>
auto* checksum_member(Structure& structure, std::string_view algorithm) {
  using Member = decltype(&structure.checksum_crc32);
  struct Row {
    std::string_view algorithm;
    Member member;
  };
  const std::array<Row, 5> rows{{{"CRC32", &structure.checksum_crc32},
                                 {"CRC32C", &structure.checksum_crc32c},
                                 {"CRC64NVME", &structure.checksum_crc64nvme},
                                 {"SHA1", &structure.checksum_sha1},
                                 {"SHA256", &structure.checksum_sha256}}};
  for (const Row& row : rows)
    if (row.algorithm == algorithm) return row.member;
  return Member{nullptr};
}

template <typename Structure>
std::optional<std::string> checksum_in(const Structure& structure, std::string_view algorithm) {
  const auto* member = checksum_member(structure, algorithm);
  return member != nullptr ? *member : std::nullopt;
}

/// Puts the checksum into the structure, with its type where there is a member for it.
template <typename Structure>
void show_checksum(const std::optional<Checksum>& checksum, Structure& structure) {
  if (!checksum) return;
  if (auto* member = checksum_member(structure, checksum->algorithm)) *member = checksum->value;
  if constexpr (requires { structure.checksum_type; })
    structure.checksum_type = checksum->composite ? "COMPOSITE" : "FULL_OBJECT";
}

/// The checksum that came with the body; the wire has compared it.
std::optional<Checksum> checksum_of(const aws::IncomingBody& body);

bool is_supported(std::string_view algorithm);
Result<void> check_algorithm(const std::optional<std::string>& algorithm);

/// Reads the body.
Result<Checksum> compute(const Body& body, std::string_view algorithm);

/// Of an object made of parts, in their order. Composite: the checksum of the parts' checksums, then "-" and their number.
/// Else, for the CRCs, what the checksum of the whole is, by arithmetic. Fails when a part has no such checksum.
Result<Checksum> combine(const std::vector<PartSummary>& parts, std::string_view algorithm, bool composite);

}  // namespace mastic::s3
