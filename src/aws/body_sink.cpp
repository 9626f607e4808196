#include "aws/body_sink.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "aws/encoding.h"
#include "aws/sigv4.h"
#include "base/identifiers.h"

namespace mastic::aws {
namespace {

constexpr std::string_view checksum_prefix = "x-amz-checksum-";

bool is_sha256_hex(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Error bad_digest(std::string_view what) {
  return {"BadDigest", fmt::format("The {} you specified did not match what we received.", what), 400};
}

Result<void> check(const BodyPromises& promises, uint64_t size, const auto& digest_of) {
  if (promises.decoded_length && *promises.decoded_length != size) {
    return fail(
        Error{"IncompleteBody", fmt::format("The request body has not the {} bytes that x-amz-decoded-content-length says: {}",
                                            *promises.decoded_length, size)});
  }
  if (promises.md5 && digest_of(DigestKind::md5) != *promises.md5) return fail(bad_digest("Content-MD5"));
  if (promises.sha256_hex && to_hex(digest_of(DigestKind::sha256)) != *promises.sha256_hex) {
    return fail(
        Error{"XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed."});
  }
  for (const auto& [kind, value] : promises.checksums) {
    if (value.empty()) {
      return fail(Error{"InvalidRequest", fmt::format("The trailer that x-amz-trailer announces is missing: {}{}",
                                                      checksum_prefix, checksum_name(kind))});
    }
    if (to_base64(digest_of(kind)) != value) return fail(bad_digest(checksum_name(kind)));
  }
  return {};
}

}  // namespace

Result<BodyPromises> BodyPromises::read(const HttpHead& head) {
  BodyPromises promises;
  for (const auto& [name, value] : head.headers) {
    if (name == "content-md5") {
      promises.md5 = from_base64(value);
      if (!promises.md5 || promises.md5->size() != 16) {
        return fail(Error{"InvalidDigest", "The Content-MD5 you specified was invalid."});
      }
    } else if (name == "x-amz-content-sha256" && is_sha256_hex(value)) {
      promises.sha256_hex = std::string(value);
    } else if (name == "x-amz-decoded-content-length") {
      uint64_t length = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
      if (error != std::errc{} || end != value.data() + value.size()) {
        return fail(Error{"InvalidArgument", "x-amz-decoded-content-length is not a number."});
      }
      promises.decoded_length = length;
    } else if (name.starts_with(checksum_prefix)) {
      promises.note_trailer(name, value);
    } else if (name == "x-amz-trailer") {
      const auto kind = value.starts_with(checksum_prefix) ? checksum_kind(value.substr(checksum_prefix.size())) : std::nullopt;
      if (!kind)
        return fail(Error{"InvalidRequest",
                          fmt::format("The value specified in the x-amz-trailer header is not supported: {}", value)});
      promises.checksums.emplace_back(*kind, std::string());
    }
  }
  return promises;
}

void BodyPromises::note_trailer(std::string_view name, std::string_view value) {
  if (!name.starts_with(checksum_prefix)) return;
  const auto kind = checksum_kind(name.substr(checksum_prefix.size()));
  // `…-3` is the checksum of an upload's parts together: it says nothing of this body.
  if (!kind || value.find('-') != std::string_view::npos) return;
  const auto found = std::ranges::find(checksums, *kind, &std::pair<DigestKind, std::string>::first);
  if (found != checksums.end()) {
    found->second = value;
  } else {
    checksums.emplace_back(*kind, value);
  }
}

BodySink::BodySink(std::filesystem::path folder, BodyPromises promises, std::optional<DigestKind> extra)
    : folder_(std::move(folder)), promises_(std::move(promises)) {
  digest(DigestKind::md5);
  if (promises_.sha256_hex) digest(DigestKind::sha256);
  for (const auto& [kind, value] : promises_.checksums) digest(kind);
  if (extra) digest(*extra);
}

BodySink::~BodySink() {
  if (file_ >= 0) ::close(file_);
}

Digest& BodySink::digest(DigestKind kind) {
  const auto found = std::ranges::find(digests_, kind, &Digest::kind);
  return found == digests_.end() ? digests_.emplace_back(kind) : *found;
}

Result<void> BodySink::open_file() {
  std::error_code ignored;
  auto path = (folder_.empty() ? std::filesystem::temp_directory_path(ignored) : folder_) / (random_hex(32) + ".incoming");
  file_ = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (file_ < 0)
    return fail(Error::io("cannot create a file for a request's body in " + folder_.string(), std::strerror(errno)));
  body_.keep_in(std::move(path));
  TRY_DO(write_out(body_.small));
  body_.small = {};
  return {};
}

Result<void> BodySink::write_out(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(file_, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return fail(Error::io("cannot write a request's body", std::strerror(errno)));
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> BodySink::add(std::string_view bytes) {
  if (bytes.empty()) return {};
  for (auto& digest : digests_) digest.add(bytes);
  body_.size += bytes.size();
  if (file_ < 0 && body_.size <= body_in_memory_max) {
    body_.small += bytes;
    return {};
  }
  if (file_ < 0) TRY_DO(open_file());
  return write_out(bytes);
}

Result<IncomingBody> BodySink::finish() {
  std::vector<std::pair<DigestKind, std::string>> finished;
  // Checksums that only a trailer named were not computed on the way when x-amz-trailer did not announce them.
  for (auto& digest : digests_) finished.emplace_back(digest.kind(), digest.finish());
  std::erase_if(promises_.checksums, [&](const auto& promise) {
    return std::ranges::find(finished, promise.first, &std::pair<DigestKind, std::string>::first) == finished.end();
  });
  const auto digest_of = [&](DigestKind kind) -> const std::string& {
    return std::ranges::find(finished, kind, &std::pair<DigestKind, std::string>::first)->second;
  };
  TRY_DO(check(promises_, body_.size, digest_of));
  const auto& md5 = digest_of(DigestKind::md5);
  std::ranges::copy(md5, body_.md5.begin());
  for (const auto& [kind, raw] : finished) {
    const bool promised =
        std::ranges::find(promises_.checksums, kind, &std::pair<DigestKind, std::string>::first) != promises_.checksums.end();
    // SHA-256 may have been computed for x-amz-content-sha256 alone, which is no checksum of the object.
    const bool asked = kind != DigestKind::md5 && kind != DigestKind::sha256;
    if (promised || asked) body_.checksums.push_back({std::string(checksum_name(kind)), to_base64(raw)});
  }
  return std::move(body_);
}

Result<void> check_promises(const BodyPromises& promises, std::string_view body) {
  return check(promises, body.size(), [&](DigestKind kind) { return Digest::of(kind, body); });
}

}  // namespace mastic::aws
