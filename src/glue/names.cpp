#include "glue/names.h"

namespace mastic::glue {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_plain(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

}  // namespace

std::string lower_name(std::string_view name) {
  std::string lowered(name);
  for (char& c : lowered) c = lower(c);
  return lowered;
}

std::string crawled_table_name(std::string_view prefix, std::string_view source_name) {
  auto name = lower_name(prefix);
  for (const char c : source_name) name += is_plain(lower(c)) ? lower(c) : '_';
  return name;
}

}  // namespace mastic::glue
