// spark_encode(text, charset) → bytes, spark_decode(bytes, charset) → text. A character set that Spark does not know and
// what the set cannot say are its errors.
#include "engine/functions/charset.h"
#include "engine/functions/kernel.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

template <bool encoding>
void convert(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::Execute<string_t, string_t, string_t>(
      input.data[0], input.data[1], result, input.size(), [&](string_t text, string_t name) {
        const std::string function = encoding ? "`encode`" : "`decode`";
        const auto charset = find_charset(view(name));
        if (!charset) {
          throw_spark_error("INVALID_PARAMETER_VALUE.CHARSET", {{"functionName", function},
                                                                {"parameter", "`charset`"},
                                                                {"charset", std::string(view(name))},
                                                                {"charsets", std::string(known_charsets)}});
        }
        const auto converted = encoding ? encode_text(view(text), *charset) : decode_text(view(text), *charset);
        if (!converted) {
          throw_spark_error("MALFORMED_CHARACTER_CODING", {{"function", function}, {"charset", std::string(view(name))}});
        }
        return add_string(result, *converted);
      });
}

}  // namespace

void register_charset_functions(duckdb::ExtensionLoader& loader) {
  loader.RegisterFunction(
      kernel("spark_encode", {LogicalType::VARCHAR, LogicalType::VARCHAR}, LogicalType::BLOB, convert<true>));
  loader.RegisterFunction(
      kernel("spark_decode", {LogicalType::BLOB, LogicalType::VARCHAR}, LogicalType::VARCHAR, convert<false>));
}

}  // namespace mastic::engine
