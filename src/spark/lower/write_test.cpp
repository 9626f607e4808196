#include "spark/lower/write.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>

#include "base/files.h"
#include "base/identifiers.h"
#include "dynamodb/item_codec.h"
#include "engine/engine.h"
#include "spark/lower/schema_inference.h"
#include "spark/lower/test_plans.h"

namespace mastic::spark {
namespace {

using namespace test;
namespace fs = std::filesystem;

struct Folder {
  fs::path path = fs::temp_directory_path() / ("mastic-write-" + random_hex(8));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
};

/// Objects in a folder of blob files.
class MemoryObjects final : public engine::ObjectStore {
 public:
  Result<bool> bucket_exists(std::string_view bucket) override { return bucket == "data"; }
  Result<std::vector<engine::ObjectInfo>> list(std::string_view, std::string_view prefix) override {
    std::vector<engine::ObjectInfo> found;
    for (const auto& [key, info] : objects) {
      if (key.starts_with(prefix)) found.push_back(info);
    }
    return found;
  }
  Result<std::optional<engine::ObjectInfo>> find(std::string_view, std::string_view key) override {
    const auto found = objects.find(std::string(key));
    return found == objects.end() ? std::optional<engine::ObjectInfo>() : found->second;
  }
  Result<std::string> new_file() override { return (folder.path / random_hex(8)).string(); }
  Result<void> commit(std::string_view, std::vector<engine::NewObject> added, std::vector<std::string> removed) override {
    for (const auto& key : removed) objects.erase(key);
    for (const auto& one : added) objects[one.key] = {one.key, one.size_bytes, Instant{}, "etag", one.file, ""};
    return {};
  }
  Folder folder;
  std::map<std::string, engine::ObjectInfo> objects;
};

class MemoryItems final : public engine::ItemStore {
 public:
  Result<std::optional<engine::ItemTable>> find_table(std::string_view name) override {
    return engine::ItemTable{std::string(name), {"id"}, {{"id", "S"}}, 0, 0};
  }
  Result<void> scan(std::string_view, uint32_t segment, uint32_t, const std::vector<std::string>&,
                    const std::vector<engine::ItemCondition>& conditions,
                    const std::function<bool(std::string_view)>& receive) override {
    const std::scoped_lock lock(mutex);
    conditions_seen = conditions;
    if (segment == 0 && !batch.empty()) receive(batch);
    return {};
  }
  Result<void> put(std::string_view, std::string_view more) override {
    batch.append(more);
    return {};
  }
  std::mutex mutex;
  std::string batch;
  std::vector<engine::ItemCondition> conditions_seen;
};

RelationPtr read(const FileSource& source, std::string format, FileOptions options) {
  ReadFiles node{std::move(format), source.files, std::move(options), source.data_columns, source.partition_columns, false, ""};
  std::vector<Attribute> output;
  for (const auto* fields : {&source.data_columns, &source.partition_columns}) {
    for (const auto& field : *fields) output.push_back({500 + output.size(), field.name, field.type, true, {}, ""});
  }
  return make_relation(std::move(output), std::move(node));
}

std::string content(const std::string& path) { return read_file(path).value_or("missing"); }

/// name, n, x: three rows, one with NULLs.
RelationPtr sample() {
  const auto row = [](ExpressionPtr name, ExpressionPtr n, ExpressionPtr x, ColumnId first) {
    return select({name, n, x}, make_relation({}, OneRow{}), first);
  };
  const auto a = row(literal("a, \"b\""), literal(1), literal(1e10), 10);
  const auto b = row(null_of(types::string()), null_of(types::integer()), null_of(types::double_type()), 20);
  const auto c = row(literal(""), literal(2), literal(0.5), 30);
  const std::vector<Attribute> output = {{41, "name", types::string(), true, {}, ""},
                                         {42, "n", types::integer(), true, {}, ""},
                                         {43, "x", types::double_type(), true, {}, ""}};
  auto middle = output;
  for (auto& attribute : middle) attribute.id += 10;
  return make_relation(output,
                       SetOp{make_relation(middle, SetOp{a, b, SetOperation::union_, true}), c, SetOperation::union_, true});
}

TEST_CASE("files are written as Spark writes them and read back") {
  const Folder folder;
  const auto objects = std::make_shared<MemoryObjects>();
  const auto engine = open_engine({objects, nullptr, nullptr});
  const auto connection = engine->connect();
  for (const std::string& root : {folder.path.string() + "/out", std::string("s3://data/out")}) {
    CAPTURE(root);
    SUBCASE("csv") {
      const FileOptions options = {{"header", "true"}};
      const auto written = write(*connection, WriteFiles{sample(), "csv", root, SaveMode::error_if_exists, {}, options}, {});
      REQUIRE_MESSAGE(written, written.error().message);
      CHECK(written->rows == 3);
      REQUIRE(written->files.size() == 1);
      CHECK(written->files[0].ends_with("-c000.csv"));
      const bool local = root.starts_with("/");
      const auto file = local                                               ? written->files[0]
                        : objects->objects.begin()->first == "out/_SUCCESS" ? std::next(objects->objects.begin())->second.file
                                                                            : "";
      CHECK(content(file) == "name,n,x\n\"a, \\\"b\\\"\",1,1.0E10\n,,\n\"\",2,0.5\n");
      CHECK(
          write(*connection, WriteFiles{sample(), "csv", root, SaveMode::error_if_exists, {}, options}, {}).error().condition ==
          "PATH_ALREADY_EXISTS");
      const FileOptions read_options = {{"header", "true"}, {"inferschema", "true"}};
      const auto source = resolve_files(*connection, "csv", {root}, read_options, std::nullopt);
      REQUIRE_MESSAGE(source, source.error().message);
      REQUIRE(source->data_columns.size() == 3);
      CHECK(simple_string(source->data_columns[1].type) == "int");
      CHECK(simple_string(source->data_columns[2].type) == "double");
      CHECK(run(*connection, read(*source, "csv", read_options)) == "a, \"b\"|1|1.0E10\nNULL|NULL|NULL\n|2|0.5");
    }
    SUBCASE("json, gzipped and partitioned") {
      const FileOptions options = {{"compression", "gzip"}};
      const auto written = write(*connection, WriteFiles{sample(), "json", root, SaveMode::overwrite, {"n"}, options}, {});
      REQUIRE_MESSAGE(written, written.error().message);
      CHECK(written->files.size() == 3);
      REQUIRE(written->partitions.size() == 3);
      CHECK(written->partitions[0].location.ends_with("/out/n=__HIVE_DEFAULT_PARTITION__"));
      const auto source = resolve_files(*connection, "json", {root}, {}, std::nullopt);
      REQUIRE_MESSAGE(source, source.error().message);
      REQUIRE(source->partition_columns.size() == 1);
      CHECK(simple_string(source->partition_columns[0].type) == "int");
      const auto relation = read(*source, "json", {});
      CHECK(run(*connection,
                make_relation(relation->output, Sort{relation, {{column(relation->output[2]), true, true}}, true})) ==
            "NULL|NULL|NULL\na, \"b\"|1.0E10|1\n|0.5|2");
    }
    SUBCASE("parquet in two files") {
      const auto two = make_relation(sample()->output, Repartition{sample(), 2, true, {}});
      const auto written = write(*connection, WriteFiles{two, "parquet", root, SaveMode::append, {}, {}}, {});
      REQUIRE_MESSAGE(written, written.error().message);
      REQUIRE(written->files.size() == 2);
      CHECK(written->files[0].ends_with("-c000.snappy.parquet"));
      const auto source = resolve_files(*connection, "parquet", {root}, {}, std::nullopt);
      REQUIRE_MESSAGE(source, source.error().message);
      CHECK(run(*connection, read(*source, "parquet", {})) == "a, \"b\"|1|1.0E10\nNULL|NULL|NULL\n|2|0.5");
    }
    SUBCASE("text, and a failing write that leaves nothing") {
      const auto lines = select({literal("one \"line\", here")});
      const auto written = write(*connection, WriteFiles{lines, "text", root, SaveMode::error_if_exists, {}, {}}, {});
      REQUIRE_MESSAGE(written, written.error().message);
      const auto source = resolve_files(*connection, "text", {root}, {}, std::nullopt);
      REQUIRE(source);
      CHECK(run(*connection, read(*source, "text", {})) == "one \"line\", here");
      const auto failing = select({cast(literal("x"), types::integer(), EvalMode::ansi)});
      CHECK(
          write(*connection, WriteFiles{failing, "csv", root + "2", SaveMode::error_if_exists, {}, {}}, {}).error().condition ==
          "CAST_INVALID_INPUT");
      CHECK(resolve_files(*connection, "csv", {root + "2"}, {}, std::nullopt).error().condition == "PATH_NOT_FOUND");
    }
  }
}

TEST_CASE("items are written and scanned with their conditions") {
  const auto items = std::make_shared<MemoryItems>();
  const auto engine = open_engine({nullptr, items, nullptr});
  const auto connection = engine->connect();
  const auto written = write(*connection, WriteItems{sample(), "claims", {}}, {});
  REQUIRE_MESSAGE(written, written.error().message);
  const std::vector<Attribute> output = {{1, "name", types::string(), true, {}, ""},
                                         {2, "n", types::long_type(), true, {}, ""},
                                         {3, "x", types::double_type(), true, {}, ""}};
  const auto scan = make_relation(output, ReadItems{"claims", {}, ""});
  CHECK(run(*connection, scan) == "a, \"b\"|1|1.0E10\nNULL|NULL|NULL\n|2|0.5");
  const auto filtered = make_relation(
      output, Filter{scan, call(">", types::boolean(), {column(output[1]), cast(literal(1), types::long_type())})});
  CHECK(run(*connection, filtered) == "|2|0.5");
  REQUIRE(items->conditions_seen.size() == 1);
  CHECK(items->conditions_seen[0].comparison == ">");
}

}  // namespace
}  // namespace mastic::spark
