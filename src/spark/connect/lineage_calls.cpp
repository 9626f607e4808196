#include "spark/connect/lineage_calls.h"

#include <atomic>

#include "lineage/recorder.h"
#include "spark/connect/session.h"

namespace mastic::spark_connect {
namespace {

std::atomic<lineage::Recorder*> process_recorder{nullptr};

std::string_view change_of(spark::SaveMode mode) {
  switch (mode) {
    case spark::SaveMode::append: return {};
    case spark::SaveMode::overwrite: return "OVERWRITE";
    case spark::SaveMode::error_if_exists:
    case spark::SaveMode::ignore: return "CREATE";
  }
  return {};
}

lineage::Target target_of(const spark::WriteFiles& write) {
  lineage::Target target{.name = lineage::name_of_location(write.path), .symlink = {}};
  if (!write.table.empty()) {
    const auto database = write.database.empty() ? std::string("default") : write.database;
    target.symlink = lineage::name_of_table({}, database, write.table);
  }
  target.change = change_of(write.mode);
  if (write.buckets > 0) target.left_out = "__bucket";
  return target;
}

lineage::Target target_of(const spark::WriteItems& write) {
  return {.name = lineage::name_of_items({}, write.table), .symlink = {}};
}

const spark::RelationPtr& input_of(const spark::Command& command) {
  return std::visit([](const auto& kind) -> const spark::RelationPtr& { return kind.input; }, command);
}

/// df.hint("mastic_catalog_table", "database.table"): what is written is that table's, though nobody here makes its entry.
std::optional<lineage::DatasetName> hinted_table(const spark::RelationPtr& input) {
  const auto* alias = std::get_if<spark::Alias>(&input->node);
  if (alias == nullptr || alias->hint != "mastic_catalog_table" || alias->hint_arguments.size() != 1) return std::nullopt;
  const auto& name = alias->hint_arguments[0];
  const auto dot = name.find('.');
  if (dot == std::string::npos) return std::nullopt;
  return lineage::name_of_table({}, name.substr(0, dot), name.substr(dot + 1));
}

}  // namespace

void tell_lineage_to(lineage::Recorder* recorder) { process_recorder = recorder; }

void tell_fetched(const Session& session, const spark::RelationPtr& plan, int64_t plan_id) {
  if (auto* recorder = process_recorder.load()) recorder->fetched(plan, session.id(), plan_id);
}

void tell_kept(const std::string& name, const spark::RelationPtr& plan, const Session* session) {
  if (auto* recorder = process_recorder.load()) recorder->kept(name, plan, session != nullptr ? session->id() : "");
}

void tell_writing(const Session& session, const spark::Command& command) {
  if (auto* recorder = process_recorder.load()) recorder->writing(input_of(command), session.id());
}

void tell_written(const Session& session, const spark::Command& command, const spark::WriteSummary& summary, bool creates) {
  auto* recorder = process_recorder.load();
  if (recorder == nullptr || summary.skipped) return;
  auto target = std::visit([](const auto& kind) { return target_of(kind); }, command);
  target.rows = summary.rows;
  if (creates) target.change = "CREATE";
  if (const bool is_files = std::holds_alternative<spark::WriteFiles>(command); is_files) {
    target.bytes = summary.bytes;
    target.files = summary.files.size();
  }
  const auto& input = input_of(command);
  if (!target.symlink) target.symlink = hinted_table(input);
  recorder->wrote(input, std::move(target), session.id());
}

void tell_written(const Session& session, const spark::RelationPtr& input, lineage::DatasetName source, bool overwrites) {
  auto* recorder = process_recorder.load();
  if (recorder == nullptr) return;
  recorder->wrote(input,
                  {.name = std::move(source),
                   .symlink = {},
                   .change = change_of(overwrites ? spark::SaveMode::overwrite : spark::SaveMode::append)},
                  session.id());
}

void tell_changed(const engine::CatalogTable& table, std::string_view change, std::string_view name_before) {
  auto* recorder = process_recorder.load();
  if (recorder == nullptr) return;
  lineage::Change told{.name = lineage::name_of_table({}, table.database, table.name), .symlink = {}, .change = change};
  if (!name_before.empty()) told.before = lineage::name_of_table({}, table.database, name_before);
  // The files go, or come, with a table that owns them.
  const bool is_of_files =
      change == "CREATE" || change == "TRUNCATE" || (change == "DROP" && table.table_type == "MANAGED_TABLE");
  if (is_of_files && !table.location.empty()) {
    told.symlink = std::move(told.name);
    told.name = lineage::name_of_location(table.location);
  }
  recorder->changed(std::move(told));
}

}  // namespace mastic::spark_connect
