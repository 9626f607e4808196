#include "glue/crawler/crawlers.h"

#include <fmt/format.h>

#include "aws/json.h"
#include "base/identifiers.h"
#include "base/log.h"
#include "glue/errors.h"

namespace mastic::glue::crawler {
namespace {

constexpr std::string_view died_message = "The server ended while the crawl was running. Start the crawler again.";

// The states of a crawl as ListCrawls has them, as LastCrawl has them, and the words of a crawl's outcome.
std::string last_crawl_status(std::string_view crawl_state) {
  if (crawl_state == "COMPLETED") return "SUCCEEDED";
  return crawl_state == "STOPPED" ? "CANCELLED" : "FAILED";
}

/// The catalog's changes as Glue's ListCrawls summarises them, within the 255 characters the model allows.
std::string summary_of(const CrawlChanges& changes) {
  const auto part = [](std::string_view action, const std::vector<std::string>& names, bool with_names) {
    if (names.empty()) return std::string();
    std::string text;
    aws::JsonWriter json(text);
    json.open_object();
    if (with_names) {
      json.key("Details");
      json.open_object();
      json.key("names");
      json.open_array();
      for (const auto& name : names) json.text(name);
      json.close_array();
      json.close_object();
    }
    json.key("Count");
    json.number(static_cast<int64_t>(names.size()));
    json.close_object();
    return fmt::format("\"{}\":{},", action, text);
  };
  const auto count = [](std::string_view action, uint64_t number) {
    return number == 0 ? std::string() : fmt::format("\"{}\":{{\"Count\":{}}},", action, number);
  };
  auto partitions = count("ADD", changes.partitions_created) + count("UPDATE", changes.partitions_updated) +
                    count("DELETE", changes.partitions_deleted);
  if (!partitions.empty()) {
    partitions.pop_back();
    partitions = ",\"PARTITION\":{" + partitions + "}";
  }
  const auto all = [&](bool with_names) {
    auto parts = part("ADD", changes.created, with_names) + part("UPDATE", changes.updated, with_names) +
                 part("DELETE", changes.deleted, with_names);
    if (!parts.empty()) parts.pop_back();
    return "{\"TABLE\":{" + parts + "}" + partitions + "}";
  };
  const auto detailed = all(true);
  return detailed.size() <= 255 ? detailed : all(false);
}

}  // namespace

Crawlers::Crawlers(sqlite::Database& database, catalog::Catalog& catalog, ItemSource& items, const Clock& clock, LogLine log,
                   Roles* roles, FileSources files)
    : database_(database),
      catalog_(catalog),
      items_(items),
      clock_(clock),
      log_(std::move(log)),
      roles_(roles),
      files_(std::move(files)) {}

Result<std::unique_ptr<Crawlers>> Crawlers::open(sqlite::Database& database, catalog::Catalog& catalog, ItemSource& items,
                                                 const Clock& clock, LogLine log, Roles* roles, FileSources files) {
  std::unique_ptr<Crawlers> crawlers(new Crawlers(database, catalog, items, clock, std::move(log), roles, std::move(files)));
  TRY_DO(crawlers->recover());
  return crawlers;
}

Crawlers::~Crawlers() {
  std::vector<std::jthread> ended;  // joined when the lock below is gone
  {
    const std::scoped_lock lock(mutex_);
    shutting_down_ = true;
    for (auto& [id, running] : running_) running.thread.request_stop();
  }
  wait_until_idle();
  const std::scoped_lock lock(mutex_);
  ended.swap(ended_);
}

Result<void> Crawlers::recover() {
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY_DO(t.run("UPDATE crawl SET state = 'FAILED', ended_us = ?, error_message = ? WHERE state = 'RUNNING'",
                 to_microseconds(clock_.now()), died_message));
    TRY_DO(t.run("UPDATE crawler SET state = 'READY' WHERE state <> 'READY'"));
    return {};
  });
}

void Crawlers::write_line(const std::string& crawler, const std::string& crawl_id, std::string_view line) const {
  if (log_) log_(log_group, crawler, fmt::format("[{}] {}", crawl_id, line));
}

Result<void> Crawlers::create(wire::Crawler crawler) {
  TRY_DO(check_role(crawler));
  const auto name = crawler.name.value_or("");
  crawler.version = 1;
  crawler.creation_time = clock_.now();
  crawler.last_updated = crawler.creation_time;
  const auto body = aws::to_json(crawler);
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(added, t.run("INSERT INTO crawler(name, state, body) VALUES(?, 'READY', ?) ON CONFLICT DO NOTHING", name, body));
    if (added == 0) return fail(error::crawler_exists(name));
    return {};
  });
}

namespace {

// A crawler with its newest crawl; the columns that `complete` reads.
constexpr std::string_view crawler_columns =
    "SELECT c.body, c.state, w.id, w.state, w.started_us, w.error_message, l.id, l.state, l.started_us, l.error_message "
    "FROM crawler c "
    "LEFT JOIN crawl w ON w.number = (SELECT max(number) FROM crawl WHERE crawler_name = c.name AND state = 'RUNNING') "
    "LEFT JOIN crawl l ON l.number = (SELECT max(number) FROM crawl WHERE crawler_name = c.name AND state <> 'RUNNING') ";

}  // namespace

Result<wire::Crawler> Crawlers::complete(const sqlite::Row& row) {
  TRY(crawler, aws::from_json<wire::Crawler>(row.text(0)));
  crawler.state = row.text(1);
  crawler.crawl_elapsed_time = 0;
  if (!row.is_null(2)) {
    crawler.crawl_elapsed_time = (to_microseconds(clock_.now()) - row.integer(4)) / 1000;
  }
  if (!row.is_null(6)) {
    wire::LastCrawlInfo last;
    last.status = last_crawl_status(row.text(7));
    last.error_message = row.optional_text(9);
    last.log_group = std::string(log_group);
    last.log_stream = crawler.name;
    last.message_prefix = row.text(6);
    last.start_time = from_microseconds(row.integer(8));
    crawler.last_crawl = std::move(last);
  }
  return std::move(crawler);
}

Result<std::optional<wire::Crawler>> Crawlers::find(std::string_view name) {
  TRY(rows, database_.query(std::string(crawler_columns) + "WHERE c.name = ?", name));
  if (rows.empty()) return std::nullopt;
  TRY(crawler, complete(rows[0]));
  return std::optional(std::move(crawler));
}

Result<catalog::Page<wire::Crawler>> Crawlers::list(const catalog::PageRequest& page) {
  TRY(rows,
      database_.query(std::string(crawler_columns) + "WHERE c.name > ? ORDER BY c.name LIMIT ?", page.after, page.limit + 1));
  catalog::Page<wire::Crawler> answer;
  for (const auto& row : rows) {
    if (answer.entries.size() == page.limit) {
      answer.last_key = answer.entries.back().name.value_or("");
      break;
    }
    TRY(crawler, complete(row));
    answer.entries.push_back(std::move(crawler));
  }
  return answer;
}

Result<void> Crawlers::update(std::string_view name, const std::function<Result<void>(wire::Crawler&)>& change) {
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(rows, t.query("SELECT state, body FROM crawler WHERE name = ?", name));
    if (rows.empty()) return fail(error::crawler_not_found(name));
    if (rows[0].text(0) != "READY") return fail(error::crawler_running(name));
    TRY(crawler, aws::from_json<wire::Crawler>(rows[0].text(1)));
    TRY_DO(change(crawler));
    TRY_DO(check_role(crawler));
    crawler.version = crawler.version.value_or(0) + 1;
    crawler.last_updated = clock_.now();
    TRY_DO(t.run("UPDATE crawler SET body = ? WHERE name = ?", aws::to_json(crawler), name));
    return {};
  });
}

Result<void> Crawlers::remove(std::string_view name) {
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(rows, t.query("SELECT state FROM crawler WHERE name = ?", name));
    if (rows.empty()) return fail(error::crawler_not_found(name));
    if (rows[0].text(0) != "READY") return fail(error::crawler_running(name));
    TRY_DO(t.run("DELETE FROM crawler WHERE name = ?", name));
    TRY_DO(t.run("DELETE FROM tag WHERE resource = ?", "crawler/" + std::string(name)));
    return {};
  });
}

Result<void> Crawlers::change_schedule(std::string_view name, const std::function<void(wire::Crawler&)>& change) {
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(rows, t.query("SELECT body FROM crawler WHERE name = ?", name));
    if (rows.empty()) return fail(error::crawler_not_found(name));
    TRY(crawler, aws::from_json<wire::Crawler>(rows[0].text(0)));
    change(crawler);
    TRY_DO(t.run("UPDATE crawler SET body = ? WHERE name = ?", aws::to_json(crawler), name));
    return {};
  });
}

Result<void> Crawlers::start(std::string_view name, const Caller& caller, std::string crawl_id) {
  wire::Crawler crawler;
  const std::scoped_lock lock(mutex_);
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(rows, t.query("SELECT state, body FROM crawler WHERE name = ?", name));
    if (rows.empty()) return fail(error::crawler_not_found(name));
    if (rows[0].text(0) != "READY") return fail(error::crawler_running(name));
    TRY(definition, aws::from_json<wire::Crawler>(rows[0].text(1)));
    TRY_DO(check_role(definition));
    crawler = std::move(definition);
    TRY_DO(t.run("UPDATE crawler SET state = 'RUNNING' WHERE name = ?", name));
    TRY_DO(t.run("INSERT INTO crawl(id, crawler_name, state, started_us) VALUES(?, ?, 'RUNNING', ?)", crawl_id, name,
                 to_microseconds(clock_.now())));
    return {};
  }));

  ended_.clear();
  auto& running = running_[crawl_id];
  running.crawler = name;
  running.begun = clock_.now();
  if (change_callback_) change_callback_({.crawler = std::string(name), .state = "Started", .time = running.begun});
  running.thread = std::jthread([this, crawler = std::move(crawler), crawl_id, caller](const std::stop_token& stop) {
    run(crawler, crawl_id, caller, stop);
  });
  if (shutting_down_) running.thread.request_stop();
  return {};
}

Result<void> Crawlers::stop(std::string_view name) {
  const std::scoped_lock lock(mutex_);
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(rows, t.query("SELECT state FROM crawler WHERE name = ?", name));
    if (rows.empty()) return fail(error::crawler_not_found(name));
    if (rows[0].text(0) == "READY") return fail(error::crawler_not_running(name));
    if (rows[0].text(0) == "STOPPING") return fail(error::crawler_stopping(name));
    TRY_DO(t.run("UPDATE crawler SET state = 'STOPPING' WHERE name = ?", name));
    return {};
  }));
  for (auto& [id, running] : running_) {
    if (running.crawler == name) running.thread.request_stop();
  }
  return {};
}

void Crawlers::run(const wire::Crawler& crawler, const std::string& crawl_id, const Caller& caller,
                   const std::stop_token& stop) {
  const auto name = crawler.name.value_or("");
  write_line(name, crawl_id, "INFO : The crawl starts");
  if (notice_callback_) {
    notice_callback_({.crawler = name,
                      .crawl_id = crawl_id,
                      .state = "RUNNING",
                      .database = crawler.database_name.value_or(""),
                      .error_message = {},
                      .time = clock_.now()});
  }
  CrawlSurroundings around{catalog_,
                           items_,
                           clock_,
                           caller.region,
                           caller.account_id,
                           [&](std::string_view line) { write_line(name, crawl_id, line); },
                           {},
                           files_};
  finish(name, crawl_id, crawl_as_role(crawler, std::move(around), stop));
}

Result<CrawlChanges> Crawlers::crawl_as_role(const wire::Crawler& crawler, CrawlSurroundings around,
                                             const std::stop_token& stop) {
  if (roles_ == nullptr) return crawl(crawler, around, stop);
  constexpr std::chrono::hours lifetime{24};
  TRY(session, roles_->start(crawler.role.value_or(""), crawl_session_name, lifetime, std::nullopt));
  around.permit = [this, key = session.access_key](std::string_view action, std::string_view resource) {
    return roles_->permit(key, action, resource);
  };
  auto changes = crawl(crawler, around, stop);
  roles_->end(session.access_key);
  return changes;
}

Result<void> Crawlers::check_role(const wire::Crawler& crawler) const {
  const auto role = crawler.role.value_or("");
  if (roles_ == nullptr || roles_->may_run_as(role)) return {};
  return fail(error::role_not_assumable(roles_->arn_of(role)));
}

void Crawlers::finish(const std::string& name, const std::string& crawl_id, const Result<CrawlChanges>& outcome) {
  std::string state = "COMPLETED";
  std::optional<std::string> message;
  std::optional<std::string> summary;
  const auto changes = outcome ? *outcome : CrawlChanges{};
  if (outcome) {
    summary = summary_of(changes);
    write_line(name, crawl_id, "INFO : The crawl is done");
  } else {
    const bool stopped = outcome.error().code == crawl_stopped;
    const bool asked_for = stopped && !is_shutting_down();
    state = asked_for ? "STOPPED" : "FAILED";
    message = stopped && !asked_for ? std::string(died_message) : outcome.error().message;
    write_line(name, crawl_id, (stopped ? "WARN : " : "ERROR : ") + *message);
  }
  const auto saved = database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY_DO(
        t.run("UPDATE crawl SET state = ?, ended_us = ?, summary = ?, error_message = ?, tables_created = ?, "
              "tables_updated = ?, tables_deleted = ? WHERE id = ?",
              state, to_microseconds(clock_.now()), summary, message, changes.created.size(), changes.updated.size(),
              changes.deleted.size(), crawl_id));
    TRY_DO(t.run("UPDATE crawler SET state = 'READY' WHERE name = ?", name));
    return {};
  });
  if (!saved) log::error("glue", "the end of crawl {} of {} cannot be saved: {}", crawl_id, name, saved.error().message);

  if (notice_callback_) {
    notice_callback_({.crawler = name,
                      .crawl_id = crawl_id,
                      .state = state,
                      .database = {},
                      .error_message = message.value_or(""),
                      .time = clock_.now()});
  }
  if (ended_callback_ && !is_shutting_down()) ended_callback_();
  const std::scoped_lock lock(mutex_);
  // A thread cannot join itself: the next start, or the destructor, does.
  const auto self = running_.find(crawl_id);
  if (change_callback_) {
    const auto now = clock_.now();
    change_callback_({.crawler = name,
                      .state = outcome ? "Succeeded" : "Failed",
                      .time = now,
                      .error_message = message.value_or(""),
                      .running_seconds = std::chrono::floor<std::chrono::seconds>(now - self->second.begun).count(),
                      .tables_created = changes.created.size(),
                      .tables_updated = changes.updated.size(),
                      .tables_deleted = changes.deleted.size()});
  }
  ended_.push_back(std::move(self->second.thread));
  running_.erase(self);
  idle_.notify_all();
}

bool Crawlers::is_shutting_down() {
  const std::scoped_lock lock(mutex_);
  return shutting_down_;
}

void Crawlers::wait_until_idle() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return running_.empty(); });
}

}  // namespace mastic::glue::crawler
