#include <doctest/doctest.h>

#include "base/identifiers.h"
#include "glue/catalog/partition_rows.h"
#include "glue/catalog/partition_value.h"
#include "glue/catalog/sqlite_catalog.h"
#include "glue/schema.h"

using namespace mastic;
using namespace mastic::glue;
using namespace mastic::glue::catalog;

namespace {

struct Fixture {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("mastic-glue-" + random_hex(12));
  ManualClock clock;
  std::unique_ptr<sqlite::Database> database = open_database(folder).value();
  SqliteCatalog catalog{*database, clock};

  Fixture() {
    wire::DatabaseInput input;
    input.name = "Insurance";
    REQUIRE(catalog.create_database(input));
  }
  ~Fixture() {
    database.reset();
    std::filesystem::remove_all(folder);
  }
  static wire::TableInput table(std::string name, std::vector<std::pair<std::string, std::string>> partition_keys = {}) {
    wire::TableInput input;
    input.name = std::move(name);
    auto& storage = input.storage_descriptor.emplace();
    wire::Column column;
    column.name = "policy_id";
    column.type = "string";
    storage.columns = {column};
    input.partition_keys.emplace();
    for (auto& [key, type] : partition_keys) {
      wire::Column partition_key;
      partition_key.name = key;
      partition_key.type = type;
      input.partition_keys->push_back(partition_key);
    }
    return input;
  }
  static wire::PartitionInput partition(Values values) {
    wire::PartitionInput input;
    input.values = std::move(values);
    return input;
  }
  std::string listed(std::string expression, uint32_t segment = 0, uint32_t segments = 1) {
    PartitionQuery query;
    query.expression = std::move(expression);
    query.segment = segment;
    query.segments = segments;
    std::string all;
    const auto page = catalog.list_partitions("insurance", "claims", query).value();
    for (const auto& found : page.entries) all += found.values->at(0) + "/" + found.values->at(1) + " ";
    return all;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "names are lower case and found in any") {
  CHECK(catalog.find_database("INSURANCE").value()->name == "insurance");
  CHECK(catalog.create_database({.name = "insurance"}).error().message == "Database already exists.");
  REQUIRE(catalog.create_table("Insurance", table("Claims"), "me"));
  CHECK(catalog.find_table("insurance", "CLAIMS").value()->name == "claims");
  CHECK(catalog.create_table("insurance", table("claims"), "me").error().code == "AlreadyExistsException");
  CHECK(catalog.find_table("nowhere", "claims").error().message == "Database nowhere not found.");
  CHECK_FALSE(catalog.find_table("insurance", "other").value().has_value());
  CHECK(catalog.delete_table("insurance", "other").error().message == "Table other not found.");
}

TEST_CASE_FIXTURE(Fixture, "every update makes a version, unless it is told not to") {
  REQUIRE(catalog.create_table("insurance", table("claims"), "me"));
  CHECK(catalog.find_table("insurance", "claims").value()->version_id == "0");
  auto second = table("claims");
  second.description = "second";
  clock.advance(std::chrono::seconds(5));
  REQUIRE(catalog.update_table("insurance", second, {}));
  auto third = table("claims");
  third.description = "third";
  TableUpdate skip;
  skip.skip_archive = true;
  REQUIRE(catalog.update_table("insurance", third, skip));

  const auto now = catalog.find_table("insurance", "claims").value();
  CHECK(now->version_id == "2");
  CHECK(now->created_by == "me");
  CHECK(*now->update_time - *now->create_time == std::chrono::seconds(5));
  const auto versions = catalog.list_table_versions("insurance", "claims", {}).value();
  REQUIRE(versions.entries.size() == 2);  // "1" was not archived
  CHECK(versions.entries[0].description == "third");
  CHECK(versions.entries[1].version_id == "0");
  CHECK(catalog.get_table_version("insurance", "claims", "0").value().version_id == "0");
  CHECK(catalog.get_table_version("insurance", "claims", "7").error().code == "EntityNotFoundException");
  CHECK(catalog.delete_table_version("insurance", "claims", "2").error().code == "InvalidInputException");
  REQUIRE(catalog.delete_table_version("insurance", "claims", "0"));
  CHECK(catalog.list_table_versions("insurance", "claims", {}).value().entries.size() == 1);

  TableUpdate stale;
  stale.expected_version = "1";
  CHECK(catalog.update_table("insurance", third, stale).error().code == "ConcurrentModificationException");
  TableUpdate statistics;
  statistics.keep_version = true;
  REQUIRE(catalog.update_table("insurance", third, statistics));
  CHECK(catalog.find_table("insurance", "claims").value()->version_id == "2");
}

TEST_CASE_FIXTURE(Fixture, "a table made again starts without the old one's versions and partitions") {
  REQUIRE(catalog.create_table("insurance", table("claims", {{"year", "int"}}), "me"));
  REQUIRE(catalog.update_table("insurance", table("claims", {{"year", "int"}}), {}));
  const wire::PartitionInput one[] = {partition({"2024"})};
  REQUIRE(catalog.create_partitions("insurance", "claims", one).value().empty());
  REQUIRE(catalog.delete_table("insurance", "claims"));
  REQUIRE(catalog.create_table("insurance", table("claims", {{"year", "int"}}), "me"));
  CHECK(catalog.list_table_versions("insurance", "claims", {}).value().entries.size() == 1);
  CHECK(catalog.list_partitions("insurance", "claims", {}).value().entries.empty());
  REQUIRE(catalog.delete_database("insurance"));
  CHECK(catalog.list_databases({}).value().entries.empty());
}

TEST_CASE_FIXTURE(Fixture, "partitions") {
  REQUIRE(catalog.create_table("insurance", table("claims", {{"year", "int"}, {"region", "string"}}), "me"));
  const wire::PartitionInput inputs[] = {partition({"2023", "eu"}), partition({"2024", "eu"}), partition({"2024", "us"}),
                                         partition({"999", "eu"}),  partition({"2024", "us"}), partition({"2024"})};
  const auto failures = catalog.create_partitions("insurance", "claims", inputs).value();
  REQUIRE(failures.size() == 2);
  CHECK(failures[0].error.message == "Partition already exists.");
  CHECK(failures[1].error.code == "InvalidInputException");

  CHECK(listed("") == "2023/eu 2024/eu 2024/us 999/eu ");
  CHECK(listed("year >= 2024 and region = 'eu'") == "2024/eu ");
  CHECK(listed("year < 2024") == "2023/eu 999/eu ");
  std::string segments;
  for (uint32_t segment = 0; segment < 4; ++segment) segments += listed("", segment, 4);
  CHECK(segments.size() == listed("").size());

  PartitionQuery first;
  first.page.limit = 3;
  const auto page = catalog.list_partitions("insurance", "claims", first).value();
  REQUIRE(page.entries.size() == 3);
  PartitionQuery rest;
  rest.page.after = page.last_key;
  CHECK(catalog.list_partitions("insurance", "claims", rest).value().entries.size() == 1);

  const PartitionChange moves[] = {{{"999", "eu"}, partition({"2025", "eu"})},
                                   {{"1", "eu"}, partition({"2", "eu"})},
                                   {{"2023", "eu"}, partition({"2024", "eu"})}};
  const auto not_moved = catalog.update_partitions("insurance", "claims", moves).value();
  REQUIRE(not_moved.size() == 2);
  CHECK(not_moved[0].error.code == "EntityNotFoundException");
  CHECK(not_moved[1].error.code == "AlreadyExistsException");
  const Values wanted[] = {{"2025", "eu"}, {"7", "x"}};
  CHECK(catalog.find_partitions("insurance", "claims", wanted).value().size() == 1);
  CHECK(catalog.delete_partitions("insurance", "claims", wanted).value().size() == 1);
  CHECK(listed("") == "2023/eu 2024/eu 2024/us ");
}

TEST_CASE_FIXTURE(Fixture, "listing tables by pattern and page") {
  for (const auto* name : {"claims_1", "claims_2", "claims_3", "policies"})
    REQUIRE(catalog.create_table("insurance", table(name), "me"));
  const auto page = catalog.list_tables("insurance", "claims*", {"", 2}).value();
  REQUIRE(page.entries.size() == 2);
  CHECK(page.last_key == "claims_2");
  const auto rest = catalog.list_tables("insurance", "claims*", {page.last_key, 2}).value();
  REQUIRE(rest.entries.size() == 1);
  CHECK(rest.last_key.empty());
}

TEST_CASE_FIXTURE(Fixture, "functions") {
  wire::UserDefinedFunctionInput input;
  input.function_name = "Clean";
  input.class_name = "x.Clean";
  REQUIRE(catalog.create_function("insurance", input));
  CHECK(catalog.create_function("insurance", input).error().code == "AlreadyExistsException");
  CHECK(catalog.find_function("insurance", "clean").value()->class_name == "x.Clean");
  CHECK(catalog.list_functions("", "*", {}).value().entries.size() == 1);
  CHECK(catalog.list_functions("insurance", "dirty", {}).value().entries.empty());
  REQUIRE(catalog.delete_function("insurance", "CLEAN"));
  CHECK(catalog.delete_function("insurance", "clean").error().code == "EntityNotFoundException");
}

TEST_CASE("partition keys tell their values and order as they do") {
  const std::vector<std::string> odd = {std::string("a\0b", 3), "", "\1\2", "z"};
  CHECK(partition_values(partition_key(odd)) == odd);
  CHECK(partition_key({"a", "b"}) != partition_key({"a" + std::string(1, '\0') + "b"}));
  CHECK(partition_key({"a"}) < partition_key({"ab"}));
  CHECK(partition_key({"a", "z"}) < partition_key({"ab", "a"}));
}

TEST_CASE_FIXTURE(Fixture, "partition indexes answer as a scan does") {
  REQUIRE(catalog.create_table("insurance", table("claims", {{"region", "string"}, {"day", "int"}, {"paid", "decimal(10,2)"}}),
                               "me"));
  std::vector<wire::PartitionInput> inputs;
  for (int i = 0; i < 200; ++i) {
    const auto paid = i % 3 == 0 ? "-" + std::to_string(i) + ".5" : std::to_string(i) + ".25";
    inputs.push_back(
        partition({i % 2 == 0 ? "eu" : "us", i % 50 == 0 ? "__HIVE_DEFAULT_PARTITION__" : std::to_string(i), paid}));
  }
  REQUIRE(catalog.create_partitions("insurance", "claims", inputs).value().empty());
  const auto answers = [&] {
    std::vector<std::string> all;
    for (const auto* expression :
         {"day = 7", "day > 190", "day >= 9 and day < 13", "region = 'eu' and day between 4 and 11", "day in (1, 7, 999)",
          "day = 0", "region like 'e%' and day < 10", "paid < -100", "paid >= -20.5 and paid <= 3", "day is null",
          "not day > 5", "day = 3 or day = 5", "day > 5 and day < 3", "region > 'eu' and day = 9"}) {
      PartitionQuery query;
      query.expression = expression;
      query.page.limit = 7;
      std::string found = expression;
      while (true) {
        const auto page = catalog.list_partitions("insurance", "claims", query).value();
        for (const auto& each : page.entries) found += " " + each.values->at(1) + "/" + each.values->at(2);
        if (page.last_key.empty()) break;
        query.page.after = page.last_key;
      }
      all.push_back(found);
    }
    return all;
  };
  const auto scanned = answers();
  wire::PartitionIndex by_day;
  by_day.index_name = "by_day";
  by_day.keys = {"day", "region"};
  REQUIRE(catalog.create_partition_index("insurance", "claims", by_day));
  CHECK(answers() == scanned);
  wire::PartitionIndex by_paid;
  by_paid.index_name = "by_paid";
  by_paid.keys = {"paid"};
  REQUIRE(catalog.create_partition_index("insurance", "claims", by_paid));
  CHECK(answers() == scanned);

  // What is written afterwards is in the indexes too.
  const PartitionChange move[] = {{{"us", "7", "7.25"}, partition({"us", "1007", "7.25"})}};
  REQUIRE(catalog.update_partitions("insurance", "claims", move).value().empty());
  const Values gone[] = {{"us", "9", "-9.5"}};
  REQUIRE(catalog.delete_partitions("insurance", "claims", gone).value().empty());
  const auto indexed = answers();
  REQUIRE(catalog.delete_partition_index("insurance", "claims", "by_day"));
  REQUIRE(catalog.delete_partition_index("insurance", "claims", "by_paid"));
  CHECK(answers() == indexed);
  CHECK(catalog.delete_partition_index("insurance", "claims", "by_paid").error().code == "EntityNotFoundException");
}

TEST_CASE_FIXTURE(Fixture, "what a partition index may be") {
  REQUIRE(catalog.create_table("insurance", table("claims", {{"region", "string"}, {"day", "int"}}), "me"));
  const auto create = [&](std::string name, std::vector<std::string> keys) -> std::string {
    wire::PartitionIndex index;
    index.index_name = std::move(name);
    index.keys = std::move(keys);
    const auto created = catalog.create_partition_index("insurance", "claims", index);
    return created ? "" : created.error().code;
  };
  CHECK(create("one", {"day"}) == "");
  CHECK(create("ONE", {"region"}) == "AlreadyExistsException");
  CHECK(create("none", {"policy_id"}) == "InvalidInputException");
  CHECK(create("twice", {"day", "day"}) == "InvalidInputException");
  CHECK(create("two", {"region"}) == "");
  CHECK(create("three", {"region", "day"}) == "");
  CHECK(create("four", {"day", "region"}) == "ResourceNumberLimitExceededException");
  const auto indexes = catalog.list_partition_indexes("insurance", "claims").value();
  REQUIRE(indexes.size() == 3);
  CHECK(indexes[0].index_status == "ACTIVE");
  CHECK(indexes[0].keys[0].type == "int");
  // Its keys stay what they are.
  CHECK(catalog.update_table("insurance", table("claims", {{"region", "string"}, {"day", "string"}}), {}).error().code ==
        "InvalidInputException");

  REQUIRE(catalog.delete_partition_index("insurance", "claims", "one"));
  const wire::PartitionInput odd[] = {partition({"eu", "monday"})};
  REQUIRE(catalog.create_partitions("insurance", "claims", odd).value().empty());
  CHECK(create("one", {"day"}) == "");
  const auto failed = catalog.list_partition_indexes("insurance", "claims").value();
  CHECK(failed[0].index_status == "FAILED");
  CHECK(failed[0].backfill_errors->at(0).partitions->at(0).values == Values{"eu", "monday"});
}

TEST_CASE_FIXTURE(Fixture, "column statistics of tables and partitions") {
  REQUIRE(catalog.create_table("insurance", table("claims", {{"year", "int"}}), "me"));
  const wire::PartitionInput one[] = {partition({"2024"})};
  REQUIRE(catalog.create_partitions("insurance", "claims", one).value().empty());
  const auto statistics = [](std::string column, int64_t nulls) {
    wire::ColumnStatistics of_column;
    of_column.column_name = std::move(column);
    of_column.column_type = "string";
    of_column.statistics_data.type = "STRING";
    of_column.statistics_data.string_column_statistics_data.emplace().number_of_nulls = nulls;
    return of_column;
  };
  auto wrong = statistics("policy_id", 0);
  wrong.statistics_data.type = "LONG";
  const wire::ColumnStatistics given[] = {statistics("Policy_Id", 3), statistics("other", 0), wrong};
  const auto failures = catalog.put_statistics("insurance", "claims", std::nullopt, given).value();
  REQUIRE(failures.size() == 2);
  CHECK(failures[0].error.code == "EntityNotFoundException");
  CHECK(failures[1].error.code == "InvalidInputException");
  const wire::ColumnStatistics of_partition[] = {statistics("policy_id", 1)};
  REQUIRE(catalog.put_statistics("insurance", "claims", Values{"2024"}, of_partition).value().empty());
  CHECK(catalog.put_statistics("insurance", "claims", Values{"1"}, of_partition).error().code == "EntityNotFoundException");

  const std::string columns[] = {"POLICY_ID", "year"};
  const auto nulls = [&](const std::optional<Values>& values) {
    const auto found = catalog.find_statistics("insurance", "claims", values, columns).value();
    return found.empty() ? -1 : found[0].statistics_data.string_column_statistics_data->number_of_nulls;
  };
  CHECK(nulls(std::nullopt) == 3);
  CHECK(nulls(Values{"2024"}) == 1);
  const PartitionChange move[] = {{{"2024"}, partition({"2025"})}};
  REQUIRE(catalog.update_partitions("insurance", "claims", move).value().empty());
  CHECK(nulls(Values{"2025"}) == 1);
  const Values gone[] = {{"2025"}};
  REQUIRE(catalog.delete_partitions("insurance", "claims", gone).value().empty());
  const wire::PartitionInput again[] = {partition({"2025"})};
  REQUIRE(catalog.create_partitions("insurance", "claims", again).value().empty());
  CHECK(nulls(Values{"2025"}) == -1);
  REQUIRE(catalog.delete_statistics("insurance", "claims", std::nullopt, "policy_id"));
  CHECK(catalog.delete_statistics("insurance", "claims", std::nullopt, "policy_id").error().code == "EntityNotFoundException");
}

TEST_CASE("values order in an index as their types do") {
  const auto sorts = [](KeyKind kind, std::vector<std::string> ascending) {
    std::string before;
    append_sortable(before, std::nullopt);
    for (const auto& text : ascending) {
      std::string bytes;
      append_sortable(bytes, read_value(kind, text));
      CHECK_MESSAGE(before < bytes, text);
      before = bytes;
    }
  };
  sorts(KeyKind::integer, {"-1000", "-99", "-9", "-1", "0", "1", "9", "10", "99", "100", "12345678901234567890"});
  sorts(KeyKind::decimal, {"-10.5", "-10.25", "-10", "-0.5", "-0.25", "0", "0.05", "0.5", "0.55", "1", "1.5", "10"});
  sorts(KeyKind::date, {"1969-12-31", "1970-01-01", "2024-02-29", "2024-03-01"});
  sorts(KeyKind::text, {"", "a", "a b", "ab", "b"});
}
