// Interactive sessions: a run of a script of the house's own that takes statements for as long as it lives.
//
// A session is one of jobs::Runs under a name that no job can have, with an engine of its own; it takes one of the places that
// runs have. Its statements are files in the run's folder, so that what a client got an id for is kept:
//
//   statements/3.statement   {"code": "1 + 1"}                      written here
//              3.result      {"state": "AVAILABLE", "text": "2", …}   written by the session (python/mastic/session.py)
//              3.cancel      asks it to stop
//
// Files appear whole or not at all. Thread-safe. Does NOT speak Livy or lend its Spark Connect endpoint.
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/models/glue.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/sqlite.h"
#include "glue/catalog/catalog.h"
#include "glue/roles.h"
#include "jobs/jobs.h"

namespace mastic::glue {

namespace wire = mastic::aws::glue;

class Sessions {
 public:
  Sessions(sqlite::Database& database, mastic::jobs::Runs& runs, const Clock& clock, Roles* roles)
      : database_(database), runs_(runs), clock_(clock), roles_(roles) {}

  Result<wire::Session> create(wire::Session session, int32_t timeout_minutes);
  Result<wire::Session> find(std::string_view id);
  Result<catalog::Page<wire::Session>> list(const catalog::PageRequest& page);
  /// Fails with IllegalSessionStateException when it has ended.
  Result<void> stop(std::string_view id);
  /// With its statements. Fails with IllegalSessionStateException while it runs.
  Result<void> remove(std::string_view id);

  Result<int32_t> run_statement(std::string_view id, const std::string& code);
  Result<wire::Statement> find_statement(std::string_view id, int32_t number);
  Result<std::vector<wire::Statement>> list_statements(std::string_view id);
  Result<void> cancel_statement(std::string_view id, int32_t number);

 private:
  struct Known {
    wire::Session session;
    std::string run_id;
  };
  Result<Known> require(std::string_view id);
  Result<wire::Session> shown(Known known);
  [[nodiscard]] std::filesystem::path statements_of(const Known& known) const;
  Result<wire::Statement> read_statement(const Known& known, int32_t number);

  sqlite::Database& database_;
  mastic::jobs::Runs& runs_;
  const Clock& clock_;
  Roles* const roles_;
  std::mutex numbering_;  // one statement gets its number at a time
};

}  // namespace mastic::glue
