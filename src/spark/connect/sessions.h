// All sessions of a server, by user and session id.
//
// A session begins with its first request and ends by ReleaseSession or after an hour without one. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "spark/connect/session.h"

namespace mastic::spark_connect {

class Sessions {
 public:
  explicit Sessions(SharedState& shared) : shared_(shared) {}

  /// `observed_server_side_id`: what the client believes, empty if it does not know yet. Errors: INVALID_HANDLE.FORMAT,
  /// .SESSION_CHANGED, .SESSION_CLOSED.
  [[nodiscard]] spark::SparkResult<std::shared_ptr<Session>> open(const std::string& user, const std::string& id,
                                                                  const std::string& observed_server_side_id);
  /// Without beginning one: INVALID_HANDLE.SESSION_NOT_FOUND.
  [[nodiscard]] spark::SparkResult<std::shared_ptr<Session>> find(const std::string& user, const std::string& id,
                                                                  const std::string& observed_server_side_id);
  /// Cancels what runs. With `allow_reconnect`, the id may begin a session again. Null: there was none.
  std::shared_ptr<Session> close(const std::string& user, const std::string& id, bool allow_reconnect);
  [[nodiscard]] spark::SparkResult<std::shared_ptr<Session>> clone(const std::shared_ptr<Session>& session,
                                                                   const std::string& new_id);
  /// Ends sessions and operations that nobody has asked for in a long time.
  void expire();
  void close_all();

 private:
  using Key = std::pair<std::string, std::string>;
  [[nodiscard]] spark::SparkResult<std::shared_ptr<Session>> find_open(const Key& key, const std::string& observed);

  SharedState& shared_;
  std::mutex mutex_;
  std::map<Key, std::shared_ptr<Session>> sessions_;
  std::vector<Key> closed_;
};

}  // namespace mastic::spark_connect
