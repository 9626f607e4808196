// Cases are text: testdata/*.txt. A case is a line "condition|key|update|projection EXPRESSION", a line "----", and what comes
// out: true or false, the item after the update, the part of the item, or the error. MASTIC_GOLDEN_UPDATE=1 rewrites the
// answers; the difference is the review. All cases share the item, the names and the values below.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "aws/json.h"
#include "dynamodb/expression/apply_update.h"
#include "dynamodb/expression/evaluate.h"
#include "dynamodb/expression/key_condition.h"
#include "dynamodb/expression/parser.h"
#include "dynamodb/expression/project.h"
#include "dynamodb/expression/reserved_words.h"

using namespace mastic;
using namespace mastic::dynamodb;
using namespace mastic::dynamodb::expression;

namespace {

constexpr std::string_view item_json =
    R"({"pk":{"S":"p1"},"n":{"N":"5"},"s":{"S":"hello"},"b":{"B":"AAE="},"t":{"BOOL":true},"nul":{"NULL":true},)"
    R"("ss":{"SS":["a","b"]},"ns":{"NS":["1","2"]},"l":{"L":[{"S":"x"},{"N":"7"},{"M":{"k":{"S":"v"}}}]},)"
    R"("m":{"M":{"a":{"N":"1"},"deep":{"M":{"er":{"S":"y"}}}}}})";
constexpr std::string_view values_json =
    R"({":one":{"N":"1"},":five":{"N":"5"},":ten":{"N":"10"},":s":{"S":"hello"},":he":{"S":"he"},":a":{"S":"a"},)"
    R"(":N":{"S":"N"},":X":{"S":"X"},":t":{"BOOL":true},":l":{"L":[{"S":"z"}]},":ss":{"SS":["b","a"]},":sb":{"SS":["b"]},)"
    R"(":sc":{"SS":["c"]},":m":{"M":{}},":big":{"N":"1e38"},":b":{"B":"AA=="},":p1":{"S":"p1"}})";

struct Fixture {
  Item item = aws::from_json<Item>(item_json).value();
  std::optional<std::map<std::string, std::string>> names =
      std::map<std::string, std::string>{{"#n", "n"}, {"#deep", "deep"}, {"#dot", "a.b"}, {"#key", "pk"}, {"#value", "value"}};
  std::optional<ExpressionValues> values = ExpressionValues{aws::from_json<Item>(values_json).value()};

  std::string run(std::string_view kind, std::string_view text) {
    Placeholders placeholders(names, values);
    if (kind == "condition") {
      const auto node = parse_condition("ConditionExpression", text, placeholders);
      if (!node) return node.error().message;
      ItemDocument tree(item);
      const auto encoded = encode_item(item);
      EncodedDocument bytes(encoded);
      CHECK(holds(*node, tree) == holds(*node, bytes));
      return holds(*node, tree) ? "true" : "false";
    }
    if (kind == "update") {
      const auto update = parse_update(text, placeholders);
      if (!update) return update.error().message;
      const auto after = apply(*update, item);
      return after ? changes(*after) : after.error().message;
    }
    if (kind == "projection") {
      const auto paths = parse_projection(text, placeholders);
      if (!paths) return paths.error().message;
      CHECK(project_encoded(encode_item(item), *paths) == encode_item(project(item, *paths)));
      return aws::to_json(project(item, *paths));
    }
    const auto node = parse_condition("KeyConditionExpression", text, placeholders);
    if (!node) return node.error().message;
    const auto key = to_key_condition(*node, {{"pk", Type::string}, KeyAttribute{"sk", Type::number}});
    if (!key) return key.error().message;
    if (!key->sort) return key->partition.text;
    return key->partition.text + " " + std::to_string(static_cast<int>(key->sort->comparison)) + " " + key->sort->low.text +
           " " + key->sort->high.text;
  }

 private:
  /// The attributes that an update changed or added, and the names of those it removed.
  std::string changes(const Item& after) {
    Item changed;
    std::string removed;
    for (const auto& [name, value] : after)
      if (const auto* old = item.find(name); !old || !(*old == value)) changed.set(name, value);
    for (const auto& [name, value] : item)
      if (!after.find(name)) removed += " -" + name;
    return aws::to_json(changed) + removed;
  }
};

void check_file(const std::string& name) {
  const std::string path = std::string(MASTIC_SOURCE_DIR) + "/src/dynamodb/expression/testdata/" + name;
  std::ifstream in(path);
  REQUIRE(in);
  Fixture fixture;
  std::string rewritten;
  bool differs = false;
  std::string line;
  while (std::getline(in, line)) {
    if (line.empty() || line.starts_with("//")) {
      rewritten += line + "\n";
      continue;
    }
    const auto space = line.find(' ');
    const auto got = fixture.run(line.substr(0, space), space == std::string::npos ? "" : line.substr(space + 1));
    std::string separator;
    std::string expected;
    std::getline(in, separator);
    std::getline(in, expected);
    CHECK_MESSAGE(got == expected, line);
    differs = differs || got != expected;
    rewritten += line + "\n----\n" + got + "\n";
  }
  in.close();
  if (differs && std::getenv("MASTIC_GOLDEN_UPDATE")) std::ofstream(path) << rewritten;
}

}  // namespace

TEST_CASE("conditions") { check_file("conditions.txt"); }
TEST_CASE("updates") { check_file("updates.txt"); }
TEST_CASE("projections") { check_file("projections.txt"); }
TEST_CASE("key conditions") { check_file("key_conditions.txt"); }

TEST_CASE("expressions are limited in size and in operators") {
  Fixture fixture;
  CHECK(fixture.run("condition", std::string(4097, ' ') + "n = :one").ends_with("expression size: 4105"));
  std::string many = "n = :one";
  for (int i = 0; i < 200; ++i) many += " OR n = :one";
  CHECK(fixture.run("condition", many).ends_with("operator count: 401"));
  CHECK(fixture.run("condition", std::string(4000, '(') + "n").find("nested too deeply") != std::string::npos);
}

TEST_CASE("what is given must be used") {
  const std::optional<std::map<std::string, std::string>> names{{{"#a", "a"}, {"#b", "b"}}};
  const std::optional<ExpressionValues> values{{aws::from_json<Item>(R"({":x":{"S":"x"}})").value()}};
  Placeholders placeholders(names, values);
  CHECK(placeholders.check_all_used().error().message ==
        "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}");
  CHECK(placeholders.name("#a"));
  CHECK(placeholders.name("#b"));
  CHECK(placeholders.check_all_used().error().message ==
        "Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}");
  CHECK(placeholders.check_given(true, "FilterExpression is null").error().message ==
        "ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null");
}

TEST_CASE("reserved words are known in any case") {
  CHECK(is_reserved_word("Name"));
  CHECK(is_reserved_word("status"));
  CHECK(is_reserved_word("ZONE"));
  CHECK_FALSE(is_reserved_word("remove"));
  CHECK_FALSE(is_reserved_word("policy_number"));
}
