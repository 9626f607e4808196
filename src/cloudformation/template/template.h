// A template as its author wrote it: sections checked for their shape, nothing evaluated.
//
// parse_template reads JSON or YAML. YAML's short forms (`!Sub`) become long ones (`Fn::Sub`); YAML scalars get the types
// that CloudFormation gives them: numbers and booleans, while dates such as 2012-10-17 stay text. Input is hostile: depth
// and the size that aliases unfold to are limited. Plain data afterwards; no threads, no owner.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cloudformation/json.h"

namespace mastic::cloudformation {

struct ParameterDeclaration {
  std::string type;  // "String", "List<Number>", "AWS::SSM::Parameter::Value<String>", …
  std::optional<std::string> default_value;
  bool no_echo = false;
  std::vector<std::string> allowed_values;
  std::optional<std::string> allowed_pattern;
  std::optional<double> min_value, max_value;
  std::optional<size_t> min_length, max_length;  // code points
  std::string constraint_description;
  std::string description;
};

struct ResourceDeclaration {
  std::string type;
  Json properties = Json::object();
  std::vector<std::string> depends_on;
  std::optional<std::string> condition;
  std::string deletion_policy = "Delete";        // or Retain, RetainExceptOnCreate, Snapshot
  std::string update_replace_policy = "Delete";  // or Retain, Snapshot
  Json metadata = Json::object();
};

struct OutputDeclaration {
  Json value;
  std::optional<Json> export_name;
  std::string description;
  std::optional<std::string> condition;
};

struct Template {
  std::string description;
  std::map<std::string, ParameterDeclaration> parameters;
  Json mappings = Json::object();
  std::map<std::string, Json> conditions;
  Json rules = Json::object();
  std::map<std::string, ResourceDeclaration> resources;
  std::map<std::string, OutputDeclaration> outputs;
  Json metadata = Json::object();
  std::vector<std::string> transforms;
};

/// Fails with ValidationError and CloudFormation's text ("Template format error: …").
Result<Template> parse_template(std::string_view body);

/// The document alone: JSON or YAML with short forms made long.
Result<Json> parse_document(std::string_view body);

/// CloudFormation's ValidationError (HTTP 400).
Error validation_error(std::string message);

}  // namespace mastic::cloudformation
