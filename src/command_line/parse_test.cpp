#include "command_line/parse.h"

#include <doctest/doctest.h>

#include "command_line/commands.h"
#include "command_line/help.h"

using namespace mastic::command_line;

namespace {

template <typename T>
T parsed(const std::vector<std::string>& arguments) {
  const auto invocation = parse(arguments, "1.2.3");
  REQUIRE(std::holds_alternative<T>(invocation));
  return std::get<T>(invocation);
}

std::string misuse(const std::vector<std::string>& arguments) { return parsed<Misuse>(arguments).message; }

}  // namespace

TEST_CASE("options have defaults, values behind a blank or an equals sign") {
  CHECK(parsed<Serve>({"serve"}).port == 4566);
  CHECK(parsed<Serve>({"serve"}).host == "127.0.0.1");
  const auto serve = parsed<Serve>({"serve", "--port=0", "--data", "/x y", "--idle", "7"});
  CHECK(serve.port == 0);
  CHECK(serve.data == "/x y");
  CHECK(serve.idle == std::chrono::seconds(7));
  CHECK(parsed<Engine>({"engine"}).port == 15002);
  CHECK(parsed<Engine>({"engine", "--with-parent"}).with_parent);
  CHECK(parsed<Classify>({"classify", "a.csv", "b.json"}).files == std::vector<std::string>{"a.csv", "b.json"});
}

TEST_CASE("what follows the script is the script's") {
  const auto run = parsed<Run>({"run", "--data", "d", "job.py", "--data", "x", "--help", "-y"});
  CHECK(run.data == "d");
  CHECK(run.script == "job.py");
  CHECK(run.arguments == std::vector<std::string>{"--data", "x", "--help", "-y"});
}

TEST_CASE("errors say what to do") {
  CHECK(misuse({"serv"}) == "mastic: there is no command serv; did you mean serve?\nSee mastic --help.");
  CHECK(misuse({"serve", "--prot", "1"}) ==
        "mastic serve: there is no option --prot; did you mean --port?\nSee mastic serve --help.");
  CHECK(misuse({"serve", "--quantum"}) == "mastic serve: there is no option --quantum\nSee mastic serve --help.");
  CHECK(misuse({"serve", "--port"}) == "mastic serve: --port needs a value: --port PORT");
  CHECK(misuse({"serve", "--port", "70000"}) == "mastic serve: --port must be a whole number from 0 to 65535, not '70000'");
  CHECK(misuse({"serve", "--port", "80x"}) == "mastic serve: --port must be a whole number from 0 to 65535, not '80x'");
  CHECK(misuse({"serve", "here"}) == "mastic serve: takes no operand: here\nSee mastic serve --help.");
  CHECK(misuse({"engine", "--with-parent=1"}) == "mastic engine: --with-parent takes no value");
  CHECK(misuse({"run"}).starts_with("mastic run: which script?"));
  CHECK(misuse({}) == general_help());
}

TEST_CASE("help and version are answers, not errors") {
  CHECK(parsed<Print>({"--version"}).text == "mastic 1.2.3\n");
  CHECK(parsed<Print>({"--help"}).text == general_help());
  for (const auto& command : commands()) {
    const auto text = parsed<Print>({std::string(command.name), "--help"}).text;
    for (const auto& option : command.options) CHECK(text.find(option.name) != std::string::npos);
  }
}
