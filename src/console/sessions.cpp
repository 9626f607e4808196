#include "console/sessions.h"

#include "aws/sigv4.h"
#include "base/identifiers.h"

namespace mastic::console {
namespace {

constexpr std::size_t id_digits = 64;

}  // namespace

std::string_view cookie_of(std::string_view cookies, std::string_view name) {
  while (!cookies.empty()) {
    const auto end = cookies.find(';');
    auto cookie = cookies.substr(0, end);
    while (cookie.starts_with(' ')) cookie.remove_prefix(1);
    if (cookie.starts_with(name) && cookie.substr(name.size()).starts_with('=')) return cookie.substr(name.size() + 1);
    if (end == std::string_view::npos) break;
    cookies.remove_prefix(end + 1);
  }
  return {};
}

std::optional<Session> Sessions::sign_in(std::string_view access_key, std::string_view secret, std::string_view token) {
  const auto key = keys_.find(access_key);
  if (!key || secret.empty() || !aws::equal_in_constant_time(key->secret, secret)) return std::nullopt;
  if (!key->session_token.empty() && !aws::equal_in_constant_time(key->session_token, token)) return std::nullopt;
  const auto now = clock_.now();
  if (key->expires_at && *key->expires_at <= now) return std::nullopt;
  Session session{
      .id = random_hex(id_digits), .access_key = std::string(access_key), .csrf = random_hex(id_digits), .used_at = now};
  const std::scoped_lock lock(mutex_);
  std::erase_if(sessions_, [&](const auto& entry) { return entry.second.used_at + idle_maximum < now; });
  sessions_.emplace(session.id, session);
  return session;
}

void Sessions::sign_out(std::string_view cookies) {
  const std::scoped_lock lock(mutex_);
  if (const auto found = sessions_.find(cookie_of(cookies, cookie_name)); found != sessions_.end()) sessions_.erase(found);
}

std::optional<Session> Sessions::find(std::string_view cookies) {
  const auto id = cookie_of(cookies, cookie_name);
  if (id.empty()) return std::nullopt;
  const auto now = clock_.now();
  Session session;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = sessions_.find(id);
    if (found == sessions_.end()) return std::nullopt;
    if (found->second.used_at + idle_maximum < now) {
      sessions_.erase(found);
      return std::nullopt;
    }
    found->second.used_at = now;
    session = found->second;
  }
  const auto key = keys_.find(session.access_key);
  if (!key || (key->expires_at && *key->expires_at <= now)) return std::nullopt;
  return session;
}

std::optional<Session> Sessions::find(std::string_view cookies, std::string_view csrf) {
  auto session = find(cookies);
  if (!session || !aws::equal_in_constant_time(session->csrf, csrf)) return std::nullopt;
  return session;
}

}  // namespace mastic::console
