// Regular expressions of Java's kind, through PCRE2: look-around, back-references, possessive quantifiers, \p{…}.
//   spark_rlike(text, pattern), spark_regexp_extract(text, pattern, group), spark_regexp_extract_all(…),
//   spark_regexp_replace(text, pattern, replacement, position), spark_regexp_count, spark_regexp_substr, spark_regexp_instr,
//   spark_split(text, pattern, limit)
//   spark_like(text, pattern, escape), spark_ilike(…): with Spark's errors for a bad escape
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <map>
#include <memory>

#include "engine/functions/kernel.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

/// A text as Spark quotes it in messages.
std::string sql_literal(std::string_view text) {
  std::string literal = "'";
  for (const char c : text) {
    if (c == '\\' || c == '\'') literal += '\\';
    literal += c;
  }
  return literal + "'";
}

/// A compiled pattern and the place for its matches. Used by one thread at a time.
class Regex {
 public:
  Regex(std::string_view pattern, std::string_view function) {
    int error = 0;
    PCRE2_SIZE offset = 0;
    code_.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), PCRE2_UTF | PCRE2_NO_UTF_CHECK,
                              &error, &offset, nullptr));
    if (!code_) {
      throw_spark_error(
          "INVALID_PARAMETER_VALUE.PATTERN",
          {{"parameter", "`regexp`"}, {"functionName", "`" + std::string(function) + "`"}, {"value", sql_literal(pattern)}});
    }
    pcre2_jit_compile(code_.get(), PCRE2_JIT_COMPLETE);
    match_.reset(pcre2_match_data_create_from_pattern(code_.get(), nullptr));
    uint32_t count = 0;
    pcre2_pattern_info(code_.get(), PCRE2_INFO_CAPTURECOUNT, &count);
    groups_ = static_cast<int>(count);
  }

  bool find(std::string_view text, std::size_t from) {
    if (from > text.size()) return false;
    const int found = pcre2_match(code_.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), from, PCRE2_NO_UTF_CHECK,
                                  match_.get(), nullptr);
    return found >= 0;
  }
  [[nodiscard]] std::size_t start(int group = 0) const { return pcre2_get_ovector_pointer(match_.get())[2 * group]; }
  [[nodiscard]] std::size_t end(int group = 0) const { return pcre2_get_ovector_pointer(match_.get())[2 * group + 1]; }
  /// Empty when the group took no part.
  [[nodiscard]] std::string_view group(std::string_view text, int group) const {
    if (start(group) == PCRE2_UNSET) return {};
    return text.substr(start(group), end(group) - start(group));
  }
  [[nodiscard]] int groups() const { return groups_; }

  /// `use` is called at each match until it returns false. Steps over empty matches.
  template <typename Use>
  void each(std::string_view text, std::size_t from, Use&& use) {
    while (find(text, from)) {
      if (!use()) return;
      from = end() > start() ? end() : next_character(text, end());
    }
  }
  static std::size_t next_character(std::string_view text, std::size_t at) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
    return at;
  }

 private:
  struct Free {
    void operator()(pcre2_code* code) const { pcre2_code_free(code); }
    void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
  };
  std::unique_ptr<pcre2_code, Free> code_;
  std::unique_ptr<pcre2_match_data, Free> match_;
  int groups_ = 0;
};

/// The compiled patterns of a thread; a few at most are in use at a time.
Regex& regex(string_t pattern, std::string_view function) {
  thread_local std::map<std::string, std::unique_ptr<Regex>, std::less<>> known;
  if (const auto found = known.find(view(pattern)); found != known.end()) return *found->second;
  if (known.size() >= 64) known.clear();
  return *(known[pattern.GetString()] = std::make_unique<Regex>(view(pattern), function));
}

void check_group(const Regex& regex, int32_t group, std::string_view function) {
  if (group >= 0 && group <= regex.groups()) return;
  throw_spark_error("INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX", {{"parameter", "`idx`"},
                                                                  {"functionName", "`" + std::string(function) + "`"},
                                                                  {"groupCount", std::to_string(regex.groups())},
                                                                  {"groupIndex", std::to_string(group)}});
}

void rlike(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::Execute<string_t, string_t, bool>(
      input.data[0], input.data[1], result, input.size(),
      [](string_t text, string_t pattern) { return regex(pattern, "rlike").find(view(text), 0); });
}

void extract(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::TernaryExecutor::Execute<string_t, string_t, int32_t, string_t>(
      input.data[0], input.data[1], input.data[2], result, input.size(), [&](string_t text, string_t pattern, int32_t group) {
        auto& compiled = regex(pattern, "regexp_extract");
        if (!compiled.find(view(text), 0)) return add_string(result, {});
        check_group(compiled, group, "regexp_extract");  // Spark looks at the group only when something matched
        return add_string(result, compiled.group(view(text), group));
      });
}

/// Java's replacement: $n and ${name} are groups, a backslash takes the next character as it is.
std::string expand(std::string_view replacement, const Regex& regex, std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < replacement.size(); ++i) {
    if (replacement[i] == '\\' && i + 1 < replacement.size()) {
      out += replacement[++i];
    } else if (replacement[i] == '$' && i + 1 < replacement.size() && replacement[i + 1] >= '0' && replacement[i + 1] <= '9') {
      int group = replacement[++i] - '0';
      while (i + 1 < replacement.size() && replacement[i + 1] >= '0' && replacement[i + 1] <= '9' &&
             group * 10 + (replacement[i + 1] - '0') <= regex.groups()) {
        group = group * 10 + (replacement[++i] - '0');
      }
      if (group > regex.groups()) {
        throw_spark_error("INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX", {{"parameter", "`rep`"},
                                                                        {"functionName", "`regexp_replace`"},
                                                                        {"groupCount", std::to_string(regex.groups())},
                                                                        {"groupIndex", std::to_string(group)}});
      }
      out += regex.group(text, group);
    } else {
      out += replacement[i];
    }
  }
  return out;
}

std::string replace(Regex& regex, std::string_view text, std::string_view replacement, int32_t position) {
  std::size_t from = 0;
  for (int32_t i = 1; i < position && from < text.size(); ++i) from = Regex::next_character(text, from);
  std::string out(text.substr(0, from));
  std::size_t copied = from;
  regex.each(text, from, [&] {
    out += text.substr(copied, regex.start() - copied);
    out += expand(replacement, regex, text);
    copied = regex.end();
    return true;
  });
  out += text.substr(copied);
  return out;
}

void replace_kernel(DataChunk& input, ExpressionState&, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  duckdb::UnifiedVectorFormat formats[4];
  for (idx_t column = 0; column < 4; ++column) input.data[column].ToUnifiedFormat(input.size(), formats[column]);
  for (idx_t row = 0; row < input.size(); ++row) {
    idx_t at[4];
    bool valid = true;
    for (idx_t column = 0; column < 4; ++column) {
      at[column] = formats[column].sel->get_index(row);
      valid = valid && formats[column].validity.RowIsValid(at[column]);
    }
    if (!valid) {
      duckdb::FlatVector::SetNull(result, row, true);
      continue;
    }
    const auto text = [&](idx_t column) { return duckdb::UnifiedVectorFormat::GetData<string_t>(formats[column])[at[column]]; };
    const auto source = text(0);
    const auto replacement = text(2);
    duckdb::FlatVector::GetData<string_t>(result)[row] =
        add_string(result, replace(regex(text(1), "regexp_replace"), view(source), view(replacement),
                                   duckdb::UnifiedVectorFormat::GetData<int32_t>(formats[3])[at[3]]));
  }
}

void count(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::Execute<string_t, string_t, int32_t>(
      input.data[0], input.data[1], result, input.size(), [](string_t text, string_t pattern) {
        int32_t found = 0;
        regex(pattern, "regexp_count").each(view(text), 0, [&] { return ++found > 0; });
        return found;
      });
}

void first_match(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::ExecuteWithNulls<string_t, string_t, string_t>(
      input.data[0], input.data[1], result, input.size(), [&](string_t text, string_t pattern, ValidityMask& mask, idx_t row) {
        auto& compiled = regex(pattern, "regexp_substr");
        if (compiled.find(view(text), 0)) return add_string(result, compiled.group(view(text), 0));
        mask.SetInvalid(row);
        return string_t();
      });
}

void position(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::Execute<string_t, string_t, int32_t>(
      input.data[0], input.data[1], result, input.size(), [](string_t text, string_t pattern) {
        auto& compiled = regex(pattern, "regexp_instr");
        if (!compiled.find(view(text), 0)) return 0;
        int32_t characters = 1;
        for (const char c : view(text).substr(0, compiled.start()))
          characters += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
        return characters;
      });
}

/// LIKE's pattern as a regular expression: % any, _ one, the escape character takes the next one as it is.
std::string like_expression(std::string_view pattern, std::string_view escape, bool ignore_case) {
  std::string out = ignore_case ? "(?is)\\A" : "(?s)\\A";
  const auto shown = [&] {
    auto text = sql_literal(pattern);
    return ignore_case ? duckdb::StringUtil::Lower(text) : text;
  };
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    if (!escape.empty() && c == escape.front()) {
      if (i + 1 == pattern.size()) throw_spark_error("INVALID_FORMAT.ESC_AT_THE_END", {{"format", shown()}});
      c = pattern[++i];
      if (c != '%' && c != '_' && c != escape.front())
        throw_spark_error("INVALID_FORMAT.ESC_IN_THE_MIDDLE", {{"format", shown()}, {"char", "'" + std::string(1, c) + "'"}});
    } else if (c == '%') {
      out += ".*";
      continue;
    } else if (c == '_') {
      out += '.';
      continue;
    }
    if ((static_cast<unsigned char>(c) & 0x80) == 0 && std::isalnum(static_cast<unsigned char>(c)) == 0) out += '\\';
    out += c;
  }
  return out + "\\z";
}

template <bool ignore_case>
void like(DataChunk& input, ExpressionState&, Vector& result) {
  std::string last_pattern;
  std::string expression;
  duckdb::TernaryExecutor::Execute<string_t, string_t, string_t, bool>(
      input.data[0], input.data[1], input.data[2], result, input.size(), [&](string_t text, string_t pattern, string_t escape) {
        if (expression.empty() || last_pattern != view(pattern)) {
          last_pattern = pattern.GetString();
          expression = like_expression(last_pattern, view(escape), ignore_case);
        }
        return regex(string_t(expression), "like").find(view(text), 0);
      });
}

/// Writes one list of strings a row: `fill(text, pattern, number, out)`.
template <typename Fill>
void list_kernel(DataChunk& input, Vector& result, Fill&& fill) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < input.size(); ++row) {
    const auto text = input.data[0].GetValue(row);
    const auto pattern = input.data[1].GetValue(row);
    const auto number = input.data[2].GetValue(row);
    auto* const entries = duckdb::FlatVector::GetData<duckdb::list_entry_t>(result);
    if (text.IsNull() || pattern.IsNull() || number.IsNull()) {
      duckdb::FlatVector::SetNull(result, row, true);
      entries[row] = {0, 0};
      continue;
    }
    std::vector<std::string> parts;
    const auto& pattern_text = duckdb::StringValue::Get(pattern);
    fill(duckdb::StringValue::Get(text), string_t(pattern_text), number.GetValue<int32_t>(), parts);
    const auto offset = duckdb::ListVector::GetListSize(result);
    for (const auto& part : parts) duckdb::ListVector::PushBack(result, Value(part));
    duckdb::FlatVector::GetData<duckdb::list_entry_t>(result)[row] = {offset, parts.size()};
  }
}

void extract_all(DataChunk& input, ExpressionState&, Vector& result) {
  list_kernel(input, result, [](const std::string& text, string_t pattern, int32_t group, std::vector<std::string>& out) {
    auto& compiled = regex(pattern, "regexp_extract_all");
    compiled.each(text, 0, [&] {
      check_group(compiled, group, "regexp_extract_all");
      out.emplace_back(compiled.group(text, group));
      return true;
    });
  });
}

/// Java's String.split with the limit kept: ≤ 0 all parts (empty ones at the end too); an empty pattern splits characters.
void split(DataChunk& input, ExpressionState&, Vector& result) {
  list_kernel(input, result, [](const std::string& text, string_t pattern, int32_t limit, std::vector<std::string>& out) {
    if (text.empty()) {
      out.emplace_back();
      return;
    }
    auto& compiled = regex(pattern, "split");
    std::size_t copied = 0;
    compiled.each(text, 0, [&] {
      if (limit > 0 && static_cast<int32_t>(out.size()) == limit - 1) return false;
      const bool empty = compiled.end() == compiled.start();
      if (empty && (compiled.start() == 0 || compiled.start() >= text.size())) return true;
      out.push_back(text.substr(copied, compiled.start() - copied));
      copied = compiled.end();
      return true;
    });
    out.push_back(text.substr(copied));
  });
}

}  // namespace

void register_regex_functions(duckdb::ExtensionLoader& loader) {
  const auto text = LogicalType::VARCHAR;
  const auto integer = LogicalType::INTEGER;
  const auto list = LogicalType::LIST(text);
  loader.RegisterFunction(kernel("spark_like", {text, text, text}, LogicalType::BOOLEAN, like<false>));
  loader.RegisterFunction(kernel("spark_ilike", {text, text, text}, LogicalType::BOOLEAN, like<true>));
  loader.RegisterFunction(kernel("spark_rlike", {text, text}, LogicalType::BOOLEAN, rlike));
  loader.RegisterFunction(kernel("spark_regexp_extract", {text, text, integer}, text, extract));
  loader.RegisterFunction(kernel("spark_regexp_extract_all", {text, text, integer}, list, extract_all));
  loader.RegisterFunction(kernel("spark_regexp_replace", {text, text, text, integer}, text, replace_kernel));
  loader.RegisterFunction(kernel("spark_regexp_count", {text, text}, integer, count));
  loader.RegisterFunction(kernel("spark_regexp_substr", {text, text}, text, first_match));
  loader.RegisterFunction(kernel("spark_regexp_instr", {text, text}, integer, position));
  loader.RegisterFunction(kernel("spark_split", {text, text, integer}, list, split));
}

}  // namespace mastic::engine
