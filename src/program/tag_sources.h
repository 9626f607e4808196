// The tags of all rooms, as the Tagging API looks over them. This is the place where rooms are connected to it: a room
// tells what it has, and its own operations change it.
#pragma once

#include <memory>
#include <vector>

#include "aws/local_call.h"
#include "resourcegroupstaggingapi/tag_source.h"

namespace mastic::dynamodb {
class Database;
}
namespace mastic::ecr {
class Ecr;
}
namespace mastic::glue {
class Glue;
}
namespace mastic::logs {
class Logs;
}
namespace mastic::s3 {
class ObjectStore;
}
namespace mastic::ssm {
class Ssm;
}

namespace mastic::program {

struct TaggedRooms {
  s3::ObjectStore& objects;
  dynamodb::Database& items;
  glue::Glue& glue;
  logs::Logs& logs;
  ecr::Ecr& ecr;
  ssm::Ssm& parameters;
  const aws::ServiceCalls& calls;  // may still be empty: it is used when the Tagging API is
};

/// All of `rooms` outlives the answer.
std::vector<std::shared_ptr<resourcegroupstaggingapi::TagSource>> tag_sources(const TaggedRooms& rooms);

}  // namespace mastic::program
