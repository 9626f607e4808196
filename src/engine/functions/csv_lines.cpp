// One CSV record as text, for from_csv and to_csv.
//   spark_csv_split(text, separator, quote, escape) → VARCHAR[]: the cells; an empty cell without quotes is NULL
//   spark_csv_join(VARCHAR[], separator, quote, escape) → VARCHAR: cells quoted where they must be; NULL is empty
#include "engine/functions/kernel.h"
#include "engine/functions/register.h"

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
  loader.RegisterFunction(kernel("spark_csv_join", {list, text, text, text}, text, nullptr, bind_join));
}

}  // namespace mastic::engine
