// Asked by the dispatcher before each handler, once the signature was verified: may this caller do that?
#pragma once

#include <string_view>

#include "base/result.h"

namespace mastic::aws {

class Service;
struct CallContext;
struct CallOrigin;
struct IncomingCall;

/// Thread-safe. Fails with the error that the client shall get, in the words of the service's protocol.
class Authorizer {
 public:
  virtual ~Authorizer() = default;
  /// Of operations that stream, the body is not there yet.
  [[nodiscard]] virtual Result<void> authorise(const Service& service, std::string_view operation, const IncomingCall& call,
                                               const CallContext& context, const CallOrigin& origin) const = 0;
};

}  // namespace mastic::aws
