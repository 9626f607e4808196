// One request and its answer while they are worked on. A connection has one and reuses its memory.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/body_sink.h"
#include "aws/call.h"
#include "aws/call_origin.h"
#include "aws/http_head.h"
#include "aws/model.h"
#include "aws/service.h"
#include "aws/sigv4.h"
#include "aws/wire.h"

namespace mastic::aws {

struct Exchange {
  HttpHead head;
  IncomingCall call;
  OutgoingCall answer;
  CallContext context;
  CallOrigin origin;  // of the connection; `anonymous` of the request

  const ServiceModel* model = nullptr;  // whose protocol an error is written in
  const Service* service = nullptr;
  Wire wire = Wire::own;                      // when the service speaks more than its model's protocol
  const OperationModel* operation = nullptr;  // of query services known only once the body is there
  std::optional<Credential> credential;
  std::optional<std::string> signing_key;  // once the signature was verified
  BodyPromises promises;
  std::string_view payload_hash;  // as x-amz-content-sha256 says; empty: it must be computed
  bool aws_chunked = false;
  std::string unpacked;  // the body, when it came packed or in another notation; readable 64 bytes past its end

  [[nodiscard]] Protocol protocol() const { return wire == Wire::query ? Protocol::query : model->protocol; }
  [[nodiscard]] bool streams() const { return operation != nullptr && operation->streams_in && service != nullptr; }
  void reset();
};

}  // namespace mastic::aws
