#include "iam/store.h"

#include <algorithm>
#include <array>
#include <mutex>

#include "base/files.h"
#include "iam/entity_text.h"

namespace mastic::iam {
namespace {

constexpr std::array<std::string_view, 1> migrations = {
    "CREATE TABLE entity(kind INTEGER NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY(kind, key)) WITHOUT ROWID;"};

std::string key_of(const Principal& principal) { return lower_case(principal.name); }
std::string key_of(const ManagedPolicy& policy) { return policy.arn; }
std::string key_of(const AccessKey& key) { return key.id; }
std::string key_of(const Session& session) { return session.key; }

}  // namespace

std::string lower_case(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lower;
}

template <>
Shelf<Principal>& Store::shelf(Kind kind) {
  switch (kind) {
    case Kind::role: return roles_;
    case Kind::group: return groups_;
    case Kind::instance_profile: return instance_profiles_;
    default: return users_;
  }
}
template <>
Shelf<ManagedPolicy>& Store::shelf(Kind) {
  return policies_;
}
template <>
Shelf<AccessKey>& Store::shelf(Kind) {
  return keys_;
}
template <>
Shelf<Session>& Store::shelf(Kind) {
  return sessions_;
}

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& folder) {
  TRY_DO(make_folder(folder));
  TRY(database, sqlite::Database::open(folder / "iam.db", migrations));
  std::unique_ptr<Store> store(new Store(std::move(database)));
  TRY_DO(store->load());
  return store;
}

Result<void> Store::load() {
  TRY(rows, database_->query("SELECT kind, key, body FROM entity"));
  for (const auto& row : rows) {
    const auto kind = static_cast<Kind>(row.integer(0));
    const auto take = [&]<typename Entity>(Shelf<Entity>& shelf) -> Result<void> {
      auto entity = std::make_shared<Entity>();
      TRY_DO(from_text(row.text(2), *entity));
      shelf.emplace(row.text(1), std::move(entity));
      return {};
    };
    switch (kind) {
      case Kind::user: TRY_DO(take(users_)); break;
      case Kind::role: TRY_DO(take(roles_)); break;
      case Kind::policy: TRY_DO(take(policies_)); break;
      case Kind::access_key: TRY_DO(take(keys_)); break;
      case Kind::session: TRY_DO(take(sessions_)); break;
      case Kind::group: TRY_DO(take(groups_)); break;
      case Kind::instance_profile: TRY_DO(take(instance_profiles_)); break;
    }
  }
  return {};
}

template <typename Entity>
Result<void> Store::write(Kind kind, const std::string& key, const Entity& entity) {
  TRY_DO(database_->run("INSERT INTO entity(kind, key, body) VALUES(?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body",
                        static_cast<int>(kind), key, to_text(entity)));
  return {};
}

template <typename Entity>
std::shared_ptr<const Entity> Store::find(Kind kind, std::string_view key) const {
  const std::shared_lock lock(mutex_);
  const auto& all = shelf<Entity>(kind);
  const auto found = all.find(key);
  return found == all.end() ? nullptr : found->second;
}

template <typename Entity>
std::vector<std::shared_ptr<const Entity>> Store::list(Kind kind) const {
  const std::shared_lock lock(mutex_);
  std::vector<std::shared_ptr<const Entity>> entities;
  for (const auto& [key, entity] : shelf<Entity>(kind)) entities.push_back(entity);
  return entities;
}

template <typename Entity>
Result<bool> Store::create(Kind kind, Entity entity) {
  const std::scoped_lock lock(mutex_);
  auto& all = shelf<Entity>(kind);
  auto key = key_of(entity);
  if (all.contains(key)) return false;
  TRY_DO(write(kind, key, entity));
  all.emplace(std::move(key), std::make_shared<Entity>(std::move(entity)));
  if (kind != Kind::session) generation_.fetch_add(1, std::memory_order_release);
  return true;
}

template <typename Entity>
Result<std::shared_ptr<const Entity>> Store::change(Kind kind, std::string_view key,
                                                    const std::function<Result<void>(Entity&)>& change) {
  const std::scoped_lock lock(mutex_);
  auto& all = shelf<Entity>(kind);
  const auto found = all.find(key);
  if (found == all.end()) return std::shared_ptr<const Entity>();
  auto changed = std::make_shared<Entity>(*found->second);
  TRY_DO(change(*changed));
  auto new_key = key_of(*changed);
  if (new_key == key) {
    TRY_DO(write(kind, new_key, *changed));
    found->second = changed;
  } else {
    TRY_DO(database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
      TRY_DO(t.run("UPDATE entity SET key = ?, body = ? WHERE kind = ? AND key = ?", new_key, to_text(*changed),
                   static_cast<int>(kind), key));
      return {};
    }));
    all.erase(found);
    all.emplace(std::move(new_key), changed);
  }
  generation_.fetch_add(1, std::memory_order_release);
  return std::shared_ptr<const Entity>(changed);
}

Result<void> Store::remove(Kind kind, std::string_view key) {
  const std::scoped_lock lock(mutex_);
  TRY_DO(database_->run("DELETE FROM entity WHERE kind = ? AND key = ?", static_cast<int>(kind), key));
  const std::string owned(key);
  switch (kind) {
    case Kind::user: users_.erase(owned); break;
    case Kind::role: roles_.erase(owned); break;
    case Kind::policy: policies_.erase(owned); break;
    case Kind::access_key: keys_.erase(owned); break;
    case Kind::session: sessions_.erase(owned); break;
    case Kind::group: groups_.erase(owned); break;
    case Kind::instance_profile: instance_profiles_.erase(owned); break;
  }
  if (kind != Kind::session) generation_.fetch_add(1, std::memory_order_release);
  return {};
}

Result<void> Store::remove_sessions_before(Instant time) {
  std::vector<std::string> expired;
  {
    const std::shared_lock lock(mutex_);
    for (const auto& [key, session] : sessions_) {
      if (session->expires_at < time) expired.push_back(key);
    }
  }
  for (const auto& key : expired) TRY_DO(remove(Kind::session, key));
  return {};
}

#define MASTIC_IAM_ENTITY(Entity)                                                              \
  template std::shared_ptr<const Entity> Store::find<Entity>(Kind, std::string_view) const;    \
  template std::vector<std::shared_ptr<const Entity>> Store::list<Entity>(Kind) const;         \
  template Result<bool> Store::create<Entity>(Kind, Entity);                                   \
  template Result<std::shared_ptr<const Entity>> Store::change<Entity>(Kind, std::string_view, \
                                                                       const std::function<Result<void>(Entity&)>&);
MASTIC_IAM_ENTITY(Principal)
MASTIC_IAM_ENTITY(ManagedPolicy)
MASTIC_IAM_ENTITY(AccessKey)
MASTIC_IAM_ENTITY(Session)
#undef MASTIC_IAM_ENTITY

}  // namespace mastic::iam
