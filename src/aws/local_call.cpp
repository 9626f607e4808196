#include "aws/local_call.h"

#include <fmt/format.h>

#include <algorithm>

#include "aws/body_sink.h"
#include "aws/encoding.h"
#include "aws/request_id.h"
#include "aws/wire_errors.h"

namespace mastic::aws {
namespace {

/// What simdjson reads past the end of a text.
constexpr std::size_t padding = 64;

bool same_letters(char a, char b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return lower(a) == lower(b);
}

std::string_view method_of(const ServiceModel& model, std::string_view operation) {
  const auto found = std::ranges::lower_bound(model.operations, operation, {}, &OperationModel::name);
  return found != model.operations.end() && found->name == operation && !found->method.empty() ? found->method : "POST";
}

}  // namespace

std::optional<std::string_view> LocalAnswer::header(std::string_view name) const {
  std::string_view rest = headers;
  while (!rest.empty()) {
    const auto end = std::min(rest.find("\r\n"), rest.size());
    const auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 2, rest.size()));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !std::ranges::equal(line.substr(0, colon), name, same_letters)) continue;
    auto value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    return value;
  }
  return {};
}

const Service* ServiceCalls::find(std::string_view service) const {
  const auto found = std::ranges::find_if(services_, [&](const Service* held) { return held->name() == service; });
  return found == services_.end() ? nullptr : *found;
}

bool ServiceCalls::offers(std::string_view service, std::string_view operation) const {
  const auto* found = find(service);
  return found != nullptr && found->find(operation) != nullptr;
}

Result<IncomingBody> ServiceCalls::body_of(std::string_view service, std::string_view bytes) const {
  const auto* found = find(service);
  const auto folder =
      found != nullptr && !found->spool_folder().empty() ? found->spool_folder() : std::filesystem::temp_directory_path();
  const auto extra = found != nullptr ? checksum_kind(found->extra_checksum()) : std::nullopt;
  BodySink sink(folder, {}, extra);
  TRY_DO(sink.add(bytes));
  return sink.finish();
}

Result<LocalAnswer> ServiceCalls::call(LocalRequest request, const CallContext& context) const {
  const auto* service = find(request.service);
  if (service == nullptr || service->model() == nullptr) {
    return fail(Error{"UnknownOperationException", fmt::format("Mastic does not offer this AWS service: {}", request.service)});
  }
  const auto* handler = service->find(request.operation);
  if (handler == nullptr) return fail(wire_error::not_implemented(*service->model(), request.operation));

  const auto body_size = request.body.size();
  request.body.append(padding, '\0');
  std::vector<Header> headers;
  headers.reserve(request.headers.size());
  for (const auto& [name, value] : request.headers) headers.push_back({name, value});
  CallContext described = context;
  fill_request_id(described.request_id);

  IncomingCall incoming;
  incoming.method = method_of(*service->model(), request.operation);
  incoming.headers = headers;
  incoming.query = std::move(request.query);
  incoming.bucket = std::move(request.bucket);
  incoming.key = std::move(request.key);
  incoming.body = std::string_view(request.body).substr(0, body_size);
  if (request.stream != nullptr) incoming.stream = std::move(*request.stream);
  if (authorise_) {
    if (auto allowed = authorise_(*service, request.operation, incoming, described); !allowed) {
      return fail(std::move(allowed).error());
    }
  }
  OutgoingCall outgoing;
  outgoing.request_id = described.request_id;
  if (auto done = (*handler)(incoming, described, outgoing); !done) return fail(std::move(done).error());
  return LocalAnswer{.status = outgoing.status,
                     .body = std::move(outgoing.body),
                     .headers = std::move(outgoing.headers),
                     .stream = std::move(outgoing.stream)};
}

void LocalForm::add(std::string_view name, std::string_view value) {
  if (!text_.empty()) text_ += '&';
  text_ += percent_encode(name, false);
  text_ += '=';
  text_ += percent_encode(value, false);
}

}  // namespace mastic::aws
