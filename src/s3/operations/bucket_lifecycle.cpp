// A bucket's lifecycle configuration. It is kept as the XML that reading it answers; what the store carries out of it
// (store/lifecycle.h) is taken out when it is set.
#include <fmt/format.h>

#include <set>

#include "aws/models/s3.h"
#include "aws/service.h"
#include "base/identifiers.h"
#include "s3/operations/checks.h"
#include "s3/operations/operations.h"

namespace mastic::s3 {
namespace {

namespace wire = aws::s3;

constexpr std::size_t rules_max = 1000;
constexpr std::string_view default_size_rule = "all_storage_classes_128K";

Error no_lifecycle(const std::string& bucket) {
  return errors::no_such_setting("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", bucket);
}

Result<int64_t> days_of(const std::optional<int32_t>& days, std::string_view action) {
  if (!days) return 0;
  if (*days > 0) return *days;
  return fail(errors::invalid_argument(fmt::format("'Days' for {} action must be a positive integer", action), "Days",
                                       std::to_string(*days)));
}

Result<void> read_expiration(const wire::LifecycleExpiration& expiration, LifecycleRule& rule) {
  const int kinds = (expiration.days ? 1 : 0) + (expiration.date ? 1 : 0) + (expiration.expired_object_delete_marker ? 1 : 0);
  if (kinds != 1) return fail(errors::malformed_xml());
  if (expiration.date && std::chrono::floor<std::chrono::days>(*expiration.date) != *expiration.date)
    return fail(errors::invalid_argument("'Date' must be at midnight GMT", "Date", ""));
  TRY(days, days_of(expiration.days, "Expiration"));
  rule.expiration_days = days;
  rule.expiration_date = expiration.date;
  rule.expires_lone_delete_markers = expiration.expired_object_delete_marker.value_or(false);
  return {};
}

void read_tags(const std::vector<wire::Tag>& tags, LifecycleRule& rule) {
  for (const auto& tag : tags) rule.tags.emplace_back(tag.key, tag.value);
}

Result<void> read_filter(const wire::LifecycleRule& from, LifecycleRule& rule) {
  if (from.filter.has_value() == from.prefix.has_value()) return fail(errors::malformed_xml());
  rule.prefix = from.prefix.value_or("");
  if (!from.filter) return {};
  const auto& filter = *from.filter;
  rule.prefix = filter.prefix.value_or("");
  if (filter.tag) read_tags({*filter.tag}, rule);
  rule.size_greater_than = filter.object_size_greater_than;
  rule.size_less_than = filter.object_size_less_than;
  if (filter.and_) {
    rule.prefix = filter.and_->prefix.value_or("");
    if (filter.and_->tags) read_tags(*filter.and_->tags, rule);
    rule.size_greater_than = filter.and_->object_size_greater_than;
    rule.size_less_than = filter.and_->object_size_less_than;
  }
  return {};
}

Result<LifecycleRule> from_wire(const wire::LifecycleRule& from) {
  LifecycleRule rule;
  TRY_DO(read_filter(from, rule));
  if (from.expiration) TRY_DO(read_expiration(*from.expiration, rule));
  if (from.noncurrent_version_expiration) {
    TRY(days, days_of(from.noncurrent_version_expiration->noncurrent_days, "NoncurrentVersionExpiration"));
    rule.noncurrent_days = days;
    rule.noncurrent_kept = from.noncurrent_version_expiration->newer_noncurrent_versions.value_or(0);
  }
  if (from.abort_incomplete_multipart_upload) {
    TRY(days, days_of(from.abort_incomplete_multipart_upload->days_after_initiation, "AbortIncompleteMultipartUpload"));
    rule.abort_upload_days = days;
  }
  const bool transitions = (from.transitions && !from.transitions->empty()) ||
                           (from.noncurrent_version_transitions && !from.noncurrent_version_transitions->empty());
  if (!from.expiration && !from.noncurrent_version_expiration && !from.abort_incomplete_multipart_upload && !transitions)
    return fail(errors::invalid_request("At least one action needs to be specified in a rule"));
  return rule;
}

std::string to_xml(std::vector<wire::LifecycleRule> rules) {
  wire::GetBucketLifecycleConfigurationOutput shown;
  shown.rules = std::move(rules);
  aws::OutgoingCall written;
  wire::GetBucketLifecycleConfiguration::write(shown, written);
  return std::move(written.body);
}

/// Reads back what to_xml wrote.
Result<std::vector<wire::LifecycleRule>> from_xml(const std::string& xml) {
  aws::IncomingCall call;
  call.body = xml;
  wire::PutBucketLifecycleConfigurationRequest kept;
  aws::ReadContext reading(false);
  if (!wire::PutBucketLifecycleConfiguration::read(call, kept, reading) || !kept.lifecycle_configuration)
    return fail(Error::io("the bucket index is damaged", "a lifecycle configuration"));
  return std::move(kept.lifecycle_configuration->rules);
}

Result<wire::PutBucketLifecycleConfigurationOutput> put_lifecycle(Room room,
                                                                  wire::PutBucketLifecycleConfigurationRequest&& request,
                                                                  const aws::CallContext& context) {
  TRY_DO(check_request(request, context));
  TRY_DO(room.store.find_bucket(request.bucket));
  if (!request.lifecycle_configuration || request.lifecycle_configuration->rules.empty() ||
      request.lifecycle_configuration->rules.size() > rules_max)
    return fail(errors::malformed_xml());
  std::vector<LifecycleRule> carried_out;
  std::set<std::string> ids;
  for (auto& from : request.lifecycle_configuration->rules) {
    if (!from.id || from.id->empty()) from.id = random_uuid();
    if (!ids.insert(*from.id).second) {
      return fail(errors::invalid_argument("Rule ID must be unique. Found same ID for more than one rule", "ID", *from.id));
    }
    TRY(rule, from_wire(from));
    if (from.status == "Enabled") carried_out.push_back(std::move(rule));
  }
  const std::string size_rule = request.transition_default_minimum_object_size.value_or(std::string(default_size_rule));
  const std::string xml = to_xml(std::move(request.lifecycle_configuration->rules));
  TRY_DO(room.store.update_bucket(request.bucket, [&](Bucket& bucket) -> Result<void> {
    bucket.lifecycle = xml;
    bucket.lifecycle_size_rule = size_rule;
    bucket.lifecycle_rules = carried_out;
    return {};
  }));
  return wire::PutBucketLifecycleConfigurationOutput{.transition_default_minimum_object_size = size_rule};
}

Result<wire::GetBucketLifecycleConfigurationOutput> get_lifecycle(Room room,
                                                                  const wire::GetBucketLifecycleConfigurationRequest& request,
                                                                  const aws::CallContext& context) {
  TRY_DO(check_request(request, context));
  TRY(bucket, room.store.find_bucket(request.bucket));
  if (bucket.lifecycle.empty()) return fail(no_lifecycle(request.bucket));
  TRY(rules, from_xml(bucket.lifecycle));
  return wire::GetBucketLifecycleConfigurationOutput{.rules = std::move(rules),
                                                     .transition_default_minimum_object_size = bucket.lifecycle_size_rule};
}

}  // namespace

void add_bucket_lifecycle(aws::Service& service, Room room) {
  service.on<wire::PutBucketLifecycleConfiguration>(
      [room](wire::PutBucketLifecycleConfigurationRequest&& request, const aws::CallContext& context) {
        return put_lifecycle(room, std::move(request), context);
      });
  service.on<wire::GetBucketLifecycleConfiguration>(
      [room](const wire::GetBucketLifecycleConfigurationRequest& request, const aws::CallContext& context) {
        return get_lifecycle(room, request, context);
      });
  service.on<wire::DeleteBucketLifecycle>(
      [room](const wire::DeleteBucketLifecycleRequest& request,
             const aws::CallContext& context) -> Result<wire::DeleteBucketLifecycle::Response> {
        TRY_DO(check_request(request, context));
        TRY_DO(room.store.update_bucket(request.bucket, [](Bucket& bucket) -> Result<void> {
          bucket.lifecycle.clear();
          bucket.lifecycle_size_rule.clear();
          bucket.lifecycle_rules.clear();
          return {};
        }));
        return wire::DeleteBucketLifecycle::Response{};
      });
}

}  // namespace mastic::s3
