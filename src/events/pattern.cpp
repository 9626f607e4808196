#include "events/pattern.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "events/errors.h"

namespace mastic::events {
namespace {

using Json = nlohmann::json;

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// `*` stands for any run of characters, `\` takes the next one as it is.
bool wildcard(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') {
    for (std::size_t skip = 0; skip <= text.size(); ++skip)
      if (wildcard(text.substr(skip), pattern.substr(1))) return true;
    return false;
  }
  if (pattern[0] == '\\' && pattern.size() > 1) pattern.remove_prefix(1);
  return !text.empty() && text[0] == pattern[0] && wildcard(text.substr(1), pattern.substr(1));
}

bool compare(const std::string& comparator, double value, double bound) {
  if (comparator == "=") return value == bound;
  if (comparator == "<") return value < bound;
  if (comparator == "<=") return value <= bound;
  if (comparator == ">") return value > bound;
  return value >= bound;
}

bool is_comparator(const Json& text) {
  static constexpr std::array<std::string_view, 5> known = {"=", "<", "<=", ">", ">="};
  return text.is_string() && std::ranges::find(known, text.get<std::string>()) != known.end();
}

struct TextTest {
  std::string_view name;
  bool (*holds)(const std::string& value, const std::string& wanted);
};
constexpr auto text_tests = std::to_array<TextTest>({
    {"prefix", [](const std::string& value, const std::string& wanted) { return value.starts_with(wanted); }},
    {"suffix", [](const std::string& value, const std::string& wanted) { return value.ends_with(wanted); }},
    {"equals-ignore-case", [](const std::string& value, const std::string& wanted) { return lower(value) == lower(wanted); }},
    {"wildcard", [](const std::string& value, const std::string& wanted) { return wildcard(value, wanted); }},
});

const TextTest* find_text_test(std::string_view name) {
  const auto found = std::ranges::find(text_tests, name, &TextTest::name);
  return found == text_tests.end() ? nullptr : &*found;
}

Result<void> check_numeric(const Json& numeric) {
  if (!numeric.is_array() || numeric.empty() || numeric.size() % 2 != 0)
    return fail(error::invalid_pattern("numeric takes comparators and numbers in turn"));
  for (std::size_t i = 0; i < numeric.size(); i += 2)
    if (!is_comparator(numeric[i]) || !numeric[i + 1].is_number())
      return fail(error::invalid_pattern("numeric takes comparators and numbers in turn"));
  return {};
}

Result<void> check_test(const Json& test);

/// What anything-but excludes: a value, a list of values, or a test on texts.
Result<void> check_excluded(const Json& excluded) {
  if (excluded.is_object()) {
    if (excluded.size() != 1 || find_text_test(excluded.begin().key()) == nullptr)
      return fail(error::invalid_pattern("anything-but takes values, or one of prefix, suffix, equals-ignore-case, wildcard"));
    return check_test(excluded);
  }
  if (excluded.is_array())
    return std::ranges::all_of(excluded, [](const Json& each) { return each.is_string() || each.is_number(); })
               ? Result<void>{}
               : fail(error::invalid_pattern("anything-but lists texts and numbers"));
  return excluded.is_string() || excluded.is_number() ? Result<void>{}
                                                      : fail(error::invalid_pattern("anything-but of this kind"));
}

Result<void> check_test(const Json& test) {
  if (test.size() != 1) return fail(error::invalid_pattern("a matching condition has one member"));
  const auto& name = test.begin().key();
  const auto& value = test.begin().value();
  if (find_text_test(name) != nullptr)
    return value.is_string() ? Result<void>{} : fail(error::invalid_pattern(name + " takes a text"));
  if (name == "exists") return value.is_boolean() ? Result<void>{} : fail(error::invalid_pattern("exists takes true or false"));
  if (name == "numeric") return check_numeric(value);
  if (name == "anything-but") return check_excluded(value);
  return fail(error::invalid_pattern("Unrecognized match type " + name));
}

Result<void> check(const Json& pattern) {
  if (!pattern.is_object() || pattern.empty()) return fail(error::invalid_pattern("Filter is not an object"));
  for (const auto& [name, wanted] : pattern.items()) {
    if (name == "$or") {
      if (!wanted.is_array() || wanted.empty()) return fail(error::invalid_pattern("$or takes a list of patterns"));
      for (const auto& alternative : wanted) TRY_DO(check(alternative));
    } else if (wanted.is_object()) {
      TRY_DO(check(wanted));
    } else if (!wanted.is_array() || wanted.empty()) {
      return fail(error::invalid_pattern("\"" + name + "\" must be an object or an array"));
    } else {
      for (const auto& entry : wanted) {
        if (entry.is_array()) return fail(error::invalid_pattern("a list of matching values holds no list"));
        if (entry.is_object()) TRY_DO(check_test(entry));
      }
    }
  }
  return {};
}

bool test_holds(const Json& test, const Json& value) {
  const auto& name = test.begin().key();
  const auto& wanted = test.begin().value();
  if (const auto* text_test = find_text_test(name))
    return value.is_string() && text_test->holds(value.get<std::string>(), wanted.get<std::string>());
  if (name == "numeric") {
    if (!value.is_number()) return false;
    for (std::size_t i = 0; i < wanted.size(); i += 2)
      if (!compare(wanted[i].get<std::string>(), value.get<double>(), wanted[i + 1].get<double>())) return false;
    return true;
  }
  // anything-but
  if (wanted.is_object()) return value.is_string() && !test_holds(wanted, value);
  if (wanted.is_array()) return std::ranges::find(wanted, value) == wanted.end();
  return value != wanted;
}

bool value_matches(const Json& entries, const Json& value) {
  return std::ranges::any_of(entries, [&](const Json& entry) {
    if (!entry.is_object()) return entry == value;
    if (entry.contains("exists")) return entry["exists"].get<bool>();
    return test_holds(entry, value);
  });
}

bool field_matches(const Json& entries, const Json* value) {
  if (value == nullptr)
    return std::ranges::any_of(entries, [](const Json& entry) {
      return entry.is_object() && entry.contains("exists") && !entry["exists"].get<bool>();
    });
  if (value->is_array())
    return std::ranges::any_of(*value, [&](const Json& element) { return value_matches(entries, element); });
  return !value->is_object() && value_matches(entries, *value);
}

bool holds(const Json& pattern, const Json& event) {
  for (const auto& [name, wanted] : pattern.items()) {
    if (name == "$or") {
      if (std::ranges::none_of(wanted, [&](const Json& alternative) { return holds(alternative, event); })) return false;
      continue;
    }
    const auto found = event.is_object() ? event.find(name) : event.end();
    const Json* value = event.is_object() && found != event.end() ? &*found : nullptr;
    static const Json nothing = Json::object();
    if (wanted.is_object() ? !holds(wanted, value != nullptr ? *value : nothing) : !field_matches(wanted, value)) return false;
  }
  return true;
}

}  // namespace

Result<Pattern> Pattern::parse(std::string_view text) {
  auto pattern = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (pattern.is_discarded()) return fail(error::invalid_pattern("it is not JSON"));
  TRY_DO(check(pattern));
  return Pattern(std::move(pattern));
}

bool Pattern::matches(const nlohmann::json& event) const { return holds(pattern_, event); }

}  // namespace mastic::events
