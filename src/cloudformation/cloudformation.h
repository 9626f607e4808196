// CloudFormation for the rest of the house.
//
//   TRY(stacks, cloudformation::CloudFormation::open({.folder = data / "cloudformation", .clock = clock, .calls = calls, …}));
//   services.push_back(stacks->make_service());
//   TRY_DO(stacks->begin());      // once the other services answer: goes on with what was interrupted
//
// Owner: main; outlives the services made from it, and goes before the services that it calls. Thread-safe.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace mastic::aws {
class Service;
class ServiceCalls;
struct CallContext;
}  // namespace mastic::aws

namespace mastic::cloudformation {

/// A key for the calls of an operation that may go on for long: of a session of the role (an ARN; it must trust
/// cloudformation.amazonaws.com), or without one of a session with the caller's own rights.
using ActAs = std::function<Result<std::string>(const aws::CallContext& caller, const std::string& role_arn)>;

using ReadTemplate = std::function<Result<std::string>(std::string_view url, const aws::CallContext& caller)>;

struct Dependencies {
  std::filesystem::path folder;
  const Clock& clock;
  aws::ServiceCalls& calls;
  /// The object that a TemplateURL names (see template_places), read with the caller's rights.
  ReadTemplate read_template_url;
  ActAs act_as = {};                                                // without it calls are made with the caller's key
  std::function<void(const std::string& access_key)> release = {};  // of a key that act_as gave
};

class CloudFormation {
 public:
  static Result<std::unique_ptr<CloudFormation>> open(Dependencies dependencies);
  ~CloudFormation();
  CloudFormation(const CloudFormation&) = delete;
  CloudFormation& operator=(const CloudFormation&) = delete;

  aws::Service make_service();
  Result<void> begin();
  /// No further steps begin; those that run have ended when this returns.
  void end();

 private:
  struct Parts;
  explicit CloudFormation(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// Where a template's URL may point in S3, likeliest first: as path and as virtual host. Any host will do: templates are
/// read from this server's own buckets whatever name it was called by.
struct TemplatePlace {
  std::string bucket, key;
};
std::vector<TemplatePlace> template_places(std::string_view url);

}  // namespace mastic::cloudformation
