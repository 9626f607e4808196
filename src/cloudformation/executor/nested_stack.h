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

  // An update of a child leaves what it replaced until its parent has succeeded, so that there is a way back.
  /// The parent has succeeded: what the child's update replaced goes.
  [[nodiscard]] Result<void> conclude(const ResourceContext& context, const std::string& physical_id) const;
  /// The parent goes back, and the child with it; one that has gone back by itself, or that did not change, stays. The
  /// child's resources of the names `skipped` are taken for restored.
  [[nodiscard]] Result<void> go_back(const ResourceContext& context, const std::string& physical_id,
                                     const std::vector<std::string>& skipped) const;

 private:
  const House& house_;
  Executor& executor_;
};

}  // namespace mastic::cloudformation
