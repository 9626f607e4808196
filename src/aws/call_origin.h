// The way that a request came, as policies may ask for it.
#pragma once

#include <string>

namespace mastic::aws {

struct CallOrigin {
  bool anonymous = false;  // nobody signed it, although requests are signed here
  std::string address;     // "127.0.0.1"; empty: it came from within
  bool is_private = true;  // nobody on a network could read it
  std::string called_via;  // the service that calls for somebody: "cloudformation.amazonaws.com"
};

}  // namespace mastic::aws
