#include "command_line/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>
#include <map>
#include <string_view>

#include "base/result.h"
#include "command_line/commands.h"
#include "command_line/help.h"

namespace mastic::command_line {
namespace {

/// What stands in the arguments, in the order of the table; the meaning of values comes later.
struct Words {
  std::map<std::string_view, std::string> options;
  std::vector<std::string> operands;
  [[nodiscard]] bool has(std::string_view option) const { return options.contains(option); }
};

using Problem = std::string;
template <typename T>
using Parsed = std::expected<T, Problem>;

std::string see_help(const CommandEntry& command) { return fmt::format("\nSee mastic {} --help.", command.name); }

std::unexpected<Problem> unknown_option(const CommandEntry& command, std::string_view typed) {
  std::vector<std::string_view> names;
  for (const auto& option : command.options) names.push_back(option.name);
  return std::unexpected(
      fmt::format("mastic {}: there is no option {}{}{}", command.name, typed, suggestion(typed, names), see_help(command)));
}

Parsed<Words> read_words(const CommandEntry& command, std::span<const std::string> arguments) {
  Words words;
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    const std::string_view word = arguments[at];
    if (!word.starts_with('-') || word == "-") {
      if (command.takes_script) {
        words.operands.assign(arguments.begin() + static_cast<std::ptrdiff_t>(at), arguments.end());
        return words;
      }
      if (words.operands.size() < command.operands_max) {
        words.operands.emplace_back(word);
        continue;
      }
      if (command.operands_max > 0)
        return std::unexpected(fmt::format("mastic {}: one operand too many: {}{}", command.name, word, see_help(command)));
      return std::unexpected(fmt::format("mastic {}: takes no operand: {}{}", command.name, word, see_help(command)));
    }
    const auto equals = word.find('=');
    const auto name = word == "-h" ? std::string_view("--help") : word.substr(0, equals);
    const auto option = std::ranges::find(command.options, name, &OptionEntry::name);
    if (option == command.options.end()) return unknown_option(command, name);
    const bool has_value = equals != std::string_view::npos;
    if (option->value_name.empty()) {
      if (has_value) return std::unexpected(fmt::format("mastic {}: {} takes no value", command.name, name));
      words.options[option->name] = "";
    } else if (has_value) {
      words.options[option->name] = word.substr(equals + 1);
    } else if (at + 1 < arguments.size()) {
      words.options[option->name] = arguments[++at];
    } else {
      return std::unexpected(fmt::format("mastic {}: {} needs a value: {} {}", command.name, name, name, option->value_name));
    }
  }
  return words;
}

/// Takes values out of the words and keeps the first problem.
class Taker {
 public:
  Taker(const CommandEntry& command, const Words& words) : command_(command), words_(words) {}

  void text(std::string_view option, std::string& into) const {
    if (words_.has(option)) into = words_.options.at(option);
  }
  template <typename T>
  void number(std::string_view option, T& into, uint64_t maximum = std::numeric_limits<T>::max()) {
    uint64_t value = 0;
    if (read(option, value, maximum)) into = static_cast<T>(value);
  }
  template <typename Duration>
  void duration(std::string_view option, Duration& into) {
    constexpr uint64_t maximum = 10'000'000;
    uint64_t value = 0;
    if (read(option, value, maximum)) into = Duration(static_cast<int64_t>(value));
  }
  [[nodiscard]] const Problem& problem() const { return problem_; }

 private:
  bool read(std::string_view option, uint64_t& value, uint64_t maximum) {
    if (!words_.has(option)) return false;
    const auto& text = words_.options.at(option);
    const auto end = text.data() + text.size();
    const auto [stopped, failure] = std::from_chars(text.data(), end, value);
    if (failure == std::errc{} && stopped == end && value <= maximum) return true;
    if (problem_.empty()) {
      problem_ =
          fmt::format("mastic {}: {} must be a whole number from 0 to {}, not '{}'", command_.name, option, maximum, text);
    }
    return false;
  }

  const CommandEntry& command_;
  const Words& words_;
  Problem problem_;
};

Invocation finish(const Taker& taker, Invocation invocation) {
  if (!taker.problem().empty()) return Misuse{taker.problem()};
  return invocation;
}

Invocation parse_serve(const CommandEntry& command, const Words& words) {
  Serve serve;
  Taker take(command, words);
  take.text("--data", serve.data);
  take.text("--host", serve.host);
  take.text("--keys-file", serve.keys_file);
  take.number("--port", serve.port);
  take.number("--warm-engines", serve.warm_engines, 64);
  take.number("--max-runs", serve.runs_maximum, 1000);
  take.duration("--idle", serve.idle);
  take.number("--keep-days", serve.keep_days, 36'500);
  serve.test_clock = words.has("--test-clock");
  take.text("--events-webhook", serve.events_webhook);
  take.text("--events-command", serve.events_command);
  take.text("--log-format", serve.log_format);
  take.text("--log-level", serve.log_level);
  if (!serve.events_webhook.empty() && !serve.events_command.empty()) {
    return Misuse{"mastic serve: --events-webhook and --events-command exclude each other" + see_help(command)};
  }
  if (serve.log_format != "text" && serve.log_format != "json") {
    return Misuse{fmt::format("mastic serve: --log-format is text or json, not '{}'", serve.log_format)};
  }
  return finish(take, std::move(serve));
}

Invocation parse_run(const CommandEntry& command, const Words& words) {
  Run run;
  Taker take(command, words);
  take.text("--data", run.data);
  take.text("--glue-version", run.glue_version);
  take.duration("--timeout", run.timeout);
  if (words.operands.empty())
    return Misuse{"mastic run: which script? mastic run SCRIPT [--ARG VALUE ...]" + see_help(command)};
  run.script = words.operands[0];
  run.arguments.assign(words.operands.begin() + 1, words.operands.end());
  return finish(take, std::move(run));
}

Invocation parse_engine(const CommandEntry& command, const Words& words) {
  Engine engine;
  Taker take(command, words);
  take.text("--host", engine.host);
  take.text("--access", engine.access_socket);
  take.text("--lineage", engine.lineage_file);
  take.number("--port", engine.port);
  take.number("--threads", engine.threads, 1024);
  take.number("--memory", engine.memory_mib, 1ULL << 30);
  engine.with_parent = words.has("--with-parent");
  engine.with_token = words.has("--with-token");
  return finish(take, std::move(engine));
}

Invocation parse_classify(const CommandEntry& command, const Words& words) {
  Classify classify{.files = words.operands, .with_parent = words.has("--with-parent")};
  if (classify.files.empty() && !classify.with_parent)
    return Misuse{"mastic classify: which files? mastic classify FILE ..." + see_help(command)};
  return classify;
}

Invocation parse_lineage(const CommandEntry& command, const Words& words) {
  Lineage lineage;
  Taker take(command, words);
  take.text("--data", lineage.data);
  take.text("--format", lineage.format);
  take.text("--job", lineage.job);
  take.text("--run", lineage.run);
  take.number("--depth", lineage.depth, 100);
  lineage.downstream = words.has("--downstream");
  lineage.values_only = words.has("--values");
  if (!words.operands.empty()) lineage.dataset = words.operands[0];
  if (lineage.format != "text" && lineage.format != "json")
    return Misuse{"mastic lineage: --format is text or json, not '" + lineage.format + "'" + see_help(command)};
  if (lineage.downstream && words.has("--upstream"))
    return Misuse{"mastic lineage: either --upstream or --downstream" + see_help(command)};
  return finish(take, std::move(lineage));
}

using ParseCommand = Invocation (*)(const CommandEntry&, const Words&);
const std::map<std::string_view, ParseCommand> parsers{{"serve", parse_serve},
                                                       {"run", parse_run},
                                                       {"engine", parse_engine},
                                                       {"classify", parse_classify},
                                                       {"lineage", parse_lineage}};

}  // namespace

Invocation parse(const std::vector<std::string>& arguments, std::string_view version) {
  if (arguments.empty()) return Misuse{general_help()};
  const auto& first = arguments[0];
  if (first == "--help" || first == "-h" || first == "help") {
    const auto* command = arguments.size() > 1 ? find_command(arguments[1]) : nullptr;
    return Print{command ? command_help(*command) : general_help()};
  }
  if (first == "--version" || first == "-V") return Print{fmt::format("mastic {}\n", version)};
  const auto* command = find_command(first);
  if (command == nullptr) {
    std::vector<std::string_view> names;
    for (const auto& known : commands()) names.push_back(known.name);
    return Misuse{fmt::format("mastic: there is no command {}{}\nSee mastic --help.", first, suggestion(first, names))};
  }
  const auto words = read_words(*command, std::span(arguments).subspan(1));
  if (!words) return Misuse{words.error()};
  if (words->has("--help")) return Print{command_help(*command)};
  return parsers.at(command->name)(*command, *words);
}

}  // namespace mastic::command_line
