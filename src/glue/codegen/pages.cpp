#include "glue/codegen/pages.h"

#include <algorithm>
#include <charconv>

#include "aws/json.h"
#include "aws/models/glue.h"
#include "glue/codegen/preview.h"
#include "glue/codegen/script.h"
#include "glue/errors.h"

namespace mastic::glue::codegen {
namespace {

constexpr uint32_t rows_default = 20;
constexpr uint32_t rows_maximum = 1000;

std::string_view name_of(NodeRole role) {
  switch (role) {
    case NodeRole::source: return "source";
    case NodeRole::transform: return "transform";
    case NodeRole::target: return "target";
  }
  return {};
}

void write_problems(aws::JsonWriter& writer, const std::vector<Problem>& problems) {
  writer.key("problems");
  writer.open_array();
  for (const auto& problem : problems) {
    writer.open_object();
    writer.key("node");
    writer.text(problem.node_id);
    writer.key("message");
    writer.text(problem.message);
    writer.key("unsupported");
    writer.boolean(problem.only_unsupported);
    writer.close_object();
  }
  writer.close_array();
}

aws::PageAnswer kinds_page() {
  std::string body;
  aws::JsonWriter writer(body);
  const auto supported = supported_kinds();
  writer.open_object();
  writer.key("kinds");
  writer.open_array();
  for (const auto& kind : all_kinds()) {
    writer.open_object();
    writer.key("name");
    writer.text(kind.name);
    writer.key("role");
    writer.text(name_of(kind.role));
    writer.key("supported");
    writer.boolean(std::ranges::find(supported, kind.name, &NodeKind::name) != supported.end());
    writer.close_object();
  }
  writer.close_array();
  writer.close_object();
  return {.body = std::move(body)};
}

Result<aws::glue::JobUpdate> read_job(const aws::PageRequest& request) {
  if (request.method != "POST") return fail(Error{"MethodNotAllowed", "Send the nodes by POST.", 405});
  auto job = aws::from_json<aws::glue::JobUpdate>(std::string(request.call.body));
  if (!job) return fail(error::invalid_input("The body is no job as UpdateJob takes it: " + job.error().message));
  return job;
}

Result<aws::PageAnswer> script_page(const aws::PageRequest& request) {
  TRY(job, read_job(request));
  const auto generated = generate(job.code_gen_configuration_nodes.value_or(Nodes{}));
  std::string body;
  aws::JsonWriter writer(body);
  writer.open_object();
  writer.key("script");
  writer.text(generated.script);
  write_problems(writer, generated.problems);
  writer.close_object();
  return aws::PageAnswer{.body = std::move(body)};
}

uint32_t rows_of(const aws::PageRequest& request) {
  const auto text = request.call.parameter("rows").value_or("");
  uint32_t rows = rows_default;
  std::from_chars(text.data(), text.data() + text.size(), rows);
  return std::clamp(rows, 1U, rows_maximum);
}

aws::PageAnswer preview_answer(const std::vector<Problem>& problems, const Result<std::string>& frames) {
  std::string body;
  aws::JsonWriter writer(body);
  writer.open_object();
  write_problems(writer, problems);
  if (!frames) {
    writer.key("error");
    writer.text(frames.error().message);
  }
  writer.close_object();
  // The script's own JSON object goes on where this one ends.
  if (frames) body.replace(body.size() - 1, 1, "," + frames->substr(1));
  return {.body = std::move(body)};
}

/// Glue's wire refuses with 400; a page says 403.
Result<void> as_page(Result<void> permitted) {
  if (permitted) return {};
  auto refusal = std::move(permitted).error();
  refusal.http_status = 403;
  return fail(std::move(refusal));
}

Result<aws::PageAnswer> preview_page(const aws::PageRequest& request, mastic::jobs::Runs& runs, Roles* roles,
                                     const Permission& permit) {
  TRY(job, read_job(request));
  const auto role = job.role.value_or("");
  if (permit) {
    TRY_DO(as_page(permit(request.context, "glue:StartJobRun", "*")));
    if (roles != nullptr && !role.empty()) TRY_DO(as_page(permit(request.context, "iam:PassRole", roles->arn_of(role))));
  }
  const auto generated = generate_preview(job.code_gen_configuration_nodes.value_or(Nodes{}),
                                          std::string(request.call.parameter("node").value_or("")), rows_of(request));
  if (!generated.problems.empty()) {
    return preview_answer(generated.problems, fail(error::invalid_input("Mend the nodes that this one is made of first.")));
  }
  return preview_answer(
      {},
      run_preview(runs, roles, {.script = generated.script, .role = role, .glue_version = job.glue_version.value_or("6.0")}));
}

}  // namespace

void add_pages(aws::Pages& pages, mastic::jobs::Runs& runs, Roles* roles, const Permission& permit) {
  pages.add({.prefix = "/_mastic/glue/nodes"}, [](const aws::PageRequest&) -> Result<aws::PageAnswer> { return kinds_page(); });
  pages.add({.prefix = "/_mastic/glue/script"}, script_page);
  pages.add({.prefix = "/_mastic/glue/preview"},
            [&runs, roles, permit](const aws::PageRequest& request) { return preview_page(request, runs, roles, permit); });
}

}  // namespace mastic::glue::codegen
