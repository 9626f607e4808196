// The intrinsic functions, by name. Inside the room's template folder only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cloudformation/template/evaluate.h"

namespace mastic::cloudformation {

/// One evaluation: the evaluator, what it refers to, and how deep it is.
struct Evaluation {
  const Template& source;
  const Environment& environment;
  const ParameterValues& parameters;
  const Conditions& conditions;
  References& references;
  mutable size_t made_bytes = 0;  // by functions, so far: a short template could ask for gigabytes

  /// Nothing: AWS::NoValue.
  Result<std::optional<Json>> value(const Json& json, size_t depth = 0) const;
  /// The same where AWS::NoValue has no meaning.
  Result<Json> required(const Json& json, size_t depth, std::string_view function) const;
  Result<std::string> text(const Json& json, size_t depth, std::string_view function) const;
  Result<bool> condition(const Json& json, size_t depth) const;
  Result<std::optional<Json>> reference(std::string_view name) const;
  Result<std::string> substitute(const std::string& pattern, const Json& variables, size_t depth) const;
  Result<std::string> variable(const std::string& name, const Json& variables, size_t depth) const;
  Result<Json> resolve_dynamic(const std::string& text) const;
};

/// "Fn::Join" and the others that yield values; nothing when the object is no function.
bool is_function(const Json& json);
Result<std::optional<Json>> call_function(const Evaluation& evaluation, const std::string& name, const Json& argument,
                                          size_t depth);

using Answer = Result<std::optional<Json>>;
using Function = Answer (*)(const Evaluation&, const Json& argument, size_t depth);

/// The functions whose value is true or false (conditions and rules), and Fn::Cidr; nullptr: none by this name.
Function find_condition_function(std::string_view name);
Answer cidr(const Evaluation& evaluation, const Json& argument, size_t depth);

/// "Template error: every … object requires …"
std::unexpected<Error> wrong_argument(std::string_view function, std::string_view expects);

/// Whether a text is known only when the change has been made; then so is what is made of it.
bool is_unknown(const Json& json);
Answer unknown_value();

/// A scalar as text, the way CloudFormation writes it ("true", "5"); nothing for objects and lists.
std::optional<std::string> scalar_text(const Json& json);

/// Calls `see` for each `${Name}` of a Fn::Sub pattern that is no `${!Literal}`.
void for_each_variable(std::string_view pattern, const std::function<void(std::string_view name)>& see);

}  // namespace mastic::cloudformation
