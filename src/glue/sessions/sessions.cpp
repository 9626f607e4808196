#include "glue/sessions/sessions.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "aws/json.h"
#include "base/files.h"
#include "base/identifiers.h"
#include "glue/errors.h"
#include "glue/jobs/run_plan.h"

namespace mastic::glue {
namespace {

using Json = nlohmann::json;
using mastic::jobs::State;

// Names of jobs are printable; the mark keeps these apart from all of them.
constexpr std::string_view mark = "\x01session/";
constexpr std::string_view script = "from mastic.session import main\n\nmain()\n";

std::string run_name(std::string_view id) { return fmt::format("{}{}", mark, id); }

Error session_not_found(std::string_view id) { return {"EntityNotFoundException", fmt::format("Session {} not found.", id)}; }
Error statement_not_found(int32_t number) {
  return {"EntityNotFoundException", fmt::format("Statement {} not found.", number)};
}
Error illegal_state(std::string_view id, std::string_view status) {
  return {"IllegalSessionStateException", fmt::format("Session {} is in state {}.", id, status)};
}

/// A run that ended well ended by itself: it had been idle for too long.
std::string status_of(State state, bool takes_statements) {
  switch (state) {
    case State::waiting:
    case State::starting: return "PROVISIONING";
    case State::running: return takes_statements ? "READY" : "PROVISIONING";
    case State::stopping: return "STOPPING";
    case State::stopped: return "STOPPED";
    case State::succeeded:
    case State::timed_out: return "TIMEOUT";
    case State::failed:
    case State::error: return "FAILED";
  }
  std::unreachable();
}

bool has_ended(const std::optional<std::string>& status) {
  return status == "STOPPED" || status == "TIMEOUT" || status == "FAILED";
}

std::string text_of(const Json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::optional<int64_t> number_of(const Json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_number() ? std::optional(found->get<int64_t>()) : std::nullopt;
}

Result<Json> read_json(const std::filesystem::path& file) {
  TRY(text, read_file(file));
  auto json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return fail(Error::io("a statement's file is damaged", file.string()));
  return json;
}

}  // namespace

Result<wire::Session> Sessions::create(wire::Session session, int32_t timeout_minutes) {
  const auto id = session.id.value_or("");
  TRY(same, database_.query("SELECT 1 FROM session WHERE id = ?", id));
  if (!same.empty()) return fail(Error{"AlreadyExistsException", fmt::format("Session already created, sessionId={}", id)});
  wire::Job job;
  job.name = run_name(id);
  job.role = session.role;
  job.command.emplace().name = "glueetl";
  job.command->python_version = "3";
  job.command->script_location = "s3://mastic/session.py";
  job.execution_property.emplace().max_concurrent_runs = 1;
  job.default_arguments = session.default_arguments;
  wire::JobRun run;
  run.id = "session_" + random_hex(32);
  run.job_name = job.name;
  run.glue_version = session.glue_version;
  run.timeout = timeout_minutes;
  run.arguments.emplace()["--IDLE_MINUTES"] = std::to_string(session.idle_timeout.value_or(timeout_minutes));
  TRY_DO(check_runnable(job, run));
  // The script is the house's; its location above is read by nobody else.
  TRY(request, make_run_request(job, run, [](std::string_view) -> Result<std::string> { return std::string(script); }, roles_));
  session.created_on = clock_.now();
  TRY_DO(make_folder(runs_.run_folder(*run.id) / "statements"));
  // Known before it runs: a crash in between leaves a session that failed, not one that nobody can stop.
  TRY_DO(database_.run("INSERT INTO session(id, run_id, body) VALUES(?, ?, ?)", id, *run.id, aws::to_json(session)));
  const auto access_key = request.access_key;
  const auto started = runs_.start(std::move(request));
  if (!started) {
    if (roles_ != nullptr && !access_key.empty()) roles_->end(access_key);
    TRY_DO(database_.run("DELETE FROM session WHERE id = ?", id));
    return fail(started.error());
  }
  return find(id);
}

Result<Sessions::Known> Sessions::require(std::string_view id) {
  TRY(rows, database_.query("SELECT run_id, body FROM session WHERE id = ?", id));
  if (rows.empty()) return fail(session_not_found(id));
  TRY(session, aws::from_json<wire::Session>(rows[0].text(1)));
  return Known{std::move(session), rows[0].text(0)};
}

std::filesystem::path Sessions::statements_of(const Known& known) const {
  return runs_.run_folder(known.run_id) / "statements";
}

Result<wire::Session> Sessions::shown(Known known) {
  TRY(run, runs_.find(known.run_id));
  auto& session = known.session;
  if (!run) {
    session.status = "FAILED";
    session.error_message = "The server ended before the session began.";
    return std::move(session);
  }
  std::error_code missing;
  session.status = status_of(run->state, std::filesystem::exists(statements_of(known) / "ready", missing));
  session.progress = session.status == "PROVISIONING" ? 0 : 1;
  session.completed_on = run->completed;
  session.execution_time = static_cast<double>(mastic::jobs::execution_seconds(*run, clock_.now()));
  if (!run->error_message.empty()) session.error_message = run->error_message;
  return std::move(session);
}

Result<wire::Session> Sessions::find(std::string_view id) {
  TRY(known, require(id));
  return shown(std::move(known));
}

Result<catalog::Page<wire::Session>> Sessions::list(const catalog::PageRequest& page) {
  TRY(rows, database_.query("SELECT run_id, body FROM session WHERE id > ? ORDER BY id LIMIT ?", page.after, page.limit + 1));
  catalog::Page<wire::Session> answer;
  for (const auto& row : rows) {
    if (answer.entries.size() == page.limit) {
      answer.last_key = answer.entries.back().id.value_or("");
      break;
    }
    TRY(session, aws::from_json<wire::Session>(row.text(1)));
    TRY(entry, shown({std::move(session), row.text(0)}));
    answer.entries.push_back(std::move(entry));
  }
  return answer;
}

Result<void> Sessions::stop(std::string_view id) {
  TRY(known, require(id));
  const auto run_id = known.run_id;
  TRY(session, shown(std::move(known)));
  if (has_ended(session.status) || session.status == "STOPPING") return fail(illegal_state(id, *session.status));
  TRY_DO(runs_.stop(run_id));
  return {};
}

Result<void> Sessions::remove(std::string_view id) {
  TRY(session, find(id));
  if (!has_ended(session.status)) return fail(illegal_state(id, *session.status));
  TRY_DO(database_.run("DELETE FROM session WHERE id = ?", id));
  TRY_DO(database_.run("DELETE FROM tag WHERE resource = ?", fmt::format("session/{}", id)));
  return runs_.forget(run_name(id));
}

Result<int32_t> Sessions::run_statement(std::string_view id, const std::string& code) {
  TRY(known, require(id));
  const auto folder = statements_of(known);
  TRY(session, shown(std::move(known)));
  if (session.status != "READY") return fail(illegal_state(id, *session.status));
  const std::scoped_lock lock(numbering_);
  int32_t number = 1;
  std::error_code missing;
  while (std::filesystem::exists(folder / fmt::format("{}.statement", number), missing)) ++number;
  TRY_DO(write_file_durably(folder / fmt::format("{}.statement", number), Json{{"code", code}}.dump()));
  return number;
}

Result<wire::Statement> Sessions::read_statement(const Known& known, int32_t number) {
  const auto folder = statements_of(known);
  std::error_code missing;
  if (!std::filesystem::exists(folder / fmt::format("{}.statement", number), missing)) return fail(statement_not_found(number));
  TRY(asked, read_json(folder / fmt::format("{}.statement", number)));
  wire::Statement statement;
  statement.id = number;
  statement.code = text_of(asked, "code");
  statement.state = "WAITING";
  statement.progress = 0;
  if (std::filesystem::exists(folder / fmt::format("{}.result", number), missing)) {
    TRY(result, read_json(folder / fmt::format("{}.result", number)));
    statement.state = text_of(result, "state");
    statement.started_on = number_of(result, "started");
    statement.completed_on = number_of(result, "completed");
    if (statement.completed_on) {
      statement.progress = 1;
      auto& output = statement.output.emplace();
      output.execution_count = number;
      output.status = statement.state;
      output.data.emplace().text_plain = text_of(result, "text");
      if (result.contains("error")) {
        output.error_name = text_of(result, "error");
        output.error_value = text_of(result, "message");
        output.traceback.emplace();
        for (const auto& line : result["traceback"]) output.traceback->push_back(line.get<std::string>());
      }
      return statement;
    }
  }
  TRY(session, shown(known));
  if (has_ended(session.status)) {
    statement.state = "CANCELLED";  // the session ended with it
  } else if (std::filesystem::exists(folder / fmt::format("{}.cancel", number), missing)) {
    statement.state = "CANCELLING";
  }
  return statement;
}

Result<wire::Statement> Sessions::find_statement(std::string_view id, int32_t number) {
  TRY(known, require(id));
  return read_statement(known, number);
}

Result<std::vector<wire::Statement>> Sessions::list_statements(std::string_view id) {
  TRY(known, require(id));
  std::vector<wire::Statement> statements;
  for (int32_t number = 1;; ++number) {
    auto statement = read_statement(known, number);
    if (!statement && statement.error().code == "EntityNotFoundException") return statements;
    if (!statement) return fail(std::move(statement).error());
    statements.push_back(std::move(*statement));
  }
}

Result<void> Sessions::cancel_statement(std::string_view id, int32_t number) {
  TRY(known, require(id));
  TRY(statement, read_statement(known, number));
  if (statement.state != "WAITING" && statement.state != "RUNNING") return {};
  return write_file_durably(statements_of(known) / fmt::format("{}.cancel", number), "");
}

}  // namespace mastic::glue
