#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/log_format.h"
#include "program/commands.h"
#include "program/house.h"
#include "program/stop_signal.h"

namespace mastic::program {
namespace {

/// The words of a command line; quotes hold blanks together. Nothing when one is not closed.
std::optional<std::vector<std::string>> words_of(std::string_view text) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = '\0';
  for (const char c : text) {
    if (quote != '\0') {
      if (c == quote) {
        quote = '\0';
      } else {
        words.back() += c;
      }
      continue;
    }
    if (c == ' ' || c == '\t') {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    if (c == '"' || c == '\'') {
      quote = c;
    } else {
      words.back() += c;
    }
  }
  return quote == '\0' ? std::optional(words) : std::nullopt;
}

}  // namespace

int serve(const command_line::Serve& command) {
  if (command.log_format == "json") log::set_format(log::Format::json);
  if (!command.log_level.empty() && !log::set_level(command.log_level)) {
    std::fprintf(stderr, "mastic serve: there is no log level '%s'\n", command.log_level.c_str());
    return 2;
  }
  auto events_command = words_of(command.events_command);
  if (!events_command) {
    std::fprintf(stderr, "mastic serve: --events-command: a quote is not closed\n");
    return 2;
  }
  StopSignal stop;
  auto house = House::open({.data = command.data,
                            .host = command.host,
                            .port = command.port,
                            .keys_file = command.keys_file,
                            .warm_engines = command.warm_engines,
                            .runs_maximum = command.runs_maximum,
                            .idle = command.idle,
                            .keep = std::chrono::days(command.keep_days),
                            .events_webhook = command.events_webhook,
                            .events_command = std::move(*events_command),
                            .test_clock = command.test_clock});
  if (!house) {
    std::fprintf(stderr, "mastic serve: %s\n", house.error().message.c_str());
    return 1;
  }
  if (const auto begun = (*house)->begin(); !begun) {
    std::fprintf(stderr, "mastic serve: %s\n", begun.error().message.c_str());
    return 1;
  }
  if (!(*house)->enforces()) {
    std::fprintf(stderr, "no access keys are configured: every request is allowed, signed or not\n");
  }
  std::fprintf(stderr, "listening on %s\n", (*house)->endpoint().c_str());
  stop.wait();
  log::info("mastic", "shutting down; once more to end at once");
  stop.end_at_once_from_now();
  return 0;
}

}  // namespace mastic::program
