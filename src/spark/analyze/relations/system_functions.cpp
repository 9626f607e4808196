// Table functions that list what the system has: sql_keywords, collations. Each is a query over constants.
#include <array>
#include <map>
#include <optional>
#include <string>

#include "spark/analyze/relations/relations.h"
#include "spark/analyze/relations/system_lists.h"
#include "spark/sql/parser.h"

namespace mastic::spark {
namespace {

std::string keywords_query() {
  std::string text = "SELECT keyword, false AS reserved FROM (SELECT explode(split('";
  text += sql_keywords;
  return text + "', ',')) AS keyword)";
}

// Name, language, country, accents, case, padding, ICU's version.
std::string collation_rows() {
  std::string rows =
      "UTF8_BINARY|||ACCENT_SENSITIVE|CASE_SENSITIVE|NO_PAD|;UTF8_LCASE|||ACCENT_SENSITIVE|CASE_INSENSITIVE|NO_PAD|;"
      "UTF8_BINARY_RTRIM|||ACCENT_SENSITIVE|CASE_SENSITIVE|RTRIM|;UTF8_LCASE_RTRIM|||ACCENT_SENSITIVE|CASE_INSENSITIVE|RTRIM|";
  static constexpr std::array<std::string_view, 8> suffixes{"",       "_AI",          "_AI_RTRIM", "_CI",
                                                            "_CI_AI", "_CI_AI_RTRIM", "_CI_RTRIM", "_RTRIM"};
  const auto has = [](std::string_view suffix, std::string_view part) { return suffix.find(part) != std::string_view::npos; };
  std::map<std::string, std::string> sorted;
  for (const auto& locale : collation_locales) {
    for (const auto suffix : suffixes) {
      auto name = std::string(locale.name) + std::string(suffix);
      std::string row = name;
      row += '|';
      row += locale.language;
      row += '|';
      row += locale.country;
      row += has(suffix, "_AI") ? "|ACCENT_INSENSITIVE" : "|ACCENT_SENSITIVE";
      row += has(suffix, "_CI") ? "|CASE_INSENSITIVE" : "|CASE_SENSITIVE";
      row += has(suffix, "_RTRIM") ? "|RTRIM" : "|NO_PAD";
      row += "|78.3.0.0";
      sorted.emplace(std::move(name), std::move(row));
    }
  }
  for (const auto& [name, row] : sorted) rows += ';' + row;
  return rows;
}

std::string collations_query() {
  return "SELECT 'SYSTEM' AS CATALOG, 'BUILTIN' AS SCHEMA, coalesce(p[0], '') AS NAME, nullif(p[1], '') AS LANGUAGE, "
         "nullif(p[2], '') AS COUNTRY, coalesce(p[3], '') AS ACCENT_SENSITIVITY, coalesce(p[4], '') AS CASE_SENSITIVITY, "
         "coalesce(p[5], '') AS PAD_ATTRIBUTE, nullif(p[6], '') AS ICU_VERSION FROM (SELECT split(r, '[|]', -1) AS p FROM "
         "(SELECT explode(split('" +
         collation_rows() + "', ';')) AS r))";
}

}  // namespace

std::optional<std::string> system_function_query(std::string_view name) {
  if (equal_names(name, "sql_keywords", false)) return keywords_query();
  if (equal_names(name, "collations", false)) return collations_query();
  return std::nullopt;
}

}  // namespace mastic::spark
