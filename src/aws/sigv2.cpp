#include "aws/sigv2.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "aws/encoding.h"
#include "aws/node.h"

namespace mastic::aws {
namespace {

/// The parameters that name a subresource or change the answer, and so are signed.
constexpr auto signed_parameters = std::to_array<std::string_view>({
    "accelerate",
    "acl",
    "analytics",
    "cors",
    "defaultObjectAcl",
    "delete",
    "encryption",
    "inventory",
    "legal-hold",
    "lifecycle",
    "location",
    "logging",
    "metrics",
    "notification",
    "object-lock",
    "partNumber",
    "policy",
    "publicAccessBlock",
    "replication",
    "requestPayment",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "restore",
    "retention",
    "select",
    "select-type",
    "tagging",
    "torrent",
    "uploadId",
    "uploads",
    "versionId",
    "versioning",
    "versions",
    "website",
});

std::string hmac_sha1(std::string_view key, std::string_view message) {
  std::array<unsigned char, 20> raw{};
  unsigned length = raw.size();
  HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(message.data()),
       message.size(), raw.data(), &length);
  return {reinterpret_cast<const char*>(raw.data()), length};
}

std::string string_to_sign(const HttpHead& head, const Credential& credential, std::string_view host_bucket) {
  // Signers put what would be a header of the request into the URL, where its caller cannot leave it out.
  std::map<std::string, std::string> amz;
  std::map<std::string, std::string> subresources;
  std::string type(head.find("content-type").value_or(std::string_view{}));
  std::string md5(head.find("content-md5").value_or(std::string_view{}));
  for (auto& [name, value] : parse_parameters(head.query, false)) {
    std::string lower = name;
    std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (lower == "content-type") type = value;
    if (lower == "content-md5") md5 = value;
    if (std::ranges::find(signed_parameters, name) != signed_parameters.end()) subresources[name] = value;
    if (lower.starts_with("x-amz-")) amz[lower] = std::move(value);
  }
  for (const auto& [name, value] : head.headers) {
    if (!name.starts_with("x-amz-")) continue;
    auto& held = amz[std::string(name)];
    held += (held.empty() ? "" : ",") + std::string(value);
  }
  std::string text(head.method);
  text.append("\n").append(md5).append("\n").append(type).append("\n").append(credential.expires_seconds).append("\n");
  for (const auto& [name, value] : amz) text.append(name).append(":").append(value).append("\n");
  if (!host_bucket.empty()) text.append("/").append(host_bucket);
  text += head.path;
  char separator = '?';
  for (const auto& [name, value] : subresources) {
    text += std::exchange(separator, '&');
    text += name;
    if (!value.empty()) text.append("=").append(value);
  }
  return text;
}

}  // namespace

std::optional<Credential> find_version_2_credential(const HttpHead& head) {
  if (head.query.find("AWSAccessKeyId=") == std::string_view::npos) return {};
  Credential credential;
  credential.presigned = credential.version_2 = true;
  credential.service = "s3";
  credential.region = "us-east-1";
  for (auto& [name, value] : parse_parameters(head.query, false)) {
    if (name == "AWSAccessKeyId") credential.access_key = std::move(value);
    if (name == "Expires") credential.expires_seconds = std::move(value);
    if (name == "Signature") credential.signature = std::move(value);
    if (name == "x-amz-security-token") credential.token = std::move(value);
  }
  return credential;
}

Result<void> verify_version_2(const HttpHead& head, const Credential& credential, std::string_view host_bucket,
                              const KeyStore& keys, Instant now) {
  const auto known = keys.find(credential.access_key);
  if (!known) return fail(unknown_key(Protocol::rest_xml));
  int64_t expires = 0;
  const auto& text = credential.expires_seconds;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), expires);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return fail(Error{"AccessDenied", "Expires must be a number of seconds since 1970.", 403});
  }
  if (now.time_since_epoch() > std::chrono::seconds{expires}) return fail(Error{"AccessDenied", "Request has expired", 403});
  if (known->expires_at && *known->expires_at <= now)
    return fail(Error{"ExpiredToken", "The provided token has expired.", 400});
  if (!equal_in_constant_time(known->session_token, credential.token)) {
    return fail(Error{"InvalidToken", "The provided token is malformed or otherwise invalid.", 400});
  }
  const auto expected = to_base64(hmac_sha1(known->secret, string_to_sign(head, credential, host_bucket)));
  if (!equal_in_constant_time(expected, credential.signature)) return fail(signature_mismatch(Protocol::rest_xml));
  return {};
}

}  // namespace mastic::aws
