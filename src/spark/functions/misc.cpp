// What fits no other family: identity of the session, of rows and files, errors on purpose.
#include "spark/functions/row.h"

namespace mastic::spark {
using namespace accepts;
using namespace rules;

namespace {
Row word(std::string_view name, std::initializer_list<std::string_view> aliases = {}) {
  return scalar(name, aliases).takes({}).gives(types::string()).nulls(Nulls::never);
}
// unwrap_udt(x): the value as its type is stored.
SparkResult<TypedCall> unwrapped(const FunctionRow&, const CallSite& call) {
  const auto& type = call.arguments[0].type;
  if (!type.is(TypeKind::user_defined) || type.children.empty())
    return fail(unexpected_type(call, 0, "\"UserDefinedType\"", type));
  return TypedCall{{type}, type.children[0], call.arguments[0].nullable};
}

// reflect(class, method, …): a JVM's own methods. What runs is decided where it is lowered.
SparkResult<TypedCall> reflected(const FunctionRow&, const CallSite& call) {
  TypedCall typed{{types::string(), types::string()}, types::string(), true};
  for (std::size_t i = 2; i < call.arguments.size(); ++i) typed.arguments.push_back(call.arguments[i].type);
  return typed;
}
}  // namespace

Table misc_functions() {
  return {
      scalar("assert_true").takes({boolean(), string()}).optional(1).gives(types::null()).nulls(Nulls::always).random(),
      scalar("raise_error").takes({string()}).gives(types::null()).nulls(Nulls::always).random(),
      word("current_catalog"),
      word("current_schema", {"current_database"}),
      word("current_user", {"user", "session_user"}).shows_alias(),
      word("version"),
      word("input_file_name"),
      scalar("uuid").takes({integral()}).optional(1).gives(types::string()).nulls(Nulls::never).random(),
      scalar("input_file_block_length").takes({}).gives(types::long_type()).nulls(Nulls::never),
      scalar("input_file_block_start").takes({}).gives(types::long_type()).nulls(Nulls::never),
      scalar("monotonically_increasing_id").takes({}).gives(types::long_type()).nulls(Nulls::never).random(),
      scalar("distributed_sequence_id").takes({any()}).optional(1).gives(types::long_type()).nulls(Nulls::never).random(),
      scalar("spark_partition_id").takes({}).gives(types::integer()).nulls(Nulls::never).random(),
      scalar("typeof").takes({any()}).gives(types::string()).nulls(Nulls::never),
      scalar("reflect", {"java_method"})
          .takes({string(), string(), any()})
          .repeats(2)
          .typed_by(reflected)
          .shows_alias()
          .random(),
      scalar("try_reflect").takes({string(), string(), any()}).repeats(2).typed_by(reflected).random(),
      scalar("unwrap_udt").takes({any()}).typed_by(unwrapped),
      word("current_path"),
      missing("st_asbinary"),
      missing("st_geogfromwkb"),
      missing("st_geomfromwkb"),
      missing("st_setsrid"),
      missing("st_srid"),
  };
}

}  // namespace mastic::spark
