// A type that is kept as a record alone: nothing stands behind it.
#pragma once

#include "cloudformation/resources/tabled_type.h"

namespace mastic::cloudformation {

class RecordType : public TabledType {
 public:
  using TabledType::TabledType;

 protected:
  Result<Made> change(const ResourceContext& context, const std::string& id, const Json& before,
                      const Json& after) const override;
  Result<void> erase(const ResourceContext& context, const std::string& id, const Json& properties) const override;
  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id,
                                   const Json& properties) const override;
  /// What an update answers; the same that `make` answered.
  [[nodiscard]] virtual Made recorded(const ResourceContext& context, const std::string& id) const = 0;
};

}  // namespace mastic::cloudformation
