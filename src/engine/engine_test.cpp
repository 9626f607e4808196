#include "engine/engine.h"

#include <doctest/doctest.h>

#include <duckdb.hpp>
#include <duckdb/parser/parser.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <filesystem>

namespace mastic::engine {
namespace {

std::unique_ptr<duckdb::SQLStatement> parse(const std::string& sql) {
  duckdb::Parser parser;
  parser.ParseQuery(sql);
  return std::unique_ptr<duckdb::SQLStatement>(parser.statements.at(0).release());
}

std::unique_ptr<duckdb::QueryNode> query(const std::string& sql) {
  auto statement = parse(sql);
  return std::unique_ptr<duckdb::QueryNode>(statement->Cast<duckdb::SelectStatement>().node.release());
}

std::string values(Connection& connection, const std::string& sql) {
  auto stream = connection.stream(parse(sql));
  if (!stream) return stream.error().kind;
  std::string text;
  while (true) {
    auto chunk = (*stream)->next();
    if (!chunk) return chunk.error().kind;
    if (*chunk == nullptr) return text;
    for (duckdb::idx_t row = 0; row < (*chunk)->size(); ++row) text += (*chunk)->GetValue(0, row).ToString() + " ";
  }
}

/// Something that DuckDB takes for a fault of its own.
void break_down(Connection& connection) {
  connection.duckdb().CreateVectorizedFunction(
      "fault", {duckdb::LogicalType::BIGINT}, duckdb::LogicalType::BIGINT,
      [](duckdb::DataChunk&, duckdb::ExpressionState&, duckdb::Vector&) { throw duckdb::InternalException("broken"); });
  auto failed = connection.stream(parse("SELECT fault(range) FROM range(3)"));
  if (failed) {
    auto chunk = (*failed)->next();
    REQUIRE(!chunk);
    CHECK(chunk.error().kind == "INTERNAL");
    CHECK(chunk.error().message == "broken");
  } else {
    CHECK(failed.error().kind == "INTERNAL");
    CHECK(failed.error().message == "broken");
  }
}

TEST_CASE("an internal error of DuckDB ends one statement, not the engine") {
  auto engine = Engine::open({.threads = 2, .memory_bytes_max = 0, .temporary_folder = ""}, {});
  REQUIRE(engine);
  const auto connection = (*engine)->connect();
  const auto other = (*engine)->connect();
  REQUIRE(connection->keep("kept", query("SELECT range, 'text ' || range AS text FROM range(300000)")));
  break_down(*connection);
  CHECK(values(*connection, "SELECT 1") == "1 ");
  CHECK(values(*other, "SELECT spark_initcap('ab')") != "FATAL");
  CHECK(values(*(*engine)->connect(), "SELECT sum(range) FROM mastic_kept('kept')") == "44999850000 ");
  CHECK(values(*other, "SELECT max(length(text)) FROM mastic_kept('kept')") == "11 ");
}

TEST_CASE("kept rows come back in order, whatever columns are asked for") {
  auto engine = Engine::open({.threads = 2, .memory_bytes_max = 0, .temporary_folder = ""}, {});
  REQUIRE(engine);
  const auto connection = (*engine)->connect();
  auto kept = connection->keep("kept", query("SELECT range AS a, range * 2 AS b FROM range(1000000) ORDER BY a DESC"));
  REQUIRE(kept);
  CHECK(*kept == 1'000'000);
  CHECK(values(*connection, "SELECT count(*) FROM mastic_kept('kept')") == "1000000 ");
  CHECK(values(*connection, "SELECT b FROM mastic_kept('kept') LIMIT 3") == "1999998 1999996 1999994 ");
  CHECK(values(*connection, "SELECT b FROM mastic_kept('kept') WHERE a = 5") == "10 ");
  CHECK(values(*connection,
               "SELECT bool_and(a = 999999 - r) FROM (SELECT a, row_number() OVER () - 1 AS r FROM "
               "mastic_kept('kept'))") == "true ");
  (*engine)->drop_kept("kept");
  CHECK(values(*connection, "SELECT count(*) FROM mastic_kept('kept')") == "Invalid Input");
}

TEST_CASE("a sort larger than memory spills and leaves nothing behind") {
  const auto folder = std::filesystem::temp_directory_path() / "mastic-engine-spill-test";
  std::filesystem::remove_all(folder);
  {
    auto engine = Engine::open({.threads = 2, .memory_bytes_max = 100 << 20, .temporary_folder = folder.string()}, {});
    REQUIRE(engine);
    const auto connection = (*engine)->connect();
    auto kept = connection->keep(
        "kept",
        query("SELECT range AS a, 'some text that takes room ' || range AS b FROM range(4000000) ORDER BY hash(range)"));
    REQUIRE_MESSAGE(kept, kept.error().message);
    CHECK(values(*connection, "SELECT count(DISTINCT a) FROM mastic_kept('kept')") == "4000000 ");
    // What cannot be spilled fails alone.
    CHECK(values(*connection, "SELECT length(string_agg(b, ',')) FROM mastic_kept('kept')") == "Out of Memory");
    CHECK(values(*connection, "SELECT 1") == "1 ");
  }
  CHECK((!std::filesystem::exists(folder) || std::filesystem::is_empty(folder)));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace mastic::engine
