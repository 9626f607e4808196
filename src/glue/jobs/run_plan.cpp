#include "glue/jobs/run_plan.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "aws/json.h"
#include "glue/errors.h"
#include "glue/jobs/arguments.h"

namespace mastic::glue {
namespace {

ArgumentMap arguments_of(const aws::glue::Job& job, const aws::glue::JobRun& run) {
  return merge_arguments(job.default_arguments, run.arguments, job.non_overridable_arguments);
}

std::string file_name(std::string_view uri) {
  const auto slash = uri.rfind('/');
  return std::string(slash == std::string_view::npos ? uri : uri.substr(slash + 1));
}

/// Glue gives a job an id besides its name; here it is made of the name, so that it stays.
std::string job_id(std::string_view name) {
  std::array<unsigned char, 32> digest{};
  std::size_t length = 0;
  EVP_Q_digest(nullptr, "SHA256", nullptr, name.data(), name.size(), digest.data(), &length);
  std::string id = "j_";
  for (const auto byte : digest) id += fmt::format("{:02x}", byte);
  return id;
}

Result<std::vector<mastic::jobs::ExtraFile>> read_files(const ArgumentMap& arguments, std::string_view name,
                                                        const ReadObject& read_object) {
  std::vector<mastic::jobs::ExtraFile> files;
  for (const auto& uri : listed(arguments, name)) {
    auto content = read_object(uri);
    if (!content) {
      return fail(error::invalid_input(
          fmt::format("The file that {} names cannot be read: {} ({})", name, uri, content.error().message)));
    }
    files.push_back({file_name(uri), std::move(*content)});
  }
  return files;
}

/// A session outlives its run by so much: the run may wait for its turn.
constexpr std::chrono::hours session_margin{24};
/// Of a run without a timeout.
constexpr std::chrono::hours session_longest{30 * 24};

/// The session in which a run acts; ended when the plan comes to nothing.
class RunSession {
 public:
  explicit RunSession(Roles& roles) : roles_(roles) {}
  ~RunSession() {
    if (!session_.access_key.empty() && !kept_) roles_.end(session_.access_key);
  }
  RunSession(const RunSession&) = delete;
  RunSession& operator=(const RunSession&) = delete;

  Result<void> start(const aws::glue::Job& job, const aws::glue::JobRun& run) {
    const auto role = job.role.value_or("");
    if (!roles_.may_run_as(role)) {
      return fail(error::invalid_input(
          fmt::format("JobName:{} and JobRunId:{} failed to execute with exception Role {} should be given assume role "
                      "permissions for Glue Service.",
                      job.name.value_or(""), run.id.value_or(""), roles_.arn_of(role))));
    }
    const std::chrono::minutes timeout(run.timeout.value_or(0));
    const std::chrono::seconds lifetime = timeout.count() > 0 ? timeout + session_margin : session_longest;
    TRY(session, roles_.start(role, run_session_name, lifetime, run.execution_role_session_policy));
    session_ = std::move(session);
    return {};
  }
  /// The objects that the run begins with are read as its role.
  ReadObject reader(const ReadObject& read_object) {
    return [this, &read_object](std::string_view uri) -> Result<std::string> {
      const auto scheme_end = uri.find("://");
      const auto path = scheme_end == std::string_view::npos ? uri : uri.substr(scheme_end + 3);
      TRY_DO(roles_.permit(session_.access_key, "s3:GetObject", fmt::format("arn:aws:s3:::{}", path)));
      return read_object(uri);
    };
  }
  void hand_over(mastic::jobs::RunRequest& request) {
    request.access_key = session_.access_key;
    request.environment["AWS_ACCESS_KEY_ID"] = session_.access_key;
    request.environment["AWS_SECRET_ACCESS_KEY"] = session_.secret;
    request.environment["AWS_SESSION_TOKEN"] = session_.token;
    kept_ = true;
  }

 private:
  Roles& roles_;
  Roles::Session session_;
  bool kept_ = false;
};

Result<mastic::jobs::RunRequest> plan(const aws::glue::Job& job, const aws::glue::JobRun& run, const ReadObject& read_object);

}  // namespace

Result<void> check_runnable(const aws::glue::Job& job, const aws::glue::JobRun& run) {
  const auto command = job.command.value_or(aws::glue::JobCommand{});
  const auto name = command.name.value_or("");
  if (name == "gluestreaming" || name == "glueray") {
    return fail(error::invalid_input("This server cannot run jobs with the command: " + name));
  }
  if (command.python_version == "2")
    return fail(error::invalid_input("This server cannot run Python 2; set Command.PythonVersion to 3."));
  if (job.connections && job.connections->connections && !job.connections->connections->empty()) {
    return fail(error::invalid_input("This server does not connect jobs through Glue connections; the job names: " +
                                     job.connections->connections->front()));
  }
  if (const auto why = unsupported_argument(arguments_of(job, run)); !why.empty()) {
    return fail(error::invalid_input("This server cannot run the job with the argument " + why));
  }
  return {};
}

Result<mastic::jobs::RunRequest> make_run_request(const aws::glue::Job& job, const aws::glue::JobRun& run,
                                                  const ReadObject& read_object, Roles* roles, Script script) {
  if (roles == nullptr) return plan(job, run, read_object);
  RunSession session(*roles);
  TRY_DO(session.start(job, run));
  TRY(request, plan(job, run, script == Script::of_the_house ? read_object : session.reader(read_object)));
  session.hand_over(request);
  return request;
}

namespace {

Result<mastic::jobs::RunRequest> plan(const aws::glue::Job& job, const aws::glue::JobRun& run, const ReadObject& read_object) {
  const auto arguments = arguments_of(job, run);
  const auto location = job.command->script_location.value_or("");
  auto script = read_object(location);
  if (!script) {
    return fail(error::invalid_input(
        fmt::format("LAUNCH ERROR | The script cannot be read: {} ({})", location, script.error().message)));
  }
  TRY(python_files, read_files(arguments, "--extra-py-files", read_object));
  TRY(files, read_files(arguments, "--extra-files", read_object));

  mastic::jobs::RunRequest request;
  request.run_id = run.id.value_or("");
  request.job_name = run.job_name.value_or("");
  request.attempt = run.attempt.value_or(0);
  request.script_name = file_name(location);
  request.script = std::move(*script);
  request.arguments = command_line(request.job_name, job_id(request.job_name), request.run_id, arguments);
  request.environment = customer_environment(arguments);
  request.python_files = std::move(python_files);
  request.files = std::move(files);
  request.glue_version = run.glue_version == "auto" ? "6.0" : run.glue_version.value_or("6.0");
  request.timeout = std::chrono::minutes(run.timeout.value_or(0));
  request.concurrent_runs_maximum = static_cast<uint32_t>(job.execution_property->max_concurrent_runs.value_or(1));
  request.details = aws::to_json(run);
  return request;
}

}  // namespace
}  // namespace mastic::glue
