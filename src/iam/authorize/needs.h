// What a request needs to be allowed: actions on resources, read off the request's members.
//
// A visible table says for each operation which members name the resources (needs.cpp); S3 has a file of its own. An
// operation without a row needs its own action on `*`.
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

class RequestTexts;

std::vector<Need> needs_of(const aws::Service& service, std::string_view operation, const aws::IncomingCall& call,
                           const aws::CallContext& context, RequestTexts& texts);
std::vector<Need> s3_needs(std::string_view operation, const aws::IncomingCall& call);

}  // namespace mastic::iam
