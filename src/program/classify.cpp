#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "aws/json.h"
#include "classify/inspector.h"
#include "program/commands.h"

namespace mastic::program {
namespace {

void write_texts(aws::JsonWriter& json, std::string_view name, const classify::Texts& texts) {
  if (texts.empty()) return;
  json.key(name);
  json.open_object();
  for (const auto& [key, value] : texts) {
    json.any_key(key);
    json.text(value);
  }
  json.close_object();
}

std::string describe(const std::string& file, const classify::Inspection& found) {
  std::string line;
  aws::JsonWriter json(line);
  json.open_object();
  json.key("File");
  json.text(file);
  if (!found.problem.empty()) {
    json.key("Problem");
    json.text(found.problem);
    json.close_object();
    return line;
  }
  json.key("Classification");
  json.text(found.classification);
  json.key("Compression");
  json.text(found.compression);
  json.key("RecordCount");
  json.number(static_cast<int64_t>(found.records));
  json.key("Columns");
  json.open_array();
  for (const auto& column : found.columns) {
    json.open_object();
    json.key("Name");
    json.text(column.name);
    json.key("Type");
    json.text(classify::catalog_text(column.type));
    json.close_object();
  }
  json.close_array();
  write_texts(json, "SerdeParameters", found.serde_parameters);
  write_texts(json, "Parameters", found.table_parameters);
  json.close_object();
  return line;
}

}  // namespace

int classify(const command_line::Classify& command) {
  if (command.with_parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    return classify::serve_inspections(STDIN_FILENO, STDOUT_FILENO);
  }
  const auto inspector = classify::make_local_inspector({});
  bool all_known = true;
  for (const auto& file : command.files) {
    const auto found = inspector->inspect({file, file, {}});
    all_known = all_known && found.problem.empty();
    std::printf("%s\n", describe(file, found).c_str());
  }
  return all_known ? 0 : 1;
}

}  // namespace mastic::program
