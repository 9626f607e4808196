// AWS::CloudFormation::Stack: a stack whose owner is another stack. Made, changed and removed in the calling thread.
#pragma once

#include "cloudformation/executor/executor.h"
#include "cloudformation/executor/house.h"

namespace mastic::cloudformation {

class NestedStackType final : public ResourceType {
 public:
  NestedStackType(const House& house, Executor& executor) : house_(house), executor_(executor) {}

  [[nodiscard]] std::string_view name() const override { return "AWS::CloudFormation::Stack"; }
  [[nodiscard]] Result<void> validate(const Json& properties) const override;
  [[nodiscard]] Result<Made> create(const ResourceContext& context, const Json& properties) const override;
  [[nodiscard]] Result<Made> update(const ResourceContext& context, const std::string& physical_id, const Json& before,
                                    const Json& after) const override;
  [[nodiscard]] Result<void> remove(const ResourceContext& context, const std::string& physical_id,
                                    const Json& properties) const override;
  [[nodiscard]] Result<std::optional<Json>> read(const ResourceContext& context, const std::string& physical_id,
                                                 const Json& properties) const override;
  [[nodiscard]] bool replaces(std::string_view property) const override;

 private:
  const House& house_;
  Executor& executor_;
};

}  // namespace mastic::cloudformation
