#include "classify/csv.h"

#include <algorithm>
#include <array>

#include "classify/formats.h"

namespace mastic::classify {
namespace {

constexpr std::size_t rows_looked_at = 200'000;
constexpr std::size_t rows_for_delimiter = 500;
constexpr std::array delimiters{',', '|', '\t', ';', '\x01'};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// How many fields rows have: all the same, but for a delimiter at the end of some. Nothing when they differ.
std::optional<std::size_t> width_of(const std::vector<Row>& rows) {
  std::size_t width = 0;
  for (const auto& row : rows) width = std::max(width, row.size());
  if (width == 0) return std::nullopt;
  const auto last_is_empty = [&](const Row& row) { return row.size() < width || trimmed(row[width - 1]).empty(); };
  if (width > 1 && std::ranges::all_of(rows, last_is_empty)) --width;
  const auto fits = [&](const Row& row) { return row.size() >= width; };
  // A file's odd row does not make it another format; more than one in twenty does.
  const auto misfits = rows.size() - static_cast<std::size_t>(std::ranges::count_if(rows, fits));
  if (misfits * 20 > rows.size()) return std::nullopt;
  return width;
}

Type merged_column(const Type& seen, std::string_view value) {
  if (seen.kind == Kind::string || value.empty()) return seen;
  return merge(seen, type_of_text(value));
}

std::string serde_of(const CsvClassifier& classifier) {
  if (classifier.serde == "OpenCSVSerDe") return "org.apache.hadoop.hive.serde2.OpenCSVSerde";
  if (classifier.serde == "LazySimpleSerDe") return "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";
  // A quote that somebody names is one that LazySimpleSerDe would not take off.
  return classifier.quote.empty() ? "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
                                  : "org.apache.hadoop.hive.serde2.OpenCSVSerde";
}

}  // namespace

Rows split_rows(std::string_view text, char delimiter, char quote, std::size_t rows_max, bool complete) {
  Rows found;
  Row row;
  std::string field;
  bool in_quotes = false;
  bool row_begun = false;
  const auto end_row = [&] {
    row.push_back(std::move(field));
    field.clear();
    found.rows.push_back(std::move(row));
    row.clear();
    row_begun = false;
  };
  for (std::size_t at = 0; at < text.size() && found.rows.size() < rows_max; ++at) {
    const char c = text[at];
    const char next = at + 1 < text.size() ? text[at + 1] : '\0';
    if (in_quotes) {
      if (c == '\\' && (next == quote || next == '\\')) {
        field += text[++at];
      } else if (c == quote && next == quote) {
        field += text[++at];
      } else if (c == quote) {
        in_quotes = false;
      } else {
        field += c;
      }
    } else if (c == quote && trimmed(field).empty()) {
      in_quotes = true;
      found.quoted = true;
      field.clear();
      row_begun = true;
    } else if (c == delimiter) {
      row.push_back(std::move(field));
      field.clear();
      row_begun = true;
      if (row.size() > columns_max) break;
    } else if (c == '\n' || (c == '\r' && next != '\n')) {
      if (row_begun) end_row();  // an empty line is no row
    } else if (c != '\r') {
      field += c;
      row_begun = true;
    }
  }
  if (complete && row_begun && found.rows.size() < rows_max) end_row();
  return found;
}

std::optional<char> find_delimiter(std::string_view text, char quote, bool complete, std::size_t fields_min) {
  std::optional<char> best;
  std::size_t most = 0;
  for (const char delimiter : delimiters) {
    const auto split = split_rows(text, delimiter, quote, rows_for_delimiter, complete);
    const auto width = width_of(split.rows);
    if (!width || *width < std::max<std::size_t>(fields_min, 2) || *width <= most) continue;
    best = delimiter;
    most = *width;
  }
  if (!best && fields_min <= 1) return ',';
  return best;
}

Schema types_of(const std::vector<Row>& rows, std::size_t from, std::size_t width, bool trims) {
  Schema columns(width);
  for (std::size_t i = from; i < rows.size(); ++i) {
    for (std::size_t column = 0; column < std::min(width, rows[i].size()); ++column) {
      const std::string_view value = rows[i][column];
      columns[column].type = merged_column(columns[column].type, trims ? trimmed(value) : value);
    }
  }
  return columns;
}

bool is_header(const Row& first, const Schema& types_of_others) {
  constexpr std::size_t name_characters_max = 150;
  for (std::size_t i = 0; i < types_of_others.size(); ++i) {
    const auto cell = i < first.size() ? trimmed(first[i]) : std::string_view();
    const bool last = i + 1 == types_of_others.size();
    if (cell.empty() && last) continue;
    if (type_of_text(cell).kind != Kind::string) return false;
    if (cell.size() >= name_characters_max && !last) return false;
    if (cell.find('\n') != std::string_view::npos) return false;
  }
  return std::ranges::any_of(types_of_others, [](const Field& column) {
    return column.type.kind != Kind::string && column.type.kind != Kind::unknown;
  });
}

Recognised recognise_csv(const Text& text, const CsvClassifier& classifier) {
  const bool custom = !classifier.name.empty();
  std::string_view bytes = text.bytes;
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  const char quote = classifier.quote.empty() ? '"' : classifier.quote[0];
  const std::size_t fields_min = classifier.allows_single_column ? 1 : 2;
  std::optional<char> delimiter;
  if (classifier.delimiter.empty()) {
    delimiter = find_delimiter(bytes, quote, text.complete, fields_min);
  } else {
    delimiter = classifier.delimiter[0];
  }
  if (!delimiter) return std::nullopt;
  auto split = split_rows(bytes, *delimiter, quote, rows_looked_at, text.complete);
  const auto width = width_of(split.rows);
  if (!width || *width < fields_min) return std::nullopt;
  if (*width > columns_max) return fail(unreadable("csv: it has too many columns"));
  constexpr std::size_t rows_min = 2;
  if (!custom && split.rows.size() < rows_min) return std::nullopt;
  // Delimiters in one line of prose are no table: a built-in look wants a header or values that are no text.
  const bool trims = classifier.trims_values;
  auto columns = types_of(split.rows, 1, *width, trims);
  const bool header =
      classifier.header == Header::present || (classifier.header == Header::unknown && is_header(split.rows[0], columns));
  if (!header) columns = types_of(split.rows, 0, *width, trims);
  for (std::size_t i = 0; i < *width; ++i) {
    if (i < classifier.columns.size()) {
      columns[i].name = classifier.columns[i];
    } else if (header && i < split.rows[0].size()) {
      columns[i].name = trimmed(split.rows[0][i]);
    } else {
      columns[i].name = "col" + std::to_string(i);
    }
    if (i < classifier.datatypes.size()) {
      if (const auto type = type_of_name(classifier.datatypes[i]); type.kind != Kind::unknown) columns[i].type = type;
    }
  }
  make_names_plain(columns);

  Inspection found;
  found.classification = "csv";
  found.columns = std::move(columns);
  const auto rows = split.rows.size();
  const bool all_rows = rows < rows_looked_at;
  const auto ends = static_cast<uint64_t>(std::ranges::count(bytes, '\n'));
  const auto seen = (all_rows ? rows : ends) - (header ? 1 : 0);
  found.records = estimate(seen, text.share_read);
  found.input_format = text_input;
  found.output_format = text_output;
  found.serialization_library = serde_of(classifier);
  const std::string separator(1, *delimiter);
  if (found.serialization_library.ends_with("OpenCSVSerde")) {
    found.serde_parameters = {
        {"separatorChar", separator}, {"quoteChar", std::string(1, quote)}, {"serialization.format", "1"}};
  } else {
    found.serde_parameters["field.delim"] = separator;
  }
  found.table_parameters = {
      {"areColumnsQuoted", split.quoted ? "true" : "false"}, {"columnsOrdered", "true"}, {"delimiter", separator}};
  if (header) found.table_parameters["skip.header.line.count"] = "1";
  if (!classifier.quote.empty()) found.table_parameters["quoteCharacter"] = classifier.quote;
  return found;
}

}  // namespace mastic::classify
