#include "spark/connect/persisted.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <spark/connect/relations.pb.h>

#include "base/identifiers.h"

namespace mastic::spark_connect {

std::string fingerprint(const ::spark::connect::Relation& relation) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  relation.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

void Persisted::mark(const ::spark::connect::Relation& relation, StorageLevel level) {
  std::string bytes = fingerprint(relation);
  const std::scoped_lock lock(mutex_);
  auto& entry = entries_[bytes];
  if (entry != nullptr) return;
  entry = std::make_shared<Entry>();
  entry->id = "persisted_" + random_hex(16);
  entry->bytes = std::move(bytes);
  entry->level = level;
}

std::shared_ptr<Persisted::Entry> Persisted::find(const ::spark::connect::Relation& relation) const {
  const std::string bytes = fingerprint(relation);
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(bytes);
  return found == entries_.end() ? nullptr : found->second;
}

std::shared_ptr<Persisted::Entry> Persisted::unmark(const ::spark::connect::Relation& relation) {
  const std::string bytes = fingerprint(relation);
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(bytes);
  if (found == entries_.end()) return nullptr;
  auto entry = found->second;
  entries_.erase(found);
  return entry;
}

std::vector<std::shared_ptr<Persisted::Entry>> Persisted::unmark_all() {
  const std::scoped_lock lock(mutex_);
  std::vector<std::shared_ptr<Entry>> result;
  for (auto& [bytes, entry] : entries_) result.push_back(entry);
  entries_.clear();
  return result;
}

bool Persisted::empty() const {
  const std::scoped_lock lock(mutex_);
  return entries_.empty();
}

void Persisted::keep(const std::string& id, spark::RelationPtr relation) {
  const std::scoped_lock lock(mutex_);
  kept_.insert_or_assign(id, std::move(relation));
}

spark::RelationPtr Persisted::kept(std::string_view id) const {
  const std::scoped_lock lock(mutex_);
  const auto found = kept_.find(id);
  return found == kept_.end() ? nullptr : found->second;
}

spark::RelationPtr Persisted::forget(std::string_view id) {
  const std::scoped_lock lock(mutex_);
  const auto found = kept_.find(id);
  if (found == kept_.end()) return nullptr;
  auto relation = found->second;
  kept_.erase(found);
  return relation;
}

std::vector<spark::RelationPtr> Persisted::all_kept() const {
  const std::scoped_lock lock(mutex_);
  std::vector<spark::RelationPtr> result = kept_until_end_;
  for (const auto& [id, relation] : kept_) result.push_back(relation);
  return result;
}

void Persisted::keep_until_end(spark::RelationPtr relation) {
  const std::scoped_lock lock(mutex_);
  kept_until_end_.push_back(std::move(relation));
}

}  // namespace mastic::spark_connect
