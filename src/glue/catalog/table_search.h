// What SearchTables finds: which tables match, and in which order they come.
//
// By AWS's rules a text is matched by its tokens: the parts between punctuation, whole and whatever their case, so that
// `link` finds `customer-link` and not `customerlink`; `_` belongs to a token. A search text matches when each of its words
// is a token somewhere in the table; in double quotes it has to be the whole of one of the table's texts.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/models/glue.h"
#include "base/result.h"

namespace mastic::glue::catalog {

namespace wire = mastic::aws::glue;

/// Whether all of them hold. A comparator is for times alone; a time that is not read, and a comparator beside a text, are
/// refused.
Result<bool> matches(const wire::Table& table, const std::vector<wire::PropertyPredicate>& filters);
bool matches(const wire::Table& table, std::string_view search_text);

/// A field's value as a text that orders as the field does; fails with InvalidInputException for a field that is none.
Result<std::string> sort_value(const wire::Table& table, std::string_view field);

}  // namespace mastic::glue::catalog
