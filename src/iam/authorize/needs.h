// What a request needs to be allowed: actions on resources, read off the request's members.
//
// A visible table says for each operation which members name the resources (needs.cpp); S3 has a file of its own. An
// operation without a row needs its own action on `*`. When a member is written twice, each of its values counts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aws/call.h"
#include "aws/service.h"
#include "iam/policy/match.h"

namespace mastic::iam {

struct Need {
  std::string action;    // "glue:GetTable"
  std::string resource;  // an ARN, or "*"
  policy::Keys keys = {};
};

std::vector<Need> needs_of(const aws::Service& service, std::string_view operation, const aws::IncomingCall& call,
                           const aws::CallContext& context);
std::vector<Need> s3_needs(std::string_view operation, const aws::IncomingCall& call);

/// The texts at `path` ("TableInput.Name", "JobNames[]", "RequestItems.*" for an object's names) of a JSON body.
std::vector<std::string> json_texts(std::string_view body, std::string_view path);

}  // namespace mastic::iam
