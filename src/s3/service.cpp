#include "aws/service.h"

#include <array>

#include "s3/operations/operations.h"
#include "s3/s3.h"

namespace mastic::s3 {

aws::Service make_service(ObjectStore& store, const Clock& clock) {
  constexpr auto operations = std::to_array<void (*)(aws::Service&, Room)>({
      add_buckets,           add_bucket_acls,     add_bucket_encryption, add_bucket_lifecycle, add_bucket_policy,
      add_bucket_protection, add_bucket_settings, add_bucket_tagging,    add_put_object,       add_get_object,
      add_delete_objects,    add_copy_object,     add_object_attributes, add_object_tagging,   add_list_objects,
      add_uploads,           add_upload_part,     add_complete_upload,   add_list_uploads,
  });
  aws::Service service("s3");
  service.spool_into(store.incoming_folder());
  service.find_buckets_with([&store](std::string_view name) { return store.find_bucket(name).has_value(); });
  for (const auto add : operations) add(service, {store, clock});
  return service;
}

}  // namespace mastic::s3
