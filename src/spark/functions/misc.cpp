// What fits no other family: identity of the session, of rows and files, errors on purpose.
#include "spark/functions/row.h"

namespace mastic::spark {
using namespace accepts;
using namespace rules;

namespace {
Row word(std::string_view name, std::initializer_list<std::string_view> aliases = {}) {
  return scalar(name, aliases).takes({}).gives(types::string()).nulls(Nulls::never);
}
}  // namespace

Table misc_functions() {
  return {
      scalar("assert_true").takes({boolean(), string()}).optional(1).gives(types::null()).nulls(Nulls::always).random(),
      scalar("raise_error").takes({string()}).gives(types::null()).nulls(Nulls::always).random(),
      word("current_catalog"),
      word("current_database", {"current_schema"}).shows_alias(),
      word("current_user", {"user", "session_user"}).shows_alias(),
      word("version"),
      word("input_file_name").not_yet(),
      word("uuid").random(),
      scalar("input_file_block_length").takes({}).gives(types::long_type()).nulls(Nulls::never),
      scalar("input_file_block_start").takes({}).gives(types::long_type()).nulls(Nulls::never),
      scalar("monotonically_increasing_id").takes({}).gives(types::long_type()).nulls(Nulls::never).random(),
      scalar("distributed_sequence_id").takes({any()}).optional(1).gives(types::long_type()).nulls(Nulls::never).random(),
      scalar("spark_partition_id").takes({}).gives(types::integer()).nulls(Nulls::never).random(),
      scalar("typeof").takes({any()}).gives(types::string()).nulls(Nulls::never),
      missing("java_method"),
      missing("reflect"),
      missing("try_reflect"),
      missing("unwrap_udt"),
      word("current_path"),
      missing("st_asbinary"),
      missing("st_geogfromwkb"),
      missing("st_geomfromwkb"),
      missing("st_setsrid"),
      missing("st_srid"),
  };
}

}  // namespace mastic::spark
