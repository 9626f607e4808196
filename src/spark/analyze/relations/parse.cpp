// spark.read.json(df), spark.read.csv(df), spark.read.xml(df): the one text column of a DataFrame, parsed row by row.
#include "spark/analyze/expression_text.h"
#include "spark/analyze/relations/relations.h"

namespace mastic::spark {
namespace {

proto::Expression text_literal(const std::string& text) {
  proto::Expression literal;
  literal.mutable_literal()->set_string(text);
  return literal;
}

proto::Expression options_map(const proto::Parse& request) {
  proto::Expression map;
  map.mutable_unresolved_function()->set_function_name("map");
  for (const auto& [key, value] : request.options()) {
    *map.mutable_unresolved_function()->add_arguments() = text_literal(key);
    *map.mutable_unresolved_function()->add_arguments() = text_literal(value);
  }
  return map;
}

std::string lower(std::string text) {
  for (auto& letter : text) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return text;
}

// Columns of text, as many as the first record has cells.
SparkResult<std::vector<StructField>> csv_columns(AnalyzerState& state, const Resolved& input, const proto::Parse& request) {
  for (const auto& [key, value] : request.options())
    if ((lower(key) == "inferschema" || lower(key) == "header") && lower(value) == "true")
      return fail(unsupported("the option " + key + " of reading csv out of a DataFrame of strings"));
  TRY(rows, state.context.collect(input.plan, 1));
  std::vector<StructField> columns;
  if (rows.empty()) return columns;
  proto::Expression call;
  call.mutable_unresolved_function()->set_function_name("schema_of_csv");
  const auto* literal = std::get_if<Literal>(&rows[0][0]->node);
  const auto* text = literal != nullptr ? std::get_if<std::string>(&literal->value) : nullptr;
  *call.mutable_unresolved_function()->add_arguments() = text_literal(text != nullptr ? *text : "");
  if (request.options_size() > 0) *call.mutable_unresolved_function()->add_arguments() = options_map(request);
  TRY(described, resolve_expression(state, scope_of(input), call));
  const auto id = state.next_id();
  TRY(answer, state.context.collect(make_relation({{id, "schema", described->type, true, {}, {}}},
                                                  Project{make_relation({}, OneRow{}), {{id, "schema", described, {}}}}),
                                    1));
  const auto* ddl = std::get_if<std::string>(&std::get<Literal>(answer.at(0).at(0)->node).value);
  TRY(schema, parse_schema_text(*ddl));
  for (std::size_t i = 0; i < schema.fields.size(); ++i)
    columns.push_back({"_c" + std::to_string(i), types::string(), true, ""});
  return columns;
}

}  // namespace

SparkResult<Resolved> resolve_parse(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.parse();
  const bool csv = request.format() == proto::Parse::PARSE_FORMAT_CSV;
  TRY(input, state.resolve(request.input()));
  if (input.plan->output.size() != 1)
    return fail(
        analysis_error("DATAFRAME_INPUT_NOT_SINGLE_COLUMN", {{"numColumns", std::to_string(input.plan->output.size())}}));
  if (!input.plan->output[0].type.is_textual())
    return fail(analysis_error("DATAFRAME_INPUT_NOT_STRING_TYPE", {{"dataType", quoted_type(input.plan->output[0].type)}}));
  const bool xml = request.format() == proto::Parse::PARSE_FORMAT_XML;
  if (!csv && !xml && request.format() != proto::Parse::PARSE_FORMAT_JSON) return fail(unsupported("this format of Parse"));
  std::map<std::string, std::string> options;
  for (const auto& [key, value] : request.options()) options[lower(key)] = value;
  if (const auto mode = options.find("mode"); mode != options.end() && lower(mode->second) == "dropmalformed")
    return fail(unsupported("mode DROPMALFORMED of reading a DataFrame of strings"));
  DataType schema;
  if (request.has_schema()) {
    TRY(given, resolve_type(request.schema()));
    schema = given;
  } else {
    TRY(inferred,
        csv ? csv_columns(state, input, request) : state.context.infer_rows(input.plan, xml ? "xml" : "json", options));
    schema = types::structure(std::move(inferred));
  }
  proto::Expression call;
  auto* function = call.mutable_unresolved_function();
  function->set_function_name(csv ? "from_csv" : xml ? "from_xml" : "from_json");
  function->add_arguments()->mutable_unresolved_attribute()->set_unparsed_identifier(quoted_name(input.plan->output[0].name));
  *function->add_arguments() = text_literal(json_string(schema));
  if (request.options_size() > 0) *function->add_arguments() = options_map(request);
  TRY(parsed, resolve_expression(state, scope_of(input), call));
  // The structure once, then its fields.
  const auto id = state.next_id();
  const auto parsed_rows =
      make_relation({{id, "parsed", parsed->type, true, {}, {}}}, Project{input.plan, {{id, "parsed", parsed, {}}}});
  std::vector<Item> items;
  for (const auto& field : schema.fields) {
    TRY(value, extract_value(state, reference(parsed_rows->output[0]), string_constant(field.name)));
    Item item{value, {field.name}, field.metadata_json};
    item.explicit_name = true;
    items.push_back(std::move(item));
  }
  TRY(plan, build_projection(state, parsed_rows, std::move(items)));
  return with_children(plan, {input.node});
}

}  // namespace mastic::spark
