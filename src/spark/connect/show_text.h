// The layout of Dataset.show(): a table of text, right-aligned when cells are cut and left-aligned when not; or one record
// after the other. East Asian wide characters take two places. Widths and cuts count UTF-16 units, as Java does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mastic::spark_connect {

struct ShowInput {
  std::vector<std::string> names;
  std::vector<std::vector<std::optional<std::string>>> rows;  // one more than `rows_max`, if there is more
  int64_t rows_max = 20;
  int truncate = 20;        // 0: cells are not cut
  bool ends_lines = false;  // Spark 3 ends also the line that says that there is more
};

std::string show_table(const ShowInput& input);
std::string show_vertically(const ShowInput& input);
std::string show_html(const ShowInput& input);

}  // namespace mastic::spark_connect
