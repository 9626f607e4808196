// Rows of delimited text, and what makes a first row a header. For csv.cpp and its test.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "classify/classifier.h"
#include "classify/schema.h"

namespace mastic::classify {

using Row = std::vector<std::string>;

struct Rows {
  std::vector<Row> rows;
  bool quoted = false;  // some field stood in quotes
};

/// At most so many rows. A quote of `"` may be doubled or have a backslash before it. When `complete` is false the last
/// row may be cut short and is left out.
Rows split_rows(std::string_view text, char delimiter, char quote, std::size_t rows_max, bool complete);

/// The delimiter that gives all rows the same number of fields, at least two: of , | tab ; and Ctrl-A the first with the
/// most. A last field that is empty everywhere is no column. Nothing when there is none.
std::optional<char> find_delimiter(std::string_view text, char quote, bool complete, std::size_t fields_min);

/// Glue's rule: every cell is text, not a number or a truth value, and shorter than 150 characters (the last one may be
/// empty), and some column's other rows are of another type than text: else the first row says nothing that sets it apart.
bool is_header(const Row& first, const Schema& types_of_others);

/// Types by column; `width` columns, values trimmed unless told not to.
Schema types_of(const std::vector<Row>& rows, std::size_t from, std::size_t width, bool trims);

}  // namespace mastic::classify
