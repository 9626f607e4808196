// JSON: documents one after the other, on lines of their own or not; an array of documents is one column of name `array`,
// as Glue's own classifier has it, unless a classifier's path says that its elements are the rows.
#include <simdjson.h>

#include <functional>
#include <limits>
#include <map>

#include "classify/formats.h"

namespace mastic::classify {
namespace {

namespace dom = simdjson::dom;

Type type_of_json(const dom::element& value, int depth) {
  if (depth > type_depth_max) return {Kind::string};
  switch (value.type()) {
    case dom::element_type::NULL_VALUE: return {};
    case dom::element_type::BOOL: return {Kind::boolean};
    case dom::element_type::STRING: return {Kind::string};
    case dom::element_type::DOUBLE: return {Kind::double_};
    case dom::element_type::UINT64: return {Kind::double_};  // beyond bigint
    case dom::element_type::INT64: {
      const auto number = value.get_int64().value_unsafe();
      const bool small = number >= std::numeric_limits<int32_t>::min() && number <= std::numeric_limits<int32_t>::max();
      return {small ? Kind::int_ : Kind::bigint};
    }
    case dom::element_type::ARRAY: {
      Type element;
      const dom::array items = value.get_array().value_unsafe();
      for (const auto item : items) element = merge(element, type_of_json(item, depth + 1));
      return array_of(std::move(element));
    }
    case dom::element_type::OBJECT: {
      Type type{Kind::struct_};
      const dom::object members = value.get_object().value_unsafe();
      for (const auto& [key, item] : members) {
        // Objects with a key twice are rare: looking for it costs only where objects are small.
        type.fields.push_back({std::string(key), type_of_json(item, depth + 1)});
      }
      if (type.fields.empty()) return {Kind::string};  // Hive has no structure without fields
      return type;
    }
  }
  return {Kind::string};
}

/// `$`, `$.a.b[*]`, `$['a'][*]`: names to go through, `*` for all elements. Nothing for what is no such path.
std::optional<std::vector<std::string>> steps_of(std::string_view path) {
  if (!path.starts_with('$')) return std::nullopt;
  path.remove_prefix(1);
  std::vector<std::string> steps;
  while (!path.empty()) {
    if (path.front() == '.') {
      path.remove_prefix(1);
      const auto end = std::min(path.find_first_of(".["), path.size());
      if (end == 0) return std::nullopt;
      steps.emplace_back(path.substr(0, end));
      path.remove_prefix(end);
    } else if (path.starts_with("[*]")) {
      steps.emplace_back("*");
      path.remove_prefix(3);
    } else if (path.starts_with("['")) {
      const auto end = path.find("']");
      if (end == std::string_view::npos) return std::nullopt;
      steps.emplace_back(path.substr(2, end - 2));
      path.remove_prefix(end + 2);
    } else {
      return std::nullopt;
    }
  }
  return steps;
}

struct Rows {
  Type merged;
  uint64_t count = 0;
  bool too_many_columns = false;
  std::map<std::string, std::string> spellings;  // of the columns whose names are not as the documents have them

  void add(const dom::element& value) {
    auto type = type_of_json(value, 0);
    if (type.kind == Kind::struct_) {
      std::vector<std::string> spelled;
      for (const auto& field : type.fields) spelled.push_back(field.name);
      make_names_plain(type.fields);
      for (std::size_t i = 0; i < spelled.size(); ++i) {
        if (spelled[i] != type.fields[i].name) spellings.emplace(type.fields[i].name, std::move(spelled[i]));
      }
      too_many_columns = too_many_columns || type.fields.size() > columns_max;
    }
    if (count == 0) {
      merged = std::move(type);
    } else if (merged.kind == Kind::struct_ && type.kind == Kind::struct_) {
      merge_into(merged.fields, type.fields);
    } else {
      merged = merge(merged, type);
    }
    ++count;
  }

  void select(const dom::element& value, std::span<const std::string> steps) {
    if (steps.empty()) return add(value);
    dom::array array;
    dom::object object;
    if (steps[0] == "*" && value.get(array) == simdjson::SUCCESS) {
      for (const auto item : array) select(item, steps.subspan(1));
    } else if (value.get(object) == simdjson::SUCCESS) {
      for (const auto& [key, item] : object) {
        if (steps[0] == "*" || key == steps[0]) select(item, steps.subspan(1));
      }
    }
  }
};

bool on_one_line(std::string_view text, std::string_view rest) {
  // The first document's end: its line's end, when documents are lines.
  const auto line = text.substr(0, text.find('\n'));
  simdjson::dom::parser parser;
  dom::element document;
  return rest.empty() || parser.parse(line).get(document) == simdjson::SUCCESS;
}

std::string paths_of(const Schema& columns, const std::map<std::string, std::string>& spellings) {
  std::string paths;
  for (const auto& column : columns) {
    const auto spelled = spellings.find(column.name);
    if (!paths.empty()) paths += ',';
    paths += spelled == spellings.end() ? column.name : spelled->second;
  }
  return paths;
}

/// Reads the documents that the text holds whole; false when it does not begin with one.
bool read_documents(const Text& text, const std::function<void(const dom::element&)>& receive) {
  const simdjson::padded_string padded(text.bytes);
  dom::parser parser;
  dom::document_stream documents;
  if (parser.parse_many(padded, std::max<std::size_t>(padded.size(), 32)).get(documents) != simdjson::SUCCESS) return false;
  uint64_t count = 0;
  for (auto document : documents) {
    dom::element value;
    if (document.get(value) != simdjson::SUCCESS) break;
    receive(value);
    ++count;
  }
  return count > 0;
}

Recognised recognise(const Text& text, std::span<const std::string> steps) {
  const auto begin = text.bytes.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return std::nullopt;
  const char first = text.bytes[begin];
  if (first != '{' && first != '[') return std::nullopt;
  Rows rows;
  bool only_objects_and_arrays = true;
  const bool read = read_documents(text, [&](const dom::element& value) {
    only_objects_and_arrays = only_objects_and_arrays && (value.is_object() || value.is_array());
    rows.select(value, steps);
  });
  if (!read || !only_objects_and_arrays) {
    if (!text.complete && first == '[')
      return fail(unreadable("json: one document is larger than the 8 MiB that are looked at"));
    return std::nullopt;
  }
  if (rows.count == 0) return std::nullopt;
  if (rows.too_many_columns || rows.merged.fields.size() > columns_max)
    return fail(unreadable("json: it has too many columns"));
  Inspection found;
  found.classification = "json";
  if (rows.merged.kind == Kind::struct_) {
    found.columns = std::move(rows.merged.fields);
  } else {
    const bool array = rows.merged.kind == Kind::array;
    found.columns.push_back({array ? "array" : "value", std::move(rows.merged)});
  }
  found.records = estimate(rows.count, text.share_read);
  found.input_format = text_input;
  found.output_format = text_output;
  found.serialization_library = "org.openx.data.jsonserde.JsonSerDe";
  found.serde_parameters["paths"] = paths_of(found.columns, rows.spellings);
  const auto whole = std::string_view(text.bytes).substr(begin);
  const auto line_end = whole.find('\n');
  if (first == '[' || !on_one_line(whole, line_end == std::string_view::npos ? "" : whole.substr(line_end)))
    found.table_parameters["multiLine"] = "true";
  return found;
}

}  // namespace

Recognised recognise_json(const Text& text) { return recognise(text, {}); }

Recognised recognise_json(const Text& text, const JsonClassifier& classifier) {
  const auto steps = steps_of(classifier.json_path);
  if (!steps)
    return fail(unreadable("the JSON path of classifier " + classifier.name + " is not read: " + classifier.json_path));
  TRY(found, recognise(text, *steps));
  if (found && !steps->empty()) found->table_parameters["jsonPath"] = classifier.json_path;
  return std::move(found);
}

}  // namespace mastic::classify
