#include "glue/jobs/arguments.h"

#include <array>

namespace mastic::glue {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Splits at commas that do not stand in double quotes; quotes are dropped.
std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  std::string part;
  bool quoted = false;
  const auto finish = [&] {
    if (const auto clean = trimmed(part); !clean.empty()) parts.emplace_back(clean);
    part.clear();
  };
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      finish();
    } else {
      part += c;
    }
  }
  finish();
  return parts;
}

// Arguments that Glue acts on and this server does not. `values`: only with this value; empty: with any.
struct Unsupported {
  std::string_view name;
  std::string_view value;
  std::string_view why;
};
constexpr auto unsupported = std::to_array<Unsupported>({
    {"--additional-python-modules", "", "modules are not installed for a run; install them into the server's environment"},
    {"--extra-jars", "", "there is no JVM in a run"},
    {"--job-language", "scala", "only Python scripts can run"},
    {"--datalake-formats", "", "Hudi, Delta and Iceberg tables are not supported yet"},
});

}  // namespace

ArgumentMap merge_arguments(const std::optional<ArgumentMap>& defaults, const std::optional<ArgumentMap>& of_run,
                            const std::optional<ArgumentMap>& non_overridable) {
  ArgumentMap merged;
  for (const auto* layer : {&defaults, &of_run, &non_overridable}) {
    if (!*layer) continue;
    for (const auto& [name, value] : **layer) merged.insert_or_assign(name, value);
  }
  return merged;
}

std::vector<std::string> command_line(std::string_view job_name, std::string_view job_id, std::string_view run_id,
                                      const ArgumentMap& arguments) {
  std::vector<std::string> line = {"--JOB_NAME",        std::string(job_name), "--JOB_ID",
                                   std::string(job_id), "--JOB_RUN_ID",        std::string(run_id)};
  for (const auto& [name, value] : arguments) {
    line.push_back(name);
    // A flag may come without a value; an empty argument behind it would be taken for one.
    if (!value.empty()) line.push_back(value);
  }
  return line;
}

std::string unsupported_argument(const ArgumentMap& arguments) {
  for (const auto& rule : unsupported) {
    const auto found = arguments.find(std::string(rule.name));
    if (found == arguments.end() || found->second.empty()) continue;
    if (!rule.value.empty() && found->second != rule.value) continue;
    return std::string(rule.name) + " " + found->second + ": " + std::string(rule.why);
  }
  return "";
}

std::map<std::string, std::string> customer_environment(const ArgumentMap& arguments) {
  std::map<std::string, std::string> environment;
  for (const auto& entry : listed(arguments, "--customer-driver-env-vars")) {
    const auto equals = entry.find('=');
    if (equals == std::string::npos || !entry.starts_with("CUSTOMER_")) continue;
    environment.insert_or_assign(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return environment;
}

std::vector<std::string> listed(const ArgumentMap& arguments, std::string_view name) {
  const auto found = arguments.find(std::string(name));
  return found == arguments.end() ? std::vector<std::string>{} : split(found->second);
}

}  // namespace mastic::glue
