// docs/spark-functions.md is what the registry says. MASTIC_UPDATE_DOCS=1 writes it anew.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "spark/functions/registry.h"
#include "spark/lower/functions/table.h"

namespace mastic::spark {
namespace {

const char* kind_of(const FunctionRow& row) {
  switch (row.kind) {
    case FunctionKind::aggregate: return "aggregate";
    case FunctionKind::window: return "window";
    case FunctionKind::generator: return "generator";
    default: return "scalar";
  }
}

bool runs(const FunctionRow& row) {
  switch (row.kind) {
    case FunctionKind::aggregate: return is_aggregate_lowered(row.name);
    case FunctionKind::window: return is_window_lowered(row.name);
    case FunctionKind::generator: return true;
    default: return is_scalar_lowered(row.name);
  }
}

std::string page() {
  std::map<std::string, std::string> lines;
  int running = 0;
  for (const auto& row : all_functions()) {
    const bool works = row.supported && runs(row);
    running += works ? 1 : 0;
    std::string names;
    for (const auto alias : row.aliases) names += (names.empty() ? "`" : ", `") + std::string(alias) + "`";
    std::string name(row.name);
    for (std::size_t at = name.find('|'); at != std::string::npos; at = name.find('|', at + 2)) name.insert(at, "\\");
    for (std::size_t at = names.find('|'); at != std::string::npos; at = names.find('|', at + 2)) names.insert(at, "\\");
    lines[name] =
        fmt::format("| `{}` | {} | {} | {} |\n", name, names, kind_of(row), works ? "yes" : "no: UNSUPPORTED_FEATURE");
  }
  std::string text = "# Spark's functions\n\n";
  text +=
      "Made from the function registry (`src/spark/functions`) by a test, which also checks that it is current. Functions of\n";
  text += "Spark that are not listed fail as Spark's unknown functions do (UNRESOLVED_ROUTINE).\n\n";
  text += fmt::format("{} of {} run.\n\n| function | further names | kind | runs |\n| --- | --- | --- | --- |\n", running,
                      lines.size());
  for (const auto& [name, line] : lines) text += line;
  return text;
}

TEST_CASE("docs/spark-functions.md is current") {
  const std::string path = std::string(MASTIC_SOURCE_DIR) + "/docs/spark-functions.md";
  if (std::getenv("MASTIC_UPDATE_DOCS") != nullptr) std::ofstream(path) << page();
  std::ifstream file(path);
  const std::string written{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  CHECK_MESSAGE(written == page(), "run spark_lower_test with MASTIC_UPDATE_DOCS=1");
}

}  // namespace
}  // namespace mastic::spark
