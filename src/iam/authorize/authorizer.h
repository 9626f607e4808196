// IAM's answer to whoever is about to do something: every need must be granted to the one who asks.
//
// Requests of the wire come with their signer's key; what CloudFormation calls, what an engine asks of the stores and what a
// crawl does come with the key of the session that they act in. Thread-safe.
#pragma once

#include <string_view>

#include "aws/authorizer.h"
#include "base/clock.h"
#include "iam/policy/match.h"

namespace mastic::aws {
struct CallContext;
struct CallOrigin;
}  // namespace mastic::aws

namespace mastic::iam {

class Iam;
struct Caller;

class Authorizer final : public aws::Authorizer {
 public:
  /// Both must outlive this object.
  Authorizer(const Iam& iam, const Clock& clock) : iam_(iam), clock_(clock) {}

  [[nodiscard]] Result<void> authorise(const aws::Service& service, std::string_view operation, const aws::IncomingCall& call,
                                       const aws::CallContext& context, const aws::CallOrigin& origin) const override;

  /// Without a request: AWS's error for `action` ("s3:GetObject") on the ARN, when whoever has the key may not.
  [[nodiscard]] Result<void> permit(const aws::CallContext& context, std::string_view action, std::string_view resource,
                                    policy::Keys keys = {}) const;

 private:
  [[nodiscard]] policy::Keys common_keys(const aws::CallContext& context, const aws::CallOrigin& origin) const;

  const Iam& iam_;
  const Clock& clock_;
};

}  // namespace mastic::iam
