#include "glue/jobs/job_definition.h"

#include <doctest/doctest.h>

#include "glue/jobs/arguments.h"
#include "glue/jobs/run_plan.h"

using namespace mastic;
using namespace mastic::glue;
namespace wire = mastic::aws::glue;

namespace {

wire::Job job(std::string command = "glueetl") {
  wire::Job definition;
  definition.name = "claims";
  definition.role = "role";
  definition.command.emplace().name = std::move(command);
  definition.command->script_location = "s3://scripts/claims.py";
  return definition;
}

std::string refusal(wire::Job definition) {
  const auto checked = complete_definition(definition);
  REQUIRE(!checked.has_value());
  CHECK(checked.error().code == "InvalidInputException");
  return checked.error().message;
}

Result<std::string> read_script(std::string_view uri) {
  if (uri == "s3://scripts/claims.py") return "print(1)";
  if (uri == "s3://libs/tools.py") return "x = 1";
  return fail(Error{"NoSuchKey", "The specified key does not exist.", 404});
}

}  // namespace

TEST_CASE("defaults follow the Glue version") {
  auto plain = job();
  REQUIRE(complete_definition(plain));
  CHECK(plain.glue_version == "6.0");
  CHECK(plain.timeout == 480);
  CHECK(plain.max_retries == 0);
  CHECK(plain.execution_property->max_concurrent_runs == 1);
  CHECK(plain.max_capacity == 10.0);

  auto old = job();
  old.glue_version = "3.0";
  old.worker_type = "G.2X";
  old.number_of_workers = 3;
  REQUIRE(complete_definition(old));
  CHECK(old.timeout == 2880);
  CHECK(old.max_capacity == 6.0);
  CHECK(old.allocated_capacity == 6);

  auto shell = job("pythonshell");
  REQUIRE(complete_definition(shell));
  CHECK(shell.max_capacity == 0.0625);
}

TEST_CASE("the published stack's definition is taken, what Glue refuses is not") {
  auto published = job("glue-etl");
  published.command->python_version = "3.9";
  CHECK(complete_definition(published));
  CHECK(refusal(job("spark")).find("not: spark") != std::string::npos);
  auto without_role = job();
  without_role.role.reset();
  CHECK(refusal(without_role).find("Role") != std::string::npos);
  auto both = job();
  both.worker_type = "G.1X";
  both.number_of_workers = 2;
  both.max_capacity = 2;
  CHECK(refusal(both).find("Max Capacity") != std::string::npos);
  auto half = job();
  half.worker_type = "G.1X";
  CHECK(refusal(half).find("together") != std::string::npos);
}

TEST_CASE("what cannot run says so by name") {
  auto definition = job("gluestreaming");
  REQUIRE(complete_definition(definition));
  CHECK(check_runnable(definition, {}).error().message.find("gluestreaming") != std::string::npos);
  definition = job();
  REQUIRE(complete_definition(definition));
  CHECK(check_runnable(definition, {}));
  wire::JobRun run;
  run.arguments = ArgumentMap{{"--job-language", "scala"}};
  CHECK(check_runnable(definition, run).error().message.find("--job-language scala") != std::string::npos);
}

TEST_CASE("a run request") {
  auto definition = job();
  definition.glue_version = "auto";
  definition.default_arguments = ArgumentMap{{"--x", "default"}, {"--extra-py-files", "s3://libs/tools.py"}};
  REQUIRE(complete_definition(definition));
  wire::JobRun run;
  run.id = "jr_1";
  run.job_name = "claims";
  run.timeout = 5;
  run.arguments = ArgumentMap{{"--x", "run"}};
  const auto request = make_run_request(definition, run, read_script).value();
  CHECK(request.script == "print(1)");
  CHECK(request.script_name == "claims.py");
  CHECK(request.glue_version == "6.0");
  CHECK(request.timeout == std::chrono::minutes(5));
  REQUIRE(request.python_files.size() == 1);
  CHECK(request.python_files[0].name == "tools.py");
  CHECK(request.arguments.size() == 10);
  CHECK(request.arguments.back() == "run");
  CHECK(request.concurrent_runs_maximum == 1);

  definition.command->script_location = "s3://scripts/gone.py";
  CHECK(make_run_request(definition, run, read_script).error().message.find("s3://scripts/gone.py") != std::string::npos);
}
