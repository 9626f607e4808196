// The settings that tools (Terraform, the CDK, consoles) read of any bucket. None of them can be set here yet, so each answer
// is AWS's for a bucket without that setting: an error of its own name, or an empty configuration.
#include "aws/models/s3.h"
#include "aws/service.h"
#include "s3/operations/checks.h"
#include "s3/operations/operations.h"
#include "s3/operations/owner.h"

namespace mastic::s3 {
namespace {

namespace wire = aws::s3;

/// A setting whose absence is an error.
template <typename Operation>
void add_absent(aws::Service& service, Room room, std::string_view code, std::string_view message) {
  using Request = typename Operation::Request;
  using Response = typename Operation::Response;
  service.on<Operation>([=](const Request& request, const aws::CallContext& context) -> Result<Response> {
    TRY_DO(check_request(request, context));
    TRY_DO(room.store.find_bucket(request.bucket));
    return fail(errors::no_such_setting(code, message, request.bucket));
  });
}

/// A setting that has a value when nobody sets it.
template <typename Operation>
void add_default(aws::Service& service, Room room, typename Operation::Response value) {
  using Request = typename Operation::Request;
  using Response = typename Operation::Response;
  service.on<Operation>([=](const Request& request, const aws::CallContext& context) -> Result<Response> {
    TRY_DO(check_request(request, context));
    TRY_DO(room.store.find_bucket(request.bucket));
    return value;
  });
}

wire::GetBucketAclOutput owner_has_full_control() {
  wire::Grant grant;
  grant.grantee = wire::Grantee{};
  grant.grantee->type = "CanonicalUser";
  grant.grantee->id = canonical_id;
  grant.grantee->display_name = owner().display_name;
  grant.permission = "FULL_CONTROL";
  return {.owner = owner(), .grants = std::vector{grant}};
}

}  // namespace

void add_bucket_settings(aws::Service& service, Room room) {
  add_default<wire::GetBucketAccelerateConfiguration>(service, room, {});
  add_default<wire::GetBucketAcl>(service, room, owner_has_full_control());
  add_default<wire::GetBucketLogging>(service, room, {});
  add_default<wire::GetBucketNotificationConfiguration>(service, room, {});
  add_default<wire::GetBucketRequestPayment>(service, room, {.payer = "BucketOwner"});
  add_default<wire::GetBucketVersioning>(service, room, {});

  add_absent<wire::GetBucketCors>(service, room, "NoSuchCORSConfiguration", "The CORS configuration does not exist");
  add_absent<wire::GetBucketEncryption>(service, room, "ServerSideEncryptionConfigurationNotFoundError",
                                        "The server side encryption configuration was not found");
  add_absent<wire::GetBucketLifecycleConfiguration>(service, room, "NoSuchLifecycleConfiguration",
                                                    "The lifecycle configuration does not exist");
  add_absent<wire::GetBucketOwnershipControls>(service, room, "OwnershipControlsNotFoundError",
                                               "The bucket ownership controls were not found");
  add_absent<wire::GetBucketPolicy>(service, room, "NoSuchBucketPolicy", "The bucket policy does not exist");
  add_absent<wire::GetBucketReplication>(service, room, "ReplicationConfigurationNotFoundError",
                                         "The replication configuration was not found");
  add_absent<wire::GetBucketWebsite>(service, room, "NoSuchWebsiteConfiguration",
                                     "The specified bucket does not have a website configuration");
  add_absent<wire::GetObjectLockConfiguration>(service, room, "ObjectLockConfigurationNotFoundError",
                                               "Object Lock configuration does not exist for this bucket");
  add_absent<wire::GetPublicAccessBlock>(service, room, "NoSuchPublicAccessBlockConfiguration",
                                         "The public access block configuration was not found");
}

}  // namespace mastic::s3
