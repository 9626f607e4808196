#include "program/lineage_feed.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/log.h"
#include "glue/catalog_view.h"
#include "glue/codegen/preview.h"

namespace mastic::program {
namespace {

std::string argument_of(const jobs::RunRecord& run, std::string_view name) {
  const auto found = std::ranges::find(run.arguments, name);
  return found == run.arguments.end() || std::next(found) == run.arguments.end() ? std::string() : *std::next(found);
}

/// The workflow's run that started this one, else what the environment says.
std::optional<lineage::ParentRun> parent_of(const jobs::RunRecord& run) {
  const auto workflow_run = argument_of(run, "--WORKFLOW_RUN_ID");
  if (workflow_run.empty()) return lineage::parent_of_environment();
  return lineage::ParentRun{lineage::run_uuid(workflow_run), lineage::namespace_of_environment(),
                            argument_of(run, "--WORKFLOW_NAME")};
}

lineage::RunFacts facts_of(const jobs::RunRecord& run) {
  return {.run_key = run.run_id,
          .job_namespace = lineage::namespace_of_environment(),
          .job_name = run.job_name,
          .job_type = "JOB",
          .integration = "SPARK",
          .engine_version = MASTIC_VERSION,
          .parent = parent_of(run)};
}

/// What a crawl does to a table: it describes the columns that it found.
nlohmann::json report_of(const glue::TableView& table) {
  lineage::Lineage lineage;
  lineage::Dataset source{.name = lineage::name_of_location(table.location), .symlinks = {}, .fields = {}};
  for (const auto* columns : {&table.columns, &table.partition_keys}) {
    for (const auto& column : *columns) {
      const auto field = static_cast<uint32_t>(lineage.fields.size());
      source.fields.push_back({column.name, column.type});
      lineage.fields.push_back({0, column.name});
      lineage.columns.push_back(
          {column.name, column.type, {{.field = field, .kind = lineage::Kind::identity, .masking = false, .text = 0}}});
    }
  }
  lineage.inputs.push_back(std::move(source));
  return lineage::report(lineage,
                         lineage::Target{.name = lineage::name_of_table({}, table.database, table.name), .symlink = {}});
}

}  // namespace

void LineageFeed::run_changed(const jobs::RunRecord& run) {
  if (run.run_id.starts_with(glue::codegen::preview_run_prefix)) return;
  const auto error = run.error_message;
  if (run.state == jobs::State::running) return keeper_.begin(facts_of(run), run.started.value_or(run.modified));
  if (!jobs::is_final(run.state)) return;
  if (!run.started) keeper_.begin(facts_of(run), run.accepted);
  const auto* type = run.state == jobs::State::succeeded ? "COMPLETE" : run.state == jobs::State::stopped ? "ABORT" : "FAIL";
  keeper_.end(run.run_id, type, run.completed.value_or(run.modified), run.state == jobs::State::succeeded ? "" : error);
}

void LineageFeed::catch_up(const jobs::Runs& runs, Instant now) {
  const auto open = keeper_.store()->unfinished();
  if (!open) return log::warn("lineage", "unfinished runs cannot be listed: {}", open.error().message);
  for (const auto& run : *open) {
    const auto& key = run.facts.run_key;
    const auto found = runs.find(key);
    if (found && *found) {
      if (jobs::is_final((*found)->state)) run_changed(**found);
    } else if (found) {
      keeper_.end(key, "FAIL", now, "The server ended while it ran.");
    }
  }
}

void LineageFeed::crawl_changed(const glue::CrawlNotice& crawl, glue::CatalogView* catalog) {
  if (crawl.state == "RUNNING") {
    {
      const std::scoped_lock lock(mutex_);
      databases_[crawl.crawl_id] = crawl.database;
    }
    return keeper_.begin({.run_key = crawl.crawl_id,
                          .job_namespace = lineage::namespace_of_environment(),
                          .job_name = crawl.crawler,
                          .job_type = "CRAWLER",
                          .integration = "GLUE",
                          .engine_version = MASTIC_VERSION},
                         crawl.time);
  }
  std::string database;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = databases_.find(crawl.crawl_id);
    if (found == databases_.end()) return;
    database = found->second;
    databases_.erase(found);
  }
  if (crawl.state == "COMPLETED" && catalog != nullptr) {
    const auto tables = catalog->list_tables(database);
    if (!tables) log::warn("lineage", "the tables of a crawl cannot be listed: {}", tables.error().message);
    if (tables) {
      for (const auto& table : *tables) {
        const auto by = table.parameters.find("UPDATED_BY_CRAWLER");
        if (by == table.parameters.end() || by->second != crawl.crawler || table.location.empty()) continue;
        keeper_.report(crawl.crawl_id, report_of(table).dump(), crawl.time);
      }
    }
  }
  const auto* type = crawl.state == "COMPLETED" ? "COMPLETE" : crawl.state == "STOPPED" ? "ABORT" : "FAIL";
  keeper_.end(crawl.crawl_id, type, crawl.time, crawl.error_message);
}

}  // namespace mastic::program
