// Crawlers and their crawls: definitions, states, history, and the threads that crawl.
//
// Durable: every change of a definition or a state is a transaction in `glue.db`. A crawl that was running when the
// process ended is FAILED at the next opening, its crawler READY.
// Thread-safe. Owner: Glue; all that is handed in must outlive it. The destructor stops running crawls and waits.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "aws/models/glue.h"
#include "base/clock.h"
#include "base/identifiers.h"
#include "base/sqlite.h"
#include "glue/catalog/catalog.h"
#include "glue/crawler/crawl.h"
#include "glue/crawler/crawl_notice.h"
#include "glue/crawler/item_source.h"
#include "glue/roles.h"

namespace mastic::glue::crawler {

namespace wire = mastic::aws::glue;

/// Where crawls are recorded for people: group and stream of CloudWatch Logs.
using LogLine = std::function<void(std::string_view group, std::string_view stream, std::string_view line)>;
inline constexpr std::string_view log_group = "/aws-glue/crawlers";

/// Who asks for a crawl: names the ARNs that it writes.
struct Caller {
  std::string region;
  std::string account_id;
};

struct CrawlRecord {
  int64_t number = 0;  // grows with every crawl
  std::string id;
  std::string state;  // RUNNING, COMPLETED, FAILED, STOPPED
  Instant started;
  std::optional<Instant> ended;
  std::optional<std::string> summary;
  std::optional<std::string> error_message;
};

/// What EventBridge's crawler events tell.
struct CrawlerChange {
  std::string crawler;
  std::string state;  // Started, Succeeded, Failed
  Instant time;
  std::string error_message;
  int64_t running_seconds = 0;
  std::size_t tables_created = 0, tables_updated = 0, tables_deleted = 0;
};

struct Metrics {
  std::string crawler_name;
  bool running = false;
  double last_runtime_seconds = 0;
  double median_runtime_seconds = 0;
  int64_t tables_created = 0;
  int64_t tables_updated = 0;
  int64_t tables_deleted = 0;
};

class Crawlers {
 public:
  static Result<std::unique_ptr<Crawlers>> open(sqlite::Database& database, catalog::Catalog& catalog, ItemSource& items,
                                                const Clock& clock, LogLine log, Roles* roles = nullptr,
                                                FileSources files = {});
  ~Crawlers();
  Crawlers(const Crawlers&) = delete;
  Crawlers& operator=(const Crawlers&) = delete;

  /// Creating, updating and starting fail when `roles` are given and Glue may not run as the crawler's.
  /// `crawler` is complete but for what a state tells: State, LastCrawl, CrawlElapsedTime, times, Version.
  Result<void> create(wire::Crawler crawler);
  /// With its state as it is now.
  Result<std::optional<wire::Crawler>> find(std::string_view name);
  Result<catalog::Page<wire::Crawler>> list(const catalog::PageRequest& page);
  /// Changes a definition; fails while it runs.
  Result<void> update(std::string_view name, const std::function<Result<void>(wire::Crawler&)>& change);
  Result<void> remove(std::string_view name);

  /// Returns when the crawl is on its way; it goes on in a thread.
  Result<void> start(std::string_view name, const Caller& caller, std::string crawl_id = random_uuid());
  /// Asks the running crawl to end; its crawler is STOPPING until it did.
  Result<void> stop(std::string_view name);
  /// Blocks until no crawl runs.
  void wait_until_idle();

  /// Changes what a definition says of its schedule, also while it runs.
  Result<void> change_schedule(std::string_view name, const std::function<void(wire::Crawler&)>& change);
  /// Called after each crawl's end, from its thread. Set it before the first crawl.
  void on_end(std::function<void()> callback) { ended_callback_ = std::move(callback); }
  /// Called at each crawl's begin and end, perhaps with this object's lock held: it must not call back. Set it first.
  void on_change(std::function<void(const CrawlerChange&)> callback) { change_callback_ = std::move(callback); }
  /// Called when a crawl begins and when it has ended, from its thread. Set it before the first crawl.
  void on_notice(std::function<void(const CrawlNotice&)> callback) { notice_callback_ = std::move(callback); }
  Result<std::optional<CrawlRecord>> find_crawl(std::string_view id);
  /// The newest first, those before `number`.
  Result<std::vector<CrawlRecord>> history(std::string_view name, int64_t before_number);
  /// Of one crawler; fails when there is none.
  Result<Metrics> metrics(std::string_view name);

 private:
  Crawlers(sqlite::Database& database, catalog::Catalog& catalog, ItemSource& items, const Clock& clock, LogLine log,
           Roles* roles, FileSources files);
  Result<void> recover();
  [[nodiscard]] Result<void> check_role(const wire::Crawler& crawler) const;
  Result<CrawlChanges> crawl_as_role(const wire::Crawler& crawler, CrawlSurroundings around, const std::stop_token& stop);
  Result<wire::Crawler> complete(const sqlite::Row& row);
  void run(const wire::Crawler& crawler, const std::string& crawl_id, const Caller& caller, const std::stop_token& stop);
  void finish(const std::string& name, const std::string& crawl_id, const Result<CrawlChanges>& outcome);
  bool is_shutting_down();
  void write_line(const std::string& crawler, const std::string& crawl_id, std::string_view line) const;

  sqlite::Database& database_;
  catalog::Catalog& catalog_;
  ItemSource& items_;
  const Clock& clock_;
  const LogLine log_;
  std::function<void()> ended_callback_;
  std::function<void(const CrawlerChange&)> change_callback_;
  std::function<void(const CrawlNotice&)> notice_callback_;
  Roles* const roles_;
  const FileSources files_;

  // Guards what follows; start and stop hold it over their transaction too, so that a stop finds the thread of the crawl
  // it asks to end. It is never taken inside a transaction.
  std::mutex mutex_;
  std::condition_variable idle_;
  bool shutting_down_ = false;
  struct Running {
    std::string crawler;
    Instant begun;
    std::jthread thread;
  };
  std::map<std::string, Running> running_;  // by crawl
  std::vector<std::jthread> ended_;         // threads that have nothing left to do but to be joined
};

}  // namespace mastic::glue::crawler
