// A server for test_wire.py: the wire with services that keep what they are given in memory.
//
//   wire_test_server [--keys] [--spool FOLDER] [--threads N]
//
// Prints the port it listens on, serves until standard input ends. With --keys, AKIDTEST/secret is the one key.
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "aws/encoding.h"
#include "aws/models/logs.h"
#include "aws/models/s3.h"
#include "aws/models/wire_test_cloudformation.h"
#include "aws/models/wire_test_sns.h"
#include "aws/pages.h"
#include "aws/server.h"
#include "base/files.h"

namespace {

using namespace mastic;

class OneKey final : public aws::KeyStore {
 public:
  std::optional<aws::SecretKey> find(std::string_view access_key) const override {
    if (access_key != "AKIDTEST") return {};
    return aws::SecretKey{.secret = "secret", .session_token = {}, .expires_at = {}, .account_id = {}};
  }
};

struct Object {
  std::string content;
  std::string etag;
  std::vector<aws::Checksum> checksums;
  std::map<std::string, std::string> metadata;
  bool was_in_file = false;
};

class Objects {
 public:
  Result<aws::s3::PutObjectOutput> put(aws::s3::PutObjectRequest& request) {
    Object object;
    object.was_in_file = request.body.in_file();
    if (object.was_in_file) {
      TRY(content, read_file(request.body.file()));
      object.content = std::move(content);
    } else {
      object.content = std::move(request.body.small);
    }
    const auto& md5 = request.body.md5;
    object.etag = "\"" + aws::to_hex({reinterpret_cast<const char*>(md5.data()), md5.size()}) + "\"";
    object.checksums = request.body.checksums;
    object.metadata = request.metadata.value_or(std::map<std::string, std::string>{});
    aws::s3::PutObjectOutput output{.etag = object.etag};
    for (const auto& checksum : object.checksums) {
      if (checksum.algorithm == "CRC32") output.checksum_crc32 = checksum.value;
      if (checksum.algorithm == "CRC64NVME") output.checksum_crc64nvme = checksum.value;
    }
    const std::scoped_lock lock(mutex_);
    objects_.insert_or_assign(request.bucket + "/" + request.key, std::move(object));
    return output;
  }

  Result<aws::s3::GetObjectOutput> get(const aws::s3::GetObjectRequest& request) {
    const std::scoped_lock lock(mutex_);
    const auto found = objects_.find(request.bucket + "/" + request.key);
    if (found == objects_.end()) return fail(Error{"NoSuchKey", "The specified key does not exist.", 404});
    aws::s3::GetObjectOutput output;
    output.etag = found->second.etag;
    output.metadata = found->second.metadata;
    output.body.bytes = found->second.content;
    output.content_disposition = found->second.was_in_file ? "file" : "memory";
    return output;
  }

  Result<aws::s3::ListObjectsV2Output> list(const aws::s3::ListObjectsV2Request& request) {
    const std::scoped_lock lock(mutex_);
    aws::s3::ListObjectsV2Output output;
    output.name = request.bucket;
    output.is_truncated = false;
    for (const auto& [name, object] : objects_) {
      if (!name.starts_with(request.bucket + "/" + request.prefix.value_or(""))) continue;
      aws::s3::Object row;
      row.key = name.substr(request.bucket.size() + 1);
      row.size = static_cast<int64_t>(object.content.size());
      row.last_modified = Instant{std::chrono::seconds{1'700'000'000}};
      if (!output.contents) output.contents.emplace();
      output.contents->push_back(std::move(row));
    }
    return output;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, Object> objects_;
};

void add_s3(aws::Service& service, Objects& objects) {
  using aws::CallContext;
  service.checksum_with("CRC64NVME");
  service.find_buckets_with([](std::string_view name) { return name == "bucket"; });
  service.on<aws::s3::PutObject>([&](aws::s3::PutObjectRequest& request, const CallContext&) { return objects.put(request); });
  service.on<aws::s3::GetObject>(
      [&](const aws::s3::GetObjectRequest& request, const CallContext&) { return objects.get(request); });
  service.on<aws::s3::ListObjectsV2>(
      [&](const aws::s3::ListObjectsV2Request& request, const CallContext&) { return objects.list(request); });
  service.on<aws::s3::DeleteObjects>(
      [](const aws::s3::DeleteObjectsRequest& request, const CallContext&) -> Result<aws::s3::DeleteObjectsOutput> {
        aws::s3::DeleteObjectsOutput output;
        output.deleted.emplace();
        for (const auto& object : request.delete_.objects) output.deleted->push_back({.key = object.key});
        return output;
      });
  service.on<aws::s3::HeadObject>(
      [](const aws::s3::HeadObjectRequest&, const CallContext&) -> Result<aws::s3::HeadObjectOutput> {
        return fail(Error{"NotFound", "Not Found", 404});
      });
}

void add_logs(aws::Service& service) {
  using aws::CallContext;
  service.on<aws::logs::CreateLogGroup>(
      [](const aws::logs::CreateLogGroupRequest& request, const CallContext&) -> Result<aws::logs::CreateLogGroupResponse> {
        if (request.log_group_name == "taken") {
          return fail(Error{"ResourceAlreadyExistsException", "The specified log group already exists"});
        }
        return aws::logs::CreateLogGroupResponse{};
      });
  service.on<aws::logs::DescribeLogGroups>([](const aws::logs::DescribeLogGroupsRequest& request,
                                              const CallContext& context) -> Result<aws::logs::DescribeLogGroupsResponse> {
    aws::logs::LogGroup group;
    group.log_group_name = request.log_group_name_prefix.value_or("") + "|" + context.region + "|" + context.access_key;
    group.arn = context.endpoint;
    group.retention_in_days = request.limit;
    return aws::logs::DescribeLogGroupsResponse{.log_groups = std::vector{group}};
  });
}

void add_query_services(aws::Service& cloudformation, aws::Service& sns) {
  using aws::CallContext;
  namespace cfn = aws::wire_test_cloudformation;
  cloudformation.on<cfn::CreateStack>(
      [](const cfn::CreateStackRequest& request, const CallContext&) -> Result<cfn::CreateStackResponse> {
        std::string seen = request.stack_name + (request.tags ? " tags " + std::to_string(request.tags->size()) : " no tags");
        for (const auto& parameter : request.parameters.value_or(std::vector<cfn::Parameter>{})) {
          seen += " " + parameter.parameter_key.value_or("") + "=" + parameter.parameter_value.value_or("");
        }
        cfn::CreateStackResponse response;
        response.stack_id = seen;
        return response;
      });
  cloudformation.on<cfn::DescribeStacks>(
      [](const cfn::DescribeStacksRequest& request, const CallContext&) -> Result<cfn::DescribeStacksResponse> {
        if (request.stack_name == "absent") return fail(Error{"ValidationError", "Stack with id absent does not exist"});
        cfn::Stack stack;
        stack.stack_name = request.stack_name.value_or("<all> & \"more\"");
        stack.creation_time = Instant{std::chrono::milliseconds{1'700'000'000'123}};
        stack.stack_status = "CREATE_COMPLETE";
        stack.outputs = {{{.output_key = "Name", .output_value = "value"}}};
        return cfn::DescribeStacksResponse{.stacks = std::vector{stack}};
      });
  sns.on<aws::wire_test_sns::CreateTopic>([](const aws::wire_test_sns::CreateTopicInput& request,
                                             const CallContext&) -> Result<aws::wire_test_sns::CreateTopicResponse> {
    std::string seen = request.name;
    for (const auto& [key, value] : request.attributes.value_or(std::map<std::string, std::string>{}))
      seen += "," + key + "=" + value;
    return aws::wire_test_sns::CreateTopicResponse{.topic_arn = seen};
  });
  sns.on<aws::wire_test_sns::GetTopicAttributes>(
      [](const aws::wire_test_sns::GetTopicAttributesInput&,
         const CallContext&) -> Result<aws::wire_test_sns::GetTopicAttributesResponse> {
        return aws::wire_test_sns::GetTopicAttributesResponse{.attributes = {{{"A", "1"}, {"B", "<2>"}}}};
      });
}

/// Counts to three, and is silent once in between.
class Counting final : public aws::PageStream {
 public:
  std::optional<std::string> next() override {
    if (++asked_ == 2) return "";
    if (sent_ == 3) return {};
    return std::to_string(++sent_) + "\n";
  }

 private:
  int asked_ = 0;
  int sent_ = 0;
};

void add_pages(aws::Pages& pages) {
  pages.identify_with([](const aws::PageRequest& request) -> std::optional<std::string> {
    if (request.call.header("cookie") == "session=good") return "AKIDTEST";
    return {};
  });
  pages.permit_with([](const aws::CallContext&, std::string_view action) -> Result<void> {
    if (action != "test:Forbidden") return {};
    return fail(Error{"AccessDenied", "not this", 403});
  });
  pages.add({.prefix = "/_mastic/health", .access = aws::PageAccess::everybody},
            [](const aws::PageRequest&) { return aws::PageAnswer{.content_type = "text/plain", .body = "fine\n"}; });
  pages.add({.prefix = "/_mastic/echo"}, [](const aws::PageRequest& request) {
    aws::PageAnswer answer{.content_type = "text/plain", .headers = {{"X-Caller", request.context.access_key}}};
    answer.body = std::string(request.method) + " " + request.rest + " ";
    answer.body += request.call.parameter("q").value_or("-");
    answer.body += " ";
    answer.body += request.call.body;
    return answer;
  });
  pages.add({.prefix = "/_mastic/echo/closed", .action = "test:Forbidden"},
            [](const aws::PageRequest&) { return aws::PageAnswer{.body = "never"}; });
  pages.add({.prefix = "/_mastic/count"}, [](const aws::PageRequest&) {
    aws::PageAnswer answer{.content_type = "text/event-stream", .poll_interval = std::chrono::milliseconds(5)};
    answer.stream = std::make_unique<Counting>();
    return answer;
  });
}

}  // namespace

int main(int count, char** arguments) {
  const OneKey keys;
  Objects objects;
  aws::Service s3("s3");
  aws::Service logs("logs");
  aws::Service cloudformation("cloudformation");
  aws::Service sns("sns");
  aws::ServerOptions options;
  options.header_timeout = std::chrono::seconds{1};
  aws::Pages pages;
  add_pages(pages);
  options.pages = &pages;
  for (int i = 1; i < count; ++i) {
    if (std::strcmp(arguments[i], "--keys") == 0) options.keys = &keys;
    if (std::strcmp(arguments[i], "--spool") == 0 && i + 1 < count) s3.spool_into(arguments[++i]);
    if (std::strcmp(arguments[i], "--threads") == 0 && i + 1 < count) options.threads = std::stoul(arguments[++i]);
  }
  add_s3(s3, objects);
  add_logs(logs);
  add_query_services(cloudformation, sns);
  aws::Server server({&s3, &logs, &cloudformation, &sns}, options);
  if (auto listening = server.listen(); !listening) {
    std::fprintf(stderr, "%s\n", listening.error().message.c_str());
    return 1;
  }
  std::printf("%d\n", server.port());
  std::fflush(stdout);
  const std::jthread watcher([&server] {
    char byte = 0;
    while (::read(STDIN_FILENO, &byte, 1) > 0) {
    }
    server.stop();
  });
  server.run();
  return 0;
}
