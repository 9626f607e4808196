// IAM's answer to the dispatcher: every need of a request must be granted to whoever signed it.
#pragma once

#include "aws/authorizer.h"

namespace mastic::iam {

class Iam;

class Authorizer final : public aws::Authorizer {
 public:
  /// `iam` must outlive this object.
  explicit Authorizer(const Iam& iam) : iam_(iam) {}

  [[nodiscard]] Result<void> authorise(const aws::Service& service, std::string_view operation, const aws::IncomingCall& call,
                                       const aws::CallContext& context) const override;

 private:
  const Iam& iam_;
};

}  // namespace mastic::iam
