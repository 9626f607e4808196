// S3's permissions carry other names than its operations, and some operations need several.
#include <algorithm>
#include <array>

#include "aws/node.h"
#include "iam/authorize/needs.h"

namespace mastic::iam {
namespace {

struct Row {
  std::string_view operation, action;
};
constexpr auto renamed = std::to_array<Row>({
    {"HeadObject", "s3:GetObject"},
    {"HeadBucket", "s3:ListBucket"},
    {"ListObjects", "s3:ListBucket"},
    {"ListObjectsV2", "s3:ListBucket"},
    {"ListObjectVersions", "s3:ListBucketVersions"},
    {"ListBuckets", "s3:ListAllMyBuckets"},
    {"CreateMultipartUpload", "s3:PutObject"},
    {"UploadPart", "s3:PutObject"},
    {"UploadPartCopy", "s3:PutObject"},
    {"CompleteMultipartUpload", "s3:PutObject"},
    {"CopyObject", "s3:PutObject"},
    {"ListParts", "s3:ListMultipartUploadParts"},
    {"ListMultipartUploads", "s3:ListBucketMultipartUploads"},
    {"GetBucketEncryption", "s3:GetEncryptionConfiguration"},
    {"PutBucketEncryption", "s3:PutEncryptionConfiguration"},
    {"DeleteBucketEncryption", "s3:PutEncryptionConfiguration"},
    {"GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock"},
    {"PutPublicAccessBlock", "s3:PutBucketPublicAccessBlock"},
    {"DeletePublicAccessBlock", "s3:PutBucketPublicAccessBlock"},
    {"GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration"},
    {"PutBucketLifecycleConfiguration", "s3:PutLifecycleConfiguration"},
    {"DeleteBucketLifecycle", "s3:PutLifecycleConfiguration"},
    {"DeleteBucketTagging", "s3:PutBucketTagging"},
    {"DeleteBucketOwnershipControls", "s3:PutBucketOwnershipControls"},
    {"GetBucketAccelerateConfiguration", "s3:GetAccelerateConfiguration"},
    {"PutBucketAccelerateConfiguration", "s3:PutAccelerateConfiguration"},
    {"GetBucketCors", "s3:GetBucketCORS"},
    {"PutBucketCors", "s3:PutBucketCORS"},
    {"DeleteBucketCors", "s3:PutBucketCORS"},
    {"GetBucketNotificationConfiguration", "s3:GetBucketNotification"},
    {"PutBucketNotificationConfiguration", "s3:PutBucketNotification"},
    {"GetBucketReplication", "s3:GetReplicationConfiguration"},
    {"PutBucketReplication", "s3:PutReplicationConfiguration"},
    {"DeleteBucketReplication", "s3:PutReplicationConfiguration"},
    {"GetObjectLockConfiguration", "s3:GetBucketObjectLockConfiguration"},
    {"PutObjectLockConfiguration", "s3:PutBucketObjectLockConfiguration"},
});

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
      decoded += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

/// `/bucket/key?versionId=…`, escaped or not.
void add_source(const aws::IncomingCall& call, std::vector<Need>& needs) {
  const auto header = call.header("x-amz-copy-source");
  if (!header) return;
  const auto question = header->find('?');
  auto source = percent_decode(header->substr(0, question));
  if (source.starts_with('/')) source.erase(0, 1);
  const bool versioned = question != std::string_view::npos;
  needs.push_back({versioned ? "s3:GetObjectVersion" : "s3:GetObject", "arn:aws:s3:::" + source});
}

/// Each key of a DeleteObjects. AWS refuses single keys inside its answer; here one refusal is the whole request's.
std::vector<Need> deletions(std::string_view body, const std::string& bucket) {
  std::vector<Need> needs;
  if (const auto root = aws::parse_xml(body)) {
    for (const auto& object : root->children) {
      const auto* const key = object.child("Key");
      if (object.name != "Object" || key == nullptr) continue;
      const bool versioned = object.child("VersionId") != nullptr;
      needs.push_back({versioned ? "s3:DeleteObjectVersion" : "s3:DeleteObject", bucket + "/" + key->text});
    }
  }
  if (needs.empty()) needs.push_back({"s3:DeleteObject", bucket + "/*"});
  return needs;
}

}  // namespace

std::vector<Need> s3_needs(std::string_view operation, const aws::IncomingCall& call) {
  const auto* const row = std::ranges::find(renamed, operation, &Row::operation);
  std::string action = row != renamed.end() ? std::string(row->action) : "s3:" + std::string(operation);
  if (!call.bucket) return {{std::move(action), "*"}};
  const auto bucket = "arn:aws:s3:::" + *call.bucket;
  policy::Keys keys;
  for (const std::string_view name : {"prefix", "delimiter", "max-keys"}) {
    if (const auto value = call.parameter(name)) keys["s3:" + std::string(name)] = {std::string(*value)};
  }
  if (operation == "DeleteObjects") return deletions(call.body, bucket);
  if (call.parameter("versionId") && (action == "s3:GetObject" || action == "s3:DeleteObject")) action += "Version";
  std::vector<Need> needs{{std::move(action), call.key ? bucket + "/" + *call.key : bucket, std::move(keys)}};
  if (operation == "CopyObject" || operation == "UploadPartCopy") add_source(call, needs);
  return needs;
}

}  // namespace mastic::iam
