#include "resourcegroupstaggingapi/arn.h"

namespace mastic::resourcegroupstaggingapi {

std::string resource_type_of(std::string_view arn) {
  if (!arn.starts_with("arn:")) return {};
  std::string_view service;
  for (int part = 0; part < 5; ++part) {
    const auto colon = arn.find(':');
    if (colon == std::string_view::npos) return {};
    if (part == 2) service = arn.substr(0, colon);
    arn.remove_prefix(colon + 1);
  }
  if (service == "s3") return "s3:bucket";
  return std::string(service).append(":").append(arn.substr(0, arn.find_first_of("/:")));
}

bool type_matches(std::string_view type, std::string_view filter) {
  return type == filter || (type.starts_with(filter) && type.substr(filter.size()).starts_with(':'));
}

}  // namespace mastic::resourcegroupstaggingapi
