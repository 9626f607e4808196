// What a service with tags offers to the Tagging API. Implemented outside this room; thread-safe.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/tagged_resource.h"

namespace mastic::aws {
struct CallContext;
}

namespace mastic::resourcegroupstaggingapi {

class TagSource {
 public:
  virtual ~TagSource() = default;

  /// Its resources; those without tags may be among them.
  virtual Result<std::vector<TaggedResource>> resources(const aws::CallContext& context) = 0;
  /// Whether an ARN is of a kind that this source has; the resource need not be there.
  [[nodiscard]] virtual bool owns(std::string_view arn) const = 0;
  /// Adds tags or gives them other values. Fails as the service itself would.
  virtual Result<void> tag(std::string_view arn, const std::map<std::string, std::string>& tags,
                           const aws::CallContext& context) = 0;
  /// A key that is not there is no failure.
  virtual Result<void> untag(std::string_view arn, const std::vector<std::string>& keys, const aws::CallContext& context) = 0;
};

}  // namespace mastic::resourcegroupstaggingapi
