// One resource with its tags: what a room tells whoever looks over the tags of all rooms.
#pragma once

#include <map>
#include <string>

namespace mastic {

struct TaggedResource {
  std::string arn;
  std::map<std::string, std::string> tags;
};

}  // namespace mastic
