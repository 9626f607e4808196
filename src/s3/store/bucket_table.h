// The buckets, in memory and in the index. Thread-safe.
//
// Whoever changes a bucket's content holds its state shared from the check that it exists until the change is durable;
// deletion holds it alone. So nothing is ever written into a bucket that is gone.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/rocks.h"
#include "s3/object.h"

namespace mastic::s3 {

class BucketTable {
 public:
  struct State {
    explicit State(Bucket with) : bucket(std::move(with)), versioned(bucket.versioning != Versioning::off) {}
    std::shared_mutex mutex;
    Bucket bucket;
    std::atomic<bool> versioned;  // Has versions, or had them once. Readable without the mutex.
    bool deleted = false;
  };
  /// Keeps the bucket from being deleted.
  struct Use {
    std::shared_ptr<State> state;
    std::shared_lock<std::shared_mutex> lock;
  };

  explicit BucketTable(rocks::Database& index) : index_(index), buckets_(index.family("buckets")) {}
  Result<void> load();

  Result<void> create(Bucket bucket);
  [[nodiscard]] Result<Bucket> find(std::string_view name) const;
  [[nodiscard]] Result<void> check(std::string_view name) const;  // NoSuchBucket, or nothing
  /// The same, and whether it has versions, or had them once.
  [[nodiscard]] Result<bool> is_versioned(std::string_view name) const;
  [[nodiscard]] std::vector<Bucket> all() const;
  Result<Use> use(std::string_view name) const;
  Result<void> update(std::string_view name, const std::function<Result<void>(Bucket&)>& change);
  /// `empty_it` may refuse, and adds to the batch what goes with the bucket.
  Result<void> remove(std::string_view name, const std::function<Result<void>(rocks::Batch&)>& empty_it);

 private:
  [[nodiscard]] Result<std::shared_ptr<State>> state(std::string_view name) const;

  rocks::Database& index_;
  rocks::Family buckets_;
  mutable std::mutex mutex_;  // Of `states_`; may be taken while holding a state's mutex, never the other way round.
  std::map<std::string, std::shared_ptr<State>, std::less<>> states_;
};

}  // namespace mastic::s3
