// Any bytes as a request's head, and then through the dispatcher with keys configured, without and with a body.
#include <cstddef>
#include <cstdint>
#include <string>

#include "aws/dispatcher.h"
#include "aws/http_answer.h"
#include "aws/models/logs.h"
#include "aws/models/s3.h"
#include "aws/models/wire_test_cloudformation.h"

namespace {

using namespace mastic;

class NoKeys final : public aws::KeyStore {
 public:
  std::optional<aws::SecretKey> find(std::string_view access_key) const override {
    if (access_key.size() % 2 == 0) return {};
    return aws::SecretKey{.secret = "s", .session_token = {}, .expires_at = {}, .account_id = {}};
  }
};

template <typename Operation>
void answer_nothing(aws::Service& service) {
  service.on<Operation>(
      [](const typename Operation::Request&, const aws::CallContext&) -> Result<typename Operation::Response> {
        return typename Operation::Response{};
      });
}

struct House {
  House() {
    answer_nothing<aws::s3::ListObjectsV2>(s3);
    answer_nothing<aws::s3::DeleteObjects>(s3);
    answer_nothing<aws::s3::GetObject>(s3);
    answer_nothing<aws::logs::PutLogEvents>(logs);
    answer_nothing<aws::wire_test_cloudformation::CreateStack>(cloudformation);
  }
  NoKeys keys;
  ManualClock clock;
  aws::Service s3{"s3"};
  aws::Service logs{"logs"};
  aws::Service cloudformation{"cloudformation"};
};

void work(const aws::Dispatcher& dispatcher, std::string head, const std::string& body) {
  aws::Exchange exchange;
  exchange.reset();
  if (aws::parse_head(head, 50, exchange.head) != aws::HeadProblem::none) return;
  auto worked = dispatcher.begin(exchange);
  exchange.call.body = std::string_view(body).substr(0, body.size() - 64);
  if (worked) worked = dispatcher.finish(exchange);
  if (!worked) dispatcher.refuse(exchange, worked.error());
  std::string out;
  aws::write_answer_head(exchange, true, Instant{}, out);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const House house;
  static const aws::Dispatcher open({&house.s3, &house.logs, &house.cloudformation}, nullptr, house.clock, "0");
  static const aws::Dispatcher locked({&house.s3, &house.logs, &house.cloudformation}, &house.keys, house.clock, "0");
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto end = aws::find_head_end(text, 0);
  if (!end) return 0;
  const std::string body = text.substr(*end) + std::string(64, ' ');
  work(open, text.substr(0, *end), body);
  work(locked, text.substr(0, *end), body);
  return 0;
}
