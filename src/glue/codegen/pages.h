// What the console asks of a visual job's nodes:
//   GET  /_mastic/glue/nodes                               → {"kinds": [{"name", "role", "supported"}]}
//   POST /_mastic/glue/script   {"CodeGenConfigurationNodes": {…}}  → {"script", "problems": [{"node", "message",
//   "unsupported"}]} POST /_mastic/glue/preview?node=ID&rows=20   {"CodeGenConfigurationNodes": {…}, "Role", "GlueVersion"}
//        → {"problems": […], "frames": [{"name", "schema", "rows", "more"}]} or {"problems": […], "error": "…"}
// The body is a JobUpdate as UpdateJob takes it. A preview runs code, so with keys its caller must be allowed to start jobs
// (glue:StartJobRun) and to pass the role.
#pragma once

#include "aws/pages.h"
#include "glue/permission.h"
#include "glue/roles.h"
#include "jobs/jobs.h"

namespace mastic::glue::codegen {

/// `runs`, `roles` and what `permit` holds outlive the pages.
void add_pages(aws::Pages& pages, mastic::jobs::Runs& runs, Roles* roles, const Permission& permit);

}  // namespace mastic::glue::codegen
