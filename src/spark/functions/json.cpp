// JSON, CSV, XML, variants. from_json and from_csv get their schema from analyze, which reads the schema's text.
#include "spark/functions/row.h"

namespace mastic::spark {
using namespace accepts;
using namespace rules;

Table json_functions() {
  const auto text = types::string();
  const auto options = exact(types::map(types::string(), types::string()));
  return {
      scalar("get_json_object").takes({string(), string()}).gives(text).nulls(Nulls::always),
      scalar("json_array_length").takes({string()}).gives(types::integer()).nulls(Nulls::always),
      scalar("json_object_keys").takes({string()}).gives(types::array(types::string())).nulls(Nulls::always),
      // The result's type is the schema's: analyze replaces it. Arguments: text, schema as JSON text, options.
      scalar("from_json").takes({string(), any(), options}).optional(1).gives(types::null()).nulls(Nulls::always),
      scalar("from_csv").takes({string(), any(), options}).optional(1).gives(types::null()).nulls(Nulls::always),
      scalar("to_json")
          .takes({one_of({structure(), array(), map(), exact(types::of(TypeKind::variant))}), options})
          .optional(1)
          .gives(text),
      scalar("to_csv").takes({structure(), options}).optional(1).gives(text),
      scalar("schema_of_json").takes({string(), options}).optional(1).gives(text),
      scalar("schema_of_csv").takes({string(), options}).optional(1).gives(text),
      missing("from_xml"),
      missing("to_xml"),
      missing("schema_of_xml"),
      missing("xpath"),
      missing("xpath_boolean"),
      missing("xpath_double"),
      missing("xpath_float"),
      missing("xpath_int"),
      missing("xpath_long"),
      missing("xpath_number"),
      missing("xpath_short"),
      missing("xpath_string"),
      missing("parse_json"),
      missing("try_parse_json"),
      missing("variant_get"),
      missing("try_variant_get"),
      missing("is_variant_null"),
      missing("is_valid_variant"),
      missing("schema_of_variant"),
      missing("schema_of_variant_agg"),
      missing("to_variant_object"),
      missing("from_avro"),
      missing("to_avro"),
      missing("from_protobuf"),
      missing("to_protobuf"),
  };
}

}  // namespace mastic::spark
