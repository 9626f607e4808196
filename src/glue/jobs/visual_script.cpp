#include "glue/jobs/visual_script.h"

#include <fmt/format.h>

#include "glue/codegen/script.h"
#include "glue/errors.h"

namespace mastic::glue {

Result<std::optional<std::string>> script_of_nodes(const aws::glue::Job& job) {
  if (!job.code_gen_configuration_nodes || job.code_gen_configuration_nodes->empty()) return std::nullopt;
  auto generated = codegen::generate(*job.code_gen_configuration_nodes);
  std::string wrong;
  for (const auto& problem : generated.problems) {
    if (!problem.only_unsupported) wrong += fmt::format("{}{}: {}", wrong.empty() ? "" : " ", problem.node_id, problem.message);
  }
  if (!wrong.empty()) return fail(error::invalid_input("CodeGenConfigurationNodes: " + wrong));
  return std::move(generated.script);
}

Result<void> keep_script_of_nodes(const aws::glue::Job& job, const WriteObject& write_object, const aws::CallContext& caller) {
  TRY(script, script_of_nodes(job));
  if (!script) return {};
  const auto location = job.command.value_or(aws::glue::JobCommand{}).script_location.value_or("");
  if (!write_object) return fail(error::unsupported("CodeGenConfigurationNodes"));
  if (const auto written = write_object(caller, location, std::move(*script)); !written) {
    if (written.error().http_status == 403) return fail(written.error());
    return fail(error::invalid_input(fmt::format("The script cannot be written to {}: {}", location, written.error().message)));
  }
  return {};
}

}  // namespace mastic::glue
