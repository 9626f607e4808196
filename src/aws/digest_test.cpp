#include "aws/digest.h"

#include <doctest/doctest.h>

#include <string>

#include "aws/encoding.h"

using namespace mastic::aws;

TEST_CASE("each digest of the standard check text") {
  const std::string text = "123456789";
  const auto hex = [&](DigestKind kind) { return to_hex(Digest::of(kind, text)); };
  CHECK(hex(DigestKind::crc32) == "cbf43926");
  CHECK(hex(DigestKind::crc32c) == "e3069283");
  CHECK(hex(DigestKind::crc64nvme) == "ae8b14860a799888");
  CHECK(hex(DigestKind::md5) == "25f9e794323b453885f5181f1b624d0b");
  CHECK(hex(DigestKind::sha1) == "f7c3bc1d808e04732adf679965ccc34ca7ae3441");
  CHECK(hex(DigestKind::sha256) == "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225");
}

TEST_CASE("a digest does not depend on how its bytes are cut") {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += static_cast<char>(i * 7 % 251);
  for (const auto kind : {DigestKind::crc32, DigestKind::crc32c, DigestKind::crc64nvme, DigestKind::sha1}) {
    const auto whole = Digest::of(kind, text);
    for (std::size_t step = 1; step < 40; ++step) {
      Digest digest(kind);
      for (std::size_t at = 0; at < text.size(); at += step) digest.add(std::string_view(text).substr(at, step));
      CHECK(digest.finish() == whole);
    }
  }
}

TEST_CASE("checksums are found by S3's names, in any case") {
  CHECK(checksum_kind("crc64nvme") == DigestKind::crc64nvme);
  CHECK(checksum_kind("SHA256") == DigestKind::sha256);
  CHECK_FALSE(checksum_kind("MD5"));
  CHECK(checksum_name(DigestKind::crc32c) == "CRC32C");
}
