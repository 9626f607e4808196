// Finds a request's service and operation, checks who signed it, calls the handler, turns failure into the protocol's bytes.
// No sockets here. One dispatcher serves all threads.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/authorizer.h"
#include "aws/aws_chunked.h"
#include "aws/exchange.h"
#include "aws/key_store.h"
#include "aws/s3_router.h"
#include "aws/service.h"
#include "base/clock.h"

namespace mastic::aws {

class Dispatcher {
 public:
  /// See ServerOptions::session_of.
  using SessionOf = std::function<std::optional<std::string>(const HttpHead&)>;

  /// `keys` may be null: then nothing is verified; and so may `authorizer`: then whoever signed may do everything.
  Dispatcher(std::vector<const Service*> services, const KeyStore* keys, const Clock& clock, std::string account_id,
             const Authorizer* authorizer = nullptr, SessionOf session_of = {});

  /// With the head alone: service, operation where it can be known, and for streaming operations the signature.
  Result<void> begin(Exchange& exchange) const;
  /// With the body in `exchange.call`: the signature, the promised digests, the handler.
  Result<void> finish(Exchange& exchange) const;
  /// Writes an error as the exchange's protocol has it.
  void refuse(Exchange& exchange, const Error& error) const;
  /// What chunk signatures are checked with; nothing when they are not.
  [[nodiscard]] std::optional<ChunkSigning> chunk_signing(const Exchange& exchange) const;

 private:
  Result<void> find_service(Exchange& exchange) const;
  Result<void> find_json_operation(Exchange& exchange, std::string_view target) const;
  Result<void> find_s3_operation(Exchange& exchange) const;
  Result<void> choose_wire(Exchange& exchange) const;
  Result<void> unpack_body(Exchange& exchange) const;
  Result<void> find_query_operation(Exchange& exchange) const;
  Result<void> verify(Exchange& exchange) const;
  Result<void> take_account(Exchange& exchange) const;
  Result<void> authorise(const Exchange& exchange) const;
  [[nodiscard]] std::optional<std::string_view> bucket_of_host(const Exchange& exchange) const;
  void describe_caller(Exchange& exchange) const;

  std::vector<const Service*> services_;
  const Service* s3_ = nullptr;
  std::optional<S3Router> s3_router_;
  const KeyStore* keys_;
  const Clock& clock_;
  std::string account_id_;
  const Authorizer* authorizer_;
  SessionOf session_of_;
};

}  // namespace mastic::aws
