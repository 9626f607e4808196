#include "cloudformation/template/template.h"

#include <doctest/doctest.h>

#include "cloudformation/template/evaluate.h"

namespace mastic::cloudformation {
namespace {

class Known : public References {
 public:
  Result<Json> ref(std::string_view id) override {
    return id == "New" ? Json(known_after_apply) : Json("ref-of-" + std::string(id));
  }
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
  CHECK(evaluated("!Cidr ['2001:db8::/56', 2, 64]") == Json::array({"2001:db8::/64", "2001:db8:0:1::/64"}));
  CHECK(evaluated("!Cidr [10.0.7.9/24, 1]") == Json::array({"10.0.7.0/24"}));
  CHECK(evaluated("!GetAZs ''") == Json::array({"us-east-1a", "us-east-1b", "us-east-1c"}));
  CHECK(evaluated("!FindInMap [M, a, x, {DefaultValue: d}]") == "d");
  CHECK(evaluated("!Select ['0', !Split ['|', 'x|y']]") == "x");
  CHECK(evaluated("{Fn::GetAtt: A.B.C}") == "A/B.C");
  CHECK(evaluated("!Sub ['${a}${a}', {a: !Join ['', [1, true]]}]") == "1true1true");
  CHECK(evaluated("!Sub '{{resolve:secretsmanager:${P}:SecretString:k}}'") == "secretsmanager=p:SecretString:k");
  CHECK(evaluated("{Fn::Length: !Ref L}") == 2);
  CHECK(evaluated("{Fn::ToJsonString: {a: 1}}") == R"({"a":1})");
  CHECK(evaluated("!ImportValue x") == "export-x");
  CHECK(evaluated("'a{{resolve:ssm:/p:1}}b'") == "assm=/p:1b");
}

TEST_CASE("what is wrong is said in CloudFormation's words") {
  CHECK(evaluated("!Select [7, !Ref L]") == "error: Template error: Fn::Select cannot select nonexistent value at index 7");
  CHECK(evaluated("!FindInMap [M, a, x]") == "error: Template error: Unable to get mapping for M::a::x");
  CHECK(evaluated("!FindInMap [N, a, x]") ==
        "error: Template error: Mapping named 'N' is not present in the 'Mappings' section of template.");
  CHECK(evaluated("!If [Maybe, 1, 2]") == "error: Template error: unresolved condition dependency Maybe in Fn::If");
  CHECK(evaluated("!Sub '${L}'") == "error: Template error: variable L in Fn::Sub expression does not resolve to a string");
  CHECK(evaluated("!Sub '${P:-x}'").get<std::string>().starts_with("error: Template error: variable names in Fn::Sub syntax"));
  CHECK(evaluated("!Cidr [10.0.0.0/24, 300, 4]").get<std::string>().starts_with("error: Template error: Fn::Cidr cannot make"));
  CHECK(evaluated("!Cidr [10.0.0.0/24, 17, 4]").get<std::string>().starts_with("error: Template error: Fn::Cidr cannot make"));
  CHECK(evaluated("'{{resolve:vault:x}}'").get<std::string>().starts_with("error: Template error: the dynamic reference"));
  CHECK(evaluated("!GetAtt A") ==
        "error: Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource "
        "attribute");
  CHECK(evaluated("{Fn::Nothing: 1}") == "error: Template error: the function Fn::Nothing is not supported");
  CHECK(parse_template("Resources: {}").error().message ==
        "Template format error: At least one Resources member must be defined.");
  CHECK(parse_template("{\"Resources\": {\"A\": {}}}").error().message ==
        "Template format error: [/Resources/A] Every Resources object must contain a Type member.");
  CHECK(parse_template("Nothing: 1\nResources: {A: {Type: T}}").error().message ==
        "Invalid template property or properties [Nothing]");
  CHECK(parse_template("Resources: {A: {Type: T, Properties: {L: [x, ~]}}}").error().message ==
        "Template format error: [/Resources/A/Properties/L/1] 'null' values are not allowed in templates");
  CHECK(parse_template("Resources: {A: {Type: T, Property: {}}}").error().message ==
        "Invalid template resource property 'Property'");
  CHECK(parse_template("Parameters: {P: {Type: Text}}\nResources: {A: {Type: T}}").error().message ==
        "Template format error: Unrecognized parameter type: Text");
  CHECK(parse_template("AWSTemplateFormatVersion: 2011-09-09\nResources: {A: {Type: T}}").error().message ==
        "Template format error: unsupported value for AWSTemplateFormatVersion.");
  CHECK(parse_template("Transform: AWS::Serverless-2016-10-31\nResources: {A: {Type: T}}").error().message ==
        "The transform AWS::Serverless-2016-10-31 is not supported; AWS::LanguageExtensions is");
  CHECK(parse_template("Resources: {A: {Type: T, Properties: {Fn::Transform: {Name: AWS::Include}}}}").error().message ==
        "[/Resources/A/Properties] the transform AWS::Include is not supported; AWS::LanguageExtensions is");
  CHECK(parse_template("just text").error().message == "Template format error: unsupported structure.");
  CHECK(parse_template("{\"Resources\":\n {\"A\": }}").error().message ==
        "Template format error: JSON not well-formed. (line 2, column 8)");
  CHECK(parse_template("Resources:\n  A: {Type: T}\n  A: {Type: T}\n").error().message ==
        "Template format error: YAML not well-formed. (line 3, column 3): duplicate key A");
  CHECK(parse_template("Resources: {A: {Type: '\xff'}}").error().message == "Template format error: the template is not UTF-8");
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

TEST_CASE("many functions do not make gigabytes of a short template") {
  std::string list;
  for (int i = 0; i < 5'000; ++i) list += "!Join ['', !Split ['.', !FindInMap [M, a, b]]], ";
  CHECK(evaluated("[" + list + "x]").size() == 5'001);
  std::string wide = "&t '" + std::string(400'000, 'x') + "'";
  for (int i = 0; i < 18; ++i) wide += ", !Join ['', [!Sub ['${a}${a}', {a: *t}]]]";
  CHECK(evaluated("[" + wide + "]") == "error: Template error: the functions of a resource make more than 16 MiB");
}

TEST_CASE("what is made of a value that is not known yet is not known yet") {
  const std::string unknown(known_after_apply);
  CHECK(evaluated("!Select [5, !Split [':', !Ref New]]") == unknown);
  CHECK(evaluated("!Select [5, !Split [':', !Sub 'arn:${New}']]") == unknown);
  CHECK(evaluated("!Join [',', !Ref New]") == unknown);
  CHECK(evaluated("!Join [',', [a, !Ref New]]") == "a," + unknown);
  CHECK(evaluated("!Select [0, [a, !Ref New]]") == "a");
  CHECK(evaluated("!Cidr [!Ref New, 2, 8]") == unknown);
  CHECK(evaluated("{Fn::Length: !Ref New}") == unknown);
  CHECK(evaluated("{Fn::Length: [!Ref New]}") == 1);
}

TEST_CASE("text that doubles at every level is refused") {
  std::string nested = "xxxxxxxxxx";
  for (int i = 0; i < 25; ++i) nested = "{Fn::Sub: ['${a}${a}', {a: " + nested + "}]}";
  CHECK(evaluated(nested) == "error: Template error: a Fn::Sub expression makes more than 1 MiB of text");
}

TEST_CASE("conditions may stand in any order, but not in a circle") {
  const auto source = parse_template(
      "Conditions:\n  A: !And [{Condition: B}, {Condition: C}]\n  B: !Or [{Condition: C}, !Equals [a, b]]\n  C: !Equals [a, "
      "a]\n"
      "Resources: {R: {Type: T}}");
  REQUIRE(source.has_value());
  CHECK(evaluate_conditions(*source, {}, {}) == Conditions{{"A", true}, {"B", true}, {"C", true}});
  const auto circle =
      parse_template("Conditions: {A: !Not [{Condition: B}], B: !Not [{Condition: A}]}\nResources: {R: {Type: T}}");
  CHECK(evaluate_conditions(*circle, {}, {}).error().message ==
        "Template format error: Circular dependency between conditions: [A, B]");
  const auto resource = parse_template("Conditions: {A: !Equals [!Ref R, x]}\nResources: {R: {Type: T}}");
  CHECK(
      evaluate_conditions(*resource, {}, {}).error().message ==
      "Template format error: Unresolved dependencies [R]. Cannot reference resources in the Conditions block of the template");
}

TEST_CASE("rules hold or say why they do not") {
  const auto source = parse_template(
      "Parameters: {V: {Type: String}}\nRules:\n  CheckVersion:\n    Assertions:\n    - Assert: !Not [{Fn::Contains: [['1', "
      "'2'], "
      "!Ref V]}]\n      AssertDescription: too old\nResources: {R: {Type: T}}");
  REQUIRE(source.has_value());
  CHECK(check_rules(*source, {}, {{"V", {.value = "21", .given = "21"}}}).has_value());
  CHECK(check_rules(*source, {}, {{"V", {.value = "2", .given = "2"}}}).error().message ==
        "Template error: Rule CheckVersion failed: too old");
}

TEST_CASE("names that are nothing are found in every branch") {
  const auto message = [](const std::string& properties) {
    const auto source =
        parse_template("Conditions: {No: !Equals [a, b]}\nResources: {A: {Type: T, Properties: {x: " + properties +
                       "}}, B: {Type: T, Condition: No}}\nOutputs: {O: {Value: v}}");
    REQUIRE_MESSAGE(source.has_value(), source.error().message);
    const auto needs = dependencies(*source, {{"No", false}});
    return needs ? std::string("fine") : needs.error().message;
  };
  const std::string unresolved = "Template format error: Unresolved resource dependencies [";
  const std::string in_resources = "] in the Resources block of the template";
  CHECK(message("!If [No, !Ref Nobody, 1]") == unresolved + "Nobody" + in_resources);
  CHECK(message("!If [No, !Ref B, 1]") == "fine");
  CHECK(message("!Ref B") == unresolved + "B" + in_resources);
  CHECK(message("!Sub '${X}${Y.Arn}${!Z}${AWS::Region}'") == unresolved + "X, Y" + in_resources);
  CHECK(message("!GetAtt X.Arn") == "Template error: instance of Fn::GetAtt references undefined resource X");
  CHECK(message("!If [Maybe, 1, 2]") == "Template error: unresolved condition dependency Maybe in Fn::If");
  CHECK(message("{Condition: {StringEquals: {a: b}}}") == "fine");
  CHECK(message("!Ref A") == "Circular dependency between resources: [A]");
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
  CHECK(check_references(*source).has_value());
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

TEST_CASE("a parameter's constraints speak CloudFormation's words") {
  const auto message = [](const std::string& declared, const std::string& value) {
    const auto source = parse_template("Parameters: {P: {" + declared + "}}\nResources: {A: {Type: T}}");
    REQUIRE_MESSAGE(source.has_value(), source.error().message);
    const auto none = [](std::string_view) -> Result<std::string> { return fail(Error{"ParameterNotFound", "", 400}); };
    const auto values = resolve_parameters(*source, {{"P", value}}, {}, none);
    return values ? std::string("fine") : values.error().message;
  };
  CHECK(message("Type: String, AllowedPattern: '[a-z]+'", "ab") == "fine");
  CHECK(message("Type: String, AllowedPattern: '[a-z]+'", "aB") == "Parameter 'P' must match pattern [a-z]+");
  CHECK(message("Type: String, AllowedPattern: '(a+)+b'", std::string(4000, 'a')) == "Parameter 'P' must match pattern (a+)+b");
  CHECK(message("Type: String, AllowedPattern: '(a|b)*'", std::string(4096, 'a')) == "fine");
  CHECK(message("Type: String, AllowedPattern: '[a-z]+', ConstraintDescription: must be small", "B") ==
        "Parameter P failed to satisfy constraint: must be small");
  CHECK(message("Type: String, MinLength: 2", "é") == "Parameter 'P' must contain at least 2 characters");
  CHECK(message("Type: String, MaxLength: '1'", "ab") == "Parameter 'P' must contain at most 1 characters");
  CHECK(message("Type: Number", "0x10") == "Parameter 'P' must be a number.");
  CHECK(message("Type: List<Number>, MinValue: 2", "3, 1") == "Parameter 'P' must be a number not less than 2");
  CHECK(message("Type: String", std::string(4097, 'a')) == "Parameter 'P' must contain at most 4096 bytes");
  CHECK(message("Type: AWS::SSM::Parameter::Value<String>", "/none") ==
        "Unable to fetch parameters [/none] from parameter store for this account.");
}

TEST_CASE("identities need the caller's word") {
  const auto named = parse_template("Resources: {A: {Type: 'AWS::IAM::Role', Properties: {RoleName: r}}}");
  const auto plain = parse_template("Resources: {A: {Type: 'AWS::IAM::Role'}}");
  CHECK(required_capabilities(*named) == std::vector<std::string>{"CAPABILITY_NAMED_IAM"});
  const auto extended = parse_template("Transform: AWS::LanguageExtensions\nResources: {A: {Type: 'AWS::IAM::OIDCProvider'}}");
  CHECK(required_capabilities(*extended) == std::vector<std::string>{"CAPABILITY_AUTO_EXPAND"});
  CHECK(required_capabilities(*plain) == std::vector<std::string>{"CAPABILITY_IAM"});
}

}  // namespace
}  // namespace mastic::cloudformation
