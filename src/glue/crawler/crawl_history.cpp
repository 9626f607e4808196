#include <algorithm>

#include "glue/crawler/crawlers.h"
#include "glue/errors.h"

namespace mastic::glue::crawler {

namespace {

constexpr std::string_view crawl_columns = "SELECT number, id, state, started_us, ended_us, summary, error_message FROM crawl ";

CrawlRecord read_crawl(const sqlite::Row& row) {
  CrawlRecord crawl;
  crawl.number = row.integer(0);
  crawl.id = row.text(1);
  crawl.state = row.text(2);
  crawl.started = from_microseconds(row.integer(3));
  if (const auto ended = row.optional_integer(4)) crawl.ended = from_microseconds(*ended);
  crawl.summary = row.optional_text(5);
  crawl.error_message = row.optional_text(6);
  return crawl;
}

}  // namespace

Result<std::optional<CrawlRecord>> Crawlers::find_crawl(std::string_view id) {
  TRY(rows, database_.query(std::string(crawl_columns) + "WHERE id = ?", id));
  if (rows.empty()) return std::nullopt;
  return std::optional(read_crawl(rows[0]));
}

Result<std::vector<CrawlRecord>> Crawlers::history(std::string_view name, int64_t before_number) {
  TRY(known, database_.query("SELECT 1 FROM crawler WHERE name = ?", name));
  if (known.empty()) return fail(error::crawler_not_found(name));
  TRY(rows, database_.query(std::string(crawl_columns) + "WHERE crawler_name = ? AND number < ? ORDER BY number DESC", name,
                            before_number));
  std::vector<CrawlRecord> crawls;
  for (const auto& row : rows) crawls.push_back(read_crawl(row));
  return crawls;
}

Result<Metrics> Crawlers::metrics(std::string_view name) {
  TRY(states, database_.query("SELECT state FROM crawler WHERE name = ?", name));
  if (states.empty()) return fail(error::crawler_not_found(name));
  TRY(rows, database_.query("SELECT ended_us - started_us, tables_created, tables_updated, tables_deleted FROM crawl "
                            "WHERE crawler_name = ? AND ended_us IS NOT NULL ORDER BY number DESC",
                            name));
  Metrics metrics;
  metrics.crawler_name = name;
  metrics.running = states[0].text(0) != "READY";
  std::vector<double> seconds;
  for (const auto& row : rows) {
    seconds.push_back(static_cast<double>(row.integer(0)) / 1e6);
    metrics.tables_created += row.integer(1);
    metrics.tables_updated += row.integer(2);
    metrics.tables_deleted += row.integer(3);
  }
  if (!seconds.empty()) {
    metrics.last_runtime_seconds = seconds.front();
    std::ranges::sort(seconds);
    metrics.median_runtime_seconds = seconds[seconds.size() / 2];
  }
  return metrics;
}

}  // namespace mastic::glue::crawler
