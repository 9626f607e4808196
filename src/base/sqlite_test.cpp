#include "base/sqlite.h"

#include <doctest/doctest.h>

#include <array>

#include "base/identifiers.h"

using namespace mastic;

namespace {

struct TemporaryFile {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("mastic-test-" + random_hex(12) + ".db");
  ~TemporaryFile() {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path.string() + suffix);
  }
};

constexpr std::array<std::string_view, 1> migrations{"CREATE TABLE pair(key TEXT PRIMARY KEY, value)"};

}  // namespace

TEST_CASE("a failed transaction leaves nothing, a committed one survives reopening") {
  const TemporaryFile file;
  {
    const auto database = sqlite::Database::open(file.path, migrations).value();
    const auto failed = database->transaction([](sqlite::Transaction& t) -> Result<void> {
      TRY_DO(t.run("INSERT INTO pair VALUES(?, ?)", "a", 1));
      return fail(Error::invalid("changed my mind"));
    });
    CHECK(failed.error().message == "changed my mind");
    CHECK(database->query("SELECT * FROM pair")->empty());
    CHECK(database->transaction([](sqlite::Transaction& t) -> Result<void> {
      TRY_DO(t.run("INSERT INTO pair VALUES(?, ?)", "b", std::string("x\0y", 3)));
      return {};
    }));
  }
  const auto database = sqlite::Database::open(file.path, migrations).value();
  const auto rows = database->query("SELECT value FROM pair WHERE key = ?", "b").value();
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].text(0) == std::string("x\0y", 3));
}

TEST_CASE("a database of a newer version is refused") {
  const TemporaryFile file;
  CHECK(sqlite::Database::open(file.path, migrations));
  const auto reopened = sqlite::Database::open(file.path, {});
  REQUIRE(!reopened);
  CHECK(reopened.error().message.find("newer version") != std::string::npos);
}
