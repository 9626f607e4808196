#include "glue/codegen/preview.h"

#include <fmt/format.h>

#include "base/files.h"
#include "base/identifiers.h"
#include "glue/codegen/script.h"
#include "glue/errors.h"

namespace mastic::glue::codegen {
namespace {

/// The run, gone when this goes.
class Preview {
 public:
  Preview(mastic::jobs::Runs& runs, std::string run_id) : runs_(runs), run_id_(std::move(run_id)) {}
  ~Preview() { (void)runs_.forget(run_id_); }
  Preview(const Preview&) = delete;
  Preview& operator=(const Preview&) = delete;

 private:
  mastic::jobs::Runs& runs_;
  std::string run_id_;
};

std::string marked_line(const std::string& output) {
  const auto at = output.rfind(preview_mark);
  if (at == std::string::npos) return {};
  const auto start = at + preview_mark.size();
  return output.substr(start, output.find('\n', start) - start);
}

}  // namespace

Result<std::string> run_preview(mastic::jobs::Runs& runs, Roles* roles, const PreviewRequest& asked) {
  const auto run_id = std::string(preview_run_prefix) + random_hex(32);
  mastic::jobs::RunRequest request;
  request.run_id = run_id;
  request.job_name = run_id;  // Its own, so that it is forgotten alone.
  request.script_name = "preview.py";
  request.script = asked.script;
  request.arguments = {"--JOB_NAME", run_id};
  request.glue_version = asked.glue_version;
  request.timeout = asked.limit;
  if (roles != nullptr) {
    if (asked.role.empty()) return fail(error::invalid_input("Choose a role: the preview reads with its rights."));
    TRY(session, roles->start(asked.role, run_session_name, asked.limit + std::chrono::minutes(15), std::nullopt));
    request.access_key = session.access_key;
    request.environment = {{"AWS_ACCESS_KEY_ID", session.access_key},
                           {"AWS_SECRET_ACCESS_KEY", session.secret},
                           {"AWS_SESSION_TOKEN", session.token}};
  }
  const auto access_key = request.access_key;
  if (const auto started = runs.start(std::move(request)); !started) {
    if (roles != nullptr && !access_key.empty()) roles->end(access_key);
    return fail(started.error());
  }
  const Preview preview(runs, run_id);
  TRY(ended, runs.wait(run_id, asked.limit));
  if (!mastic::jobs::is_final(ended.state)) {
    (void)runs.stop(run_id);
    (void)runs.wait(run_id, std::chrono::seconds(10));
    return fail(Error{"OperationTimeoutException",
                      fmt::format("The preview took longer than {} s and was stopped.", asked.limit.count()), 400});
  }
  if (ended.state != mastic::jobs::State::succeeded) {
    return fail(error::invalid_input(ended.error_message.empty() ? "The preview could not be computed." : ended.error_message));
  }
  TRY(output, read_file(runs.run_folder(run_id) / "stdout"));
  auto line = marked_line(output);
  if (line.empty()) return fail(error::invalid_input("The preview's script ended before it showed its rows."));
  return line;
}

}  // namespace mastic::glue::codegen
