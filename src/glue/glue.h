// Glue for the rest of the house: the service, and the catalog without the wire.
//
//   TRY(glue, glue::Glue::open({.folder = data / "glue", .clock = clock, .dynamodb = *dynamodb, .runs = *runs,
//                               .read_object = …, .log = …}));
//   services.push_back(glue->make_service());
//   TRY_DO(glue->resume());                              // when everything that a run needs is there
//   TRY(table, glue->catalog().find_table("insurance", "claims"));
//
// Owner: main; what Dependencies refers to outlives it, the services made from it do not. Its destructor stops crawls
// and waits for them; runs are jobs::Runs' business and go on. Thread-safe.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/tagged_resource.h"
#include "glue/catalog_view.h"
#include "glue/crawler/crawl_notice.h"
#include "glue/permission.h"
#include "glue/roles.h"

namespace mastic::aws {
class Pages;
class Service;
}  // namespace mastic::aws
namespace mastic::dynamodb {
class Database;
}
namespace mastic::jobs {
class Runs;
}
namespace mastic::s3 {
class ObjectStore;
}

namespace mastic::glue {

struct Dependencies {
  std::filesystem::path folder;  // glue.db lives here; created when missing
  const Clock& clock;
  dynamodb::Database& dynamodb;  // what crawlers read
  mastic::jobs::Runs& runs;      // what executes job runs
  /// The content of `s3://BUCKET/KEY`: scripts and the files they bring along.
  std::function<Result<std::string>(std::string_view s3_uri)> read_object;
  /// Where crawls write what they do; may be empty.
  std::function<void(std::string_view group, std::string_view stream, std::string_view line)> log;
  /// Told what changed, as EventBridge's Glue events have it: `resources` are ARNs' last parts, `detail` a JSON object.
  /// Called on the changing thread, perhaps with locks held: it must not call back. May be empty.
  std::function<void(std::string_view detail_type, std::vector<std::string> resources, std::string detail)> announce = {};
  Roles* roles = nullptr;                          // Whose rights runs and crawls have; null: everything is allowed
  WriteObject write_object = {};                   // Where the scripts of visual jobs go; empty: they are refused.
  Permission permit = {};                          // What callers may do besides the operation itself.
  const s3::ObjectStore* objects = nullptr;        // What crawlers read; null: S3 targets are refused
  std::vector<std::string> classify_command = {};  // Who looks into files; empty: this process
  /// Called when a crawl begins and when it has ended, from its thread; may be empty.
  std::function<void(const CrawlNotice&)> on_crawl = {};
};

class Glue {
 public:
  static Result<std::unique_ptr<Glue>> open(Dependencies dependencies);
  ~Glue();
  Glue(const Glue&) = delete;
  Glue& operator=(const Glue&) = delete;

  /// The operations of operations.txt.
  [[nodiscard]] aws::Service make_service();

  /// Its paths below /_mastic/glue: what the console asks of a visual job.
  void add_pages(aws::Pages& pages);

  /// Starts the runs that were waiting, or due for another attempt, when the process ended the last time.
  Result<void> resume();

  /// Every resource with tags. They belong to no region here: their ARNs name the one that is asked for.
  Result<std::vector<TaggedResource>> tagged_resources(std::string_view region, std::string_view account_id);

  /// An event for the workflow of this name (`orchestrate/orchestrator.h`).
  Result<void> notify_event(std::string_view workflow, std::string_view event_id);
  /// The clock was moved: what is due now starts.
  void clock_moved();

  [[nodiscard]] CatalogView& catalog();
  /// The policy on the catalog (PutResourcePolicy); empty: none.
  [[nodiscard]] std::string resource_policy();

 private:
  struct State;
  explicit Glue(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace mastic::glue
