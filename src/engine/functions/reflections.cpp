// spark_reflect(class, method, …): the few static Java methods that need no JVM. Others fail by name.
//   spark_try_reflect(…): NULL where the method throws
#include <openssl/rand.h>

#include <cmath>

#include "engine/functions/kernel.h"
#include "engine/functions/number_text.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

constexpr const char* hexadecimal = "0123456789abcdef";

std::string random_uuid() {
  unsigned char bytes[16];
  RAND_bytes(bytes, sizeof bytes);
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80);
  std::string text;
  for (int i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += hexadecimal[bytes[i] >> 4];
    text += hexadecimal[bytes[i] & 15];
  }
  return text;
}

/// UUID.fromString(…).toString(): five hexadecimal groups, each padded to its width.
std::optional<std::string> uuid_of(const std::string& text) {
  constexpr std::size_t widths[] = {8, 4, 4, 4, 12};
  const auto groups = duckdb::StringUtil::Split(text, '-');
  if (groups.size() != 5) return std::nullopt;
  std::string uuid;
  for (std::size_t i = 0; i < 5; ++i) {
    auto group = duckdb::StringUtil::Lower(groups[i]);
    if (group.empty() || group.find_first_not_of(hexadecimal) != std::string::npos) return std::nullopt;
    if (group.size() > widths[i]) group = group.substr(group.size() - widths[i]);
    uuid += (i > 0 ? "-" : "") + std::string(widths[i] - group.size(), '0') + group;
  }
  return uuid;
}

std::optional<std::string> url_decoded(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    unsigned int byte = 0;
    if (i + 2 >= text.size() || std::sscanf(text.substr(i + 1, 2).c_str(), "%2x", &byte) != 1) return std::nullopt;
    out += static_cast<char>(byte);
    i += 2;
  }
  return out;
}

/// nullopt: the method throws.
std::optional<std::string> invoke(const std::string& type, const std::string& method, const std::vector<Value>& arguments) {
  const auto count = arguments.size();
  const auto text = [&](std::size_t i) { return arguments[i].ToString(); };
  if (type == "java.util.UUID" && method == "randomUUID" && count == 0) return random_uuid();
  if (type == "java.util.UUID" && method == "fromString" && count == 1) return uuid_of(text(0));
  if (type == "java.net.URLDecoder" && method == "decode" && count >= 1) return url_decoded(text(0));
  if (type == "java.lang.String" && method == "valueOf" && count == 1) {
    return arguments[0].type().id() == LogicalTypeId::DOUBLE ? java_double(arguments[0].GetValue<double>()) : text(0);
  }
  if (type == "java.lang.Math" && count >= 1 && arguments[0].type().IsNumeric()) {
    const bool whole = arguments[0].type().IsIntegral() && (count < 2 || arguments[1].type().IsIntegral());
    const auto a = arguments[0].GetValue<double>();
    const auto b = count > 1 ? arguments[1].GetValue<double>() : 0;
    const auto shown = [&](double value) { return whole ? std::to_string(static_cast<int64_t>(value)) : java_double(value); };
    if (method == "abs" && count == 1) return shown(std::fabs(a));
    if (method == "max" && count == 2) return shown(std::max(a, b));
    if (method == "min" && count == 2) return shown(std::min(a, b));
    if (method == "sqrt" && count == 1) return java_double(std::sqrt(a));
    if (method == "pow" && count == 2) return java_double(std::pow(a, b));
  }
  if (type == "scala.Predef" && method == "require" && count == 1 && arguments[0].type().id() == LogicalTypeId::BOOLEAN) {
    if (!arguments[0].GetValue<bool>()) return std::nullopt;
    return "()";
  }
  throw_spark_error("UNSUPPORTED_FEATURE.MASTIC", {{"feature", "reflection without a JVM: " + type + "." + method}});
}

template <OnFailure on_failure>
void reflect(DataChunk& input, ExpressionState&, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < input.size(); ++row) {
    std::vector<Value> arguments;
    for (idx_t column = 2; column < input.ColumnCount(); ++column) arguments.push_back(input.data[column].GetValue(row));
    const auto type = input.data[0].GetValue(row).ToString();
    const auto method = input.data[1].GetValue(row).ToString();
    const auto text = invoke(type, method, arguments);
    if (!text && on_failure == OnFailure::error)
      throw_spark_error("INTERNAL_ERROR", {{"message", type + "." + method + " throws for these arguments"}});
    duckdb::FlatVector::SetNull(result, row, !text);
    if (text) duckdb::FlatVector::GetData<string_t>(result)[row] = add_string(result, *text);
  }
}

}  // namespace

void register_reflection_functions(duckdb::ExtensionLoader& loader) {
  const auto text = LogicalType::VARCHAR;
  for (const bool tries : {false, true}) {
    auto function = kernel(tries ? "spark_try_reflect" : "spark_reflect", {text, text}, text,
                           tries ? reflect<OnFailure::null> : reflect<OnFailure::error>);
    function.varargs = LogicalType::ANY;
    function.stability = duckdb::FunctionStability::VOLATILE;
    loader.RegisterFunction(std::move(function));
  }
}

}  // namespace mastic::engine
