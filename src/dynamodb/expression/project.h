// The part of an item that paths select.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dynamodb/expression/syntax.h"

namespace mastic::dynamodb::expression {

/// Documents on the way to what is selected are kept with just that; selected list elements close up.
[[nodiscard]] Item project(const Item& item, const std::vector<Path>& paths);

/// The same on bytes. Paths of one step – nearly all there are – are copied without decoding.
[[nodiscard]] std::string project_encoded(std::string_view encoded_item, const std::vector<Path>& paths);

/// Keeps the attributes named; `names` is sorted.
[[nodiscard]] std::string keep_attributes(std::string_view encoded_item, const std::vector<std::string>& names);

}  // namespace mastic::dynamodb::expression
