#include "spark/analyze/python/pickle.h"

#include <bit>

namespace mastic::spark {
namespace {

void add_size(std::string& out, std::size_t size) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(size >> shift);
}

void add_text(std::string& out, const std::string& text) {
  out += 'X';  // BINUNICODE
  add_size(out, text.size());
  out += text;
}

bool add(std::string& out, const Expression& constant);

bool add_literal(std::string& out, const Literal& literal, const DataType& type) {
  return std::visit(
      [&]<typename T>(const T& value) {
        if constexpr (std::is_same_v<T, std::monostate>) {
          out += 'N';
        } else if constexpr (std::is_same_v<T, bool>) {
          out += value ? '\x88' : '\x89';
        } else if constexpr (std::is_same_v<T, int64_t>) {
          out += "\x8a\x08";  // LONG1 of eight bytes
          for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>(static_cast<uint64_t>(value) >> shift);
        } else if constexpr (std::is_same_v<T, double>) {
          out += 'G';
          const auto bits = std::bit_cast<uint64_t>(value);
          for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(bits >> shift);
        } else if constexpr (std::is_same_v<T, std::string>) {
          if (type.is(TypeKind::decimal)) {
            out += "cdecimal\nDecimal\n(";
            add_text(out, value);
            out += "tR";
          } else if (type.is(TypeKind::binary)) {
            out += 'B';
            add_size(out, value.size());
            out += value;
          } else {
            add_text(out, value);
          }
        } else {
          return false;  // a calendar interval has no form in PySpark
        }
        return true;
      },
      literal.value);
}

bool add_call(std::string& out, const Call& call) {
  const bool is_map = call.function == "map";
  const bool is_structure = call.function == "named_struct" || call.function == "struct";
  if (call.function != "array" && !is_map && !is_structure) return false;
  if (!is_structure) out += is_map ? '}' : ']';
  out += '(';
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    if (call.function == "named_struct" && i % 2 == 0) continue;  // names
    if (!add(out, *call.arguments[i])) return false;
  }
  out += is_structure ? 't' : is_map ? 'u' : 'e';
  return true;
}

bool add(std::string& out, const Expression& constant) {
  if (const auto* literal = std::get_if<Literal>(&constant.node)) return add_literal(out, *literal, constant.type);
  if (const auto* call = std::get_if<Call>(&constant.node)) return add_call(out, *call);
  return false;
}

}  // namespace

std::optional<std::string> to_pickle(const ExpressionPtr& constant) {
  std::string out = "\x80\x03";
  if (!add(out, *constant)) return std::nullopt;
  return out + '.';
}

}  // namespace mastic::spark
