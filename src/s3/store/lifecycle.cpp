#include "s3/store/lifecycle.h"

#include <algorithm>
#include <span>

namespace mastic::s3 {
namespace {

using Rules = std::span<const LifecycleRule>;

bool is_meant(const LifecycleRule& rule, const std::string& key, const Object& object) {
  if (!key.starts_with(rule.prefix)) return false;
  if (object.delete_marker) return rule.tags.empty() && !rule.size_greater_than && !rule.size_less_than;
  if (rule.size_greater_than && object.size <= *rule.size_greater_than) return false;
  if (rule.size_less_than && object.size >= *rule.size_less_than) return false;
  return std::ranges::all_of(rule.tags,
                             [&](const auto& tag) { return std::ranges::find(object.tags, tag) != object.tags.end(); });
}

bool current_is_due(Rules rules, const std::string& key, const Object& object, Instant now) {
  return std::ranges::any_of(rules, [&](const LifecycleRule& rule) {
    if (!is_meant(rule, key, object)) return false;
    return (rule.expiration_date && now >= *rule.expiration_date) ||
           (rule.expiration_days > 0 && is_due(object.last_modified, rule.expiration_days, now));
  });
}

/// `newer` is how many noncurrent versions of the key are newer than this one.
bool noncurrent_is_due(Rules rules, const ListedVersion& version, int64_t newer, Instant now) {
  const Instant since = version.object.noncurrent_since.value_or(version.object.last_modified);
  return std::ranges::any_of(rules, [&](const LifecycleRule& rule) {
    return is_meant(rule, version.key, version.object) && rule.noncurrent_days > 0 && newer >= rule.noncurrent_kept &&
           is_due(since, rule.noncurrent_days, now);
  });
}

/// A delete marker with nothing behind it goes when a rule says so, or when it is old enough to expire itself.
bool lone_marker_is_due(Rules rules, const ListedVersion& marker, Instant now) {
  return std::ranges::any_of(rules, [&](const LifecycleRule& rule) {
    if (!is_meant(rule, marker.key, marker.object)) return false;
    return rule.expires_lone_delete_markers ||
           (rule.expiration_days > 0 && is_due(marker.object.last_modified, rule.expiration_days, now));
  });
}

Precondition is_still(const Object& object) {
  return [etag = object.etag, modified = object.last_modified](const Object* current) -> Result<void> {
    if (current != nullptr && current->etag == etag && current->last_modified == modified) return {};
    return fail(Error{"PreconditionFailed", "the object has changed", 412});
  };
}

/// What one round removes of a bucket's objects and versions.
class Round {
 public:
  Round(ObjectStore& store, const Bucket& bucket, Instant now) : store_(store), bucket_(bucket), now_(now) {}

  Result<void> run(const std::atomic<bool>& stop) {
    ListQuery query;
    std::string version_marker;
    for (bool more = true; more && !stop;) {
      TRY(page, store_.list_versions(bucket_.name, query, version_marker));
      for (const auto& version : page.versions) look_at(version);
      more = page.truncated;
      if (!more) settle_marker();
      query.start_after = page.last_key;
      version_marker = page.last_version_id;
      for (const auto& removed : store_.remove_each(deletions_)) {
        if (!removed && removed.error().http_status >= 500) return fail(removed.error());
      }
      deletions_.clear();
    }
    return {};
  }

 private:
  void look_at(const ListedVersion& version) {
    const auto& object = version.object;
    if (version.latest) {
      settle_marker();
      noncurrent_seen_ = 0;
      if (object.delete_marker)
        lone_marker_ = version;
      else if (current_is_due(bucket_.lifecycle_rules, version.key, object, now_))
        deletions_.push_back({{bucket_.name, version.key}, is_still(object)});
      return;
    }
    lone_marker_.reset();
    if (noncurrent_is_due(bucket_.lifecycle_rules, version, noncurrent_seen_, now_))
      deletions_.push_back({{bucket_.name, version.key, object.version_id}});
    ++noncurrent_seen_;
  }

  void settle_marker() {
    if (lone_marker_ && lone_marker_is_due(bucket_.lifecycle_rules, *lone_marker_, now_))
      deletions_.push_back({{bucket_.name, lone_marker_->key, lone_marker_->object.version_id}});
    lone_marker_.reset();
  }

  ObjectStore& store_;
  const Bucket& bucket_;
  Instant now_;
  int64_t noncurrent_seen_ = 0;
  std::optional<ListedVersion> lone_marker_;  // The latest version of the key at hand, as long as nothing is behind it.
  std::vector<ObjectStore::Deletion> deletions_;
};

Result<void> abort_uploads(ObjectStore& store, const Bucket& bucket, Instant now, const std::atomic<bool>& stop) {
  const auto aborts = [](const LifecycleRule& rule) { return rule.abort_upload_days > 0; };
  if (std::ranges::none_of(bucket.lifecycle_rules, aborts)) return {};
  ListQuery query;
  std::string upload_marker;
  for (bool more = true; more && !stop;) {
    TRY(page, store.list_uploads(bucket.name, query, upload_marker));
    for (const auto& upload : page.uploads) {
      const bool due = std::ranges::any_of(bucket.lifecycle_rules, [&](const LifecycleRule& rule) {
        return aborts(rule) && upload.key.starts_with(rule.prefix) && is_due(upload.initiated, rule.abort_upload_days, now);
      });
      if (!due) continue;
      const auto aborted = store.abort_upload({bucket.name, upload.key}, upload.id);
      if (!aborted && aborted.error().http_status >= 500) return aborted;
    }
    more = page.truncated;
    query.start_after = page.next_key;
    upload_marker = page.next_upload_id;
  }
  return {};
}

}  // namespace

bool is_due(Instant since, int64_t days, Instant now) {
  return now >= std::chrono::ceil<std::chrono::days>(since + std::chrono::days{days});
}

Result<void> apply_lifecycle(ObjectStore& store, Instant now, const std::atomic<bool>& stop) {
  TRY(buckets, store.list_buckets());
  for (const auto& bucket : buckets) {
    if (bucket.lifecycle_rules.empty() || stop) continue;
    auto outcome = Round(store, bucket, now).run(stop);
    if (outcome) outcome = abort_uploads(store, bucket, now, stop);
    // The bucket may have gone meanwhile.
    if (!outcome && outcome.error().code != "NoSuchBucket") return outcome;
  }
  return {};
}

}  // namespace mastic::s3
