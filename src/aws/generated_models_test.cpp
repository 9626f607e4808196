// The generated readers and writers, one protocol after the other.
#include <doctest/doctest.h>

#include "aws/call.h"
#include "aws/json.h"
#include "aws/models/logs.h"
#include "aws/models/s3.h"
#include "aws/models/wire_test_cloudformation.h"
#include "aws/models/wire_test_sns.h"
#include "aws/read_context.h"

using namespace mastic;
using namespace mastic::aws;

namespace {

/// Reads a body as the operation's request; the body's bytes are padded as the server pads them.
template <typename Operation>
struct Reading {
  explicit Reading(std::string text, std::vector<Header> headers = {}) : bytes(std::move(text)) {
    const auto size = bytes.size();
    bytes.append(64, ' ');
    call.body = std::string_view(bytes).substr(0, size);
    call.headers = headers;
    fine = Operation::read(call, request, context);
  }
  std::string bytes;
  IncomingCall call;
  ReadContext context;
  typename Operation::Request request{};
  bool fine = false;
};

template <typename Operation>
std::string failure_of(const std::string& body) {
  return Reading<Operation>(body).context.failure().value_or("");
}

}  // namespace

TEST_CASE("json: members are read, null is absent, unknown members are skipped") {
  const Reading<logs::PutLogEvents> reading(
      R"({"logGroupName":"g","unknown":{"a":[1,{"b":null}]},"logStreamName":"s","sequenceToken":null,)"
      R"("logEvents":[{"timestamp":17,"message":"one \u00fc\n"},{"timestamp":1.8e1,"message":"two"}]})");
  REQUIRE(reading.fine);
  CHECK_FALSE(reading.context.violated());
  CHECK(reading.request.log_group_name == "g");
  CHECK_FALSE(reading.request.sequence_token);
  REQUIRE(reading.request.log_events.size() == 2);
  CHECK(reading.request.log_events[0].message == "one \xC3\xBC\n");
  CHECK(reading.request.log_events[1].timestamp == 18);
}

TEST_CASE("json: what is not JSON, or of another kind, is a failure in AWS's words") {
  CHECK(failure_of<logs::CreateLogGroup>("{") != "");
  CHECK(failure_of<logs::CreateLogGroup>("[]") == "Unrecognized collection type java.util.Map");
  CHECK(failure_of<logs::CreateLogGroup>("{} x") != "");
  CHECK(failure_of<logs::CreateLogGroup>(R"({"logGroupName":1})") == "NUMBER_VALUE cannot be converted to String");
  CHECK(failure_of<logs::CreateLogGroup>(R"({"logGroupName":true})") == "TRUE_VALUE cannot be converted to String");
  CHECK(failure_of<logs::CreateLogGroup>(R"({"logGroupName":{}})") == "Start of structure or map found where not expected");
  CHECK(failure_of<logs::DescribeLogGroups>(R"({"limit":"x"})") == "STRING_VALUE cannot be converted to Integer");
  CHECK(failure_of<logs::DescribeLogGroups>(R"({"limit":99999999999})") == "NUMBER_VALUE cannot be converted to Integer");
  CHECK(failure_of<logs::PutLogEvents>(R"({"logEvents":{}})") == "Start of structure or map found where not expected");
}

TEST_CASE("json: broken constraints are collected") {
  const Reading<logs::PutLogEvents> reading(R"({"logGroupName":"","logEvents":[{"timestamp":-1,"message":"m"}]})");
  REQUIRE(reading.fine);
  CHECK(reading.context.violations() ==
        "4 validation errors detected: Value null at 'logStreamName' failed to satisfy constraint: Member must not be null; "
        "Value '' at 'logGroupName' failed to satisfy constraint: Member must have length greater than or equal to 1; "
        "Value '' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: "
        "[\\.\\-_/#A-Za-z0-9]+; "
        "Value '-1' at 'logEvents.1.member.timestamp' failed to satisfy constraint: Member must have value greater than or "
        "equal to 0");
}

TEST_CASE("json: an empty body is an empty request") {
  CHECK(Reading<logs::DescribeLogGroups>("").fine);
  CHECK(Reading<logs::CreateLogGroup>("").context.violations() ==
        "1 validation error detected: Value null at 'logGroupName' failed to satisfy constraint: Member must not be null");
}

TEST_CASE("json: a structure that was written is read back") {
  logs::LogGroup group;
  group.log_group_name = "quote \" and \\ and \x01 and \xff";
  group.retention_in_days = 3;
  CHECK(to_json(group) == "{\"logGroupName\":\"quote \\\" and \\\\ and \\u0001 and \xEF\xBF\xBD\",\"retentionInDays\":3}");
  const auto read = from_json<logs::LogGroup>(to_json(group));
  REQUIRE(read);
  CHECK(read->retention_in_days == 3);
  CHECK_FALSE(from_json<logs::LogGroup>("{\"retentionInDays\":\"x\"}"));
  // Nothing is required of what was stored.
  CHECK(from_json<logs::PutLogEventsRequest>("{}"));
}

TEST_CASE("query: lists, nested structures and a bare empty list") {
  namespace cfn = wire_test_cloudformation;
  const Reading<cfn::CreateStack> reading(
      "Action=CreateStack&Version=2010-05-15&StackName=s&Tags=&Parameters.member.2.ParameterKey=b&Parameters.member.1."
      "ParameterKey=a"
      "&Capabilities.member.1=CAPABILITY_IAM&DisableRollback=true&TimeoutInMinutes=5");
  REQUIRE(reading.fine);
  CHECK(reading.request.stack_name == "s");
  REQUIRE(reading.request.tags);
  CHECK(reading.request.tags->empty());
  REQUIRE(reading.request.parameters->size() == 2);
  CHECK(reading.request.parameters->at(1).parameter_key == "b");
  CHECK(reading.request.disable_rollback == true);
  CHECK(reading.request.timeout_in_minutes == 5);
  CHECK_FALSE(Reading<cfn::CreateStack>("StackName=s&TimeoutInMinutes=x").fine);
}

TEST_CASE("query: maps, and the answer's wrapping") {
  const Reading<wire_test_sns::CreateTopic> reading(
      "Name=n&Attributes.entry.1.key=a&Attributes.entry.1.value=1&Attributes.entry.2.key=b&Attributes.entry.2.value=2");
  REQUIRE(reading.fine);
  CHECK(reading.request.attributes->at("b") == "2");
  OutgoingCall answer;
  answer.request_id = "id";
  wire_test_sns::GetTopicAttributesResponse response{.attributes = {{{"A", "<1>"}}}};
  wire_test_sns::GetTopicAttributes::write(response, answer);
  CHECK(answer.body ==
        "<GetTopicAttributesResponse "
        "xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><GetTopicAttributesResult><Attributes><entry>"
        "<key>A</key><value>&lt;1&gt;</value></entry></Attributes></GetTopicAttributesResult><ResponseMetadata><RequestId>id"
        "</RequestId></ResponseMetadata></GetTopicAttributesResponse>");
}

TEST_CASE("rest-xml: labels, headers, parameters and a body") {
  IncomingCall call;
  const std::vector<Header> headers = {
      {"x-amz-meta-a", "1"}, {"x-amz-meta-b", "2"}, {"if-match", "\"e\""}, {"content-type", "t"}};
  call.headers = headers;
  call.bucket = "b";
  call.key = "k";
  call.stream.small = "body";
  ReadContext context;
  s3::PutObjectRequest put;
  REQUIRE(s3::PutObject::read(call, put, context));
  CHECK_FALSE(context.violated());
  CHECK(put.bucket == "b");
  CHECK(put.key == "k");
  CHECK(put.metadata->size() == 2);
  CHECK(put.content_type == "t");
  CHECK(put.body.small == "body");

  call.body =
      "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Quiet>true</Quiet><Object><Key>a</Key></Object>"
      "<Object><Key>b</Key><VersionId>null</VersionId></Object></Delete>";
  s3::DeleteObjectsRequest remove;
  REQUIRE(s3::DeleteObjects::read(call, remove, context));
  CHECK(remove.delete_.quiet == true);
  REQUIRE(remove.delete_.objects.size() == 2);
  CHECK(remove.delete_.objects[1].version_id == "null");
  call.body = "<Delete>";
  CHECK_FALSE(s3::DeleteObjects::read(call, remove, context));
}

TEST_CASE("rest-xml: answers as S3 writes them") {
  OutgoingCall answer;
  s3::ListObjectsV2Output list;
  list.name = "b";
  list.is_truncated = false;
  list.contents = {{.key = "a&b", .last_modified = Instant{std::chrono::seconds{1'700'000'000}}, .size = 5}};
  list.common_prefixes = {{.prefix = "p/"}};
  s3::ListObjectsV2::write(list, answer);
  CHECK(answer.body ==
        "<ListBucketResult "
        "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><IsTruncated>false</IsTruncated><Contents><Key>a&amp;b"
        "</Key><LastModified>2023-11-14T22:13:20.000Z</LastModified><Size>5</Size></Contents><Name>b</"
        "Name><CommonPrefixes><Prefix>"
        "p/</Prefix></CommonPrefixes></ListBucketResult>");

  OutgoingCall part;
  s3::GetObjectOutput object;
  object.etag = "\"e\"";
  object.content_range = "bytes 0-1/5";
  object.content_length = 2;
  object.content_type = "text/plain\r\nX-Evil: 1";
  object.last_modified = Instant{std::chrono::seconds{1'700'000'000}};
  object.metadata = {{{"a", "b"}}};
  object.body.bytes = "he";
  s3::GetObject::write(object, part);
  CHECK(part.status == 206);
  CHECK(part.content_type == "text/plain  X-Evil: 1");
  CHECK(part.content_length == 2);
  CHECK(part.stream->bytes == "he");
  CHECK(part.headers.find("Last-Modified: Tue, 14 Nov 2023 22:13:20 GMT\r\n") != std::string::npos);
  CHECK(part.headers.find("x-amz-meta-a: b\r\n") != std::string::npos);

  OutgoingCall location;
  s3::GetBucketLocationOutput where{.location_constraint = "eu-west-1"};
  s3::GetBucketLocation::write(where, location);
  CHECK(location.body ==
        "<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">eu-west-1</LocationConstraint>");

  OutgoingCall acl;
  s3::GetBucketAclOutput grants;
  grants.grants = {{.grantee = s3::Grantee{.id = "me", .type = "CanonicalUser"}, .permission = "FULL_CONTROL"}};
  s3::GetBucketAcl::write(grants, acl);
  CHECK(acl.body.find("<AccessControlList><Grant><Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                      "xsi:type=\"CanonicalUser\"><ID>me</ID></Grantee>") != std::string::npos);

  OutgoingCall gone;
  s3::DeleteObjectOutput deleted;
  s3::DeleteObject::write(deleted, gone);
  CHECK(gone.status == 204);
  CHECK(gone.body.empty());
}
