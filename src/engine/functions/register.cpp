#include "engine/functions/register.h"

#include "engine/functions/interval_texts.h"
#include "engine/functions/xmls.h"

namespace mastic::engine {

void register_functions(duckdb::ExtensionLoader& loader) {
  register_cast_functions(loader);
  register_to_string_functions(loader);
  register_arithmetic_functions(loader);
  register_decimal_functions(loader);
  register_datetime_functions(loader);
  register_pattern_functions(loader);
  register_string_functions(loader);
  register_regex_functions(loader);
  register_hash_functions(loader);
  register_json_functions(loader);
  register_collection_functions(loader);
  register_aggregate_functions(loader);
  register_random_functions(loader);
  register_inference_functions(loader);
  register_charset_functions(loader);
  register_shuffle_functions(loader);
  register_csv_functions(loader);
  register_kll_sketch_functions(loader);
  register_key_sketch_functions(loader);
  register_sketch_functions(loader);
  register_hll_count_functions(loader);
  register_percentile_functions(loader);
  register_statistic_functions(loader);
  register_bitmap_functions(loader);
  register_json_read_functions(loader);
  register_variant_functions(loader);
  register_sequence_functions(loader);
  register_map_functions(loader);
  register_array_functions(loader);
  register_math_functions(loader);
  register_byte_functions(loader);
  register_url_functions(loader);
  register_aes_functions(loader);
  register_number_format_functions(loader);
  register_time_functions(loader);
  register_interval_text_functions(loader);
  register_xml_functions(loader);
  register_quantile_functions(loader);
  register_xml_read_functions(loader);
  register_csv_line_functions(loader);
  register_xpath_functions(loader);
  register_reflection_functions(loader);
}

}  // namespace mastic::engine
