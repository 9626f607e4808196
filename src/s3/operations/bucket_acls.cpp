// ACLs of buckets and objects: the owner has full control, nobody else has anything, and that cannot be changed.
#include "aws/models/s3.h"
#include "aws/service.h"
#include "s3/operations/checks.h"
#include "s3/operations/missing.h"
#include "s3/operations/operations.h"
#include "s3/operations/owner.h"

namespace mastic::s3 {
namespace {

namespace wire = aws::s3;

std::vector<wire::Grant> owner_has_full_control() {
  wire::Grant grant;
  grant.grantee = wire::Grantee{};
  grant.grantee->type = "CanonicalUser";
  grant.grantee->id = canonical_id;
  grant.grantee->display_name = owner().display_name;
  grant.permission = "FULL_CONTROL";
  return {grant};
}

bool is_of_owner(const wire::Grant& grant) {
  return grant.permission == "FULL_CONTROL" && grant.grantee && grant.grantee->id == canonical_id;
}

/// Canned ACLs and grants by header were looked at by check_request.
template <typename Request>
Result<void> check_grants_nothing(const Request& request) {
  if (request.acl) return {};
  if (!request.access_control_policy) {
    return fail(Error{"MissingSecurityHeader", "Your request was missing a required header: x-amz-acl"});
  }
  const auto& grants = request.access_control_policy->grants;
  if (grants && !std::ranges::all_of(*grants, is_of_owner)) return fail(errors::acl_not_supported());
  return {};
}

}  // namespace

void add_bucket_acls(aws::Service& service, Room room) {
  service.on<wire::GetBucketAcl>([room](const wire::GetBucketAclRequest& request,
                                        const aws::CallContext& context) -> Result<wire::GetBucketAcl::Response> {
    TRY_DO(check_request(request, context));
    TRY_DO(room.store.find_bucket(request.bucket));
    return wire::GetBucketAcl::Response{.owner = owner(), .grants = owner_has_full_control()};
  });
  service.on<wire::PutBucketAcl>([room](const wire::PutBucketAclRequest& request,
                                        const aws::CallContext& context) -> Result<wire::PutBucketAcl::Response> {
    TRY_DO(check_request(request, context));
    TRY_DO(room.store.find_bucket(request.bucket));
    TRY_DO(check_grants_nothing(request));
    return wire::PutBucketAcl::Response{};
  });
  service.on<wire::GetObjectAcl>([room](const wire::GetObjectAclRequest& request,
                                        const aws::CallContext& context) -> Result<wire::GetObjectAcl::Response> {
    TRY_DO(check_request(request, context));
    TRY_DO(find_object(room, name_of(request), "GET"));
    return wire::GetObjectAcl::Response{.owner = owner(), .grants = owner_has_full_control()};
  });
  service.on<wire::PutObjectAcl>([room](const wire::PutObjectAclRequest& request,
                                        const aws::CallContext& context) -> Result<wire::PutObjectAcl::Response> {
    TRY_DO(check_request(request, context));
    TRY_DO(find_object(room, name_of(request), "PUT"));
    TRY_DO(check_grants_nothing(request));
    return wire::PutObjectAcl::Response{};
  });
}

}  // namespace mastic::s3
