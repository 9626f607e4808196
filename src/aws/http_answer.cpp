#include "aws/http_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "aws/encoding.h"

namespace mastic::aws {
namespace {

struct Status {
  int code;
  std::string_view reason;
};
constexpr auto statuses = std::to_array<Status>({
    {200, "OK"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
});

std::string_view reason_of(int code) {
  const auto found = std::ranges::find(statuses, code, &Status::code);
  return found == statuses.end() ? "Unknown" : found->reason;
}

/// The Date header changes once a second; each thread keeps the last.
const std::string& date_line(Instant now) {
  thread_local std::chrono::sys_seconds shown{};
  thread_local std::string line;
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  if (line.empty() || second != shown) {
    shown = second;
    line = "Date: " + to_http_time(now) + "\r\n";
  }
  return line;
}

std::string_view default_content_type(const Exchange& exchange) {
  const auto& model = *exchange.model;
  switch (exchange.protocol()) {
    case Protocol::json: return model.json_version == "1.0" ? "application/x-amz-json-1.0" : "application/x-amz-json-1.1";
    case Protocol::query: return "text/xml";
    case Protocol::rest_xml: break;
  }
  return "application/xml";
}

/// A browser is about to show an object as a page. Its origin would be this server's, which is the console's too, where
/// scripts act in the name of whoever is signed in.
bool is_shown_as_page(const Exchange& exchange) {
  return exchange.head.find("accept").value_or(std::string_view{}).find("text/html") != std::string_view::npos;
}

}  // namespace

uint64_t body_length(const OutgoingCall& answer) {
  if (!answer.stream) return answer.body.size();
  return answer.stream->file.empty() ? answer.stream->bytes.size() : answer.stream->length;
}

void write_answer_head(const Exchange& exchange, bool keep_alive, Instant now, std::string& into, BodyLength body) {
  const auto& answer = exchange.answer;
  auto out = std::back_inserter(into);
  fmt::format_to(out, "HTTP/1.1 {} {}\r\n", answer.status, reason_of(answer.status));
  into += date_line(now);
  const bool is_s3 = exchange.model != nullptr && exchange.model->protocol == Protocol::rest_xml;
  into += is_s3 ? "x-amz-request-id: " : "x-amzn-RequestId: ";
  into += exchange.context.request_id;
  into += "\r\n";
  const auto length = body_length(answer);
  const bool has_length = answer.status != 204 && answer.status != 304;
  if (!answer.content_type.empty() || (length > 0 && exchange.model != nullptr)) {
    into += "Content-Type: ";
    into += answer.content_type.empty() ? default_content_type(exchange) : std::string_view(answer.content_type);
    into += "\r\n";
  }
  into += answer.headers;
  if (is_s3 && is_shown_as_page(exchange)) {
    into += "Content-Security-Policy: sandbox allow-scripts allow-forms allow-popups allow-downloads\r\n";
  }
  if (body == BodyLength::unknown) {
    into += "Transfer-Encoding: chunked\r\n";
  } else if (has_length) {
    // Only a HEAD may announce a body that does not follow.
    const bool is_head = exchange.head.method == "HEAD";
    fmt::format_to(out, "Content-Length: {}\r\n",
                   is_head && answer.content_length ? static_cast<uint64_t>(*answer.content_length) : length);
  }
  if (!keep_alive) into += "Connection: close\r\n";
  into += "\r\n";
}

std::string bare_answer(int status) {
  return fmt::format("HTTP/1.1 {} {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", status, reason_of(status));
}

}  // namespace mastic::aws
