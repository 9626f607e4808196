#include "spark/connect/sessions.h"

#include <algorithm>
#include <cctype>

#include "base/identifiers.h"

namespace mastic::spark_connect {
namespace {

constexpr auto idle_session_max = std::chrono::minutes(60);
constexpr auto abandoned_operation_max = std::chrono::minutes(5);
constexpr std::size_t closed_sessions_max = 1000;

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    if (hyphen ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0) return false;
  }
  return true;
}

}  // namespace

spark::SparkResult<std::shared_ptr<Session>> Sessions::find_open(const Key& key, const std::string& observed) {
  if (!is_uuid(key.second)) return fail(invalid_handle("FORMAT", key.second));
  if (std::ranges::find(closed_, key) != closed_.end()) return fail(invalid_handle("SESSION_CLOSED", key.second));
  const auto found = sessions_.find(key);
  if (found == sessions_.end()) {
    // The client knew a session that this server does not: the server has started anew.
    if (!observed.empty()) return fail(invalid_handle("SESSION_CHANGED", key.second));
    return std::shared_ptr<Session>();
  }
  if (!observed.empty() && observed != found->second->server_side_id()) {
    return fail(invalid_handle("SESSION_CHANGED", key.second));
  }
  found->second->touch();
  return found->second;
}

spark::SparkResult<std::shared_ptr<Session>> Sessions::open(const std::string& user, const std::string& id,
                                                            const std::string& observed_server_side_id) {
  const std::scoped_lock lock(mutex_);
  const Key key{user, id};
  TRY(session, find_open(key, observed_server_side_id));
  if (session != nullptr) return session;
  auto created = std::make_shared<Session>(shared_, user, id);
  sessions_.emplace(key, created);
  return created;
}

spark::SparkResult<std::shared_ptr<Session>> Sessions::find(const std::string& user, const std::string& id,
                                                            const std::string& observed_server_side_id) {
  const std::scoped_lock lock(mutex_);
  TRY(session, find_open({user, id}, observed_server_side_id));
  if (session == nullptr) return fail(invalid_handle("SESSION_NOT_FOUND", id));
  return session;
}

std::shared_ptr<Session> Sessions::close(const std::string& user, const std::string& id, bool allow_reconnect) {
  std::shared_ptr<Session> session;
  {
    const std::scoped_lock lock(mutex_);
    const Key key{user, id};
    const auto found = sessions_.find(key);
    if (found == sessions_.end()) return nullptr;
    session = found->second;
    sessions_.erase(found);
    if (!allow_reconnect) closed_.push_back(key);
    if (closed_.size() > closed_sessions_max) closed_.erase(closed_.begin(), closed_.begin() + closed_sessions_max / 2);
  }
  session->cancel_operations();
  return session;
}

spark::SparkResult<std::shared_ptr<Session>> Sessions::clone(const std::shared_ptr<Session>& session,
                                                             const std::string& new_id) {
  const std::string id = new_id.empty() ? random_uuid() : new_id;
  if (!is_uuid(id)) return fail(invalid_handle("FORMAT", id));
  auto copy = std::make_shared<Session>(*session, id);
  const std::scoped_lock lock(mutex_);
  if (!sessions_.emplace(Key{session->user(), id}, copy).second) return fail(invalid_handle("SESSION_ALREADY_EXISTS", id));
  return copy;
}

void Sessions::expire() {
  const Instant now = shared_.clock.now();
  std::vector<std::shared_ptr<Session>> expired;
  {
    const std::scoped_lock lock(mutex_);
    for (auto at = sessions_.begin(); at != sessions_.end();) {
      const auto session = at->second;
      for (const auto& operation : session->operations()) {
        if (now - operation->last_read() < abandoned_operation_max) {
          session->touch();  // A session that is being read from is in use.
          continue;
        }
        operation->cancel();
        session->remove_operation(operation->identity().operation_id);
      }
      if (now - session->last_used() > idle_session_max) {
        expired.push_back(session);
        closed_.push_back(at->first);
        at = sessions_.erase(at);
      } else {
        ++at;
      }
    }
  }
}

void Sessions::close_all() {
  std::map<Key, std::shared_ptr<Session>> sessions;
  {
    const std::scoped_lock lock(mutex_);
    sessions.swap(sessions_);
  }
  for (const auto& [key, session] : sessions) session->cancel_operations();
}

}  // namespace mastic::spark_connect
