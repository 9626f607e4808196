// Whose rights an engine has when it asks the stores: those of the run that it works for.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "access/access.h"
#include "iam/authorize/authorizer.h"
#include "jobs/engine_tickets.h"

namespace mastic::program {

/// Thread-safe. `authorizer` outlives this object.
class EngineRights final : public jobs::EngineTickets {
 public:
  explicit EngineRights(const iam::Authorizer& authorizer) : authorizer_(authorizer) {}

  void assign(const std::string& ticket, const std::string& access_key, const std::string& run_id) override;
  void withdraw(const std::string& ticket) override;

  /// A ticket that stands for no run opens nothing. Refers to this object.
  [[nodiscard]] access::Permit permit() const;

 private:
  const iam::Authorizer& authorizer_;
  mutable std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> keys_;  // by ticket
};

}  // namespace mastic::program
