#include <doctest/doctest.h>

#include <condition_variable>
#include <map>
#include <mutex>

#include "base/identifiers.h"
#include "dynamodb/item_codec.h"
#include "glue/catalog/sqlite_catalog.h"
#include "glue/crawler/crawlers.h"
#include "glue/schema.h"

using namespace mastic;
using namespace mastic::glue;
using namespace mastic::glue::crawler;
namespace codec = mastic::dynamodb::codec;

namespace {

std::string item(std::vector<std::pair<std::string_view, std::string_view>> attributes) {
  std::string bytes;
  codec::append_varint(bytes, attributes.size());
  for (const auto& [name, value] : attributes) {
    codec::append_bytes(bytes, name);
    const bool number = value.find_first_not_of("0123456789.-") == std::string_view::npos;
    codec::append_scalar(bytes, number ? dynamodb::Type::number : dynamodb::Type::string, value);
  }
  return bytes;
}

/// Tables in memory; a scan can be made to wait, to be stopped in the middle.
class FakeItems final : public ItemSource {
 public:
  std::map<std::string, std::vector<std::string>, std::less<>> tables;
  std::function<void()> before_each_item;

  Result<std::optional<SourceTable>> find_table(std::string_view name) override {
    const auto found = tables.find(name);
    if (found == tables.end()) return std::nullopt;
    return SourceTable{found->first, found->second.size(), 0};
  }
  Result<void> scan(std::string_view name, const std::function<bool(std::string_view)>& receive) override {
    for (const auto& bytes : tables.find(name)->second) {
      if (before_each_item) before_each_item();
      if (!receive(bytes)) break;
    }
    return {};
  }
};

struct Fixture {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("mastic-glue-" + random_hex(12));
  ManualClock clock;
  std::unique_ptr<sqlite::Database> database = open_database(folder).value();
  catalog::SqliteCatalog catalog{*database, clock};
  FakeItems items;
  std::vector<std::string> lines;
  std::unique_ptr<Crawlers> crawlers = open();

  Fixture() { items.tables["Claims.Table"] = {item({{"age", "1"}, {"id", "a"}}), item({{"age", "0.5"}, {"id", "b"}})}; }
  ~Fixture() {
    crawlers.reset();
    database.reset();
    std::filesystem::remove_all(folder);
  }
  std::unique_ptr<Crawlers> open() {
    return Crawlers::open(*database, catalog, items, clock,
                          [this](auto, auto, std::string_view line) { lines.emplace_back(line); })
        .value();
  }
  static wire::Crawler definition(std::string name, std::vector<std::string> paths) {
    wire::Crawler crawler;
    crawler.name = std::move(name);
    crawler.role = "role";
    crawler.database_name = "Insurance";
    crawler.table_prefix = "demo-";
    auto& targets = crawler.targets.emplace().dynamodb_targets.emplace();
    for (auto& path : paths) targets.emplace_back().path = std::move(path);
    return crawler;
  }
  static wire::Crawler with_policy(std::string update, std::string deletion) {
    auto crawler = definition("c", {"Claims.Table"});
    crawler.schema_change_policy.emplace().update_behavior = std::move(update);
    crawler.schema_change_policy->delete_behavior = std::move(deletion);
    return crawler;
  }
  void crawl() {
    REQUIRE(crawlers->start("c", {"eu-west-1", "000000000000"}));
    crawlers->wait_until_idle();
  }
  std::string status() { return crawlers->find("c").value()->last_crawl->status.value(); }
  std::string message() { return crawlers->find("c").value()->last_crawl->error_message.value_or(""); }
  wire::Table table(std::string_view name = "demo-claims_table") {
    auto found = catalog.find_table("insurance", name).value();
    REQUIRE(found);
    return *found;
  }
  std::string columns() {
    std::string text;
    const auto crawled = table();
    for (const auto& column : *crawled.storage_descriptor->columns) text += column.name + ":" + *column.type + " ";
    return text;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a crawl makes database and table as Glue describes them") {
  REQUIRE(crawlers->create(definition("c", {"Claims.Table"})));
  CHECK(crawlers->find("c").value()->state == "READY");
  CHECK_FALSE(crawlers->find("c").value()->last_crawl.has_value());
  crawl();
  CHECK(status() == "SUCCEEDED");
  CHECK(columns() == "age:double id:string ");
  const auto made = table();
  CHECK(made.storage_descriptor->location == "arn:aws:dynamodb:eu-west-1:000000000000:table/Claims.Table");
  CHECK(made.parameters->at("classification") == "dynamodb");
  CHECK(made.parameters->at("recordCount") == "2");
  CHECK(made.parameters->at("UPDATED_BY_CRAWLER") == "c");
  CHECK(made.table_type == "EXTERNAL_TABLE");
  const auto history = crawlers->history("c", INT64_MAX).value();
  REQUIRE(history.size() == 1);
  CHECK(history[0].state == "COMPLETED");
  CHECK(history[0].summary == R"({"TABLE":{"ADD":{"Details":{"names":["demo-claims_table"]},"Count":1}}})");
  CHECK(lines.size() >= 3);
}

TEST_CASE_FIXTURE(Fixture, "an unchanged schema keeps the version and refreshes the counts") {
  REQUIRE(crawlers->create(definition("c", {"Claims.Table"})));
  crawl();
  items.tables["Claims.Table"].push_back(item({{"age", "3"}, {"id", "c"}}));
  crawl();
  CHECK(table().version_id == "0");
  CHECK(table().parameters->at("recordCount") == "3");
  CHECK(crawlers->metrics("c").value().tables_created == 1);
  CHECK(crawlers->metrics("c").value().tables_updated == 0);
}

TEST_CASE_FIXTURE(Fixture, "UPDATE_IN_DATABASE takes a changed schema over and keeps what users wrote") {
  REQUIRE(crawlers->create(with_policy("UPDATE_IN_DATABASE", "LOG")));
  crawl();
  auto edited = table();
  wire::TableInput input;
  input.name = edited.name;
  input.storage_descriptor = edited.storage_descriptor;
  input.storage_descriptor->columns->at(1).comment = "the policy";
  input.parameters = edited.parameters;
  input.parameters->emplace("mine", "yes");
  input.description = "edited";
  REQUIRE(catalog.update_table("insurance", input, {}));
  items.tables["Claims.Table"].push_back(item({{"id", "c"}, {"model", "M4"}}));
  crawl();
  CHECK(columns() == "age:double id:string model:string ");
  CHECK(table().version_id == "2");
  CHECK(table().description == "edited");
  CHECK(table().parameters->at("mine") == "yes");
  CHECK(table().storage_descriptor->columns->at(1).comment == "the policy");
}

TEST_CASE_FIXTURE(Fixture, "UpdateBehavior LOG leaves the table") {
  REQUIRE(crawlers->create(with_policy("LOG", "LOG")));
  crawl();
  items.tables["Claims.Table"].push_back(item({{"model", "M4"}}));
  crawl();
  CHECK(status() == "SUCCEEDED");
  CHECK(columns() == "age:double id:string ");
  CHECK(table().version_id == "0");
}

TEST_CASE_FIXTURE(Fixture, "a source that is gone") {
  const auto crawl_without_source = [&](const std::string& deletion) {
    REQUIRE(crawlers->create(with_policy("UPDATE_IN_DATABASE", deletion)));
    crawl();
    auto kept = items.tables;
    items.tables.clear();
    crawl();
    CHECK(status() == "SUCCEEDED");
    items.tables = kept;
  };
  SUBCASE("LOG") {
    crawl_without_source("LOG");
    CHECK(table().version_id == "0");
  }
  SUBCASE("DELETE_FROM_DATABASE") {
    crawl_without_source("DELETE_FROM_DATABASE");
    CHECK_FALSE(catalog.find_table("insurance", "demo-claims_table").value().has_value());
  }
  SUBCASE("DEPRECATE_IN_DATABASE, and back again") {
    crawl_without_source("DEPRECATE_IN_DATABASE");
    CHECK(table().parameters->contains("DEPRECATED_BY_CRAWLER"));
    crawl();
    CHECK_FALSE(table().parameters->contains("DEPRECATED_BY_CRAWLER"));
  }
}

TEST_CASE_FIXTURE(Fixture, "what cannot be crawled fails and names it, and writes nothing") {
  SUBCASE("no such table") {
    REQUIRE(crawlers->create(definition("c", {"Claims.Table", "nowhere"})));
    crawl();
    CHECK(message() == "The DynamoDB table does not exist: nowhere");
  }
  SUBCASE("a JDBC target") {
    auto crawler = definition("c", {"Claims.Table"});
    crawler.targets->jdbc_targets.emplace().emplace_back().path = "shop/%";
    REQUIRE(crawlers->create(crawler));
    crawl();
    CHECK(message() == "This server crawls S3, DynamoDB and the catalog's tables, not the JDBC target shop/%");
  }
  CHECK(status() == "FAILED");
  CHECK_FALSE(catalog.find_database("insurance").value().has_value());
  CHECK(crawlers->find("c").value()->state == "READY");
}

TEST_CASE_FIXTURE(Fixture, "a table of another source keeps its name; ours gets a suffix") {
  items.tables["claims-table"] = {item({{"id", "x"}})};
  REQUIRE(crawlers->create(definition("c", {"Claims.Table", "claims-table"})));
  crawl();
  CHECK(status() == "SUCCEEDED");
  const auto tables = catalog.list_tables("insurance", "", {}).value();
  REQUIRE(tables.entries.size() == 2);
  CHECK(tables.entries[1].name.starts_with("demo-claims_table_"));
  crawl();
  CHECK(catalog.list_tables("insurance", "", {}).value().entries.size() == 2);
}

TEST_CASE_FIXTURE(Fixture, "states while it runs, and stop") {
  std::mutex gate;
  std::condition_variable moved;
  bool scanning = false;
  bool go_on = false;
  items.before_each_item = [&] {
    std::unique_lock lock(gate);
    scanning = true;
    moved.notify_all();
    moved.wait(lock, [&] { return go_on; });
  };
  REQUIRE(crawlers->create(definition("c", {"Claims.Table"})));
  CHECK(crawlers->stop("c").error().code == "CrawlerNotRunningException");
  REQUIRE(crawlers->start("c", {"us-east-1", "000000000000"}));
  {
    std::unique_lock lock(gate);
    moved.wait(lock, [&] { return scanning; });
  }
  CHECK(crawlers->find("c").value()->state == "RUNNING");
  CHECK(crawlers->start("c", {}).error().code == "CrawlerRunningException");
  CHECK(crawlers->remove("c").error().code == "CrawlerRunningException");
  CHECK(crawlers->update("c", [](auto&) { return Result<void>(); }).error().code == "CrawlerRunningException");
  REQUIRE(crawlers->stop("c"));
  CHECK(crawlers->find("c").value()->state == "STOPPING");
  CHECK(crawlers->stop("c").error().code == "CrawlerStoppingException");
  {
    const std::scoped_lock lock(gate);
    go_on = true;
    moved.notify_all();
  }
  crawlers->wait_until_idle();
  CHECK(crawlers->find("c").value()->state == "READY");
  CHECK(status() == "CANCELLED");
  CHECK(crawlers->history("c", INT64_MAX).value().at(0).state == "STOPPED");
  CHECK_FALSE(catalog.find_database("insurance").value().has_value());
}

TEST_CASE_FIXTURE(Fixture, "a crawl that the process did not survive has failed") {
  REQUIRE(crawlers->create(definition("c", {"Claims.Table"})));
  REQUIRE(database->run("UPDATE crawler SET state = 'RUNNING'"));
  REQUIRE(database->run("INSERT INTO crawl(id, crawler_name, state, started_us) VALUES('x', 'c', 'RUNNING', 1)"));
  crawlers.reset();
  crawlers = open();
  CHECK(crawlers->find("c").value()->state == "READY");
  CHECK(status() == "FAILED");
  CHECK(message().find("server ended") != std::string::npos);
  crawl();
  CHECK(status() == "SUCCEEDED");
}

TEST_CASE_FIXTURE(Fixture, "definitions") {
  REQUIRE(crawlers->create(definition("c", {"Claims.Table"})));
  CHECK(crawlers->create(definition("c", {"x"})).error().code == "AlreadyExistsException");
  REQUIRE(crawlers->update("c", [](wire::Crawler& crawler) -> Result<void> {
    crawler.table_prefix = "other_";
    return {};
  }));
  CHECK(crawlers->find("c").value()->version == 2);
  CHECK(crawlers->find("c").value()->table_prefix == "other_");
  CHECK(crawlers->start("nobody", {}).error().code == "EntityNotFoundException");
  REQUIRE(crawlers->remove("c"));
  CHECK_FALSE(crawlers->find("c").value().has_value());
  CHECK(crawlers->history("c", INT64_MAX).error().code == "EntityNotFoundException");
}
