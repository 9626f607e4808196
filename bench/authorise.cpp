// How long a decision takes: from a request that was read off the wire to "may" or "may not", with keys configured.
//
// Prints a JSON object: microseconds a request, by what is asked. The caller is the session of a role with the managed policy
// of Glue's service role and one of its own, as a job has it.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>

#include "aws/call_origin.h"
#include "aws/models/dynamodb.h"
#include "aws/models/glue.h"
#include "aws/models/iam.h"
#include "aws/models/s3.h"
#include "aws/service.h"
#include "base/identifiers.h"
#include "iam/authorize/authorizer.h"
#include "iam/iam.h"
#include "iam/store.h"

namespace {

using namespace mastic;

constexpr int rounds = 20'000;
constexpr std::string_view own_policy =
    R"({"Version":"2012-10-17","Statement":[)"
    R"({"Effect":"Allow","Action":["s3:GetObject*","s3:GetBucket*","s3:List*","s3:DeleteObject*","s3:PutObject*","s3:Abort*"],)"
    R"("Resource":["arn:aws:s3:::reports","arn:aws:s3:::reports/*"]},)"
    R"({"Effect":"Allow","Action":["dynamodb:BatchWriteItem","dynamodb:Scan","dynamodb:DescribeTable"],)"
    R"("Resource":"arn:aws:dynamodb:us-east-1:000000000000:table/claims"}]})";
constexpr std::string_view bucket_policy =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*",)"
    R"("Resource":["arn:aws:s3:::reports","arn:aws:s3:::reports/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}})";

class OneBucket final : public iam::Resources {
 public:
  [[nodiscard]] iam::AttachedPolicy policy_of(std::string_view, std::string_view resource) const override {
    return {.document = resource.starts_with("arn:aws:s3:::reports") ? std::string(bucket_policy) : std::string()};
  }
  [[nodiscard]] std::map<std::string, std::string> tags_of(std::string_view) const override { return {}; }
  void complete(std::string&) const override {}
};

template <typename Operation>
void offer(aws::Service& service) {
  service.on<Operation>(
      [](const typename Operation::Request&, const aws::CallContext&) -> Result<typename Operation::Response> { return {}; });
}

std::string batch_of_25() {
  std::string items;
  for (int i = 0; i < 25; ++i) {
    items += fmt::format(
        R"({}{{"PutRequest":{{"Item":{{"policy_id":{{"S":"ID{:05}"}},"model":{{"S":"M4"}},"age":{{"N":"0.{}"}}}}}}}})",
        i == 0 ? "" : ",", i, i);
  }
  return R"({"RequestItems":{"claims":[)" + items + "]}}";
}

}  // namespace

int main() {
  const SystemClock clock;
  const auto folder = std::filesystem::temp_directory_path() / ("mastic-authorise-" + random_hex(12));
  auto opened = iam::Iam::open(folder, clock);
  if (!opened) return 1;
  auto& iam = **opened;
  iam::Principal role{.name = "job", .id = "AROAJOB", .path = "/", .arn = "arn:aws:iam::000000000000:role/job"};
  role.attached = {"arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole"};
  role.inline_policies = {{"own", std::string(own_policy)}};
  if (!iam.store().create(iam::Store::Kind::role, role)) return 1;
  const auto session = iam.start_session({.role = "job", .name = "GlueJobRunnerSession"});
  if (!session) return 1;
  const OneBucket bucket;
  iam.consult(bucket);
  const iam::Authorizer authorizer(iam, clock);

  aws::Service glue("glue");
  offer<aws::glue::GetTable>(glue);
  aws::Service dynamodb("dynamodb");
  offer<aws::dynamodb::BatchWriteItem>(dynamodb);
  aws::Service s3("s3");
  offer<aws::s3::PutObject>(s3);
  aws::CallContext context;
  context.access_key = session->access_key;
  const aws::CallOrigin origin{.address = "127.0.0.1"};
  bool all_allowed = true;
  const auto measure = [&](const aws::Service& service, std::string_view operation, std::string body, bool is_object) {
    const auto size = body.size();
    body.append(64, '\0');
    aws::IncomingCall call;
    call.body = std::string_view(body).substr(0, size);
    if (is_object) {
      call.bucket = "reports";
      call.key = "report/part-00000.csv";
    }
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < rounds; ++i) {
      all_allowed = authorizer.authorise(service, operation, call, context, origin).has_value() && all_allowed;
    }
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count() / rounds;
  };
  constexpr std::string_view form = R"({{"GetTable: catalog, database, table":{:.2f},"PutObject, with a bucket policy":{:.2f},)"
                                    R"("BatchWriteItem of 25 items":{:.2f}}})";
  fmt::print(form, measure(glue, "GetTable", R"({"DatabaseName":"insurance","Name":"claims"})", false),
             measure(s3, "PutObject", "", true), measure(dynamodb, "BatchWriteItem", batch_of_25(), false));
  fmt::print("\n");
  opened->reset();
  std::filesystem::remove_all(folder);
  if (!all_allowed) std::fprintf(stderr, "a request was refused that should not be\n");
  return all_allowed ? 0 : 1;
}
