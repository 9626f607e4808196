// The words that may not stand as attribute names in an expression (a #name stands for them instead).
#pragma once

#include <string_view>

namespace mastic::dynamodb::expression {

/// Case does not matter.
[[nodiscard]] bool is_reserved_word(std::string_view word);

}  // namespace mastic::dynamodb::expression
