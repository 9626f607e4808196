#include "aws/s3_router.h"

#include <doctest/doctest.h>

#include "aws/models/s3.h"
#include "aws/node.h"

using namespace mastic::aws;

namespace {

/// The operation that a request line, and perhaps a header, mean; the error's code when there is none.
std::string operation_of(const std::string& line, const std::string& header = "") {
  static const S3Router router(s3::service_model());
  std::string bytes = line + " HTTP/1.1\r\n" + header + "\r\n\r\n";
  if (header.empty()) bytes = line + " HTTP/1.1\r\n\r\n";
  HttpHead head;
  REQUIRE(parse_head(bytes, 10, head) == HeadProblem::none);
  const auto path = split_s3_path(head.path, {});
  const auto query = parse_parameters(head.query, true);
  const auto found = router.find(head, path.bucket.has_value(), path.key.has_value(), query);
  return found ? std::string((*found)->name) : found.error().code;
}

}  // namespace

TEST_CASE("method, path and subresource name the operation") {
  CHECK(operation_of("GET /") == "ListBuckets");
  CHECK(operation_of("PUT /b") == "CreateBucket");
  CHECK(operation_of("PUT /b/") == "CreateBucket");
  CHECK(operation_of("HEAD /b") == "HeadBucket");
  CHECK(operation_of("GET /b?prefix=x&delimiter=/") == "ListObjects");
  CHECK(operation_of("GET /b?list-type=2&prefix=uploads") == "ListObjectsV2");
  CHECK(operation_of("GET /b/?location=") == "GetBucketLocation");
  CHECK(operation_of("GET /b?lifecycle") == "GetBucketLifecycleConfiguration");
  CHECK(operation_of("GET /b?uploads") == "ListMultipartUploads");
  CHECK(operation_of("POST /b?delete=") == "DeleteObjects");
  CHECK(operation_of("GET /b?analytics&id=1") == "GetBucketAnalyticsConfiguration");
  CHECK(operation_of("PUT /b/k?x-id=PutObject") == "PutObject");
  CHECK(operation_of("PUT /b/k", "x-amz-copy-source: /b/o") == "CopyObject");
  CHECK(operation_of("PUT /b/k?partNumber=1&uploadId=u") == "UploadPart");
  CHECK(operation_of("PUT /b/k?partNumber=1&uploadId=u", "x-amz-copy-source: /b/o") == "UploadPartCopy");
  CHECK(operation_of("POST /b/k?uploads=") == "CreateMultipartUpload");
  CHECK(operation_of("POST /b/k?uploadId=u") == "CompleteMultipartUpload");
  CHECK(operation_of("DELETE /b/k?uploadId=u") == "AbortMultipartUpload");
  CHECK(operation_of("GET /b/k?uploadId=u") == "ListParts");
  CHECK(operation_of("GET /b/k?partNumber=2&versionId=null") == "GetObject");
  CHECK(operation_of("DELETE /b/k") == "DeleteObject");
}

TEST_CASE("a subresource that nothing answers is not ignored") {
  CHECK(operation_of("DELETE /b/k?acl") == "MethodNotAllowed");
  CHECK(operation_of("PUT /b/k?uploadId=u") == "MethodNotAllowed");
  CHECK(operation_of("POST /b/k") == "MethodNotAllowed");
  CHECK(operation_of("PATCH /b/k") == "MethodNotAllowed");
}

TEST_CASE("keys are taken raw") {
  CHECK(split_s3_path("/b//a/../%2F%C3%BC/", {}).key == "/a/..//\xC3\xBC/");
  CHECK(split_s3_path("/b%20c/x+y", {}).bucket == "b c");
  CHECK(split_s3_path("/b/x+y", {}).key == "x+y");
  CHECK(split_s3_path("/a/b", "bucket").key == "a/b");
  CHECK_FALSE(split_s3_path("/", "bucket").key);
  CHECK_FALSE(split_s3_path("/", {}).bucket);
}

TEST_CASE("hosts that may name a bucket") {
  CHECK(host_bucket_candidates("127.0.0.1:4566").empty());
  CHECK(host_bucket_candidates("[::1]:4566").empty());
  CHECK(host_bucket_candidates("localhost:4566").empty());
  CHECK(host_bucket_candidates("b.localhost:1") == std::vector<std::string_view>{"b"});
  CHECK(host_bucket_candidates("a.b.s3.x") == std::vector<std::string_view>{"a", "a.b", "a.b.s3"});
}
