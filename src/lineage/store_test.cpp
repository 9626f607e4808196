#include "lineage/store.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/identifiers.h"
#include "lineage/keeper.h"
#include "lineage/query.h"

using namespace mastic;
using namespace mastic::lineage;

namespace {

class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("mastic-lineage-" + random_hex(12))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// `to`'s column from `from`'s, and a filter over another.
nlohmann::json copied(const std::string& from, const std::string& to, const std::string& via = {}) {
  Lineage lineage;
  lineage.texts.emplace_back("(a > 1)");
  Dataset input{.name = name_of_location(from), .symlinks = {}, .fields = {{"a", "int"}, {"k", "int"}}};
  if (!via.empty()) input.symlinks.push_back(parse_dataset({}, via));
  lineage.inputs.push_back(std::move(input));
  lineage.fields = {{0, "a"}, {0, "k"}};
  lineage.columns.push_back({"a", "int", {{.field = 0, .kind = Kind::identity, .masking = false, .text = 0}}});
  lineage.all_rows = {{.field = 1, .kind = Kind::filter, .masking = false, .text = 1}};
  const auto target = to.find("://") == std::string::npos ? parse_dataset({}, to) : name_of_location(to);
  return report(lineage, Target{.name = target, .symlink = {}, .rows = 3});
}

RunFacts run(const std::string& key, const std::string& job) {
  return {.run_key = key,
          .job_namespace = "mastic",
          .job_name = job,
          .job_type = "JOB",
          .integration = "SPARK",
          .engine_version = "1"};
}

Result<Graph> asked(Store& store, const std::string& dataset, const std::string& column, Direction direction) {
  Question question{.dataset = parse_dataset({}, dataset), .column = column, .direction = direction};
  return ask(store, question);
}

int64_t count(Store& store, const std::string& table) {
  return store.database().query("SELECT count(*) FROM " + table).value().at(0).integer(0);
}

}  // namespace

TEST_CASE("what is old goes, but for what last wrote each dataset") {
  const Folder folder;
  const auto store = Store::open(folder.path() / "lineage.db").value();
  const Instant day{std::chrono::days{20'000}};
  const auto add = [&](const std::string& key, const std::string& from, const std::string& to, Instant time) {
    REQUIRE(store->begin(run(key, "job"), time));
    REQUIRE(store->add(key, copied(from, to)));
    REQUIRE(store->add_event(key, time, "RUNNING", "{}"));
    REQUIRE(store->end(key, "COMPLETE", time, ""));
  };
  add("old", "s3://b/ancient", "s3://b/out", day);
  add("only", "s3://b/kept", "s3://b/other", day);
  add("new", "s3://b/in", "s3://b/out", day + std::chrono::days{50});
  REQUIRE(store->begin(run("open", "job"), day));  // has not ended
  REQUIRE(store->prune(day + std::chrono::days{10}));
  CHECK_FALSE(store->find("old").value());
  CHECK(store->find("only").value());
  CHECK(store->find("open").value());
  CHECK(count(*store, "event") == 1);
  CHECK(count(*store, "output") == 2);
  CHECK(count(*store, "shape") == 2);
  CHECK(asked(*store, "s3://b/out", "a", Direction::upstream).value().nodes.size() == 3);  // its own, a and the filter's k
  CHECK(asked(*store, "s3://b/other", "a", Direction::upstream).value().nodes.size() == 3);
  CHECK_FALSE(asked(*store, "s3://b/ancient", "", Direction::downstream));
}

TEST_CASE("questions go through jobs, newest run first, and through catalog tables") {
  const Folder folder;
  ManualClock clock;
  auto opened = Keeper::open({.folder = folder.path(), .event_file = {}, .collector = {}}, clock);
  REQUIRE(opened.has_value());
  auto& keeper = **opened;
  auto& store = *keeper.store();
  keeper.begin(run("crawl-1", "crawler"), clock.now());
  keeper.report("crawl-1", copied("arn:aws:dynamodb:us-east-1:000000000000:table/claims", "insurance.claims").dump(),
                clock.now());
  keeper.end("crawl-1", "COMPLETE", clock.now(), "");
  for (const char* key : {"jr_1", "jr_2"}) {
    clock.advance(std::chrono::seconds(1));
    keeper.begin(run(key, "etl"), clock.now());
    keeper.report(key, copied("arn:aws:dynamodb:us-east-1:000000000000:table/claims", "s3://b/out", "insurance.claims").dump(),
                  clock.now());
    keeper.end(key, "COMPLETE", clock.now(), "");
  }
  keeper.begin(run("jr_3", "report"), clock.now());
  keeper.report("jr_3", copied("s3://b/out/", "s3://b/final").dump(), clock.now());
  keeper.end("jr_3", "FAIL", clock.now(), "ValueError: no");
  keeper.wait();

  SUBCASE("upstream of a column") {
    const auto graph = asked(store, "s3://b/final", "a", Direction::upstream);
    REQUIRE(graph.has_value());
    const auto text = to_text(*graph, Direction::upstream);
    CHECK(text.find("s3://b/final#a") == 0);
    CHECK(text.find("└─ dynamodb:claims#") != std::string::npos);
    CHECK(text.find("by job etl, jr_2 (complete), through insurance.claims (made by crawler)") != std::string::npos);
    CHECK(text.find("jr_1") == std::string::npos);
    CHECK(text.find("by job report, jr_3 (fail)") != std::string::npos);
    CHECK(text.find("decides rows: filter (a > 1)") != std::string::npos);
  }
  SUBCASE("downstream of the source reaches everything") {
    const auto graph = asked(store, "dynamodb:claims", "A", Direction::downstream);
    REQUIRE(graph.has_value());
    CHECK(graph->nodes.size() == 4);
    const auto whole = asked(store, "dynamodb:claims", "", Direction::downstream);
    REQUIRE(whole.has_value());
    CHECK(whole->nodes.size() == 4);
  }
  SUBCASE("a dataset with each of its columns") {
    Question question{.dataset = parse_dataset({}, "dynamodb:claims"), .column = {}, .direction = Direction::downstream};
    question.columns = true;
    const auto graph = ask(store, question);
    REQUIRE(graph.has_value());
    CHECK(graph->nodes.at(0).column.empty());
    CHECK(graph->nodes.at(1).column == "a");
    CHECK(graph->nodes.at(2).column == "k");
    const auto goes = [&](const std::string& from, const std::string& to) {
      return std::ranges::any_of(graph->links, [&](const Link& link) {
        return graph->nodes[link.from].column == from && graph->nodes[link.to].column == to;
      });
    };
    CHECK(goes("a", "a"));
    CHECK(goes("k", ""));
  }
  SUBCASE("a catalog table is another name of its place") {
    const auto graph = asked(store, "insurance.claims", "a", Direction::downstream);
    REQUIRE(graph.has_value());
    CHECK(graph->nodes.size() >= 3);
    const auto up = asked(store, "insurance.claims", "a", Direction::upstream);
    REQUIRE(up.has_value());
    CHECK(up->links.at(0).job_name == "crawler");
    // A column that only the place has.
    const auto placed = asked(store, "insurance.claims", "k", Direction::downstream);
    REQUIRE(placed.has_value());
    CHECK(placed->nodes.at(0).column == "k");
  }
  SUBCASE("what decides rows can be left out, a run can be asked for, and depth is kept") {
    Question question{.dataset = parse_dataset({}, "s3://b/out"), .column = "a", .direction = Direction::upstream};
    question.row_edges = false;
    question.run_key = "jr_1";
    const auto graph = ask(store, question);
    REQUIRE(graph.has_value());
    REQUIRE(graph->links.size() == 1);
    CHECK(graph->links[0].run_key == "jr_1");
    question.depth = 0;
    CHECK(ask(store, question)->cut);
  }
  SUBCASE("what is not known is said") {
    CHECK(asked(store, "s3://b/none", "", Direction::upstream).error().http_status == 404);
    CHECK(asked(store, "s3://b/out", "zz", Direction::upstream).error().message.find("zz") != std::string::npos);
    CHECK(find_dataset(store, {"", "claims"}).error().message.find("several") != std::string::npos);
    CHECK(find_dataset(store, {"", "out"})->name_space == "s3://b");
  }
  SUBCASE("the same lineage of many runs is kept once") {
    CHECK(store.database().query("SELECT count(*) FROM shape")->at(0).integer(0) == 3);
    CHECK(store.database().query("SELECT count(*) FROM output")->at(0).integer(0) == 4);
  }
  SUBCASE("runs, events and what a run did") {
    const auto described = describe_run(store, "jr_3");
    REQUIRE(described.has_value());
    CHECK((*described)["state"] == "FAIL");
    CHECK((*described)["outputs"].size() == 1);
    const auto events = list_events(store, "jr_3", 0, 10);
    REQUIRE(events.has_value());
    CHECK((*events)["events"].size() == 3);
    CHECK((*events)["events"][2]["run"]["facets"]["errorMessage"]["message"] == "ValueError: no");
    CHECK((*list_runs(store, "etl", {}, {}, {}, 10))["runs"].size() == 2);
    CHECK((*list_datasets(store, "out", 10))["datasets"].size() == 1);
  }
}

TEST_CASE("names of datasets") {
  CHECK(name_of_path("s3a://b/x/y/").name_space == "s3://b");
  CHECK(name_of_path("s3://b").name == "/");
  CHECK(name_of_path("file:///tmp/x").name == "/tmp/x");
  CHECK(text_of(name_of_path("/tmp/x/")) == "file:/tmp/x");
  CHECK(short_text_of(parse_dataset({}, "insurance.claims")) == "insurance.claims");
  CHECK(short_text_of(name_of_location("arn:aws:dynamodb:eu-west-1:1:table/t")) == "dynamodb:t");
  CHECK(run_uuid("jr_1") == run_uuid("jr_1"));
  CHECK(run_uuid("jr_1") != run_uuid("jr_2"));
  CHECK(run_uuid("jr_1").size() == 36);
  CHECK(run_uuid("jr_1")[14] == '8');
}
