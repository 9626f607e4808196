// Names as Glue keeps them.
#pragma once

#include <string>
#include <string_view>

namespace mastic::glue {

/// Lower case in ASCII: databases and tables are kept so, and found whatever case the request has.
std::string lower_name(std::string_view name);

/// The name a crawler gives the table it makes of a source: prefix and source's name, lower case, everything but letters,
/// digits and `_` as `_`. The prefix is lowered but keeps its characters, as the user chose them.
std::string crawled_table_name(std::string_view prefix, std::string_view source_name);

}  // namespace mastic::glue
