#include "aws/dispatcher.h"

#include <fmt/format.h>

#include <algorithm>

#include "aws/cbor.h"
#include "aws/encoding.h"
#include "aws/node.h"
#include "aws/request_id.h"
#include "aws/sigv2.h"
#include "aws/wire_errors.h"

namespace mastic::aws {
namespace {

/// Stand-ins whose protocol answers a request that no service of ours takes.
constexpr ServiceModel unknown_json{.name = "this service",
                                    .signing_name = "",
                                    .protocol = Protocol::json,
                                    .json_version = "1.1",
                                    .target_prefix = "",
                                    .api_version = "",
                                    .xml_namespace = "",
                                    .operations = {}};
constexpr ServiceModel unknown_query{.name = "this service",
                                     .signing_name = "",
                                     .protocol = Protocol::query,
                                     .json_version = "",
                                     .target_prefix = "",
                                     .api_version = "",
                                     .xml_namespace = "",
                                     .operations = {}};
constexpr ServiceModel unknown_rest{.name = "this service",
                                    .signing_name = "",
                                    .protocol = Protocol::rest_xml,
                                    .json_version = "",
                                    .target_prefix = "",
                                    .api_version = "",
                                    .xml_namespace = "",
                                    .operations = {}};

const OperationModel* find_operation(const ServiceModel& model, std::string_view name) {
  const auto found = std::ranges::lower_bound(model.operations, name, {}, &OperationModel::name);
  return found != model.operations.end() && found->name == name ? &*found : nullptr;
}

bool is_form(const HttpHead& head) {
  // Query services are spoken to by POST; a presigned PUT to S3 may carry any content type.
  return head.method == "POST" &&
         head.find("content-type").value_or(std::string_view{}).starts_with("application/x-www-form-urlencoded");
}

bool is_s3(const Exchange& exchange) { return exchange.model != nullptr && exchange.model->protocol == Protocol::rest_xml; }

}  // namespace

void Exchange::reset() {
  call.query.clear();
  call.bucket.reset();
  call.key.reset();
  call.body = {};
  call.stream = IncomingBody{};
  answer.status = 200;
  answer.headers.clear();
  answer.content_type.clear();
  answer.content_length.reset();
  answer.body.clear();
  answer.stream.reset();
  model = nullptr;
  wire = Wire::own;
  service = nullptr;
  operation = nullptr;
  credential.reset();
  signing_key.reset();
  promises = {};
  origin.anonymous = false;
  payload_hash = {};
  unpacked.clear();
  aws_chunked = false;
  context.region = "us-east-1";
  context.access_key.clear();
  fill_request_id(context.request_id);
  answer.request_id = context.request_id;
}

Dispatcher::Dispatcher(std::vector<const Service*> services, const KeyStore* keys, const Clock& clock, std::string account_id,
                       const Authorizer* authorizer, SessionOf session_of)
    : services_(std::move(services)),
      keys_(keys),
      clock_(clock),
      account_id_(std::move(account_id)),
      authorizer_(authorizer),
      session_of_(std::move(session_of)) {
  // A service that no operation was added to has no model and cannot be found.
  std::erase_if(services_, [](const Service* service) { return service->model() == nullptr; });
  for (const auto* service : services_) {
    if (service->model()->protocol != Protocol::rest_xml) continue;
    s3_ = service;
    s3_router_.emplace(*service->model());
  }
}

void Dispatcher::describe_caller(Exchange& exchange) const {
  auto& context = exchange.context;
  context.account_id = account_id_;
  if (exchange.credential) {
    context.region = exchange.credential->region;
    context.access_key = exchange.credential->access_key;
  }
  context.endpoint = "http://";
  context.endpoint += exchange.head.host;
}

Result<void> Dispatcher::begin(Exchange& exchange) const {
  auto& head = exchange.head;
  exchange.model = s3_ != nullptr ? s3_->model() : &unknown_rest;  // for errors that come before a service is found
  const auto target = head.find("x-amz-target");
  if (target) exchange.model = &unknown_json;
  TRY(credential, find_credential(head));
  exchange.credential = std::move(credential);
  describe_caller(exchange);
  exchange.call.method = head.method;
  exchange.call.headers = head.headers;
  if (!head.query.empty()) exchange.call.query = parse_parameters(head.query, true);

  TRY_DO(find_service(exchange));
  TRY_DO(choose_wire(exchange));
  switch (exchange.protocol()) {
    case Protocol::json:
      if (exchange.wire != Wire::cbor) TRY_DO(find_json_operation(exchange, target.value_or(std::string_view{})));
      break;
    case Protocol::rest_xml: TRY_DO(find_s3_operation(exchange)); break;
    case Protocol::query: break;  // the operation is in the body
  }
  if (exchange.model->protocol == Protocol::rest_xml) {
    TRY(promises, BodyPromises::read(head));
    exchange.promises = std::move(promises);
  }
  if (const auto hash = head.find("x-amz-content-sha256")) {
    exchange.payload_hash = *hash;
    exchange.aws_chunked = hash->starts_with("STREAMING-");
    if (exchange.model->protocol != Protocol::rest_xml && hash->size() == 64) exchange.promises.sha256_hex = std::string(*hash);
  } else if (is_s3(exchange) && exchange.credential && exchange.credential->presigned) {
    exchange.payload_hash = unsigned_payload;
  }
  if (head.find("content-encoding").value_or(std::string_view{}).find("aws-chunked") != std::string_view::npos &&
      head.find("x-amz-decoded-content-length")) {
    exchange.aws_chunked = true;
  }
  if (!exchange.streams()) return {};
  TRY_DO(verify(exchange));
  return authorise(exchange);  // before the body is taken in
}

/// By the credential scope, else by X-Amz-Target, else by what the request looks like: a form is a query service's.
Result<void> Dispatcher::find_service(Exchange& exchange) const {
  const auto take = [&](const Service* service) {
    exchange.service = service;
    exchange.model = service->model();
    return Result<void>{};
  };
  const auto target = exchange.head.find("x-amz-target");
  if (target) {
    const auto prefix = target->substr(0, target->rfind('.'));
    for (const auto* service : services_) {
      if (!prefix.empty() && service->model()->target_prefix == prefix) return take(service);
    }
  }
  if (const auto rpc = find_rpc_path(exchange.head)) {
    for (const auto* service : services_) {
      if (!rpc->service.empty() && service->model()->target_prefix == rpc->service) return take(service);
    }
  }
  if (exchange.credential) {
    for (const auto* service : services_) {
      if (service->model()->signing_name == exchange.credential->service) return take(service);
    }
    exchange.model = target ? &unknown_json : is_form(exchange.head) ? &unknown_query : &unknown_rest;
    return fail(Error{target ? "UnknownOperationException" : "InvalidAction",
                      fmt::format("Mastic does not offer this AWS service: {}", exchange.credential->service)});
  }
  if (target) return fail(Error{"UnknownOperationException", fmt::format("Mastic does not know this target: {}", *target)});
  if (is_form(exchange.head) || exchange.call.parameter("Action")) {
    exchange.model = &unknown_query;
    return {};
  }
  if (s3_ != nullptr) return take(s3_);
  exchange.model = &unknown_rest;
  return fail(Error{"InvalidAction", "The request names no AWS service: neither credential scope nor X-Amz-Target."});
}

/// A service that speaks JSON may be spoken to in the other notations of its model too.
Result<void> Dispatcher::choose_wire(Exchange& exchange) const {
  if (exchange.service == nullptr || exchange.model->protocol != Protocol::json) return {};
  if (const auto rpc = find_rpc_path(exchange.head)) {
    exchange.wire = Wire::cbor;
    return find_json_operation(exchange, rpc->operation);
  }
  const bool has_target = exchange.head.find("x-amz-target").has_value();
  if (!has_target && takes_forms(*exchange.model) && (is_form(exchange.head) || exchange.call.parameter("Action"))) {
    exchange.wire = Wire::query;
    exchange.answer.content_type = "text/xml";  // tells the generated writer
  }
  return {};
}

constexpr std::size_t unpacked_bytes_max = 16 * 1024 * 1024;

/// The body as the generated readers know it: without gzip, and CBOR as JSON.
Result<void> Dispatcher::unpack_body(Exchange& exchange) const {
  auto& call = exchange.call;
  if (call.body.empty()) return {};
  bool changed = false;
  if (exchange.head.find("content-encoding").value_or(std::string_view{}) == "gzip") {
    TRY(plain, unpack_gzip(call.body, unpacked_bytes_max));
    exchange.unpacked = std::move(plain);
    changed = true;
  }
  if (exchange.wire == Wire::cbor) {
    TRY(json, cbor_to_json(changed ? std::string_view(exchange.unpacked) : call.body));
    exchange.unpacked = std::move(json);
    changed = true;
  }
  if (!changed) return {};
  exchange.unpacked.reserve(exchange.unpacked.size() + 64);
  call.body = exchange.unpacked;
  return {};
}

Result<void> Dispatcher::find_json_operation(Exchange& exchange, std::string_view target) const {
  const auto name = target.substr(target.rfind('.') + 1);
  exchange.operation = find_operation(*exchange.model, name);
  if (exchange.operation == nullptr) return fail(wire_error::unknown_operation(*exchange.model, name));
  return {};
}

std::optional<std::string_view> Dispatcher::bucket_of_host(const Exchange& exchange) const {
  const auto host = exchange.head.host;
  const auto candidates = host_bucket_candidates(host);
  for (const auto candidate : candidates) {
    if (s3_->bucket_exists(candidate)) return candidate;
  }
  if (candidates.empty()) return {};
  // `bucket.s3.…` is a bucket's address even when there is none of that name, and PUT / can only mean CreateBucket.
  for (const auto candidate : candidates) {
    const auto rest = host.substr(candidate.size());
    if (rest.starts_with(".s3.") || rest.starts_with(".s3-")) return candidate;
  }
  const bool is_root = exchange.head.path.empty() || exchange.head.path == "/";
  if (is_root && exchange.head.method == "PUT") return candidates.front();
  return {};
}

Result<void> Dispatcher::find_s3_operation(Exchange& exchange) const {
  auto& call = exchange.call;
  const auto host_bucket = bucket_of_host(exchange);
  if (host_bucket) {
    exchange.context.endpoint = "http://";
    exchange.context.endpoint += exchange.head.host.substr(host_bucket->size() + 1);
  }
  auto [bucket, key] = split_s3_path(exchange.head.path, host_bucket);
  call.bucket = std::move(bucket);
  call.key = std::move(key);
  TRY(operation, s3_router_->find(exchange.head, call.bucket.has_value(), call.key.has_value(), call.query));
  exchange.operation = operation;
  if (exchange.service->find(operation->name) == nullptr)
    return fail(wire_error::not_implemented(*exchange.model, operation->name));
  return {};
}

/// The Action of the form, or of the URL; the form is the body then.
Result<void> Dispatcher::find_query_operation(Exchange& exchange) const {
  auto& call = exchange.call;
  if (call.body.empty()) call.body = exchange.head.query;
  std::string action;
  std::string version;
  for (auto& [name, value] : parse_parameters(call.body, true)) {
    if (name == "Action") action = std::move(value);
    if (name == "Version") version = std::move(value);
  }
  if (exchange.service == nullptr) {
    for (const auto* service : services_) {
      const bool is_query = service->model()->protocol == Protocol::query || takes_forms(*service->model());
      if (!is_query || service->model()->api_version != version) continue;
      if (find_operation(*service->model(), action) == nullptr) continue;
      exchange.service = service;
      exchange.model = service->model();
      if (exchange.model->protocol != Protocol::query) {
        exchange.wire = Wire::query;
        exchange.answer.content_type = "text/xml";
      }
    }
    if (exchange.service == nullptr) {
      return fail(
          Error{"InvalidAction", fmt::format("No service of Mastic has this action in the version {}: {}", version, action)});
    }
  }
  if (action.empty()) return fail(Error{"MissingAction", "The request must contain the parameter Action."});
  exchange.operation = find_operation(*exchange.model, action);
  if (exchange.operation == nullptr) return fail(wire_error::unknown_operation(*exchange.model, action));
  return {};
}

Result<void> Dispatcher::verify(Exchange& exchange) const {
  if (keys_ == nullptr) return {};
  if (!exchange.credential) {
    if (auto key = session_of_ ? session_of_(exchange.head) : std::nullopt) {
      exchange.context.access_key = std::move(*key);
      return take_account(exchange);
    }
    // S3 alone is open to people without a name: a bucket's policy may let them in. The authorizer asks it.
    if (!is_s3(exchange) || authorizer_ == nullptr) return fail(missing_credential(exchange.model->protocol));
    exchange.origin.anonymous = true;
    return {};
  }
  const auto protocol = exchange.model->protocol;
  if (exchange.credential->version_2) {
    if (protocol != Protocol::rest_xml) return fail(missing_credential(protocol));
    const auto in_path = split_s3_path(exchange.head.path, {}).bucket == exchange.call.bucket;
    const auto host_bucket = in_path ? std::string_view{} : std::string_view(*exchange.call.bucket);
    TRY_DO(verify_version_2(exchange.head, *exchange.credential, host_bucket, *keys_, clock_.now()));
    return take_account(exchange);
  }
  std::string computed;
  auto hash = exchange.payload_hash;
  if (hash.empty()) {
    computed = to_hex(Digest::of(DigestKind::sha256, exchange.call.body));
    hash = computed;
  }
  TRY(key, verify_request(exchange.head, *exchange.credential, hash, *keys_, clock_.now(), protocol));
  exchange.signing_key = std::move(key);
  return take_account(exchange);
}

/// A key may belong to another account than the server's.
Result<void> Dispatcher::take_account(Exchange& exchange) const {
  if (const auto known = keys_->find(exchange.context.access_key); known && !known->account_id.empty()) {
    exchange.context.account_id = known->account_id;
  }
  return {};
}

Result<void> Dispatcher::authorise(const Exchange& exchange) const {
  if (keys_ == nullptr || authorizer_ == nullptr) return {};
  // A proxy that ends TLS before this server says so; it is the client's own words that nobody else shall read.
  if (const auto forwarded = exchange.head.find("x-forwarded-proto")) {
    auto origin = exchange.origin;
    origin.is_private = *forwarded == "https";
    return authorizer_->authorise(*exchange.service, exchange.operation->name, exchange.call, exchange.context, origin);
  }
  return authorizer_->authorise(*exchange.service, exchange.operation->name, exchange.call, exchange.context, exchange.origin);
}

std::optional<ChunkSigning> Dispatcher::chunk_signing(const Exchange& exchange) const {
  if (!exchange.signing_key || !exchange.payload_hash.starts_with("STREAMING-AWS4-")) return {};
  const auto& credential = *exchange.credential;
  return ChunkSigning{.key = *exchange.signing_key,
                      .time = credential.time,
                      .scope = fmt::format("{}/{}/{}/aws4_request", credential.date, credential.region, credential.service),
                      .seed = credential.signature};
}

Result<void> Dispatcher::finish(Exchange& exchange) const {
  if (!exchange.streams()) {
    TRY_DO(verify(exchange));
    if (!exchange.promises.empty()) TRY_DO(check_promises(exchange.promises, exchange.call.body));
  }
  if (!exchange.streams()) TRY_DO(unpack_body(exchange));
  if (exchange.operation == nullptr) TRY_DO(find_query_operation(exchange));
  const auto* handler = exchange.service->find(exchange.operation->name);
  if (handler == nullptr) return fail(wire_error::not_implemented(*exchange.model, exchange.operation->name));
  if (!exchange.streams()) TRY_DO(authorise(exchange));
  TRY_DO((*handler)(exchange.call, exchange.context, exchange.answer));
  if (exchange.wire == Wire::cbor) answer_in_cbor(exchange.answer);
  return {};
}

}  // namespace mastic::aws
