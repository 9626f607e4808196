// The objects of a bucket, for the custom resources that CDK puts around buckets.
#pragma once

#include <string>
#include <vector>

#include "cloudformation/resources/service_call.h"

namespace mastic::cloudformation {

/// Deletes every object, version and delete marker. A bucket that is gone is empty.
Result<void> empty_bucket(const ResourceContext& context, const std::string& bucket);

/// The keys that start with `prefix`, current versions only.
Result<std::vector<std::string>> keys_of(const ResourceContext& context, const std::string& bucket, const std::string& prefix);

/// The whole object.
Result<std::string> object_content(const ResourceContext& context, const std::string& bucket, const std::string& key);

Result<void> put_object(const ResourceContext& context, const std::string& bucket, const std::string& key,
                        std::string_view content, std::vector<std::pair<std::string, std::string>> headers);

Result<void> delete_objects(const ResourceContext& context, const std::string& bucket, const std::vector<std::string>& keys);

}  // namespace mastic::cloudformation
