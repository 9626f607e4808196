#include <doctest/doctest.h>

#include "aws/json.h"
#include "glue/codegen/python_text.h"
#include "glue/codegen/script.h"

namespace mastic::glue::codegen {
namespace {

Nodes nodes_of(const std::string& json) {
  const auto job = aws::from_json<aws::glue::JobUpdate>(R"({"CodeGenConfigurationNodes": )" + json + "}");
  REQUIRE(job.has_value());
  return job->code_gen_configuration_nodes.value_or(Nodes{});
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

constexpr const char* claims = R"({
  "node-1": {"DynamoDBCatalogSource": {"Name": "Claims", "Database": "insurance", "Table": "claims"}},
  "node-2": {"ApplyMapping": {"Name": "Types", "Inputs": ["node-1"], "Mapping": [
      {"ToKey": "age", "FromPath": ["age_of_car"], "FromType": "double", "ToType": "int"},
      {"ToKey": "gone", "FromPath": ["gone"], "FromType": "string", "ToType": "string", "Dropped": true},
      {"ToKey": "owner", "FromPath": ["owner"], "FromType": "struct", "ToType": "struct", "Children": [
          {"ToKey": "name", "FromPath": ["name"], "FromType": "string", "ToType": "string"}]}]}},
  "node-10": {"S3DirectTarget": {"Name": "Out", "Inputs": ["node-3"], "Path": "s3://out/claims/", "Format": "csv"}},
  "node-3": {"Filter": {"Name": "Old cars", "Inputs": ["node-2"], "LogicalOperator": "AND", "Filters": [
      {"Operation": "GT", "Values": [{"Type": "COLUMNEXTRACTED", "Value": ["age"]}, {"Type": "CONSTANT", "Value": ["5"]}]},
      {"Operation": "ISNULL", "Negated": true, "Values": [{"Type": "COLUMNEXTRACTED", "Value": ["owner", "name"]}]}]}}
})";

TEST_CASE("a job's nodes become statements in the order of the data") {
  const auto generated = generate(nodes_of(claims));
  CHECK(generated.problems.empty());
  const auto& script = generated.script;
  CHECK(script.find("Claims_node1 =") < script.find("Types_node2 ="));
  CHECK(script.find("Types_node2 =") < script.find("Oldcars_node3 ="));
  CHECK(script.find("Oldcars_node3 =") < script.find("Out_node10 ="));
  CHECK(has(script, R"(("age_of_car", "double", "age", "int"),)"));
  CHECK(has(script, R"(("owner.name", "string", "owner.name", "string"),)"));
  CHECK_FALSE(has(script, "gone"));
  CHECK(has(script, R"(Types_node2.toDF().filter(((F.col("`age`") > F.lit(5))) & ~(F.col("`owner`.`name`").isNull())))"));
  CHECK(script.ends_with("job.commit()\n"));
  CHECK(generate(nodes_of(claims)).script == script);
}

TEST_CASE("what a graph lacks is told by node") {
  const auto circle = generate(nodes_of(R"({
    "a": {"DropDuplicates": {"Name": "a", "Inputs": ["b"]}}, "b": {"DropDuplicates": {"Name": "b", "Inputs": ["a"]}}})"));
  REQUIRE(circle.problems.size() == 2);
  CHECK(has(circle.problems[0].message, "circle"));

  const auto unknown = generate(nodes_of(R"({"a": {"DropDuplicates": {"Name": "a", "Inputs": ["z"]}}})"));
  REQUIRE(unknown.problems.size() == 1);
  CHECK(unknown.problems[0].node_id == "a");
  CHECK(has(unknown.problems[0].message, "z is no node"));

  const auto nothing = generate(nodes_of(R"({"a": {}})"));
  REQUIRE(nothing.problems.size() == 1);
  CHECK(has(nothing.problems[0].message, "no kind"));
}

TEST_CASE("a kind that does not run ends the script by name") {
  const auto generated = generate(nodes_of(R"({"a": {"RedshiftSource": {"Name": "R", "Database": "d", "Table": "t"}}})"));
  REQUIRE(generated.problems.size() == 1);
  CHECK(generated.problems[0].only_unsupported);
  CHECK(has(generated.script, "raise NotImplementedError(\"a: Mastic does not run nodes of the kind RedshiftSource yet.\")"));
}

TEST_CASE("names and texts cannot leave their literals") {
  CHECK(python_string("a\"b\\c\nd\x01") == R"("a\"b\\c\nd\x01")");
  CHECK(python_comment("a\nimport os") == "a import os");
  CHECK(python_name_part("1 bad-name!") == "_1badname");
  CHECK_FALSE(is_python_identifier("class"));
  CHECK_FALSE(is_python_identifier("f():\n  x"));
  const auto generated = generate(nodes_of(R"({"a": {"CustomCode": {"Name": "x", "Inputs": ["b"], "Code": "return dfc",
      "ClassName": "f()\nimport os"}}, "b": {"CatalogSource": {"Name": "b\nimport os", "Database": "\"", "Table": "t"}}})"));
  CHECK_FALSE(generated.problems.empty());
  CHECK_FALSE(has(generated.script, "\nimport os"));
  CHECK(has(generated.script, R"(database="\"")"));
}

TEST_CASE("a preview computes what the node is made of and nothing else") {
  const auto preview = generate_preview(nodes_of(claims), "node-2", 7);
  CHECK(preview.problems.empty());
  CHECK(has(preview.script, "shown = Types_node2"));
  CHECK(has(preview.script, "limit(7 + 1)"));
  CHECK_FALSE(has(preview.script, "Oldcars"));
  CHECK_FALSE(has(preview.script, "job.commit"));
  const auto target = generate_preview(nodes_of(claims), "node-10", 7);
  CHECK(has(target.script, "shown = Oldcars_node3"));
  CHECK_FALSE(has(target.script, "write_dynamic_frame"));
}

TEST_CASE("two nodes of one name have variables of their own") {
  const auto generated = generate(nodes_of(R"({
    "a-1": {"CatalogSource": {"Name": "x", "Database": "d", "Table": "t"}},
    "a1": {"CatalogSource": {"Name": "x", "Database": "d", "Table": "u"}}})"));
  CHECK(has(generated.script, "x_a1 ="));
  CHECK(has(generated.script, "x_a1_ ="));
}

}  // namespace
}  // namespace mastic::glue::codegen
