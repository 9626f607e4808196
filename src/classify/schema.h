// Columns of a file or a table, and which schemas are alike.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "classify/type.h"

namespace mastic::classify {

using Schema = std::vector<Field>;  // column names are in lower case, each once

/// More columns than this are no schema of a table: a file that has them is refused.
inline constexpr std::size_t columns_max = 20'000;

/// The columns of both, in the order in which they are seen.
void merge_into(Schema& into, const Schema& more);

/// Whether two files can be partitions of one table. AWS publishes no rule; here: columns that both have, by name and with
/// types that can become one, are at least 70 % of the columns of the one that has more.
bool similar(const Schema& left, const Schema& right);

/// Whether no column that both have stands in the way of a common table.
bool compatible(const Schema& left, const Schema& right);

/// Column names as the catalog keeps them: lower case, none twice (`name`, `name_1`), none empty (`col3`).
void make_names_plain(Schema& schema);

std::string lower_text(std::string_view text);

}  // namespace mastic::classify
