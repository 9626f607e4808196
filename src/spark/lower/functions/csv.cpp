// from_csv, to_csv, schema_of_csv: one record at a time; and XPath.
#include <duckdb.hpp>
#include <map>

#include "spark/lower/file_options.h"
#include "spark/lower/functions/table.h"
#include "spark/lower/types.h"

namespace mastic::spark {
namespace {

/// The options of a map(…) of constants, names in lower case.
FileOptions options_of(const CallInProgress& call, std::size_t argument) {
  FileOptions options;
  if (argument >= call.count()) return options;
  const auto* map = std::get_if<Call>(&call.call.arguments[argument]->node);
  if (map == nullptr || map->function != "map") not_lowered("options of " + call.call.function + " that are not constants");
  const auto text = [](const ExpressionPtr& expression) {
    const Expression* inner = expression.get();
    while (const auto* cast = std::get_if<Cast>(&inner->node)) inner = cast->child.get();
    const auto* literal = std::get_if<Literal>(&inner->node);
    const auto* value = literal != nullptr ? std::get_if<std::string>(&literal->value) : nullptr;
    if (value == nullptr) not_lowered("options that are not constant texts");
    return *value;
  };
  for (std::size_t i = 0; i + 1 < map->arguments.size(); i += 2)
    options[lower_case(text(map->arguments[i]))] = text(map->arguments[i + 1]);
  return options;
}

ast::Exprs with_marks(ast::Expr first, const FileOptions& options) {
  ast::Exprs arguments;
  arguments.push_back(std::move(first));
  arguments.push_back(ast::text(option(options, {"sep", "delimiter"}, ",")));
  arguments.push_back(ast::text(option(options, {"quote"}, "\"")));
  arguments.push_back(ast::text(option(options, {"escape"}, "\\")));
  return arguments;
}

ast::Expr cell_of(CallInProgress& call, const FileOptions& options, ast::Expr text, const DataType& type) {
  const bool strict = lower_case(option(options, {"mode"}, "permissive")) == "failfast";
  const auto pattern = option(options,
                              {type.is(TypeKind::date)            ? "dateformat"
                               : type.is(TypeKind::timestamp_ntz) ? "timestampntzformat"
                                                                  : "timestampformat"},
                              "");
  if (type.is_textual()) return text;
  if (type.is_datetime() && !pattern.empty()) {
    if (type.is(TypeKind::timestamp))
      return ast::call("spark_parse_instant", std::move(text), ast::text(pattern),
                       ast::text(call.lowering.options().session_time_zone), ast::boolean(strict));
    auto local = ast::call("spark_parse_local", std::move(text), ast::text(pattern), ast::boolean(strict));
    return type.is(TypeKind::date) ? ast::cast(std::move(local), duckdb::LogicalType::DATE) : std::move(local);
  }
  if (type.is_integral() || type.is_fractional() || type.is(TypeKind::boolean))
    return ast::call("spark_csv_value", std::move(text), ast::null_of(to_duckdb_type(type)), ast::boolean(strict));
  return call.lowering.cast(std::move(text), types::string(), type, strict ? EvalMode::ansi : EvalMode::try_);
}

/// from_csv(text, schema, options): the cells in order; what is missing is NULL.
ast::Expr from_csv(CallInProgress& call) {
  const auto options = options_of(call, 2);
  if (!call.result.is(TypeKind::struct_) || call.result.fields.empty()) not_lowered("from_csv of a schema that is no struct");
  const bool trims = option_is_true(options, "ignoreleadingwhitespace") || option_is_true(options, "ignoretrailingwhitespace");
  auto text = call.take(0);
  auto cells = ast::call("spark_csv_split", with_marks(text->Copy(), options));
  const auto names = duckdb_field_names(call.result);
  ast::Exprs members;
  for (std::size_t i = 0; i < names.size(); ++i) {
    auto cell = ast::call("list_extract", cells->Copy(), ast::integer(static_cast<int64_t>(i) + 1));
    if (trims) {
      cell = ast::call("spark_csv_trim", std::move(cell), ast::boolean(option_is_true(options, "ignoreleadingwhitespace")),
                       ast::boolean(option_is_true(options, "ignoretrailingwhitespace")));
    }
    auto member = ast::cast(cell_of(call, options, std::move(cell), call.result.fields[i].type),
                            to_duckdb_type(call.result.fields[i].type));
    member->SetAlias(names[i]);
    members.push_back(std::move(member));
  }
  return ast::case_when(ast::is_null(std::move(text)), ast::null_of(to_duckdb_type(call.result)),
                        ast::call("struct_pack", std::move(members)));
}

ast::Expr to_csv(CallInProgress& call) {
  const auto options = options_of(call, 1);
  const auto& type = call.type(0);
  auto structure = call.take(0);
  ast::Exprs cells;
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    const auto& field = type.fields[i].type;
    auto value = ast::field(structure->Copy(), static_cast<int>(i));
    const bool is_date = field.is(TypeKind::date);
    const auto pattern =
        option(options, {is_date ? "dateformat" : "timestampformat"}, is_date ? "" : "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
    if (field.is_datetime() && !pattern.empty()) {
      value = ast::call("spark_format_datetime", call.lowering.local_time(std::move(value), field), ast::text(pattern),
                        ast::text(call.lowering.options().session_time_zone));
    } else if (!field.is_textual()) {
      value = call.lowering.to_text(std::move(value), field);
    } else {
      value =
          ast::call("spark_csv_trim", std::move(value), ast::boolean(option_is_true(options, "ignoreleadingwhitespace", true)),
                    ast::boolean(option_is_true(options, "ignoretrailingwhitespace", true)));
    }
    if (const auto null_text = option(options, {"nullvalue"}, ""); !null_text.empty()) {
      ast::Exprs both;
      both.push_back(std::move(value));
      both.push_back(ast::text(null_text));
      value = ast::coalesce(std::move(both));
    }
    cells.push_back(std::move(value));
  }
  auto joined = ast::call("spark_csv_join", with_marks(ast::list(std::move(cells)), options));
  return ast::case_when(ast::is_null(std::move(structure)), ast::null_of(duckdb::LogicalType::VARCHAR), std::move(joined));
}

/// schema_of_csv: each cell's narrowest type.
ast::Expr schema_of_csv(CallInProgress& call) {
  ast::Exprs cells;
  cells.push_back(ast::call("spark_csv_split", with_marks(call.take(0), options_of(call, 1))));
  return ast::fill(
      "'STRUCT<' || array_to_string(list_transform($1, lambda x, i: '_c' || (i - 1)::VARCHAR || ': ' || (CASE "
      "spark_csv_kind(x) "
      "WHEN 1 THEN 'INT' WHEN 2 THEN 'BIGINT' WHEN 8 THEN 'DOUBLE' WHEN 16 THEN 'DATE' WHEN 32 THEN 'TIMESTAMP' WHEN 64 THEN "
      "'BOOLEAN' ELSE 'STRING' END)), ', ') || '>'",
      cells);
}

/// xpath_int and its kin: a number cut as Java's casts cut it.
ast::Expr xpath_number(CallInProgress& call) {
  auto number = ast::call("spark_xpath_double", std::move(call.arguments));
  return call.lowering.cast(std::move(number), types::double_type(), call.result, EvalMode::legacy);
}

constexpr FunctionLowering rows[] = {
    {"from_csv", -1, "", from_csv},
    {"schema_of_csv", -1, "", schema_of_csv},
    {"to_csv", -1, "", to_csv},
    {"xpath", 2, "spark_xpath"},
    {"xpath_boolean", 2, "spark_xpath_boolean"},
    {"xpath_double", 2, "spark_xpath_double"},
    {"xpath_float", 2, "", xpath_number},
    {"xpath_int", 2, "", xpath_number},
    {"xpath_long", 2, "", xpath_number},
    {"xpath_short", 2, "", xpath_number},
    {"xpath_string", 2, "spark_xpath_string"},
};

}  // namespace

std::span<const FunctionLowering> csv_lowerings() { return rows; }

}  // namespace mastic::spark
