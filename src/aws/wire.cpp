#include "aws/wire.h"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "aws/cbor.h"

namespace mastic::aws {
namespace {

constexpr auto form_takers = std::to_array<std::string_view>({"cloudwatch"});

/// Members that are times, in the answers of services that speak CBOR.
constexpr auto time_members = std::to_array<std::string_view>(
    {"AlarmConfigurationUpdatedTimestamp", "StateTransitionedTimestamp", "StateUpdatedTimestamp", "Timestamp", "Timestamps"});

struct QueryCode {
  std::string_view service, code, query_code;
};
constexpr auto query_codes = std::to_array<QueryCode>({
    {"cloudwatch", "InternalServiceFault", "InternalServiceError"},
    {"cloudwatch", "InvalidFormatFault", "InvalidFormat"},
    {"cloudwatch", "InvalidParameterCombinationException", "InvalidParameterCombination"},
    {"cloudwatch", "InvalidParameterValueException", "InvalidParameterValue"},
    {"cloudwatch", "LimitExceededFault", "LimitExceeded"},
    {"cloudwatch", "MissingRequiredParameterException", "MissingParameter"},
    {"cloudwatch", "ValidationException", "ValidationError"},
});

}  // namespace

std::optional<RpcPath> find_rpc_path(const HttpHead& head) {
  if (head.find("smithy-protocol").value_or(std::string_view{}) != "rpc-v2-cbor") return {};
  constexpr std::string_view service_mark = "/service/";
  constexpr std::string_view operation_mark = "/operation/";
  const std::string_view path = head.path;
  const auto service = path.find(service_mark);
  const auto operation = path.find(operation_mark);
  if (service == std::string_view::npos || operation == std::string_view::npos || operation < service) return {};
  const auto begin = service + service_mark.size();
  return RpcPath{path.substr(begin, operation - begin), path.substr(operation + operation_mark.size())};
}

bool takes_forms(const ServiceModel& model) { return std::ranges::find(form_takers, model.name) != form_takers.end(); }

Result<std::string> unpack_gzip(std::string_view packed, std::size_t bytes_max) {
  z_stream stream{};
  constexpr int gzip_window = 15 + 16;
  if (inflateInit2(&stream, gzip_window) != Z_OK) return fail(Error::internal("zlib does not begin"));
  std::string plain;
  std::array<char, 64 * 1024> piece;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  int state = Z_OK;
  while (state == Z_OK && plain.size() <= bytes_max) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = piece.size();
    state = inflate(&stream, Z_NO_FLUSH);
    plain.append(piece.data(), piece.size() - stream.avail_out);
    if (state == Z_OK && stream.avail_in == 0 && stream.avail_out != 0) break;
  }
  inflateEnd(&stream);
  if (plain.size() > bytes_max) {
    return fail(Error{"RequestEntityTooLargeException", "The request's body is larger than this operation accepts.", 413});
  }
  if (state != Z_STREAM_END) return fail(Error{"SerializationException", "The request's body is not valid gzip."});
  return plain;
}

void answer_in_cbor(OutgoingCall& answer) {
  answer.body = json_to_cbor(
      answer.body, [](std::string_view member) { return std::ranges::find(time_members, member) != time_members.end(); });
  answer.content_type = "application/cbor";
  answer.header("smithy-protocol", "rpc-v2-cbor");
}

std::string_view query_code(const ServiceModel& model, std::string_view code) {
  const auto found =
      std::ranges::find_if(query_codes, [&](const QueryCode& row) { return row.service == model.name && row.code == code; });
  return found == query_codes.end() ? code : found->query_code;
}

}  // namespace mastic::aws
