// A partition's values as the text that is its key in the store.
//
// Each value ends with a 0 byte; a 0 or 1 byte inside a value is written as 1,2 or 1,3. So a key tells its values, no
// two lists of values share a key, and keys order as the values do, the first value first.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mastic::glue::catalog {

std::string partition_key(const std::vector<std::string>& values);
std::vector<std::string> partition_values(std::string_view key);

}  // namespace mastic::glue::catalog
