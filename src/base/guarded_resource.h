// One resource with what is attached to it: its policy and its tags. What a room tells whoever decides on requests to it.
#pragma once

#include <map>
#include <string>

namespace mastic {

struct GuardedResource {
  std::string arn;
  std::string policy;  // a document; empty: none
  std::map<std::string, std::string> tags;
};

}  // namespace mastic
