// A bucket's settings: each property with the S3 operations that put, remove and read it.
#pragma once

#include <string>

#include "cloudformation/resources/tabled_type.h"

namespace mastic::cloudformation {

/// Brings every setting whose property differs from `before` to what `after` says; a missing property removes it.
Result<void> apply_bucket_settings(const ResourceContext& context, const std::string& bucket, const Json& before,
                                   const Json& after);

/// The settings as they are now, of those that `properties` has.
Result<Json> read_bucket_settings(const ResourceContext& context, const std::string& bucket, const Json& properties);

/// `LifecycleConfiguration` as S3's XML has it: <LifecycleConfiguration><Rule>….
Json lifecycle_document(const Json& configuration);
/// The reverse, with what the property may say in two ways said in both.
Json lifecycle_property(const Json& document);

}  // namespace mastic::cloudformation
