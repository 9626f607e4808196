#include "cloudformation/template/template.h"

#include <doctest/doctest.h>

#include "cloudformation/template/evaluate.h"

namespace mastic::cloudformation {
namespace {

class Known : public References {
 public:
  Result<Json> ref(std::string_view id) override { return Json("ref-of-" + std::string(id)); }
  Result<Json> attribute(std::string_view id, std::string_view name) override {
    return Json(std::string(id) + "/" + std::string(name));
  }
  Result<std::string> export_value(std::string_view name) override { return "export-" + std::string(name); }
  Result<std::string> dynamic_reference(std::string_view service, std::string_view key) override {
    return std::string(service) + "=" + std::string(key);
  }
};

Json evaluated(std::string_view yaml_value) {
  const auto source = parse_template(
      "Mappings: {M: {a: {b: c}}}\nConditions:\n  Yes: !Equals [x, x]\n  No: !Not [{Condition: Yes}]\n"
      "Resources: {R: {Type: 'AWS::SSM::Parameter', Properties: {Value: " +
      std::string(yaml_value) + "}}}");
  REQUIRE_MESSAGE(source.has_value(), source.error().message);
  const Environment environment{.stack_name = "s"};
  const ParameterValues parameters{{"P", {.value = "p", .given = "p"}},
                                   {"L", {.value = Json::array({"1", "2"}), .given = "1,2"}}};
  const auto conditions = evaluate_conditions(*source, environment, parameters);
  REQUIRE_MESSAGE(conditions.has_value(), conditions.error().message);
  Known known;
  const auto made =
      Evaluator(*source, environment, parameters, *conditions).evaluate(source->resources.at("R").properties, known);
  if (!made) return "error: " + made.error().message;
  return (*made)->contains("Value") ? (**made)["Value"] : Json();
}

TEST_CASE("every function gives what CloudFormation gives") {
  CHECK(evaluated("!Ref P") == "p");
  CHECK(evaluated("!Ref AWS::Region") == "us-east-1");
  CHECK(evaluated("!Ref Other") == "ref-of-Other");
  CHECK(evaluated("!GetAtt A.Arn") == "A/Arn");
  CHECK(evaluated("!GetAtt A.Outputs.X") == "A/Outputs.X");
  CHECK(evaluated("!Join [',', [a, !Ref P, 3]]") == "a,p,3");
  CHECK(evaluated("!Join ['-', !Ref L]") == "1-2");
  CHECK(evaluated("!Split [',', 'a,b,']") == Json::array({"a", "b", ""}));
  CHECK(evaluated("!Select [1, !Ref L]") == "2");
  CHECK(evaluated("!Sub '${P}-${!Kept}-${A.Arn}-${AWS::StackName}'") == "p-${Kept}-A/Arn-s");
  CHECK(evaluated("!Sub ['${v}', {v: !Ref P}]") == "p");
  CHECK(evaluated("!FindInMap [M, a, b]") == "c");
  CHECK(evaluated("!If [Yes, 1, 2]") == 1);
  CHECK(evaluated("!If [No, 1, !Ref AWS::NoValue]") == Json());
  CHECK(evaluated("[1, !If [No, 2, !Ref AWS::NoValue], 3]") == Json::array({1, 3}));
  CHECK(evaluated("!Base64 hi") == "aGk=");
  CHECK(evaluated("!Cidr [10.0.0.0/16, 2, 8]") == Json::array({"10.0.0.0/24", "10.0.1.0/24"}));
  CHECK(evaluated("{Fn::Length: !Ref L}") == 2);
  CHECK(evaluated("{Fn::ToJsonString: {a: 1}}") == R"({"a":1})");
  CHECK(evaluated("!ImportValue x") == "export-x");
  CHECK(evaluated("'a{{resolve:ssm:/p:1}}b'") == "assm=/p:1b");
}

TEST_CASE("what is wrong is said in CloudFormation's words") {
  CHECK(evaluated("!Select [7, !Ref L]") == "error: Template error: Fn::Select cannot select nonexistent value at index 7");
  CHECK(evaluated("!FindInMap [M, a, x]") == "error: Template error: Unable to get mapping for M::a::x");
  CHECK(evaluated("{Fn::Nothing: 1}") == "error: Template error: the function Fn::Nothing is not supported");
  CHECK(parse_template("Resources: {}").error().message ==
        "Template format error: At least one Resources member must be defined.");
  CHECK(parse_template("{\"Resources\": {\"A\": {}}}").error().message ==
        "Template format error: [/Resources/A] Every Resources object must contain a Type member.");
  CHECK(parse_template("Nothing: 1\nResources: {A: {Type: T}}").error().message ==
        "Invalid template property or properties [Nothing]");
  CHECK(parse_template("Resources: {A: {Type: T}").error().message.starts_with("Template format error: YAML not well-formed."));
}

TEST_CASE("YAML's scalars have CloudFormation's types") {
  const auto read = parse_document("a: 2012-10-17\nb: 5\nc: true\nd: '5'\ne: 012345678901\nf: 1.5\ng: !Sub '5'\nh: yes\ni: ~");
  REQUIRE(read.has_value());
  CHECK(*read ==
        Json::parse(
            R"({"a":"2012-10-17","b":5,"c":true,"d":"5","e":"012345678901","f":1.5,"g":{"Fn::Sub":"5"},"h":"yes","i":null})"));
}

TEST_CASE("deep and unfolding input is refused, not swallowed") {
  CHECK_FALSE(parse_document(std::string(100'000, '[')).has_value());
  CHECK_FALSE(parse_document("{\"a\":" + std::string(100'000, '[')).has_value());
  std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 9; ++i) {
    const auto before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 9; ++k) bomb += before + ",";
    bomb += before + "]\n";
  }
  CHECK_FALSE(parse_document(bomb).has_value());
}

TEST_CASE("dependencies follow references and conditions") {
  const auto source = parse_template(
      "Conditions: {No: !Equals [a, b]}\nResources:\n  A: {Type: T, Properties: {x: !Sub '${B.Arn}'}}\n  B: {Type: T, "
      "DependsOn: C}\n"
      "  C: {Type: T, Properties: {y: !If [No, !Ref A, z]}}\n  D: {Type: T, Condition: No}\n");
  REQUIRE(source.has_value());
  const auto needs = dependencies(*source, {{"No", false}});
  REQUIRE(needs.has_value());
  CHECK(needs->at("A") == std::set<std::string>{"B"});
  CHECK(needs->at("B") == std::set<std::string>{"C"});
  CHECK(needs->at("C").empty());
  CHECK_FALSE(needs->contains("D"));
  CHECK(dependencies(*source, {{"No", true}}).error().message == "Circular dependency between resources: [A, B, C]");
  const auto wrong = parse_template("Resources: {A: {Type: T, Properties: {x: !Ref Nobody}}}");
  CHECK(dependencies(*wrong, {}).error().message ==
        "Template format error: Unresolved resource dependencies [Nobody] in the Resources block of the template");
}

TEST_CASE("parameters come from the caller, the last update, or their default") {
  const auto source = parse_template(
      "Parameters:\n  N: {Type: Number, Default: 5, MaxValue: 9}\n  L: {Type: CommaDelimitedList, Default: 'a, b'}\n"
      "  S: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /v}\n  C: {Type: String, AllowedValues: [x, y], Default: x}\n"
      "  M: {Type: String}\nResources: {A: {Type: T}}");
  REQUIRE(source.has_value());
  const auto ssm = [](std::string_view name) -> Result<std::string> { return "of " + std::string(name); };
  const auto values = resolve_parameters(*source, {{"M", "m"}, {.key = "C", .use_previous = true}}, {{"C", "y"}}, ssm);
  REQUIRE_MESSAGE(values.has_value(), values.error().message);
  CHECK(values->at("N").value == "5");
  CHECK(values->at("L").value == Json::array({"a", "b"}));
  CHECK(values->at("S").value == "of /v");
  CHECK(values->at("C").value == "y");
  CHECK(resolve_parameters(*source, {}, {}, ssm).error().message == "Parameters: [M] must have values");
  CHECK(resolve_parameters(*source, {{"M", "m"}, {"X", "x"}}, {}, ssm).error().message ==
        "Parameters: [X] do not exist in the template");
  CHECK(resolve_parameters(*source, {{"M", "m"}, {"C", "z"}}, {}, ssm).error().message ==
        "Parameter 'C' must be one of AllowedValues");
  CHECK(resolve_parameters(*source, {{"M", "m"}, {"N", "10"}}, {}, ssm).error().message ==
        "Parameter 'N' must be a number not greater than 9");
}

TEST_CASE("identities need the caller's word") {
  const auto named = parse_template("Resources: {A: {Type: 'AWS::IAM::Role', Properties: {RoleName: r}}}");
  const auto plain = parse_template("Resources: {A: {Type: 'AWS::IAM::Role'}}");
  CHECK(required_capabilities(*named) == std::vector<std::string>{"CAPABILITY_NAMED_IAM"});
  CHECK(required_capabilities(*plain) == std::vector<std::string>{"CAPABILITY_IAM"});
}

}  // namespace
}  // namespace mastic::cloudformation
