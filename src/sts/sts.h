// The Security Token Service over IAM's principals.
//
//   services.push_back(sts::make_service(*iam, {.enforcing = keys_are_configured}));
//
// Without enforcement anyone may take any role that exists; with it the role's trust policy decides.
#pragma once

#include "base/result.h"

namespace mastic::aws {
class Service;
}
namespace mastic::iam {
class Iam;
}

namespace mastic::sts {

struct Options {
  bool enforcing = false;
};

/// `iam` must outlive the service.
aws::Service make_service(iam::Iam& iam, Options options);

}  // namespace mastic::sts
