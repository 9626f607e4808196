// Repositories for the rest of the house.
//
//   TRY(ecr, ecr::Ecr::open(data / "ecr", clock));
//   services.push_back(ecr->make_service());
//
// Owner: main; it outlives the services made from it. Thread-safe. What an operation answered for is durable.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/tagged_resource.h"

namespace mastic::aws {
class Service;
}

namespace mastic::ecr {

class Store;

class Ecr {
 public:
  /// Opens or creates the folder. `clock` must outlive the answer.
  static Result<std::unique_ptr<Ecr>> open(const std::filesystem::path& folder, const Clock& clock);
  ~Ecr();
  Ecr(const Ecr&) = delete;
  Ecr& operator=(const Ecr&) = delete;

  /// The operations of operations.txt.
  [[nodiscard]] aws::Service make_service();

  /// Every repository, those without tags too.
  [[nodiscard]] Result<std::vector<TaggedResource>> tagged_resources();

 private:
  Ecr(std::unique_ptr<Store> store, const Clock& clock);
  std::unique_ptr<Store> store_;
  const Clock& clock_;
};

}  // namespace mastic::ecr
