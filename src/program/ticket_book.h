// Which run each engine works for, by the ticket that it shows.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "jobs/engine_tickets.h"

namespace mastic::program {

/// Thread-safe. `rights`, which is told too, may be null, else it outlives this object.
class TicketBook final : public jobs::EngineTickets {
 public:
  explicit TicketBook(jobs::EngineTickets* rights) : rights_(rights) {}

  void assign(const std::string& ticket, const std::string& access_key, const std::string& run_id) override;
  void withdraw(const std::string& ticket) override;
  /// Empty: the ticket stands for no run.
  [[nodiscard]] std::string run_of(std::string_view ticket) const;

 private:
  jobs::EngineTickets* const rights_;
  mutable std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> runs_;
};

}  // namespace mastic::program
