// Which run an engine works for, for whoever guards what engines ask.
//
// An engine is started before its run is known. It gets a ticket into its environment (MASTIC_TICKET), shows it with each
// call, and the ticket stands for a run while the engine serves it. Implemented outside this room; thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace mastic::jobs {

inline constexpr std::string_view ticket_variable = "MASTIC_TICKET";

class EngineTickets {
 public:
  virtual ~EngineTickets() = default;
  /// From now on the ticket's holder works for the run, and acts with the rights of `access_key` (RunRequest's; empty: the
  /// server's own).
  virtual void assign(const std::string& ticket, const std::string& access_key, const std::string& run_id) = 0;
  /// The ticket is worth nothing any more.
  virtual void withdraw(const std::string& ticket) = 0;
};

}  // namespace mastic::jobs
