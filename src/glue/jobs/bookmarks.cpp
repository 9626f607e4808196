// Job bookmarks: their versions in `glue.db`.
//
// A script commits by leaving the file `bookmark` in its run's folder, whole or not at all. From there it is taken over when
// the run ends, and before anybody asks; each run's once. What a state means is the script's side's business
// (`python/awsglue`).
#include <fmt/format.h>

#include <algorithm>

#include "aws/json.h"
#include "base/files.h"
#include "glue/errors.h"
#include "glue/jobs/jobs.h"

namespace mastic::glue {
namespace {

/// So many of a job's newest runs may have committed without being noticed: after a crash, at most.
constexpr uint32_t looked_at_max = 200;

Error not_kept(std::string_view job_name) {
  return {"EntityNotFoundException", fmt::format("Continuation for job {} not found", job_name)};
}

Result<std::optional<wire::JobBookmarkEntry>> newest(sqlite::Transaction& t, std::string_view job_name) {
  TRY(rows, t.query("SELECT body FROM job_bookmark WHERE job_name = ? ORDER BY version DESC LIMIT 1", job_name));
  if (rows.empty()) return std::optional<wire::JobBookmarkEntry>{};
  TRY(entry, aws::from_json<wire::JobBookmarkEntry>(rows[0].text(0)));
  return std::optional(std::move(entry));
}

/// Adds a version behind the newest.
Result<wire::JobBookmarkEntry> add(sqlite::Transaction& t, std::string_view job_name, std::string_view run_id, int32_t attempt,
                                   std::string state) {
  TRY(before, newest(t, job_name));
  wire::JobBookmarkEntry entry;
  entry.job_name = std::string(job_name);
  entry.version = before ? before->version.value_or(0) + 1 : 1;
  entry.run = (before ? before->run.value_or(0) : 0) + (run_id.empty() ? 0 : 1);
  entry.attempt = attempt;
  if (before) entry.previous_run_id = before->run_id;
  if (!run_id.empty()) entry.run_id = std::string(run_id);
  entry.job_bookmark = std::move(state);
  TRY_DO(t.run("INSERT INTO job_bookmark(job_name, version, run_id, body) VALUES(?, ?, ?, ?)", job_name, *entry.version, run_id,
               aws::to_json(entry)));
  return entry;
}

}  // namespace

Result<void> Jobs::collect_bookmark(const mastic::jobs::RunRecord& run) {
  const auto file = runs_.run_folder(run.run_id) / "bookmark";
  std::error_code missing;
  if (!std::filesystem::exists(file, missing)) return {};
  TRY(state, read_file(file));
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(job, t.query("SELECT 1 FROM job WHERE name = ?", run.job_name));
    TRY(kept, t.query("SELECT 1 FROM job_bookmark WHERE job_name = ? AND run_id = ?", run.job_name, run.run_id));
    if (job.empty() || !kept.empty()) return {};
    TRY_DO(add(t, run.job_name, run.run_id, run.attempt, std::move(state)));
    return {};
  });
}

Result<void> Jobs::collect_bookmarks(std::string_view job_name) {
  mastic::jobs::ListQuery query;
  query.job_name = job_name;
  query.limit = looked_at_max;
  TRY(runs, runs_.list(query));
  std::ranges::reverse(runs);  // the oldest first
  for (const auto& run : runs) TRY_DO(collect_bookmark(run));
  return {};
}

Result<wire::JobBookmarkEntry> Jobs::bookmark(std::string_view job_name, std::string_view run_id) {
  TRY_DO(require(job_name));
  TRY_DO(collect_bookmarks(job_name));
  std::optional<wire::JobBookmarkEntry> found;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    if (run_id.empty()) {
      TRY(entry, newest(t, job_name));
      found = std::move(entry);
      return {};
    }
    TRY(rows, t.query("SELECT body FROM job_bookmark WHERE job_name = ? AND run_id = ?", job_name, run_id));
    if (rows.empty()) return {};
    TRY(entry, aws::from_json<wire::JobBookmarkEntry>(rows[0].text(0)));
    found = std::move(entry);
    return {};
  }));
  if (!found) return fail(not_kept(job_name));
  return std::move(*found);
}

Result<wire::JobBookmarkEntry> Jobs::reset_bookmark(std::string_view job_name, std::string_view run_id) {
  TRY(before, bookmark(job_name, run_id));
  wire::JobBookmarkEntry reset;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(entry, add(t, job_name, "", 0, run_id.empty() ? "{}" : before.job_bookmark.value_or("{}")));
    reset = std::move(entry);
    return {};
  }));
  return reset;
}

}  // namespace mastic::glue
