// The protocol of one request, for services that are spoken to in more than one: beside a service's own (its model's
// first that Mastic generates code for), older clients send forms and newer ones CBOR.
//
//   query        a form; only for services whose operations.txt says `also query`
//   rpc-v2-cbor  POST /service/PREFIX/operation/NAME with the header `smithy-protocol: rpc-v2-cbor`
#pragma once

#include <optional>
#include <string_view>

#include "aws/call.h"
#include "aws/http_head.h"
#include "aws/model.h"
#include "base/result.h"

namespace mastic::aws {

enum class Wire : uint8_t { own, query, cbor };

/// How rpc-v2-cbor names service and operation; nothing when the request is not of that protocol.
struct RpcPath {
  std::string_view service, operation;
};
std::optional<RpcPath> find_rpc_path(const HttpHead& head);

/// Whether a service whose own protocol is JSON also takes forms.
bool takes_forms(const ServiceModel& model);

/// Unpacks a body with `Content-Encoding: gzip`; at most `bytes_max` of it.
Result<std::string> unpack_gzip(std::string_view packed, std::size_t bytes_max);

/// A JSON answer as CBOR, with the headers that go with it.
void answer_in_cbor(OutgoingCall& answer);

/// The code by which query clients know an error of a model that has left that protocol behind; `code` when it has the same.
std::string_view query_code(const ServiceModel& model, std::string_view code);

}  // namespace mastic::aws
