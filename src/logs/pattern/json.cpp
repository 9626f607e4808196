// Patterns over messages that are JSON.
#include <simdjson.h>

#include <charconv>
#include <list>
#include <span>

#include "logs/pattern/condition.h"
#include "logs/pattern/matcher.h"

namespace mastic::logs::pattern {
namespace {

namespace dom = simdjson::dom;

/// `.name`, `["name"]`, `[3]`, `[*]`, in their order behind the `$`.
struct Step {
  std::string member;                // of an object
  std::optional<std::size_t> index;  // of a list
  bool every = false;                // of a list
};

Result<std::vector<Step>> parse_steps(Scanner& scanner) {
  std::vector<Step> steps;
  if (scanner.peek() != '$') return fail(scanner.wrong("a selector begins with $."));
  scanner.advance(1);
  while (true) {
    Step step;
    if (scanner.peek() == '.') {
      scanner.advance(1);
      if (scanner.peek() == '[') continue;
      step.member = scanner.until(" \t\r\n.=!<>[])}&|,");
      if (step.member.empty()) return fail(scanner.wrong("a member's name is missing in a selector"));
    } else if (scanner.peek() == '[') {
      scanner.advance(1);
      if (scanner.peek() == '"') {
        scanner.advance(1);
        TRY(name, scanner.phrase());
        step.member = std::move(name);
      } else {
        const auto index = scanner.until("]");
        std::size_t number = 0;
        const auto [end, problem] = std::from_chars(index.data(), index.data() + index.size(), number);
        step.every = index == "*";
        if (!step.every) {
          if (problem != std::errc{} || end != index.data() + index.size()) {
            return fail(scanner.wrong("a list's index is a number or *"));
          }
          step.index = number;
        }
      }
      if (scanner.peek() != ']') return fail(scanner.wrong("an index is not closed"));
      scanner.advance(1);
    } else {
      break;
    }
    steps.push_back(std::move(step));
  }
  if (steps.empty()) return fail(scanner.wrong("a selector names a member: $.name"));
  return steps;
}

/// The selector as its text, checked.
Result<std::string> read_selector(Scanner& scanner) {
  scanner.skip_spaces();
  const auto before = scanner.rest();
  TRY_DO(parse_steps(scanner));
  return std::string(before.substr(0, before.size() - scanner.rest().size()));
}

void collect(dom::element at, std::span<const Step> steps, std::vector<dom::element>& into) {
  if (steps.empty()) {
    into.push_back(at);
    return;
  }
  const auto& step = steps.front();
  dom::element next;
  if (!step.member.empty()) {
    if (at.is_object() && at.at_key(step.member).get(next) == simdjson::SUCCESS) collect(next, steps.subspan(1), into);
    return;
  }
  dom::array list;
  if (at.get_array().get(list) != simdjson::SUCCESS) return;
  if (step.index) {
    if (list.at(*step.index).get(next) == simdjson::SUCCESS) collect(next, steps.subspan(1), into);
    return;
  }
  for (const auto element : list) collect(element, steps.subspan(1), into);
}

/// A message while it is looked at. Texts live as long as it.
class Document {
 public:
  explicit Document(std::string_view message) {
    is_json_ = parser_.parse(message.data(), message.size()).get(root_) == simdjson::SUCCESS && root_.is_object();
  }
  [[nodiscard]] bool is_json() const { return is_json_; }

  std::vector<Found> find(std::string_view selector) {
    Scanner scanner(selector);
    const auto steps = parse_steps(scanner);
    if (!is_json_ || !steps) return {};
    std::vector<dom::element> elements;
    collect(root_, *steps, elements);
    std::vector<Found> found;
    for (const auto element : elements) found.push_back(found_of(element));
    return found;
  }

 private:
  Found found_of(dom::element element) {
    using dom::element_type;
    switch (element.type()) {
      case element_type::NULL_VALUE: return {.kind = Found::Kind::null};
      case element_type::BOOL: return {.kind = Found::Kind::boolean, .flag = element.get_bool().value_unsafe()};
      case element_type::STRING: return {.kind = Found::Kind::text, .text = element.get_string().value_unsafe()};
      case element_type::INT64:
      case element_type::UINT64:
      case element_type::DOUBLE: {
        double number = 0;
        if (element.get_double().get(number) != simdjson::SUCCESS) return {.kind = Found::Kind::other};
        return {.kind = Found::Kind::number, .text = texts_.emplace_back(simdjson::minify(element)), .number = number};
      }
      default: return {.kind = Found::Kind::other, .text = texts_.emplace_back(simdjson::minify(element))};
    }
  }

  dom::parser parser_;
  dom::element root_;
  bool is_json_ = false;
  std::list<std::string> texts_;
};

class Json final : public Matcher {
 public:
  explicit Json(Condition condition) : condition_(std::move(condition)) {}

  [[nodiscard]] bool matches(std::string_view message) const override {
    Document document(message);
    return document.is_json() && holds(condition_, [&](std::string_view selector) { return document.find(selector); });
  }
  [[nodiscard]] std::map<std::string, std::string> extract(std::string_view message) const override {
    Document document(message);
    std::vector<std::string> selectors;
    add_selectors(condition_, selectors);
    std::map<std::string, std::string> values;
    for (const auto& selector : selectors) {
      if (const auto found = document.find(selector); !found.empty()) values.emplace(selector, text_of(found.front()));
    }
    return values;
  }
  [[nodiscard]] std::optional<std::string> value(std::string_view message, std::string_view name) const override {
    Document document(message);
    const auto found = document.find(name);
    return found.empty() ? std::nullopt : std::optional(text_of(found.front()));
  }

 private:
  Condition condition_;
};

}  // namespace

Result<std::shared_ptr<const Matcher>> parse_json_pattern(std::string_view text) {
  Scanner scanner(text);
  if (!scanner.take("{")) return fail(scanner.wrong("{ is missing"));
  TRY(condition, parse_condition(scanner, read_selector));
  if (!scanner.take("}")) return fail(scanner.wrong("} is missing, or && or || before what follows"));
  scanner.skip_spaces();
  if (!scanner.at_end()) return fail(scanner.wrong("something follows the }"));
  return std::make_shared<const Json>(std::move(condition));
}

}  // namespace mastic::logs::pattern
