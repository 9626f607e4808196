#include "glue/crawler/grouping.h"

#include <doctest/doctest.h>

#include "glue/crawler/configuration.h"
#include "glue/crawler/exclusion.h"

using namespace mastic;
using namespace mastic::glue::crawler;
using classify::Kind;

namespace {

SharedInspection inspection(std::string classification, std::vector<std::string> columns, std::string compression = "none") {
  classify::Inspection found;
  found.classification = std::move(classification);
  found.compression = std::move(compression);
  for (auto& column : columns) found.columns.push_back({std::move(column), {Kind::string}});
  return std::make_shared<const classify::Inspection>(std::move(found));
}

const auto people = inspection("csv", {"id", "name", "age", "city"});
const auto more_people = inspection("csv", {"id", "name", "age", "city", "phone"});  // 4 of 5 columns are shared
const auto cars = inspection("csv", {"plate", "maker"});
const auto documents = inspection("json", {"id", "name", "age", "city"});

struct File {
  std::string key;
  SharedInspection inspection;
};

/// `path [keys] values…`, one table a line.
std::string tables(std::string_view target, const std::vector<File>& files, GroupingOptions options = {}) {
  std::vector<FileFact> facts;
  for (const auto& file : files) facts.push_back({file.key, 10, 1, file.inspection});
  std::string text;
  for (const auto& table : find_tables(target, facts, options)) {
    text += text.empty() ? "" : "; ";
    text += table.path;
    for (const auto& key : table.partition_keys) text += " " + key;
    for (const auto& partition : table.partitions) {
      text += " (";
      for (const auto& value : partition.values) text += (text.ends_with('(') ? "" : ",") + value;
      text += ")";
    }
  }
  return text;
}

}  // namespace

TEST_CASE("folders become tables and partitions") {
  CHECK(tables("sales/", {{"sales/year=2024/a.csv", people}, {"sales/year=2025/b.csv", more_people}}) ==
        "sales/ year (2024) (2025)");
  CHECK(tables("sales/", {{"sales/eu/a.csv", people}, {"sales/us/b.csv", people}}) == "sales/ partition_0 (eu) (us)");
  CHECK(tables("data/", {{"data/people/a.csv", people}, {"data/cars/b.csv", cars}}) == "data/cars/; data/people/");
  CHECK(tables("data/", {{"data/people/a.csv", people}, {"data/documents/b.json", documents}}) ==
        "data/documents/; data/people/");
  CHECK(tables("", {{"p/y=1/m=1/a", people}, {"p/y=1/m=2/b", people}, {"q/c", cars}}) == "p/ y m (1,1) (1,2); q/");
  // Most are alike: the odd one is a table of its own.
  CHECK(tables("d/", {{"d/a/1", people}, {"d/b/1", people}, {"d/c/1", cars}}) == "d/ partition_0 (a) (b); d/c/");
  // Another compression is another table.
  CHECK(tables("d/", {{"d/a/1", people}, {"d/b/1", inspection("csv", {"id", "name", "age", "city"}, "gzip")}}) == "d/a/; d/b/");
}

TEST_CASE("files of one folder that differ are tables of their own, and so are files beside folders") {
  CHECK(tables("d/", {{"d/a.csv", people}, {"d/b.csv", cars}}) == "d/a.csv; d/b.csv");
  CHECK(tables("d/", {{"d/all.csv", people}, {"d/y=1/a.csv", people}, {"d/y=2/a.csv", people}}) == "d/ y (1) (2); d/all.csv");
  CHECK(tables("", {{"a.csv", people}}) == "");  // the bucket itself
}

TEST_CASE("partition values are read as Hive writes them") {
  CHECK(tables("d/", {{"d/at=a%3Ab/1", people}, {"d/at=c d/1", people}}) == "d/ at (a:b) (c d)");
  CHECK(partition_of("x=1=2") == std::pair<std::string, std::string>{"x", "1=2"});
  CHECK(partition_of("plain%20") == std::pair<std::string, std::string>{"", "plain%20"});
  // Folders by different keys are not partitions of one table.
  CHECK(tables("d/", {{"d/y=1/a", people}, {"d/m=1/a", people}}) == "d/m=1/; d/y=1/");
}

TEST_CASE("levels and compatible schemas are the user's word") {
  const std::vector<File> files{{"t/a/1", people}, {"t/b/1", cars}};
  CHECK(tables("t/", files, {.combines_compatible = true}) == "t/ partition_0 (a) (b)");
  CHECK(tables("t/", files, {.table_level = 2}) == "t/ partition_0 (a) (b)");
  const std::vector<File> alike{{"t/a/x=1/1", people}, {"t/b/x=1/1", people}};
  CHECK(tables("t/", alike, {.table_level = 3}) == "t/a/ x (1); t/b/ x (1)");
  CHECK(tables("t/", alike) == "t/ partition_0 x (a,1) (b,1)");
}

TEST_CASE("exclusion patterns") {
  const auto covers = [](std::string pattern, std::string_view path) {
    const auto exclusions = Exclusions::of({std::move(pattern)});
    REQUIRE(exclusions);
    return exclusions->cover(path);
  };
  CHECK(covers("*.csv", "a.csv"));
  CHECK(!covers("*.csv", "b/a.csv"));
  CHECK(covers("**.csv", "b/a.csv"));
  CHECK(covers("b/**", "b/c/a.csv"));
  CHECK(covers("b", "b/c/a.csv"));  // a folder with all that is in it
  CHECK(covers("a.???", "a.csv"));
  CHECK(covers("*.{csv,json}", "a.json"));
  CHECK(covers("[a-c]*", "beta"));
  CHECK(!covers("[!a-c]*", "beta"));
  CHECK(covers("\\*x", "*x"));
  CHECK(!covers("\\*x", "ax"));
  CHECK(covers("year=2023/**", "year=2023/a"));
  CHECK(!covers("a.csv", "aXcsv"));
  CHECK(!Exclusions::of({"{a"}));
  CHECK(!Exclusions::of({"[a"}));
}

TEST_CASE("a crawler's configuration") {
  const auto parsed = parse_configuration(
      R"({"Version":1.0,"CrawlerOutput":{"Tables":{"AddOrUpdateBehavior":"MergeNewColumns","TableThreshold":5},)"
      R"("Partitions":{"AddOrUpdateBehavior":"InheritFromTable"}},)"
      R"("Grouping":{"TableGroupingPolicy":"CombineCompatibleSchemas","TableLevelConfiguration":3},"CreatePartitionIndex":true})");
  REQUIRE(parsed);
  CHECK(parsed->merges_new_columns);
  CHECK(parsed->partitions_inherit);
  CHECK(parsed->combines_compatible);
  CHECK(parsed->table_level == 3);
  CHECK(parsed->tables_max == 5);
  CHECK(parsed->creates_partition_index);
  CHECK(parse_configuration(""));
  CHECK(parse_configuration(R"({"Version":"1.0"})"));
  for (const auto* wrong : {"[]", "{", R"({"Version":2})", R"({"Grouping":{}})", R"({"Version":1.0,"Other":1})",
                            R"({"Version":1.0,"Grouping":{"TableLevelConfiguration":0}})",
                            R"({"Version":1.0,"CrawlerOutput":{"Tables":{"AddOrUpdateBehavior":"Other"}}})"}) {
    CAPTURE(wrong);
    const auto refused = parse_configuration(wrong);
    REQUIRE(!refused);
    CHECK(refused.error().code == "InvalidInputException");
  }
}
