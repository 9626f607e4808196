// spark.read.json(df), spark.read.csv(df): the one text column of a DataFrame, parsed row by row.
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

}  // namespace

SparkResult<Resolved> resolve_parse(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.parse();
  const bool csv = request.format() == proto::Parse::PARSE_FORMAT_CSV;
  if (!csv && request.format() != proto::Parse::PARSE_FORMAT_JSON) return fail(unsupported("this format of Parse"));
  TRY(input, state.resolve(request.input()));
  if (input.plan->output.size() != 1 || !input.plan->output[0].type.is_textual())
    return fail(unsupported("reading csv or json out of anything but one column of text"));
  std::map<std::string, std::string> options;
  for (const auto& [key, value] : request.options()) options[lower(key)] = value;
  if (const auto mode = options.find("mode"); mode != options.end() && lower(mode->second) == "dropmalformed")
    return fail(unsupported("mode DROPMALFORMED of reading a DataFrame of strings"));
  DataType schema;
  if (request.has_schema()) {
    TRY(given, resolve_type(request.schema()));
    schema = given;
  } else {
    if (csv) return fail(unsupported("reading csv out of a DataFrame of strings without a schema"));
    TRY(inferred, state.context.infer_json_rows(input.plan, options));
    schema = types::structure(std::move(inferred));
  }
  proto::Expression call;
  auto* function = call.mutable_unresolved_function();
  function->set_function_name(csv ? "from_csv" : "from_json");
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
