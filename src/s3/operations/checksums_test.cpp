#include "s3/operations/checksums.h"

#include <doctest/doctest.h>

#include "aws/digest.h"
#include "aws/encoding.h"
#include "s3/operations/crc_combine.h"

using namespace mastic;
using namespace mastic::s3;

TEST_CASE("the CRC of a whole follows from its parts'") {
  using aws::DigestKind;
  const std::string first = "The quick brown fox ";
  const std::string second(100'001, 'z');
  for (const auto kind : {DigestKind::crc32, DigestKind::crc32c, DigestKind::crc64nvme}) {
    const auto combined = combine_crc(kind, aws::Digest::of(kind, first), aws::Digest::of(kind, second), second.size());
    CHECK(combined == aws::Digest::of(kind, first + second));
    CHECK(combine_crc(kind, aws::Digest::of(kind, first), aws::Digest::of(kind, ""), 0) == aws::Digest::of(kind, first));
    CHECK(combine_crc(kind, aws::Digest::of(kind, ""), aws::Digest::of(kind, second), second.size()) ==
          aws::Digest::of(kind, second));
  }
}

TEST_CASE("checksums of objects made of parts") {
  const std::vector<std::string> contents = {"one", "two", "three"};
  std::vector<PartSummary> parts;
  std::string digests;
  for (const auto& content : contents) {
    const auto checksum = compute(Body::of_bytes(content), "SHA256");
    REQUIRE(checksum);
    digests += *aws::from_base64(checksum->value);
    parts.push_back({static_cast<int64_t>(content.size()), *checksum});
  }
  const auto composite = combine(parts, "SHA256", true);
  REQUIRE(composite);
  CHECK(composite->composite);
  CHECK(composite->value == aws::to_base64(aws::Digest::of(aws::DigestKind::sha256, digests)) + "-3");
  CHECK_FALSE(combine(parts, "SHA256", false));
  CHECK_FALSE(combine(parts, "CRC32", true));
  CHECK_FALSE(compute(Body::of_bytes(""), "XXHASH64"));

  for (std::size_t i = 0; i < parts.size(); ++i) parts[i].checksum = *compute(Body::of_bytes(contents[i]), "CRC64NVME");
  CHECK(combine(parts, "CRC64NVME", false)->value == compute(Body::of_bytes("onetwothree"), "CRC64NVME")->value);
}
