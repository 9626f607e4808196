// The operations of this room. Each file adds the handlers it holds; service.cpp is the table of them.
//
// Handlers are free of state of their own: what they need is in Room. They run on many threads at once.
#pragma once

#include "s3/object_store.h"

namespace mastic {
class Clock;
}
namespace mastic::aws {
class Service;
}

namespace mastic::s3 {

struct Room {
  ObjectStore& store;
  const Clock& clock;
};

void add_buckets(aws::Service& service, Room room);
void add_bucket_acls(aws::Service& service, Room room);
void add_bucket_encryption(aws::Service& service, Room room);
void add_bucket_lifecycle(aws::Service& service, Room room);
void add_bucket_policy(aws::Service& service, Room room);
void add_bucket_protection(aws::Service& service, Room room);
void add_bucket_settings(aws::Service& service, Room room);
void add_bucket_tagging(aws::Service& service, Room room);
void add_put_object(aws::Service& service, Room room);
void add_get_object(aws::Service& service, Room room);
void add_delete_objects(aws::Service& service, Room room);
void add_copy_object(aws::Service& service, Room room);
void add_object_attributes(aws::Service& service, Room room);
void add_object_tagging(aws::Service& service, Room room);
void add_list_objects(aws::Service& service, Room room);
void add_uploads(aws::Service& service, Room room);
void add_upload_part(aws::Service& service, Room room);
void add_complete_upload(aws::Service& service, Room room);
void add_list_uploads(aws::Service& service, Room room);

}  // namespace mastic::s3
