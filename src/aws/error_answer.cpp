// An Error as each protocol writes it.
//
//   json      {"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"…", further members}
//   query     <ErrorResponse xmlns="…"><Error><Type>Sender</Type><Code>…</Code><Message>…</Message></Error><RequestId>…
//   rest-xml  <Error><Code>…</Code><Message>…</Message><Resource>/bucket/key</Resource><RequestId>…</Error>
//
// A member of the Error whose name starts with "header:" becomes a header: S3's 304 carries an ETag.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "aws/dispatcher.h"
#include "aws/json.h"
#include "aws/xml_writer.h"
#include "base/log.h"

namespace mastic::aws {
namespace {

constexpr std::string_view header_mark = "header:";

/// DynamoDB's SDKs look for the name behind the '#'; its own names and the framework's live in different namespaces.
std::string full_type(const ServiceModel& model, const std::string& code) {
  if (model.name != "dynamodb") return code;
  constexpr auto of_framework = std::to_array<std::string_view>(
      {"InternalFailure", "SerializationException", "ServiceUnavailable", "UnknownOperationException", "IncompleteSignature",
       "InvalidSignatureException", "MissingAuthenticationTokenException", "UnrecognizedClientException"});
  if (code == "ValidationException") return "com.amazon.coral.validate#" + code;
  if (std::ranges::find(of_framework, code) != of_framework.end()) return "com.amazon.coral.service#" + code;
  return "com.amazonaws.dynamodb.v20120810#" + code;
}

/// A member's value as text: a JSON string without its quotes, anything else as it is.
std::string plain(const std::string& json) {
  if (json.size() < 2 || json.front() != '"' || json.back() != '"') return json;
  std::string text;
  for (std::size_t i = 1; i + 1 < json.size(); ++i) {
    if (json[i] == '\\' && i + 2 < json.size()) ++i;
    text += json[i];
  }
  return text;
}

void write_json_error(const ServiceModel& model, const Error& error, OutgoingCall& into) {
  JsonWriter writer(into.body);
  writer.open_object();
  writer.key("__type");
  writer.text(full_type(model, error.code));
  // DynamoDB spells it small, as most do; the Glue and Logs models spell the member Message or message, SDKs take both.
  writer.key(model.name == "glue" ? "Message" : "message");
  writer.text(error.message);
  for (const auto& [name, json] : error.members) {
    if (name.starts_with(header_mark)) continue;
    writer.any_key(name);
    writer.raw(json);
  }
  writer.close_object();
  into.header("x-amzn-ErrorType", error.code);
  if (takes_forms(model)) {
    // Clients of the model's earlier query protocol know the error by this code.
    into.header("x-amzn-query-error",
                fmt::format("{};{}", query_code(model, error.code), error.http_status >= 500 ? "Receiver" : "Sender"));
  }
}

void write_query_error(const ServiceModel& model, const Error& error, OutgoingCall& into) {
  XmlWriter writer(into.body);
  writer.open("ErrorResponse", model.xml_namespace.empty() ? "" : " xmlns=\"" + std::string(model.xml_namespace) + "\"");
  writer.open("Error");
  writer.element("Type", error.http_status >= 500 ? "Receiver" : "Sender");
  writer.element("Code", query_code(model, error.code));
  writer.element("Message", error.message);
  for (const auto& [name, json] : error.members) {
    if (!name.starts_with(header_mark)) writer.element(name, plain(json));
  }
  writer.close("Error");
  writer.element("RequestId", into.request_id);
  writer.close("ErrorResponse");
}

void write_s3_error(const Exchange& exchange, const Error& error, OutgoingCall& into) {
  // A HEAD's answer and a 304 have no body: the status is all that the client learns.
  if (exchange.head.method == "HEAD" || error.http_status == 304) return;
  XmlWriter writer(into.body);
  into.body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  writer.open("Error");
  writer.element("Code", error.code);
  writer.element("Message", error.message);
  for (const auto& [name, json] : error.members) {
    if (!name.starts_with(header_mark)) writer.element(name, plain(json));
  }
  writer.element("Resource", exchange.head.path);
  writer.element("RequestId", into.request_id);
  writer.element("HostId", "mastic");
  writer.close("Error");
}

}  // namespace

void Dispatcher::refuse(Exchange& exchange, const Error& error) const {
  auto& into = exchange.answer;
  into.headers.clear();
  into.content_type.clear();
  into.content_length.reset();
  into.body.clear();
  into.stream.reset();
  into.status = error.http_status;
  if (error.http_status >= 500) {
    log::error("aws", "{} {} failed: {}: {}", exchange.head.method,
               exchange.operation != nullptr ? exchange.operation->name : "?", error.code, error.message);
  }
  for (const auto& [name, json] : error.members) {
    if (name.starts_with(header_mark)) into.header(std::string_view(name).substr(header_mark.size()), plain(json));
  }
  switch (exchange.protocol()) {
    case Protocol::json:
      write_json_error(*exchange.model, error, into);
      if (exchange.wire == Wire::cbor) answer_in_cbor(into);
      break;
    case Protocol::query: write_query_error(*exchange.model, error, into); break;
    case Protocol::rest_xml: write_s3_error(exchange, error, into); break;
  }
}

}  // namespace mastic::aws
