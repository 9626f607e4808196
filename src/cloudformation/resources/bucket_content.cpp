#include "cloudformation/resources/bucket_content.h"

#include "aws/node.h"
#include "base/files.h"
#include "cloudformation/resources/convert.h"

namespace mastic::cloudformation {
namespace {

/// S3 takes so many in one DeleteObjects.
constexpr std::size_t batch_max = 1000;

std::string decoded_key(const Json& entry) { return aws::percent_decode(text_of(entry, "Key"), true); }

Result<void> delete_batch(const ResourceContext& context, const std::string& bucket, const Json& objects) {
  TRY(answer, call_bucket(context, "DeleteObjects", bucket, {{"Delete", {{"Object", objects}, {"Quiet", "true"}}}}));
  TRY(document, from_xml(answer.body));
  // The answer succeeds as a whole even when single objects do not.
  for (const auto& error : as_list(member_of(document, "Error"))) {
    return fail(Error{text_of(error, "Code"), text_of(error, "Message")});
  }
  return {};
}

}  // namespace

Result<void> empty_bucket(const ResourceContext& context, const std::string& bucket) {
  // Each round begins anew: what the last one listed is gone.
  while (true) {
    const auto answer = call_s3(context, {.service = "s3",
                                          .operation = "ListObjectVersions",
                                          .bucket = bucket,
                                          .query = {{"versions", ""}, {"encoding-type", "url"}}});
    if (failed_with(answer, "NoSuchBucket")) return {};
    if (!answer) return fail(Error(answer.error()));
    TRY(document, from_xml(answer->body));
    auto objects = Json::array();
    for (const auto* kind : {"Version", "DeleteMarker"}) {
      for (const auto& entry : as_list(member_of(document, kind))) {
        objects.push_back({{"Key", decoded_key(entry)}, {"VersionId", text_of(entry, "VersionId")}});
      }
    }
    if (objects.empty()) return {};
    TRY_DO(delete_batch(context, bucket, objects));
  }
}

Result<std::vector<std::string>> keys_of(const ResourceContext& context, const std::string& bucket, const std::string& prefix) {
  std::vector<std::string> keys;
  std::string token;
  while (true) {
    aws::LocalRequest request{.service = "s3",
                              .operation = "ListObjectsV2",
                              .bucket = bucket,
                              .query = {{"list-type", "2"}, {"encoding-type", "url"}, {"prefix", prefix}}};
    if (!token.empty()) request.query.push_back({"continuation-token", token});
    TRY(answer, call_s3(context, std::move(request)));
    TRY(document, from_xml(answer.body));
    for (const auto& entry : as_list(member_of(document, "Contents"))) keys.push_back(decoded_key(entry));
    token = text_of(document, "NextContinuationToken");
    if (token.empty()) return keys;
  }
}

Result<std::string> object_content(const ResourceContext& context, const std::string& bucket, const std::string& key) {
  TRY(answer, call_s3(context, {.service = "s3", .operation = "GetObject", .bucket = bucket, .key = key}));
  if (!answer.stream) return std::move(answer.body);
  if (answer.stream->file.empty()) return std::move(answer.stream->bytes);
  TRY(content, read_file(answer.stream->file));
  return content.substr(answer.stream->offset, answer.stream->length);
}

Result<void> put_object(const ResourceContext& context, const std::string& bucket, const std::string& key,
                        std::string_view content, std::vector<std::pair<std::string, std::string>> headers) {
  TRY(body, context.calls.body_of("s3", content));
  TRY_DO(call_s3(context, {.service = "s3",
                           .operation = "PutObject",
                           .bucket = bucket,
                           .key = key,
                           .headers = std::move(headers),
                           .stream = &body}));
  return {};
}

Result<void> delete_objects(const ResourceContext& context, const std::string& bucket, const std::vector<std::string>& keys) {
  auto objects = Json::array();
  for (const auto& key : keys) {
    objects.push_back({{"Key", key}});
    if (objects.size() < batch_max) continue;
    TRY_DO(delete_batch(context, bucket, objects));
    objects = Json::array();
  }
  return objects.empty() ? Result<void>{} : delete_batch(context, bucket, objects);
}

}  // namespace mastic::cloudformation
