// Names: comparing, splitting, finding, and the errors for those that mean nothing or too much.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/state.h"

namespace mastic::spark {

bool equal_names(std::string_view left, std::string_view right, bool case_sensitive) {
  if (case_sensitive) return left == right;
  return std::ranges::equal(left, right, [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

SparkResult<std::vector<std::string>> split_name(std::string_view name) {
  std::vector<std::string> parts;
  std::string part;
  bool in_quotes = false;
  bool quoted = false;  // this part was in backticks
  const auto invalid = [&] { return fail(analysis_error("INVALID_ATTRIBUTE_NAME_SYNTAX", {{"name", std::string(name)}})); };
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (in_quotes) {
      if (c != '`') {
        part += c;
      } else if (i + 1 < name.size() && name[i + 1] == '`') {
        part += c;
        ++i;
      } else {
        in_quotes = false;
        if (i + 1 < name.size() && name[i + 1] != '.') return invalid();
      }
    } else if (c == '`') {
      if (!part.empty()) return invalid();
      in_quotes = quoted = true;
    } else if (c == '.') {
      if (part.empty() && !quoted) return invalid();
      if (i + 1 == name.size()) return invalid();
      parts.push_back(std::move(part));
      part.clear();
      quoted = false;
    } else {
      part += c;
    }
  }
  if (in_quotes) return invalid();
  parts.push_back(std::move(part));
  return parts;
}

std::string quoted_parts(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : ".") + quoted_name(part);
  return text;
}

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::string plain_name(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : ".") + part;
  return text;
}

// Candidates without the qualifiers that all of them share, the most similar first.
std::string suggestions(const std::vector<std::string>& parts, const std::vector<Attribute>& columns) {
  std::vector<std::vector<std::string>> candidates;
  for (const auto& column : columns) {
    auto name = column.qualifier;
    name.push_back(column.name);
    candidates.push_back(std::move(name));
  }
  const auto share = [&](std::size_t kept) {
    return std::ranges::all_of(candidates, [&](const auto& candidate) {
      const auto& first = candidates.front();
      if (candidate.size() <= kept && first.size() <= kept) return true;
      if (candidate.size() != first.size()) return false;
      return std::equal(first.begin(), first.end() - static_cast<std::ptrdiff_t>(kept), candidate.begin());
    });
  };
  const auto keep = [&](std::size_t kept) {
    for (auto& candidate : candidates)
      if (candidate.size() > kept) candidate.erase(candidate.begin(), candidate.end() - static_cast<std::ptrdiff_t>(kept));
  };
  if (parts.size() == 1 && share(1)) {
    keep(1);
  } else if (parts.size() <= 2 && share(2)) {
    keep(2);
  }
  const auto base = plain_name(parts);
  std::ranges::stable_sort(candidates, {}, [&](const auto& candidate) { return edit_distance(plain_name(candidate), base); });
  std::string text;
  for (std::size_t i = 0; i < candidates.size() && i < 5; ++i) text += (i > 0 ? ", " : "") + quoted_parts(candidates[i]);
  return text;
}

}  // namespace

SparkError unresolved_column(const std::vector<std::string>& parts, const std::vector<Attribute>& columns) {
  if (columns.empty()) return analysis_error("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", {{"objectName", quoted_parts(parts)}});
  return analysis_error("UNRESOLVED_COLUMN.WITH_SUGGESTION",
                        {{"objectName", quoted_parts(parts)}, {"proposal", suggestions(parts, columns)}});
}

std::vector<const Attribute*> find_columns(const std::vector<Attribute>& columns, std::string_view name, bool case_sensitive) {
  std::vector<const Attribute*> found;
  for (const auto& column : columns)
    if (equal_names(column.name, name, case_sensitive)) found.push_back(&column);
  return found;
}

SparkResult<Attribute> one_column(const AnalyzerState& state, const std::vector<Attribute>& columns, std::string_view name) {
  const auto found = find_columns(columns, name, state.case_sensitive);
  if (found.empty()) return fail(unresolved_column({std::string(name)}, columns));
  if (found.size() > 1) {
    std::string names;
    for (const auto* column : found) {
      auto parts = column->qualifier;
      parts.push_back(column->name);
      names += (names.empty() ? "" : ", ") + quoted_parts(parts);
    }
    return fail(analysis_error("AMBIGUOUS_REFERENCE", {{"name", quoted_name(name)}, {"referenceNames", "[" + names + "]"}}));
  }
  return *found.front();
}

}  // namespace mastic::spark
