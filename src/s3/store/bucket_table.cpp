#include "s3/store/bucket_table.h"

#include <rocksdb/iterator.h>

#include "s3/errors.h"
#include "s3/store/records.h"

namespace mastic::s3 {

Result<void> BucketTable::load() {
  const auto cursor = index_.cursor(buckets_);
  for (cursor->SeekToFirst(); cursor->Valid(); cursor->Next()) {
    TRY(bucket, decode_bucket(cursor->key().ToStringView(), cursor->value().ToStringView()));
    const std::string name = bucket.name;
    states_.emplace(name, std::make_shared<State>(std::move(bucket)));
  }
  if (!cursor->status().ok()) return fail(Error::io("cannot read the buckets", cursor->status().ToString()));
  return {};
}

Result<std::shared_ptr<BucketTable::State>> BucketTable::state(std::string_view name) const {
  const std::scoped_lock lock(mutex_);
  const auto found = states_.find(name);
  if (found == states_.end()) return fail(errors::no_such_bucket(name));
  return found->second;
}

Result<void> BucketTable::create(Bucket bucket) {
  const std::scoped_lock lock(mutex_);
  if (states_.contains(bucket.name)) return fail(errors::bucket_already_owned_by_you(bucket.name));
  rocks::Batch batch;
  batch.put(buckets_, bucket.name, encode(bucket));
  TRY_DO(index_.write(batch));
  const std::string name = bucket.name;
  states_.emplace(name, std::make_shared<State>(std::move(bucket)));
  return {};
}

Result<Bucket> BucketTable::find(std::string_view name) const {
  TRY(state, this->state(name));
  const std::shared_lock lock(state->mutex);
  return state->bucket;
}

Result<void> BucketTable::check(std::string_view name) const {
  const std::scoped_lock lock(mutex_);
  if (!states_.contains(name)) return fail(errors::no_such_bucket(name));
  return {};
}

Result<bool> BucketTable::is_versioned(std::string_view name) const {
  const std::scoped_lock lock(mutex_);
  const auto found = states_.find(name);
  if (found == states_.end()) return fail(errors::no_such_bucket(name));
  return found->second->versioned.load();
}

std::vector<Bucket> BucketTable::all() const {
  std::vector<std::shared_ptr<State>> states;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [name, state] : states_) states.push_back(state);
  }
  std::vector<Bucket> buckets;
  for (const auto& state : states) {
    const std::shared_lock lock(state->mutex);
    if (!state->deleted) buckets.push_back(state->bucket);
  }
  return buckets;
}

Result<BucketTable::Use> BucketTable::use(std::string_view name) const {
  TRY(state, this->state(name));
  std::shared_lock lock(state->mutex);
  if (state->deleted) return fail(errors::no_such_bucket(name));
  return Use{std::move(state), std::move(lock)};
}

Result<void> BucketTable::update(std::string_view name, const std::function<Result<void>(Bucket&)>& change) {
  TRY(state, this->state(name));
  const std::unique_lock lock(state->mutex);
  if (state->deleted) return fail(errors::no_such_bucket(name));
  Bucket changed = state->bucket;
  TRY_DO(change(changed));
  rocks::Batch batch;
  batch.put(buckets_, name, encode(changed));
  TRY_DO(index_.write(batch));
  state->bucket = std::move(changed);
  state->versioned = state->bucket.versioning != Versioning::off;
  return {};
}

Result<void> BucketTable::remove(std::string_view name, const std::function<Result<void>(rocks::Batch&)>& empty_it) {
  TRY(state, this->state(name));
  const std::unique_lock alone(state->mutex);
  if (state->deleted) return fail(errors::no_such_bucket(name));
  rocks::Batch batch;
  TRY_DO(empty_it(batch));
  batch.remove(buckets_, name);
  TRY_DO(index_.write(batch));
  state->deleted = true;
  const std::scoped_lock lock(mutex_);
  states_.erase(states_.find(name));
  return {};
}

}  // namespace mastic::s3
