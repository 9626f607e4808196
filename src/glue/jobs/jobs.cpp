#include "glue/jobs/jobs.h"

#include <algorithm>

#include "aws/json.h"
#include "base/identifiers.h"
#include "base/log.h"
#include "glue/errors.h"

namespace mastic::glue {

/// Lets no call of jobs::Runs in when this object is gone: Runs lives longer.
struct Jobs::Gate {
  std::recursive_mutex mutex;
  Jobs* jobs = nullptr;
};

Jobs::Jobs(sqlite::Database& database, const Clock& clock, mastic::jobs::Runs& runs, ReadObject read_object, Roles* roles)
    : database_(database),
      clock_(clock),
      runs_(runs),
      read_object_(std::move(read_object)),
      roles_(roles),
      gate_(std::make_shared<Gate>()) {
  gate_->jobs = this;
  runs_.on_change([gate = gate_](const mastic::jobs::RunRecord& run) {
    const std::scoped_lock lock(gate->mutex);
    if (gate->jobs != nullptr) gate->jobs->on_change(run);
  });
}

Jobs::~Jobs() {
  const std::scoped_lock lock(gate_->mutex);
  gate_->jobs = nullptr;
}

Result<void> Jobs::create(wire::Job job) {
  const auto name = job.name.value_or("");
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(rows, t.query("SELECT body FROM job WHERE name = ?", name));
    if (!rows.empty()) {
      TRY(existing, aws::from_json<wire::Job>(rows[0].text(0)));
      existing.created_on.reset();
      existing.last_modified_on.reset();
      if (aws::to_json(existing) == aws::to_json(job)) return {};
      return fail(error::job_differs(name));
    }
    job.created_on = clock_.now();
    job.last_modified_on = job.created_on;
    TRY_DO(t.run("INSERT INTO job(name, body) VALUES(?, ?)", name, aws::to_json(job)));
    return {};
  });
}

Result<std::optional<wire::Job>> Jobs::find(std::string_view name) {
  TRY(rows, database_.query("SELECT body FROM job WHERE name = ?", name));
  if (rows.empty()) return std::nullopt;
  TRY(job, aws::from_json<wire::Job>(rows[0].text(0)));
  return std::optional(std::move(job));
}

Result<wire::Job> Jobs::require(std::string_view name) {
  TRY(job, find(name));
  if (!job) return fail(error::job_not_found(name));
  return std::move(*job);
}

Result<catalog::Page<wire::Job>> Jobs::list(const catalog::PageRequest& page) {
  TRY(rows, database_.query("SELECT body FROM job WHERE name > ? ORDER BY name LIMIT ?", page.after, page.limit + 1));
  catalog::Page<wire::Job> answer;
  for (const auto& row : rows) {
    if (answer.entries.size() == page.limit) {
      answer.last_key = answer.entries.back().name.value_or("");
      break;
    }
    TRY(job, aws::from_json<wire::Job>(row.text(0)));
    answer.entries.push_back(std::move(job));
  }
  return answer;
}

Result<void> Jobs::update(wire::Job job) {
  const auto name = job.name.value_or("");
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(rows, t.query("SELECT body FROM job WHERE name = ?", name));
    if (rows.empty()) return fail(error::job_not_found(name));
    TRY(existing, aws::from_json<wire::Job>(rows[0].text(0)));
    job.created_on = existing.created_on;
    job.last_modified_on = clock_.now();
    TRY_DO(t.run("UPDATE job SET body = ? WHERE name = ?", aws::to_json(job), name));
    return {};
  });
}

Result<void> Jobs::remove(std::string_view name) {
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY_DO(t.run("DELETE FROM job WHERE name = ?", name));
    TRY_DO(t.run("DELETE FROM tag WHERE resource = ?", "job/" + std::string(name)));
    return {};
  }));
  return runs_.forget(name);
}

}  // namespace mastic::glue
