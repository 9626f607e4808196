// The one list of native kernels.
#pragma once

namespace duckdb {
class ExtensionLoader;
}

namespace mastic::engine {

void register_functions(duckdb::ExtensionLoader& loader);

void register_cast_functions(duckdb::ExtensionLoader& loader);
void register_to_string_functions(duckdb::ExtensionLoader& loader);
void register_arithmetic_functions(duckdb::ExtensionLoader& loader);
void register_decimal_functions(duckdb::ExtensionLoader& loader);
void register_datetime_functions(duckdb::ExtensionLoader& loader);
void register_pattern_functions(duckdb::ExtensionLoader& loader);
void register_string_functions(duckdb::ExtensionLoader& loader);
void register_regex_functions(duckdb::ExtensionLoader& loader);
void register_hash_functions(duckdb::ExtensionLoader& loader);
void register_json_functions(duckdb::ExtensionLoader& loader);
void register_collection_functions(duckdb::ExtensionLoader& loader);
void register_aggregate_functions(duckdb::ExtensionLoader& loader);
void register_random_functions(duckdb::ExtensionLoader& loader);
void register_inference_functions(duckdb::ExtensionLoader& loader);
void register_charset_functions(duckdb::ExtensionLoader& loader);
void register_shuffle_functions(duckdb::ExtensionLoader& loader);
void register_csv_functions(duckdb::ExtensionLoader& loader);
void register_array_functions(duckdb::ExtensionLoader& loader);
void register_map_functions(duckdb::ExtensionLoader& loader);
void register_sequence_functions(duckdb::ExtensionLoader& loader);
void register_variant_functions(duckdb::ExtensionLoader& loader);
void register_json_read_functions(duckdb::ExtensionLoader& loader);
void register_bitmap_functions(duckdb::ExtensionLoader& loader);
void register_hll_count_functions(duckdb::ExtensionLoader& loader);
void register_sketch_functions(duckdb::ExtensionLoader& loader);
void register_key_sketch_functions(duckdb::ExtensionLoader& loader);
void register_kll_sketch_functions(duckdb::ExtensionLoader& loader);
void register_statistic_functions(duckdb::ExtensionLoader& loader);
void register_percentile_functions(duckdb::ExtensionLoader& loader);
void register_math_functions(duckdb::ExtensionLoader& loader);
void register_byte_functions(duckdb::ExtensionLoader& loader);
void register_url_functions(duckdb::ExtensionLoader& loader);
void register_aes_functions(duckdb::ExtensionLoader& loader);
void register_number_format_functions(duckdb::ExtensionLoader& loader);
void register_time_functions(duckdb::ExtensionLoader& loader);
void register_quantile_functions(duckdb::ExtensionLoader& loader);
void register_xml_read_functions(duckdb::ExtensionLoader& loader);
void register_csv_line_functions(duckdb::ExtensionLoader& loader);
void register_xpath_functions(duckdb::ExtensionLoader& loader);
void register_reflection_functions(duckdb::ExtensionLoader& loader);

}  // namespace mastic::engine
