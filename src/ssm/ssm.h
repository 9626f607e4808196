// Systems Manager's Parameter Store for the rest of the house.
//
//   TRY(ssm, ssm::Ssm::open(data / "ssm", clock));
//   services.push_back(ssm->make_service());
//
// Owner: main; it outlives the service made from it. Thread-safe.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace mastic::aws {
class Service;
}

namespace mastic::ssm {

class Store;

class Ssm {
 public:
  static Result<std::unique_ptr<Ssm>> open(const std::filesystem::path& folder, const Clock& clock);
  ~Ssm();
  Ssm(const Ssm&) = delete;
  Ssm& operator=(const Ssm&) = delete;

  aws::Service make_service();

  /// ARN and tags of each parameter.
  Result<std::vector<std::pair<std::string, std::map<std::string, std::string>>>> tagged_resources();

 private:
  Ssm(std::unique_ptr<Store> store, const Clock& clock);
  std::unique_ptr<Store> store_;
  const Clock& clock_;
};

}  // namespace mastic::ssm
