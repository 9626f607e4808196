// Patterns over messages as fields with spaces between.
#include <algorithm>
#include <vector>

#include "logs/pattern/condition.h"
#include "logs/pattern/matcher.h"

namespace mastic::logs::pattern {
namespace {

std::vector<std::string_view> split(std::string_view message) {
  std::vector<std::string_view> fields;
  std::size_t at = 0;
  while (true) {
    at = message.find_first_not_of(" \t\r\n", at);
    if (at == std::string_view::npos) return fields;
    const char opening = message[at];
    const char closing = opening == '"' ? '"' : opening == '[' ? ']' : '\0';
    auto end = closing != '\0' ? message.find(closing, at + 1) : std::string_view::npos;
    if (end != std::string_view::npos) {
      fields.push_back(message.substr(at + 1, end - at - 1));
      at = end + 1;
      continue;
    }
    end = std::min(message.find_first_of(" \t\r\n", at), message.size());
    fields.push_back(message.substr(at, end - at));
    at = end;
  }
}

Found found_of(std::string_view text) {
  if (const auto number = read_number(text)) return {.kind = Found::Kind::number, .text = text, .number = *number};
  return {.kind = Found::Kind::text, .text = text};
}

struct Field {
  std::string name;
  std::optional<Condition> condition;
};

class Fields final : public Matcher {
 public:
  std::vector<Field> before, behind;  // of the "..."
  bool has_ellipsis = false;

  [[nodiscard]] bool matches(std::string_view message) const override {
    const auto words = split(message);
    const auto named = before.size() + behind.size();
    if (has_ellipsis ? words.size() < named : words.size() != named) return false;
    const auto fits = [&](const Field& field, std::string_view word) {
      return !field.condition || holds(*field.condition, [&](std::string_view selector) {
        // A condition of one field may name others that stand before or behind it.
        if (selector == field.name) return std::vector<Found>{found_of(word)};
        const auto other = find(words, selector);
        return other ? std::vector<Found>{found_of(*other)} : std::vector<Found>{};
      });
    };
    for (std::size_t at = 0; at < before.size(); ++at) {
      if (!fits(before[at], words[at])) return false;
    }
    for (std::size_t at = 0; at < behind.size(); ++at) {
      if (!fits(behind[at], words[words.size() - behind.size() + at])) return false;
    }
    return true;
  }

  [[nodiscard]] std::map<std::string, std::string> extract(std::string_view message) const override {
    const auto words = split(message);
    std::map<std::string, std::string> values;
    for (const auto* list : {&before, &behind}) {
      for (const auto& field : *list) {
        if (const auto word = find(words, field.name); word && !field.name.empty()) values.emplace("$" + field.name, *word);
      }
    }
    return values;
  }

  [[nodiscard]] std::optional<std::string> value(std::string_view message, std::string_view name) const override {
    if (!name.starts_with('$')) return {};
    const auto found = find(split(message), name.substr(1));
    return found ? std::optional(std::string(*found)) : std::nullopt;
  }

 private:
  [[nodiscard]] std::optional<std::string_view> find(const std::vector<std::string_view>& words, std::string_view name) const {
    for (std::size_t at = 0; at < before.size() && at < words.size(); ++at) {
      if (before[at].name == name) return words[at];
    }
    for (std::size_t at = 0; at < behind.size() && words.size() >= behind.size(); ++at) {
      if (behind[at].name == name) return words[words.size() - behind.size() + at];
    }
    return {};
  }
};

Result<std::string> read_name(Scanner& scanner) {
  scanner.skip_spaces();
  auto name = scanner.until(" \t\r\n=!<>,])&|(");
  if (name.empty()) return fail(scanner.wrong("a field's name is missing"));
  return name;
}

Result<Field> parse_field(Scanner& scanner) {
  Field field;
  scanner.skip_spaces();
  if (scanner.peek() == ',' || scanner.peek() == ']') return field;  // without a name
  auto ahead = scanner;
  if (scanner.peek() != '(') {
    TRY(name, read_name(ahead));
    ahead.skip_spaces();
    if (ahead.peek() == ',' || ahead.peek() == ']') {
      scanner = ahead;
      field.name = std::move(name);
      return field;
    }
  }
  TRY(condition, parse_condition(scanner, read_name));
  std::vector<std::string> names;
  add_selectors(condition, names);
  field.name = names.front();
  field.condition = std::move(condition);
  return field;
}

}  // namespace

Result<std::shared_ptr<const Matcher>> parse_fields(std::string_view text) {
  auto fields = std::make_shared<Fields>();
  Scanner scanner(text);
  if (!scanner.take("[")) return fail(scanner.wrong("[ is missing"));
  do {
    if (scanner.take("...")) {
      if (fields->has_ellipsis) return fail(scanner.wrong("... may stand once only"));
      fields->has_ellipsis = true;
      continue;
    }
    TRY(field, parse_field(scanner));
    (fields->has_ellipsis ? fields->behind : fields->before).push_back(std::move(field));
  } while (scanner.take(","));
  if (!scanner.take("]")) return fail(scanner.wrong("] is missing, or a comma before what follows"));
  scanner.skip_spaces();
  if (!scanner.at_end()) return fail(scanner.wrong("something follows the ]"));
  return fields;
}

}  // namespace mastic::logs::pattern
