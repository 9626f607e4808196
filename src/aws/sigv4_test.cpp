// The keys, requests and signatures are the examples that AWS's S3 documentation works through.
#include "aws/sigv4.h"

#include <doctest/doctest.h>

#include <string>

#include "aws/aws_chunked.h"
#include "aws/digest.h"
#include "aws/encoding.h"

using namespace mastic;
using namespace mastic::aws;

namespace {

constexpr std::string_view secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
constexpr std::string_view nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr std::string_view scope = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";

class ExampleKeys final : public KeyStore {
 public:
  std::optional<SecretKey> find(std::string_view access_key) const override {
    if (access_key != "AKIAIOSFODNN7EXAMPLE") return {};
    return SecretKey{.secret = std::string(secret), .session_token = {}, .expires_at = {}, .account_id = {}};
  }
};

struct Request {
  explicit Request(std::string text) : bytes(std::move(text) + "\r\n\r\n") {
    REQUIRE(parse_head(bytes, 100, head) == HeadProblem::none);
    auto found = find_credential(head);
    REQUIRE(found);
    REQUIRE(found->has_value());
    credential = **found;
  }
  std::string bytes;
  HttpHead head;
  Credential credential;
};

std::string ranged_get(std::string_view signature) {
  return "GET /test.txt HTTP/1.1\r\nHost: examplebucket.s3.amazonaws.com\r\nRange: bytes=0-9\r\nx-amz-content-sha256: " +
         std::string(nothing) +
         "\r\nx-amz-date: 20130524T000000Z\r\nAuthorization: AWS4-HMAC-SHA256 Credential=" + std::string(scope) +
         ",SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=" + std::string(signature);
}

constexpr std::string_view ranged_get_signature = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";

std::string presigned_get() {
  return "GET /test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2F"
         "aws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature="
         "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404 HTTP/1.1\r\nHost: examplebucket.s3.amazonaws.com";
}

const Instant signing_time = *parse_time("20130524T000000Z");

std::string code_of(const Result<std::string>& result) { return result ? "" : result.error().code; }

}  // namespace

TEST_CASE("a signed header request is verified") {
  const Request request(ranged_get(ranged_get_signature));
  CHECK(request.credential.region == "us-east-1");
  CHECK(request.credential.service == "s3");
  CHECK(verify_request(request.head, request.credential, nothing, ExampleKeys(), signing_time, Protocol::rest_xml));
}

TEST_CASE("a wrong signature, key, time or payload is told apart") {
  const ExampleKeys keys;
  const Request request(ranged_get(ranged_get_signature));
  const auto& [bytes, head, credential] = request;
  const Request forged(ranged_get(std::string(64, '0')));
  CHECK(code_of(verify_request(forged.head, forged.credential, nothing, keys, signing_time, Protocol::rest_xml)) ==
        "SignatureDoesNotMatch");
  CHECK(code_of(verify_request(head, credential, unsigned_payload, keys, signing_time, Protocol::rest_xml)) ==
        "SignatureDoesNotMatch");
  CHECK(code_of(verify_request(head, credential, nothing, keys, signing_time + std::chrono::minutes{16}, Protocol::rest_xml)) ==
        "RequestTimeTooSkewed");
  CHECK(code_of(verify_request(head, credential, nothing, keys, signing_time - std::chrono::minutes{16}, Protocol::rest_xml)) ==
        "RequestTimeTooSkewed");
  auto stranger = credential;
  stranger.access_key = "AKIASTRANGER";
  CHECK(code_of(verify_request(head, stranger, nothing, keys, signing_time, Protocol::rest_xml)) == "InvalidAccessKeyId");
  CHECK(code_of(verify_request(head, stranger, nothing, keys, signing_time, Protocol::json)) == "UnrecognizedClientException");
}

TEST_CASE("a presigned URL is verified until it expires") {
  const ExampleKeys keys;
  const Request request(presigned_get());
  const auto& [bytes, head, credential] = request;
  CHECK(credential.presigned);
  CHECK(verify_request(head, credential, unsigned_payload, keys, signing_time, Protocol::rest_xml));
  CHECK(verify_request(head, credential, unsigned_payload, keys, signing_time + std::chrono::hours{24}, Protocol::rest_xml));
  CHECK(code_of(verify_request(head, credential, unsigned_payload, keys, signing_time + std::chrono::hours{25},
                               Protocol::rest_xml)) == "AccessDenied");
}

TEST_CASE("an authorization that is not AWS's is no credential, one that is broken is an error") {
  const auto credential_of = [](const std::string& header) {
    std::string bytes = "GET / HTTP/1.1\r\nAuthorization: " + header + "\r\n\r\n";
    HttpHead head;
    REQUIRE(parse_head(bytes, 100, head) == HeadProblem::none);
    return find_credential(head);
  };
  CHECK_FALSE(credential_of("Basic eDp5")->has_value());
  CHECK_FALSE(credential_of("AWS4-HMAC-SHA256 Credential=x/y"));
  CHECK_FALSE(credential_of("AWS4-HMAC-SHA256 nonsense"));
  CHECK_FALSE(credential_of("AWS4-ECDSA-P256-SHA256 Credential=a/b/c/d/aws4_request"));
}

// The chunked upload of the same documentation: 66,560 times 'a' in chunks of 64 KiB, 1 KiB and nothing.

namespace {

ChunkSigning example_chunk_signing() {
  return {.key = signing_key(secret, "20130524", "us-east-1", "s3"),
          .time = "20130524T000000Z",
          .scope = "20130524/us-east-1/s3/aws4_request",
          .seed = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"};
}

std::string example_chunks() {
  return "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n" +
         std::string(65536, 'a') +
         "\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n" +
         std::string(1024, 'a') +
         "\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n";
}

struct Decoded {
  std::string content;
  bool broken = false;
  bool forged = false;
  bool ended = false;
};

Decoded decode(AwsChunkedDecoder& decoder, std::string_view bytes, std::size_t step) {
  Decoded result;
  for (std::size_t used = 0; used < bytes.size();) {
    std::string_view piece;
    const auto taken = decoder.take(bytes.substr(used, step), piece);
    if (taken == 0) break;
    used += taken;
    result.content += piece;
  }
  result.broken = decoder.broken();
  result.ended = decoder.may_end();
  result.forged = decoder.forged();
  return result;
}

}  // namespace

TEST_CASE("signed chunks are verified one after the other") {
  for (const std::size_t step : {std::size_t{1}, std::size_t{1000}, std::size_t{70'000}}) {
    AwsChunkedDecoder decoder(example_chunk_signing());
    const auto result = decode(decoder, example_chunks(), step);
    CHECK(result.content == std::string(66'560, 'a'));
    CHECK(result.ended);
  }
}

TEST_CASE("a changed byte, a missing signature and a missing last chunk are noticed") {
  auto changed = example_chunks();
  changed[65'536 + 200] = 'b';
  AwsChunkedDecoder first(example_chunk_signing());
  CHECK(decode(first, changed, 70'000).forged);

  AwsChunkedDecoder second(example_chunk_signing());
  CHECK(decode(second, "1\r\na\r\n0\r\n\r\n", 100).forged);

  AwsChunkedDecoder third(example_chunk_signing());
  CHECK_FALSE(decode(third, example_chunks().substr(0, 60'000), 100'000).ended);
}

TEST_CASE("unsigned chunks carry trailers") {
  for (const char* ending : {"\r\n\r\n", "\r\n", "\n", ""}) {
    const auto bytes = std::string("3\r\nabc\r\n0\r\nX-Amz-Checksum-CRC32: NSRBwg==") + ending;
    for (std::size_t step = 1; step < 60; ++step) {
      AwsChunkedDecoder decoder;
      const auto result = decode(decoder, bytes, step);
      CHECK(result.content == "abc");
      REQUIRE(result.ended);
      REQUIRE(decoder.trailers().size() == 1);
      CHECK(decoder.trailers()[0].first == "x-amz-checksum-crc32");
      CHECK(decoder.trailers()[0].second == "NSRBwg==");
    }
  }
}

TEST_CASE("trailers that should be signed must be") {
  AwsChunkedDecoder unsigned_trailer(example_chunk_signing());
  auto bytes = example_chunks();
  bytes.resize(bytes.size() - 2);
  CHECK(decode(unsigned_trailer, bytes + "x-amz-checksum-crc32:AAAAAA==\r\n\r\n", 100'000).forged);
}

TEST_CASE("malformed aws-chunks are refused") {
  for (const std::string bytes :
       {"x\r\n", "3xyz\r\n", "3\r\nabcd\r\n0\r\n\r\n", "0\r\nno-colon\r\n", "ffffffffffffffffffff\r\n"}) {
    CAPTURE(bytes);
    AwsChunkedDecoder decoder;
    CHECK(decode(decoder, bytes, 100).broken);
  }
}
