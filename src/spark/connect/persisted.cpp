#include "spark/connect/persisted.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message.h>
#include <spark/connect/common.pb.h>
#include <spark/connect/expressions.pb.h>
#include <spark/connect/relations.pb.h>

#include "base/identifiers.h"

namespace mastic::spark_connect {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int nesting_max = 2000;

/// Whether the message means another thing when a table, a view or a function of that name has changed.
bool depends_on_names(const Message& message) {
  const auto* type = message.GetDescriptor();
  for (const auto* named :
       {::spark::connect::Read::descriptor(), ::spark::connect::SQL::descriptor(), ::spark::connect::CallFunction::descriptor(),
        ::spark::connect::UnresolvedTableValuedFunction::descriptor(),
        ::spark::connect::Expression::ExpressionString::descriptor()}) {
    if (type == named) return true;
  }
  return type == ::spark::connect::Expression::UnresolvedFunction::descriptor() &&
         static_cast<const ::spark::connect::Expression::UnresolvedFunction&>(message).is_user_defined_function();
}

/// Numbers plan ids anew in the order of their appearance and leaves out where in the user's code a call stands. False: the
/// message depends on names, so what is written alike need not be alike.
bool normalise(Message& message, std::map<int64_t, int64_t>& ids, int depth) {
  if (depth > nesting_max || depends_on_names(message)) return false;
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const auto* field : fields) {
    if (field->name() == "plan_id" && field->cpp_type() == FieldDescriptor::CPPTYPE_INT64 && !field->is_repeated()) {
      const auto known = ids.try_emplace(reflection->GetInt64(message, field), static_cast<int64_t>(ids.size())).first;
      reflection->SetInt64(&message, field, known->second);
      continue;
    }
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (field->message_type() == ::spark::connect::Origin::descriptor()) {
      reflection->ClearField(&message, field);
      continue;
    }
    const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      auto& child = field->is_repeated() ? *reflection->MutableRepeatedMessage(&message, field, i)
                                         : *reflection->MutableMessage(&message, field);
      if (!normalise(child, ids, depth + 1)) return false;
    }
  }
  return true;
}

std::string serialised(const ::spark::connect::Relation& relation) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  relation.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

}  // namespace

std::string fingerprint(const ::spark::connect::Relation& relation) {
  auto normal = relation;
  std::map<int64_t, int64_t> ids;
  return serialised(normalise(normal, ids, 0) ? normal : relation);
}

void Persisted::mark(const ::spark::connect::Relation& relation, StorageLevel level) {
  std::string bytes = fingerprint(relation);
  const std::scoped_lock lock(mutex_);
  auto& entry = entries_[bytes];
  if (entry != nullptr) return;
  entry = std::make_shared<Entry>();
  entry->id = "persisted_" + random_hex(16);
  entry->relation = serialised(relation);
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
