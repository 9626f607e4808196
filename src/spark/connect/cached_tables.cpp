#include "spark/connect/cached_tables.h"

#include "base/identifiers.h"

namespace mastic::spark_connect {
namespace {

std::shared_ptr<CachedTables::Entry> new_entry() {
  auto entry = std::make_shared<CachedTables::Entry>();
  entry->id = "table_" + random_hex(16);
  return entry;
}

}  // namespace

void CachedTables::mark(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  auto& entry = entries_[name];
  if (entry == nullptr) entry = new_entry();
}

CachedTables::EntryPtr CachedTables::find(const std::string& name) const {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(name);
  return found == entries_.end() ? nullptr : found->second;
}

CachedTables::EntryPtr CachedTables::unmark(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(name);
  if (found == entries_.end()) return nullptr;
  auto entry = std::move(found->second);
  entries_.erase(found);
  return entry;
}

std::vector<CachedTables::EntryPtr> CachedTables::unmark_all() {
  const std::scoped_lock lock(mutex_);
  std::vector<EntryPtr> all;
  for (auto& [name, entry] : entries_) all.push_back(std::move(entry));
  entries_.clear();
  return all;
}

std::vector<std::string> CachedTables::names() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, entry] : entries_) names.push_back(name);
  return names;
}

bool CachedTables::empty() const {
  const std::scoped_lock lock(mutex_);
  return entries_.empty();
}

}  // namespace mastic::spark_connect
