// A service's operation called for a resource, with JSON on both sides whatever the protocol.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "cloudformation/resources/resource_type.h"

namespace mastic::cloudformation {

/// Calls are made with the stack's rights; looks at what there is (Head…, Describe…, List…, Get… but for what hands out a
/// secret, a parameter or an object) with the server's own, so that a right that is missing is never taken for a thing that is
/// missing.
aws::CallContext call_context(const ResourceContext& context, std::string_view operation);

/// Of a json service: `request` and the answer are the operation's own structures.
Result<Json> call_json(const ResourceContext& context, std::string_view service, std::string_view operation,
                       const Json& request);

/// Of a query service: objects and lists become `A.member.1.B`. The answer is the <…Result> element: elements become
/// members, <member> elements lists, text strings; an element without content is an empty string.
Result<Json> call_query(const ResourceContext& context, std::string_view service, std::string_view operation,
                        const Json& request);

/// Of S3: `body` (may be null) is written as XML, lists as repeated elements. The answer's body is given as it came.
Result<aws::LocalAnswer> call_bucket(const ResourceContext& context, std::string_view operation, const std::string& bucket,
                                     const Json& body = nullptr);
/// The same for any request to S3.
Result<aws::LocalAnswer> call_s3(const ResourceContext& context, aws::LocalRequest request);

/// `{"A":{"B":["x","y"]}}` → `<A><B>x</B><B>y</B></A>`.
std::string to_xml(const Json& document);
/// The reverse: a repeated element becomes a list, a single one does not (see as_list).
Result<Json> from_xml(std::string_view document);
/// A list as it is, null as an empty one, anything else as a list of one.
Json as_list(const Json& value);

/// Success when the call succeeded or failed with one of these codes: what was to go is gone.
template <typename T>
Result<void> unless_gone(const Result<T>& result, std::initializer_list<std::string_view> codes) {
  if (result) return {};
  for (const auto code : codes) {
    if (result.error().code == code) return {};
  }
  return fail(Error(result.error()));
}
template <typename T>
bool failed_with(const Result<T>& result, std::string_view code) {
  return !result && result.error().code == code;
}

}  // namespace mastic::cloudformation
