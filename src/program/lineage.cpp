// mastic lineage: asks the store in the data folder, whether a server runs on it or not.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "lineage/query.h"
#include "program/commands.h"
#include "program/data_folder.h"

namespace mastic::program {
namespace {

int complain(const std::string& message) {
  std::fprintf(stderr, "mastic lineage: %s\n", message.c_str());
  return 1;
}

Result<std::string> all_datasets(lineage::Store& store, bool as_json) {
  constexpr int64_t limit = 1000;
  TRY(listed, lineage::list_datasets(store, "", limit));
  if (as_json) return listed.dump(2) + "\n";
  std::string text;
  for (const auto& dataset : listed["datasets"]) {
    text += dataset["text"].get<std::string>() + "  " + std::to_string(dataset["columns"].size()) + " columns";
    for (const char* time : {"lastWritten", "lastRead"})
      if (dataset.contains(time))
        text += std::string(time) == "lastWritten" ? ", written " + dataset[time].get<std::string>()
                                                   : ", read " + dataset[time].get<std::string>();
    text += '\n';
  }
  return text.empty() ? "nothing was read or written yet\n" : text;
}

Result<std::string> answer(const command_line::Lineage& command, lineage::Store& store) {
  const bool as_json = command.format == "json";
  if (command.dataset.empty()) return all_datasets(store, as_json);
  const auto mark = command.dataset.find('#');
  lineage::Question question;
  TRY(dataset, lineage::find_dataset(store, lineage::parse_dataset({}, command.dataset.substr(0, mark))));
  question.dataset = dataset;
  if (mark != std::string::npos) question.column = command.dataset.substr(mark + 1);
  question.direction = command.downstream ? lineage::Direction::downstream : lineage::Direction::upstream;
  question.depth = static_cast<int>(command.depth);
  question.job = command.job;
  question.run_key = command.run;
  question.row_edges = !command.values_only;
  TRY(graph, lineage::ask(store, question));
  return as_json ? lineage::to_json(graph).dump(2) + "\n" : lineage::to_text(graph, question.direction);
}

}  // namespace

int lineage(const command_line::Lineage& command) {
  const auto folder = DataFolder::chosen(command.data);
  if (!folder) return complain(folder.error().message);
  const auto file = *folder / "lineage" / "lineage.db";
  if (!std::filesystem::exists(file)) return complain("no run has left lineage in the data folder yet: " + folder->string());
  auto store = lineage::Store::open(file);
  if (!store) return complain(store.error().message);
  const auto text = answer(command, **store);
  if (!text) return complain(text.error().message);
  std::fputs(text->c_str(), stdout);
  return 0;
}

}  // namespace mastic::program
