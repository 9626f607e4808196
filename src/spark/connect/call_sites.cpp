#include "spark/connect/call_sites.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <spark/connect/expressions.pb.h>
#include <spark/connect/relations.pb.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include "spark/connect/error_status.h"
#include "spark/sql/parser.h"

namespace mastic::spark_connect {
namespace {

namespace proto = ::spark::connect;

/// Which functions end with which condition. `casts`: also a cast, and what compares or computes with text.
struct Cause {
  std::string_view condition;
  std::vector<std::string_view> functions;
  bool casts = false;
};

const std::vector<Cause>& causes() {
  static const std::vector<std::string_view> arithmetic{"+", "-", "*", "/", "%", "negative", "abs", "div", "pmod"};
  static const std::vector<std::string_view> operators{
      "+", "-", "*", "/", "%", "==", "=", "<", "<=", ">=", ">", "<=>", "in", "and", "or", "not", "between"};
  static const std::vector<std::string_view> readers_of_text = [] {
    auto names = operators;
    for (const std::string_view name : {"to_date", "to_timestamp", "to_timestamp_ntz", "to_timestamp_ltz"})
      names.push_back(name);
    return names;
  }();
  static const std::vector<Cause> table{
      {"DIVIDE_BY_ZERO", {"/", "div", "%", "mod", "pmod", "divide"}},
      {"REMAINDER_BY_ZERO", {"%", "mod", "pmod"}},
      {"ARITHMETIC_OVERFLOW", arithmetic},
      {"BINARY_ARITHMETIC_OVERFLOW", arithmetic},
      {"NUMERIC_VALUE_OUT_OF_RANGE", arithmetic, true},
      {"CAST_INVALID_INPUT", readers_of_text, true},
      {"CAST_OVERFLOW", {}, true},
      {"INVALID_ARRAY_INDEX", {"elt", "get"}},
      {"INVALID_ARRAY_INDEX_IN_ELEMENT_AT", {"element_at"}},
  };
  return table;
}

struct Site {
  std::string fragment;
  std::string call_site;  // of a DataFrame's expression
  std::string sql_text;   // of an expression in SQL
  int start_index = -1;
  int stop_index = -1;
  bool names_input = false;  // the value that failed stands in the expression itself
  auto operator<=>(const Site&) const = default;
};

struct Search {
  const Cause& cause;
  std::string input;  // the value that failed, where the message says it
  std::set<Site> sites = {};
  std::string sql_text = {};  // while in an SQL query
};

void add_sites(const google::protobuf::Message& message, Search& search);

Site site_of(const proto::Expression& expression, const std::string& sql_text) {
  const auto& origin = expression.common().origin();
  if (origin.has_python_origin()) return {origin.python_origin().fragment(), origin.python_origin().call_site()};
  const int start = origin.jvm_origin().start_index();
  const int stop = origin.jvm_origin().stop_index();
  if (start < 0 || stop < start || static_cast<std::size_t>(stop) >= sql_text.size()) return {};
  const auto length = static_cast<std::size_t>(stop - start) + 1;
  return {.fragment = sql_text.substr(static_cast<std::size_t>(start), length),
          .call_site = {},
          .sql_text = sql_text,
          .start_index = start,
          .stop_index = stop};
}

void add_site(const proto::Expression& expression, Search& search) {
  const auto& [cause, input, sites, sql_text] = search;
  if (!expression.common().has_origin()) return;
  bool suspect = false;
  bool names_input = false;
  const auto look_at = [&](const proto::Expression& argument) {
    if (!input.empty() && argument.has_literal() && argument.literal().string() == input) names_input = true;
  };
  if (expression.has_unresolved_function()) {
    const auto& call = expression.unresolved_function();
    suspect = std::ranges::find(cause.functions, call.function_name()) != cause.functions.end();
    for (const auto& argument : call.arguments()) look_at(argument);
  } else if (expression.has_cast()) {
    suspect = cause.casts;
    look_at(expression.cast().expr());
  } else if (expression.has_unresolved_extract_value()) {
    suspect = cause.condition == "INVALID_ARRAY_INDEX";
  }
  // In SQL the operands know their own places.
  if (!sql_text.empty() && expression.has_unresolved_function()) {
    const auto& name = expression.unresolved_function().function_name();
    if (name == "and" || name == "or" || name == "not") return;
  }
  if (!suspect) return;
  auto site = site_of(expression, sql_text);
  if (site.fragment.empty()) return;
  site.names_input = names_input;
  search.sites.insert(std::move(site));
}

void add_sites_of_sql(const std::string& text, Search& search) {
  const auto parsed = spark::sql::parse_query(text);
  if (!parsed) return;
  search.sql_text = text;
  add_sites(*parsed, search);
  search.sql_text.clear();
}

void add_sites(const google::protobuf::Message& message, Search& search) {
  if (message.GetDescriptor() == proto::Expression::descriptor()) {
    add_site(static_cast<const proto::Expression&>(message), search);
  } else if (message.GetDescriptor() == proto::SQL::descriptor()) {
    add_sites_of_sql(static_cast<const proto::SQL&>(message).query(), search);
  }
  const auto* reflection = message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const auto* field : fields) {
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE || field->is_map()) continue;
    const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      add_sites(
          field->is_repeated() ? reflection->GetRepeatedMessage(message, field, i) : reflection->GetMessage(message, field),
          search);
    }
  }
}

/// `'text'` of the message's parameters without its quotes.
std::string input_of(const spark::SparkError& error) {
  const auto found = error.parameters.find("expression");
  if (found == error.parameters.end() || found->second.size() < 2 || !found->second.starts_with('\'')) return {};
  return found->second.substr(1, found->second.size() - 2);
}

}  // namespace

void add_call_site(spark::SparkError& error, const google::protobuf::Message& plan) {
  if (!error.contexts.empty() || error.condition.empty()) return;
  const auto& table = causes();
  const auto cause = std::ranges::find(table, error.condition.substr(0, error.condition.find('.')), &Cause::condition);
  if (cause == table.end()) return;
  Search search{.cause = *cause, .input = input_of(error)};
  add_sites(plan, search);
  auto& sites = search.sites;
  if (sites.size() > 1 && std::ranges::any_of(sites, &Site::names_input)) {
    std::erase_if(sites, [](const Site& site) { return !site.names_input; });
  }
  if (sites.size() != 1) return;
  const Site& site = *sites.begin();
  spark::QueryContext context{.fragment = site.fragment,
                              .call_site = site.call_site,
                              .sql_text = site.sql_text,
                              .start_index = site.start_index,
                              .stop_index = site.stop_index,
                              .is_dataframe = site.sql_text.empty()};
  error.message += "\n" + context_summary(context);
  error.contexts.push_back(std::move(context));
}

}  // namespace mastic::spark_connect
