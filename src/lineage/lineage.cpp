#include "lineage/lineage.h"

#include <algorithm>
#include <array>

namespace mastic::lineage {
namespace {

constexpr std::array<std::string_view, 9> subtypes{"IDENTITY", "TRANSFORMATION", "AGGREGATION", "CONDITIONAL", "WINDOW",
                                                   "FILTER",   "JOIN",           "GROUP_BY",    "SORT"};

}  // namespace

std::string_view type_name(Kind kind) { return is_direct(kind) ? "DIRECT" : "INDIRECT"; }

std::string_view subtype_name(Kind kind) { return subtypes.at(static_cast<std::size_t>(kind)); }

Kind kind_of(std::string_view subtype) {
  const auto found = std::ranges::find(subtypes, subtype);
  return found == subtypes.end() ? Kind::identity : static_cast<Kind>(found - subtypes.begin());
}

}  // namespace mastic::lineage
