// What a template means for one stack: parameters, conditions, rules, intrinsic functions, dependencies.
//
// All errors are ValidationErrors with CloudFormation's text. An Evaluator borrows what it is made from; it is constant
// and may be used by several threads at once if the References given to it may.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cloudformation/json.h"
#include "cloudformation/template/template.h"

namespace mastic::cloudformation {

/// What the pseudo parameters give.
struct Environment {
  std::string account_id = "000000000000";
  std::string region = "us-east-1";
  std::string partition = "aws";
  std::string url_suffix = "amazonaws.com";
  std::string stack_name;
  std::string stack_id;
  std::vector<std::string> notification_arns = {};
};

struct GivenParameter {
  std::string key;
  std::optional<std::string> value = {};
  bool use_previous = false;
};

struct ParameterValue {
  Json value;                                // text, or an array of texts for list types
  std::string given;                         // as the caller or the default gave it
  std::optional<std::string> resolved = {};  // from SSM
};

using ParameterValues = std::map<std::string, ParameterValue>;
using Conditions = std::map<std::string, bool>;

/// `previous_given`: parameter → text of the last update. `ssm` gives a parameter of Systems Manager by its name.
Result<ParameterValues> resolve_parameters(const Template& source, const std::vector<GivenParameter>& given,
                                           const std::map<std::string, std::string>& previous_given,
                                           const std::function<Result<std::string>(std::string_view name)>& ssm);

Result<Conditions> evaluate_conditions(const Template& source, const Environment& environment,
                                       const ParameterValues& parameters);

/// Fails when an assertion of a rule that applies does not hold.
Result<void> check_rules(const Template& source, const Environment& environment, const ParameterValues& parameters);

/// What References give for a value that is known only when a change has been made. Functions that would take it apart
/// (Fn::Select, Fn::Split, Fn::Join of a list, Fn::Cidr, Fn::Length, Fn::Base64, Fn::ImportValue, Fn::FindInMap) give it again.
inline constexpr std::string_view known_after_apply = "{{changeSet:KNOWN_AFTER_APPLY}}";

/// What is known of a stack's resources and of what lies outside the stack.
class References {
 public:
  virtual ~References() = default;
  virtual Result<Json> ref(std::string_view logical_id) = 0;
  virtual Result<Json> attribute(std::string_view logical_id, std::string_view name) = 0;
  virtual Result<std::string> export_value(std::string_view name) = 0;
  /// `{{resolve:SERVICE:KEY}}`; service is ssm, ssm-secure or secretsmanager.
  virtual Result<std::string> dynamic_reference(std::string_view service, std::string_view key) = 0;
};

class Evaluator {
 public:
  Evaluator(const Template& source, const Environment& environment, const ParameterValues& parameters,
            const Conditions& conditions)
      : source_(source), environment_(environment), parameters_(parameters), conditions_(conditions) {}

  /// Nothing: AWS::NoValue. Inside objects and lists such members are left out.
  [[nodiscard]] Result<std::optional<Json>> evaluate(const Json& value, References& references) const;

  [[nodiscard]] const Template& source() const { return source_; }
  [[nodiscard]] const Environment& environment() const { return environment_; }
  [[nodiscard]] const ParameterValues& parameters() const { return parameters_; }
  [[nodiscard]] const Conditions& conditions() const { return conditions_; }

 private:
  const Template& source_;
  const Environment& environment_;
  const ParameterValues& parameters_;
  const Conditions& conditions_;
};

/// Fails for names that are nothing in the template, in any branch: what can be said without parameters.
Result<void> check_references(const Template& source);

/// For each resource whose condition holds: the resources that it needs. Fails for circles and for names that are nothing.
Result<std::map<std::string, std::set<std::string>>> dependencies(const Template& source, const Conditions& conditions);

/// CAPABILITY_IAM, CAPABILITY_NAMED_IAM, CAPABILITY_AUTO_EXPAND: what the caller has to grant.
std::vector<std::string> required_capabilities(const Template& source);

/// The names in `Fn::ImportValue` that can be known without a stack: plain texts.
std::vector<std::string> imports_of(const Template& source);

}  // namespace mastic::cloudformation
