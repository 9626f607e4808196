#include "glue/catalog/table_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "glue/catalog/partition_value.h"
#include "glue/errors.h"
#include "glue/names.h"

namespace mastic::glue::catalog {
namespace {

struct TextField {
  std::string_view name;
  std::optional<std::string> (*of)(const wire::Table& table);
};
struct TimeField {
  std::string_view name;
  std::optional<Instant> (*of)(const wire::Table& table);
};

std::optional<std::string> location_of(const wire::Table& table) {
  return table.storage_descriptor ? table.storage_descriptor->location : std::nullopt;
}

constexpr auto text_fields = std::to_array<TextField>({
    {"name", [](const wire::Table& table) { return std::optional(table.name); }},
    {"databasename", [](const wire::Table& table) { return table.database_name; }},
    {"description", [](const wire::Table& table) { return table.description; }},
    {"owner", [](const wire::Table& table) { return table.owner; }},
    {"tabletype", [](const wire::Table& table) { return table.table_type; }},
    {"createdby", [](const wire::Table& table) { return table.created_by; }},
    {"location", location_of},
    {"versionid", [](const wire::Table& table) { return table.version_id; }},
});

constexpr auto time_fields = std::to_array<TimeField>({
    {"createtime", [](const wire::Table& table) { return table.create_time; }},
    {"updatetime", [](const wire::Table& table) { return table.update_time; }},
    {"lastaccesstime", [](const wire::Table& table) { return table.last_access_time; }},
    {"lastanalyzedtime", [](const wire::Table& table) { return table.last_analyzed_time; }},
});

template <typename Fields>
const auto* find(const Fields& fields, std::string_view name) {
  const auto found = std::ranges::find(fields, lower_name(name), [](const auto& field) { return std::string(field.name); });
  return found == fields.end() ? nullptr : &*found;
}

bool is_token(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || c == '_' || byte >= 0x80;
}

std::vector<std::string> tokens_of(std::string_view text) {
  std::vector<std::string> tokens;
  std::string token;
  for (const char c : text) {
    if (is_token(c)) {
      token += c;
    } else if (!token.empty()) {
      tokens.push_back(lower_name(token));
      token.clear();
    }
  }
  if (!token.empty()) tokens.push_back(lower_name(token));
  return tokens;
}

bool has_tokens(std::string_view text, const std::vector<std::string>& wanted) {
  const auto tokens = tokens_of(text);
  return std::ranges::all_of(wanted, [&](const auto& token) { return std::ranges::find(tokens, token) != tokens.end(); });
}

/// A text equals a value when it is it, or has it (all of its words) among its tokens.
bool text_matches(const std::string& text, const std::string& value) {
  if (lower_name(text) == lower_name(value)) return true;
  const auto wanted = tokens_of(value);
  return !wanted.empty() && has_tokens(text, wanted);
}

std::vector<std::string> texts_of(const wire::Table& table) {
  std::vector<std::string> texts;
  for (const auto& field : text_fields)
    if (auto text = field.of(table)) texts.push_back(std::move(*text));
  const auto add_columns = [&](const std::optional<std::vector<wire::Column>>& columns) {
    if (!columns) return;
    for (const auto& column : *columns) {
      texts.push_back(column.name);
      if (column.comment) texts.push_back(*column.comment);
    }
  };
  add_columns(table.partition_keys);
  if (table.storage_descriptor) add_columns(table.storage_descriptor->columns);
  if (table.parameters)
    for (const auto& [name, value] : *table.parameters) texts.push_back(value);
  return texts;
}

Result<Instant> read_time(const wire::PropertyPredicate& filter) {
  const auto value = filter.value.value_or("");
  const auto read = read_value(KeyKind::timestamp, value);
  if (!read) return fail(error::invalid_input(fmt::format("The value of the filter {} is no time: {}", *filter.key, value)));
  return from_microseconds(std::get<int64_t>(*read));
}

bool compare(const std::string& comparator, Instant left, Instant right) {
  if (comparator == "GREATER_THAN") return left > right;
  if (comparator == "GREATER_THAN_EQUALS") return left >= right;
  if (comparator == "LESS_THAN") return left < right;
  if (comparator == "LESS_THAN_EQUALS") return left <= right;
  return left == right;
}

Result<bool> holds(const wire::Table& table, const wire::PropertyPredicate& filter) {
  const auto key = filter.key.value_or("");
  if (key.empty()) return fail(error::invalid_input("A filter needs a Key."));
  const auto comparator = filter.comparator.value_or("EQUALS");
  if (const auto* field = find(time_fields, key)) {
    TRY(wanted, read_time(filter));
    const auto time = field->of(table);
    return time && compare(comparator, *time, wanted);
  }
  if (comparator != "EQUALS")
    return fail(error::invalid_input(fmt::format("The comparator {} is for times; this is a text: {}", comparator, key)));
  std::optional<std::string> text;
  if (const auto* field = find(text_fields, key)) {
    text = field->of(table);
  } else if (table.parameters) {
    // Any other key is one of the table's parameters, `classification` among them.
    const auto found = table.parameters->find(key);
    if (found != table.parameters->end()) text = found->second;
  }
  return text && text_matches(*text, filter.value.value_or(""));
}

}  // namespace

Result<bool> matches(const wire::Table& table, const std::vector<wire::PropertyPredicate>& filters) {
  for (const auto& filter : filters) {
    TRY(held, holds(table, filter));
    if (!held) return false;
  }
  return true;
}

bool matches(const wire::Table& table, std::string_view search_text) {
  const auto texts = texts_of(table);
  if (search_text.size() >= 2 && search_text.front() == '"' && search_text.back() == '"') {
    const auto exact = lower_name(search_text.substr(1, search_text.size() - 2));
    return std::ranges::any_of(texts, [&](const auto& text) { return lower_name(text) == exact; });
  }
  return std::ranges::all_of(tokens_of(search_text), [&](const auto& token) {
    return std::ranges::any_of(texts, [&](const auto& text) { return has_tokens(text, {token}); });
  });
}

Result<std::string> sort_value(const wire::Table& table, std::string_view field) {
  if (const auto* text = find(text_fields, field)) return lower_name(text->of(table).value_or(""));
  if (const auto* time = find(time_fields, field)) {
    const auto instant = time->of(table);
    return instant ? fmt::format("{:020}", to_microseconds(*instant)) : std::string();
  }
  return fail(error::invalid_input(fmt::format("Tables cannot be sorted by this field: {}", field)));
}

}  // namespace mastic::glue::catalog
