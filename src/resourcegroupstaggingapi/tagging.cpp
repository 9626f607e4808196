#include "resourcegroupstaggingapi/tagging.h"

#include "aws/service.h"
#include "resourcegroupstaggingapi/operations/operations.h"

namespace mastic::resourcegroupstaggingapi {

aws::Service make_service(std::vector<std::shared_ptr<TagSource>> sources) {
  aws::Service service("resourcegroupstaggingapi");
  const auto on = [&]<typename Operation>(auto* operation) {
    service.on<Operation>([operation, sources](const typename Operation::Request& request, const Context& context) {
      return operation(request, sources, context);
    });
  };
  on.operator()<wire::GetResources>(get_resources);
  on.operator()<wire::GetTagKeys>(get_tag_keys);
  on.operator()<wire::GetTagValues>(get_tag_values);
  on.operator()<wire::TagResources>(tag_resources);
  on.operator()<wire::UntagResources>(untag_resources);
  return service;
}

}  // namespace mastic::resourcegroupstaggingapi
