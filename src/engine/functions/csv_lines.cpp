// One CSV record as text, for from_csv and to_csv.
//   spark_csv_split(text, separator, quote, escape) → VARCHAR[]: the cells; an empty cell without quotes is NULL
//   spark_csv_cells(text, options) → VARCHAR[]: the cells of a file's record as UnivocityParser hands them on, with the options
//     sep, quote, escape, charToEscapeQuoteEscaping, nullValue, emptyValue, unescapedQuoteHandling, ignore…WhiteSpace
//   spark_csv_line(VARCHAR[], options) → VARCHAR: the same as a line of a file, with quoteAll, escapeQuotes, …
//   spark_csv_join(VARCHAR[], separator, quote, escape) → VARCHAR: cells quoted where they must be; NULL is empty
#include "engine/functions/kernel.h"
#include "engine/functions/register.h"
#include "engine/sources/named_options.h"

namespace mastic::engine {
namespace {

char first(const Value& value) {
  const auto& text = duckdb::StringValue::Get(value);
  return text.empty() ? '\0' : text[0];
}

struct Marks {
  std::string separator = ",";
  char quote = '"';
  char escape = '\\';
};

duckdb::vector<Value> split(std::string_view text, const Marks& marks) {
  duckdb::vector<Value> cells;
  std::size_t i = 0;
  while (true) {
    std::string cell;
    bool quoted = false;
    if (i < text.size() && marks.quote != '\0' && text[i] == marks.quote) {
      quoted = true;
      for (++i; i < text.size() && text[i] != marks.quote; ++i) {
        const bool escapes =
            text[i] == marks.escape && i + 1 < text.size() && (text[i + 1] == marks.quote || text[i + 1] == marks.escape);
        if (escapes) ++i;
        cell += text[i];
      }
      if (i < text.size()) ++i;
    }
    const auto end = std::min(text.find(marks.separator, i), text.size());
    cell += text.substr(i, end - i);
    cells.push_back(cell.empty() && !quoted ? Value(LogicalType::VARCHAR) : Value(cell));
    if (end == text.size()) return cells;
    i = end + marks.separator.size();
  }
}

/// What happens at a quote inside of quotes that nothing escapes and no separator follows.
enum class LooseQuote : uint8_t { to_separator, to_closing_quote, skip, error };

struct CellFormat {
  explicit CellFormat(const NamedOptions& options) {
    const auto mark = [&](const char* name, const char* otherwise) {
      const auto text = option_or(options, name, otherwise);
      return text.empty() ? '\0' : text[0];
    };
    marks.separator = option_or(options, "sep", ",");
    marks.quote = mark("quote", "\"");
    marks.escape = mark("escape", "\\");
    escape_escape = mark("chartoescapequoteescaping", marks.escape == marks.quote ? "" : std::string(1, marks.escape).c_str());
    null_text = option_or(options, "nullvalue", "");
    empty_text = option_or(options, "emptyvalue", "");
    left = option_or(options, "ignoreleadingwhitespace", "") == "true";
    right = option_or(options, "ignoretrailingwhitespace", "") == "true";
    const auto handling = duckdb::StringUtil::Upper(option_or(options, "unescapedquotehandling", "STOP_AT_DELIMITER"));
    loose = handling == "STOP_AT_CLOSING_QUOTE" ? LooseQuote::to_closing_quote
            : handling == "SKIP_VALUE"          ? LooseQuote::skip
            : handling == "RAISE_ERROR"         ? LooseQuote::error
                                                : LooseQuote::to_separator;
  }
  Marks marks;
  char escape_escape = '\0';
  std::string null_text;
  std::string empty_text;
  bool left = false;
  bool right = false;
  LooseQuote loose = LooseQuote::to_separator;
};

bool is_space(char c) { return static_cast<unsigned char>(c) <= ' '; }

/// One record's cells, one after the other.
class CellReader {
 public:
  CellReader(std::string_view text, const CellFormat& format) : text_(text), format_(format) {}

  duckdb::vector<Value> cells() {
    duckdb::vector<Value> cells;
    do cells.push_back(cell());
    while (more_);
    return cells;
  }

 private:
  Value cell() {
    auto begin = at_;
    while (format_.left && begin < text_.size() && is_space(text_[begin]) && !at_separator(begin)) ++begin;
    const bool quoted = begin < text_.size() && format_.marks.quote != '\0' && text_[begin] == format_.marks.quote;
    std::string value;
    bool skipped = false;
    auto loose = begin;  // where a quote stands that ends nothing
    if (!quoted || !quoted_value(begin, value, skipped, loose)) {
      value = plain_value(begin, loose);
      if (value.empty()) value = format_.null_text;
    } else if (value.empty()) {
      value = format_.empty_text;
    }
    if (skipped || value == format_.null_text) return Value(LogicalType::VARCHAR);
    return Value(value);
  }

  [[nodiscard]] bool at_separator(std::size_t place) const {
    return text_.compare(place, format_.marks.separator.size(), format_.marks.separator) == 0;
  }

  std::string plain_value(std::size_t begin, std::size_t from) {
    auto end = text_.find(format_.marks.separator, from);
    more_ = end != std::string_view::npos;
    if (!more_) end = text_.size();
    at_ = end + (more_ ? format_.marks.separator.size() : 0);
    while (format_.right && end > begin && is_space(text_[end - 1])) --end;
    return std::string(text_.substr(begin, end - begin));
  }

  /// False: the quote was none after all, and the text is to be taken as it is.
  bool quoted_value(std::size_t begin, std::string& value, bool& skipped, std::size_t& loose) {
    const auto& marks = format_.marks;
    for (auto i = begin + 1; i < text_.size(); ++i) {
      const char c = text_[i];
      const char next = i + 1 < text_.size() ? text_[i + 1] : '\0';
      if (c == marks.escape && next == marks.quote && (marks.escape != marks.quote || i + 1 < text_.size())) {
        value += next;
        ++i;
        continue;
      }
      if (c == format_.escape_escape && format_.escape_escape != '\0' && next == marks.escape) {
        value += next;
        ++i;
        continue;
      }
      if (c != marks.quote) {
        value += c;
        continue;
      }
      auto after = i + 1;
      while (after < text_.size() && is_space(text_[after]) && !at_separator(after)) ++after;
      if (after >= text_.size() || at_separator(after)) {
        more_ = after < text_.size();
        at_ = after + (more_ ? marks.separator.size() : 0);
        return true;
      }
      if (format_.loose == LooseQuote::error) throw_spark_error("MALFORMED_CSV_RECORD", {{"badRecord", std::string(text_)}});
      loose = i;
      if (format_.loose == LooseQuote::to_separator) return false;
      if (format_.loose == LooseQuote::skip) {
        skipped = true;
        plain_value(i, i);
        return true;
      }
      value += c;
    }
    // The quotes never end: all that is left.
    more_ = false;
    at_ = text_.size();
    return true;
  }

  std::string_view text_;
  const CellFormat& format_;
  std::size_t at_ = 0;
  bool more_ = false;
};

BindResult bind_cells(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const auto format =
      std::make_shared<CellFormat>(parse_named_options(take_constant(context, function, arguments, 1).ToString()));
  function.function = [format](DataChunk& input, ExpressionState&, Vector& result) {
    result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
    for (idx_t row = 0; row < input.size(); ++row) {
      const auto text = input.data[0].GetValue(row);
      result.SetValue(
          row, text.IsNull() ? Value(LogicalType::LIST(LogicalType::VARCHAR))
                             : Value::LIST(LogicalType::VARCHAR, CellReader(duckdb::StringValue::Get(text), *format).cells()));
    }
  };
  return nullptr;
}

std::string join(const duckdb::vector<Value>& cells, const Marks& marks) {
  std::string text;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) text += marks.separator;
    if (cells[i].IsNull()) continue;
    const auto& cell = duckdb::StringValue::Get(cells[i]);
    const bool plain = !cell.empty() && cell.find(marks.separator) == std::string::npos &&
                       cell.find_first_of(std::string("\r\n") + marks.quote) == std::string::npos;
    if (plain || marks.quote == '\0') {
      text += cell;
      continue;
    }
    text += marks.quote;
    for (const char c : cell) {
      if (c == marks.quote) text += marks.escape;
      text += c;
    }
    text += marks.quote;
  }
  return text;
}

/// A file's line: NULL and empty cells as the options say.
struct LineFormat {
  explicit LineFormat(const NamedOptions& options)
      : cells(options),
        quote_all(option_or(options, "quoteall", "") == "true"),
        escape_quotes(option_or(options, "escapequotes", "true") == "true") {
    cells.empty_text = option_or(options, "emptyvalue", std::string(2, cells.marks.quote == '\0' ? ' ' : cells.marks.quote));
    if (cells.marks.quote == '\0' && !options.contains("emptyvalue")) cells.empty_text.clear();
  }
  CellFormat cells;
  bool quote_all;
  bool escape_quotes;
};

std::string line(const duckdb::vector<Value>& cells, const LineFormat& format) {
  const auto& marks = format.cells.marks;
  std::string text;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) text += marks.separator;
    if (cells[i].IsNull()) {
      text += format.cells.null_text;
      continue;
    }
    const auto& cell = duckdb::StringValue::Get(cells[i]);
    if (cell.empty() && !format.quote_all) {
      text += format.cells.empty_text;
      continue;
    }
    const bool quoted = format.quote_all || cell.find(marks.separator) != std::string::npos ||
                        cell.find_first_of("\r\n") != std::string::npos ||
                        (cell.find(marks.quote) != std::string::npos && (format.escape_quotes || cell[0] == marks.quote));
    if (marks.quote == '\0' || !quoted) {
      text += cell;
      continue;
    }
    text += marks.quote;
    for (const char c : cell) {
      if (c == marks.quote) {
        text += marks.escape;
      } else if (c == marks.escape && format.cells.escape_escape != '\0') {
        text += format.cells.escape_escape;
      }
      text += c;
    }
    text += marks.quote;
  }
  return text;
}

BindResult bind_line(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const auto format =
      std::make_shared<LineFormat>(parse_named_options(take_constant(context, function, arguments, 1).ToString()));
  function.function = [format](DataChunk& input, ExpressionState&, Vector& result) {
    result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
    for (idx_t row = 0; row < input.size(); ++row) {
      const auto cells = input.data[0].GetValue(row);
      duckdb::FlatVector::GetData<string_t>(result)[row] =
          add_string(result, line(duckdb::ListValue::GetChildren(cells), *format));
    }
  };
  return nullptr;
}

Marks take_marks(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  Marks marks;
  marks.escape = first(take_constant(context, function, arguments, 3));
  marks.quote = first(take_constant(context, function, arguments, 2));
  marks.separator = take_constant(context, function, arguments, 1).ToString();
  return marks;
}

BindResult bind_split(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  function.function = [marks = take_marks(context, function, arguments)](DataChunk& input, ExpressionState&, Vector& result) {
    result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
    for (idx_t row = 0; row < input.size(); ++row) {
      const auto text = input.data[0].GetValue(row);
      result.SetValue(row, text.IsNull() ? Value(LogicalType::LIST(LogicalType::VARCHAR))
                                         : Value::LIST(LogicalType::VARCHAR, split(duckdb::StringValue::Get(text), marks)));
    }
  };
  return nullptr;
}

BindResult bind_join(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  function.function = [marks = take_marks(context, function, arguments)](DataChunk& input, ExpressionState&, Vector& result) {
    result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
    for (idx_t row = 0; row < input.size(); ++row) {
      const auto cells = input.data[0].GetValue(row);
      duckdb::FlatVector::SetNull(result, row, cells.IsNull());
      if (!cells.IsNull())
        duckdb::FlatVector::GetData<string_t>(result)[row] =
            add_string(result, join(duckdb::ListValue::GetChildren(cells), marks));
    }
  };
  return nullptr;
}

}  // namespace

void register_csv_line_functions(duckdb::ExtensionLoader& loader) {
  const auto text = LogicalType(LogicalTypeId::VARCHAR);
  const auto list = LogicalType::LIST(text);
  loader.RegisterFunction(kernel("spark_csv_split", {text, text, text, text}, list, nullptr, bind_split));
  loader.RegisterFunction(kernel("spark_csv_cells", {text, text}, list, nullptr, bind_cells));
  loader.RegisterFunction(kernel("spark_csv_line", {list, text}, text, nullptr, bind_line));
  loader.RegisterFunction(kernel("spark_csv_join", {list, text, text, text}, text, nullptr, bind_join));
}

}  // namespace mastic::engine
