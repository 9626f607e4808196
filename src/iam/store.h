// IAM's entities: in memory, and in `iam.db` (SQLite, a row an entity) before a change is answered. Owner: Iam.
// Thread-safe; whatever is given away is a copy or shared and never changes. Names differ by more than their case.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/sqlite.h"
#include "iam/entities.h"

namespace mastic::iam {

/// One kind of entity by its key, which for principals is the name in lower case, for policies the ARN.
template <typename Entity>
using Shelf = std::map<std::string, std::shared_ptr<const Entity>, std::less<>>;

class Store {
 public:
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder);

  enum class Kind : int { user, role, policy, access_key, session, group, instance_profile };

  template <typename Entity>
  [[nodiscard]] std::shared_ptr<const Entity> find(Kind kind, std::string_view key) const;
  template <typename Entity>
  [[nodiscard]] std::vector<std::shared_ptr<const Entity>> list(Kind kind) const;
  /// False when there is one already.
  template <typename Entity>
  Result<bool> create(Kind kind, Entity entity);
  /// Hands a copy to `change` and keeps it when that succeeds; gives what is kept, null when there is none.
  template <typename Entity>
  Result<std::shared_ptr<const Entity>> change(Kind kind, std::string_view key,
                                               const std::function<Result<void>(Entity&)>& change);
  Result<void> remove(Kind kind, std::string_view key);
  Result<void> remove_sessions_before(Instant time);

  /// Grows with each change to users, roles and policies: what was made of them before is out of date.
  [[nodiscard]] uint64_t generation() const { return generation_.load(std::memory_order_acquire); }

 private:
  explicit Store(std::unique_ptr<sqlite::Database> database) : database_(std::move(database)) {}
  Result<void> load();
  template <typename Entity>
  Result<void> write(Kind kind, const std::string& key, const Entity& entity);
  template <typename Entity>
  Shelf<Entity>& shelf(Kind kind);
  template <typename Entity>
  const Shelf<Entity>& shelf(Kind kind) const {
    return const_cast<Store*>(this)->shelf<Entity>(kind);
  }

  const std::unique_ptr<sqlite::Database> database_;
  std::atomic<uint64_t> generation_{1};
  mutable std::shared_mutex mutex_;
  Shelf<Principal> users_, roles_, groups_, instance_profiles_;
  Shelf<ManagedPolicy> policies_;
  Shelf<AccessKey> keys_;
  Shelf<Session> sessions_;
};

/// How a user's or role's name is looked up.
std::string lower_case(std::string_view name);
/// "AROA" → "AROA3XFRBF23EXAMPLE12": IAM's unique identifiers, 21 characters; access keys have 20.
std::string make_identifier(std::string_view prefix, std::size_t length = 21);
std::string make_secret();

}  // namespace mastic::iam
