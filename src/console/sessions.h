// Who is signed in to the console.
//
// A session is a random cookie that stands for an access key; it ends with sign-out, with the key, after twelve idle hours,
// or with the server. Requests that a page of another origin could cause are told apart by a token that only the console's
// own scripts can read and send. Thread-safe.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "aws/key_store.h"
#include "base/clock.h"

namespace mastic::console {

struct Session {
  std::string id;          // the cookie's value
  std::string access_key;  // in whose name
  std::string csrf;        // the token
  Instant used_at;
};

class Sessions {
 public:
  /// Both must outlive this object.
  Sessions(const aws::KeyStore& keys, const Clock& clock) : keys_(keys), clock_(clock) {}

  /// Nothing when the pair is not a key of the server, or the key is a temporary one that has expired.
  std::optional<Session> sign_in(std::string_view access_key, std::string_view secret, std::string_view token);
  void sign_out(std::string_view cookies);

  /// By the whole `Cookie` header.
  std::optional<Session> find(std::string_view cookies);
  /// The same, for a request that must show the token.
  std::optional<Session> find(std::string_view cookies, std::string_view csrf);

  static constexpr std::string_view cookie_name = "mastic_session";
  static constexpr std::chrono::hours idle_maximum{12};

 private:
  const aws::KeyStore& keys_;
  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Session, std::less<>> sessions_;
};

/// A cookie's value out of the `Cookie` header; empty when it is not there.
std::string_view cookie_of(std::string_view cookies, std::string_view name);

}  // namespace mastic::console
