#include "aws/sigv4.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "aws/digest.h"
#include "aws/encoding.h"
#include "aws/node.h"
#include "aws/sigv2.h"

namespace mastic::aws {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr auto clock_skew_max = std::chrono::minutes{15};
constexpr int64_t presigned_seconds_max = 7 * 24 * 3600;

/// `AKID/20261124/us-east-1/s3/aws4_request`; the key itself may hold slashes, the other four parts may not.
bool split_scope(std::string_view text, Credential& into) {
  std::array<std::string_view, 4> parts;
  for (std::size_t i = parts.size(); i-- > 0;) {
    const auto slash = text.rfind('/');
    if (slash == std::string_view::npos) return false;
    parts[i] = text.substr(slash + 1);
    text = text.substr(0, slash);
  }
  into.access_key = text;
  into.date = parts[0];
  into.region = parts[1];
  into.service = parts[2];
  return parts[3] == "aws4_request" && !text.empty();
}

Error malformed(std::string_view what) {
  return {"IncompleteSignature", fmt::format("The authorization of the request cannot be read: {}", what), 400};
}

Result<std::optional<Credential>> from_header(const HttpHead& head, std::string_view authorization) {
  Credential credential;
  if (!authorization.starts_with(algorithm)) {
    // HTTP basic, bearer tokens and the like are not AWS's: no credential of ours.
    if (authorization.starts_with("AWS4-") || authorization.starts_with("AWS "))
      return fail(malformed("unsupported algorithm"));
    return std::nullopt;
  }
  auto rest = authorization.substr(algorithm.size());
  while (!rest.empty()) {
    const auto start = rest.find_first_not_of(" ,");
    if (start == std::string_view::npos) break;
    rest.remove_prefix(start);
    const auto end = std::min(rest.find(','), rest.size());
    const auto part = rest.substr(0, end);
    rest.remove_prefix(end);
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) return fail(malformed(part));
    const auto name = part.substr(0, equals);
    const auto value = part.substr(equals + 1);
    if (name == "Credential" && !split_scope(value, credential)) return fail(malformed("Credential has not five parts"));
    if (name == "SignedHeaders") credential.signed_headers = value;
    if (name == "Signature") credential.signature = value;
  }
  if (credential.access_key.empty()) return fail(malformed("Credential is missing"));
  credential.time = head.find("x-amz-date").value_or(std::string_view{});
  if (credential.time.empty()) {
    if (const auto date = parse_time(head.find("date").value_or(std::string_view{}))) {
      std::string basic = to_iso_time(*date, false);
      std::erase_if(basic, [](char c) { return c == '-' || c == ':'; });
      credential.time = basic;
    }
  }
  credential.token = head.find("x-amz-security-token").value_or(std::string_view{});
  return credential;
}

Result<std::optional<Credential>> from_query(const HttpHead& head) {
  if (head.query.find("X-Amz-Credential") == std::string_view::npos) return std::nullopt;
  Credential credential;
  credential.presigned = true;
  for (auto& [name, value] : parse_parameters(head.query, false)) {
    if (name == "X-Amz-Credential" && !split_scope(value, credential))
      return fail(malformed("X-Amz-Credential has not five parts"));
    if (name == "X-Amz-Algorithm" && value != algorithm) return fail(malformed("unsupported algorithm"));
    if (name == "X-Amz-SignedHeaders") credential.signed_headers = value;
    if (name == "X-Amz-Signature") credential.signature = value;
    if (name == "X-Amz-Date") credential.time = value;
    if (name == "X-Amz-Expires") credential.expires_seconds = value;
    if (name == "X-Amz-Security-Token") credential.token = value;
  }
  if (credential.access_key.empty()) return std::nullopt;
  return credential;
}

void append_canonical_query(const HttpHead& head, const Credential& credential, std::string& into) {
  std::vector<std::pair<std::string, std::string>> encoded;
  // A plus is a plus: signers escape spaces as %20.
  for (const auto& [name, value] : parse_parameters(head.query, false)) {
    if (credential.presigned && name == "X-Amz-Signature") continue;
    encoded.emplace_back(percent_encode(name, false), percent_encode(value, false));
  }
  std::ranges::sort(encoded);
  bool first = true;
  for (const auto& [name, value] : encoded) {
    if (!first) into += '&';
    first = false;
    into += name;
    into += '=';
    into += value;
  }
}

/// A header's values, trimmed, inner runs of spaces made one; several of a name joined by commas.
void append_canonical_header(const HttpHead& head, std::string_view name, std::string& into) {
  into += name;
  into += ':';
  bool first = true;
  for (const auto& [held, value] : head.headers) {
    if (held != name) continue;
    if (!first) into += ',';
    first = false;
    bool space = false;
    for (const char c : value) {
      if (c != ' ' || !space) into += c;
      space = c == ' ';
    }
  }
  into += '\n';
}

/// Everywhere but in S3, `.`, `..` and doubled slashes of a path are resolved before it is signed.
std::string normalized(std::string_view path) {
  std::vector<std::string_view> parts;
  std::string_view rest = path;
  while (!rest.empty()) {
    const auto slash = std::min(rest.find('/'), rest.size());
    const auto part = rest.substr(0, slash);
    rest.remove_prefix(std::min(slash + 1, rest.size()));
    if (part == ".." && !parts.empty()) parts.pop_back();
    if (!part.empty() && part != "." && part != "..") parts.push_back(part);
  }
  std::string text;
  for (const auto part : parts) text.append("/").append(part);
  if (text.empty() || path.ends_with('/')) text += '/';
  return text;
}

/// How the three protocols name the same refusal.
struct Refusal {
  std::string_view json, query, s3;
  std::string_view message;
  int s3_status = 403;
};

Error refusal(const Refusal& names, Protocol protocol) {
  switch (protocol) {
    case Protocol::json: return {std::string(names.json), std::string(names.message), 403};
    case Protocol::query: return {std::string(names.query), std::string(names.message), 403};
    case Protocol::rest_xml: break;
  }
  return {std::string(names.s3), std::string(names.message), names.s3_status};
}

constexpr Refusal skewed{
    "InvalidSignatureException", "SignatureDoesNotMatch", "RequestTimeTooSkewed",
    "The difference between the request time and the server's time is too large: the signature is expired or "
    "not yet current."};
constexpr Refusal unknown{"UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId",
                          "The access key or security token of the request is not known here."};
constexpr Refusal mismatch{
    "InvalidSignatureException", "SignatureDoesNotMatch", "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
    "Access Key and signing method."};
constexpr Refusal expired{"ExpiredTokenException", "ExpiredToken", "ExpiredToken", "The provided token has expired.", 400};
constexpr Refusal wrong_token{"UnrecognizedClientException", "InvalidClientTokenId", "InvalidToken",
                              "The provided token is malformed or otherwise invalid.", 400};
constexpr Refusal no_date{"IncompleteSignature", "IncompleteSignature", "AccessDenied", "The request carries no X-Amz-Date."};
constexpr Refusal wrong_date{"InvalidSignatureException", "SignatureDoesNotMatch", "AuthorizationHeaderMalformed",
                             "The date of the credential scope is not that of X-Amz-Date.", 400};
constexpr Refusal absent{"MissingAuthenticationTokenException", "MissingAuthenticationToken", "AccessDenied",
                         "The request is not signed, and this server has keys configured."};

Result<void> check_time(const Credential& credential, Instant now, Protocol protocol) {
  const auto signed_at = parse_time(credential.time);
  if (!signed_at) return fail(refusal(no_date, protocol));
  if (!credential.time.starts_with(credential.date)) {
    return fail(refusal(wrong_date, protocol));
  }
  if (!credential.presigned) {
    if (*signed_at > now + clock_skew_max || *signed_at < now - clock_skew_max) return fail(refusal(skewed, protocol));
    return {};
  }
  int64_t seconds = 0;
  const auto& text = credential.expires_seconds;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 0 || seconds > presigned_seconds_max) {
    return fail(Error{"AuthorizationQueryParametersError", "X-Amz-Expires must be between 0 and 604800 seconds.", 400});
  }
  if (*signed_at > now + clock_skew_max) return fail(Error{"AccessDenied", "Request is not yet valid", 403});
  if (*signed_at + std::chrono::seconds{seconds} < now) return fail(Error{"AccessDenied", "Request has expired", 403});
  return {};
}

}  // namespace

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return difference == 0;
}

Error missing_credential(Protocol protocol) { return refusal(absent, protocol); }
Error unknown_key(Protocol protocol) { return refusal(unknown, protocol); }
Error signature_mismatch(Protocol protocol) { return refusal(mismatch, protocol); }

Result<std::optional<Credential>> find_credential(const HttpHead& head) {
  if (const auto authorization = head.find("authorization")) return from_header(head, *authorization);
  TRY(presigned, from_query(head));
  return presigned ? presigned : find_version_2_credential(head);
}

std::string signing_key(std::string_view secret, std::string_view date, std::string_view region, std::string_view service) {
  const auto day = hmac_sha256("AWS4" + std::string(secret), date);
  return hmac_sha256(hmac_sha256(hmac_sha256(day, region), service), "aws4_request");
}

std::string canonical_request(const HttpHead& head, const Credential& credential, std::string_view payload_hash) {
  std::string text(head.method);
  text += '\n';
  // S3 signs the path as its URL has it, escaped once; all others escape what is already escaped again.
  if (credential.service == "s3") {
    text += percent_encode(percent_decode(head.path, false), true);
  } else {
    text += percent_encode(normalized(head.path), true);
  }
  text += '\n';
  append_canonical_query(head, credential, text);
  text += '\n';
  std::string_view names = credential.signed_headers;
  while (!names.empty()) {
    const auto end = std::min(names.find(';'), names.size());
    append_canonical_header(head, names.substr(0, end), text);
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  text += '\n';
  text += credential.signed_headers;
  text += '\n';
  text += payload_hash;
  return text;
}

std::string sign_request(const HttpHead& head, const Credential& credential, std::string_view payload_hash,
                         std::string_view key) {
  const auto hash = to_hex(Digest::of(DigestKind::sha256, canonical_request(head, credential, payload_hash)));
  return to_hex(hmac_sha256(key, fmt::format("{}\n{}\n{}/{}/{}/aws4_request\n{}", algorithm, credential.time, credential.date,
                                             credential.region, credential.service, hash)));
}

Result<std::string> verify_request(const HttpHead& head, const Credential& credential, std::string_view payload_hash,
                                   const KeyStore& keys, Instant now, Protocol protocol) {
  const auto known = keys.find(credential.access_key);
  if (!known) return fail(unknown_key(protocol));
  TRY_DO(check_time(credential, now, protocol));
  if (known->expires_at && *known->expires_at <= now) return fail(refusal(expired, protocol));
  if (!equal_in_constant_time(known->session_token, credential.token)) return fail(refusal(wrong_token, protocol));
  // `host` must be signed, or a signature could be carried to another server.
  const auto names = ";" + credential.signed_headers + ";";
  if (names.find(";host;") == std::string::npos) return fail(malformed("the host header must be signed"));
  auto key = signing_key(known->secret, credential.date, credential.region, credential.service);
  if (!equal_in_constant_time(sign_request(head, credential, payload_hash, key), credential.signature)) {
    return fail(signature_mismatch(protocol));
  }
  return key;
}

}  // namespace mastic::aws
