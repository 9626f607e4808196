#include "program/line_sinks.h"

#include <unistd.h>

#include <string>

#include "base/log.h"
#include "glue/codegen/preview.h"
#include "logs/logs.h"

namespace mastic::program {

void LogsSink::write(std::string_view run_id, jobs::Channel channel, std::span<const std::string_view> lines) {
  if (run_id.starts_with(glue::codegen::preview_run_prefix)) return;
  const auto* group = channel == jobs::Channel::output ? "/aws-glue/jobs/output" : "/aws-glue/jobs/error";
  if (const auto kept = logs_.append(group, run_id, lines); !kept) {
    log::error("logs", "lines of run {} could not be kept: {}", run_id, kept.error().message);
  }
}

void TerminalSink::write(std::string_view, jobs::Channel channel, std::span<const std::string_view> lines) {
  std::string text;
  for (const auto line : lines) text.append(line) += '\n';
  const int number = channel == jobs::Channel::output ? STDOUT_FILENO : STDERR_FILENO;
  for (std::string_view rest = text; !rest.empty();) {
    const auto size = ::write(number, rest.data(), rest.size());
    if (size < 0 && errno != EINTR) return;  // Nobody listens.
    if (size > 0) rest.remove_prefix(static_cast<std::size_t>(size));
  }
}

}  // namespace mastic::program
