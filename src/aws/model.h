// What the dispatcher knows of a service, out of botocore's model: generated constants, nothing computed.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace mastic::aws {

enum class Protocol : uint8_t { json, query, rest_xml };

struct OperationModel {
  std::string_view name;
  std::string_view method;  // of rest-xml
  std::string_view uri;     // of rest-xml: "/{Bucket}/{Key+}?uploads"
  bool listed;              // in operations.txt, so it has a reader and a writer
  bool streams_in;          // its request carries a body of any length
};

struct ServiceModel {
  std::string_view name;          // botocore's: "dynamodb"
  std::string_view signing_name;  // in the credential scope: mostly the same
  Protocol protocol;
  std::string_view json_version;   // "1.0" or "1.1"
  std::string_view target_prefix;  // of X-Amz-Target: "DynamoDB_20120810"
  std::string_view api_version;    // "2012-08-10"
  std::string_view xml_namespace;
  std::span<const OperationModel> operations;  // all that the model has, sorted by name
};

class JsonWriter;
struct JsonValue;
class ReadContext;
struct IncomingCall;
struct OutgoingCall;

}  // namespace mastic::aws
