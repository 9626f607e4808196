#include "cloudformation/resources/record.h"

#include <array>

#include "base/identifiers.h"
#include "cloudformation/resources/types.h"

namespace mastic::cloudformation {

Result<Made> RecordType::change(const ResourceContext& context, const std::string& id, const Json&, const Json&) const {
  return recorded(context, id);
}

Result<void> RecordType::erase(const ResourceContext&, const std::string&, const Json&) const { return {}; }

Result<std::optional<Json>> RecordType::look(const ResourceContext&, const std::string&, const Json& properties) const {
  return std::optional<Json>(properties);
}

namespace {

constexpr auto metadata_properties = std::to_array<Property>({{"Analytics"}});
constexpr TypeTable metadata_table{"AWS::CDK::Metadata", metadata_properties, {}};

class Metadata final : public RecordType {
 public:
  Metadata() : RecordType(metadata_table) {}

 private:
  Result<Made> make(const ResourceContext& context, const Json&) const override { return recorded(context, random_uuid()); }
  Made recorded(const ResourceContext&, const std::string& id) const override { return {.physical_id = id}; }
};

}  // namespace

std::unique_ptr<ResourceType> cdk_metadata_type() { return std::make_unique<Metadata>(); }

}  // namespace mastic::cloudformation
