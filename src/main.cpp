// The program. It and `program/` are the only places that know every room.
#include <cstdio>
#include <string>
#include <variant>
#include <vector>

#include "command_line/parse.h"
#include "program/commands.h"

namespace {

struct Act {
  int operator()(const mastic::command_line::Serve& command) const { return mastic::program::serve(command); }
  int operator()(const mastic::command_line::Run& command) const { return mastic::program::run(command); }
  int operator()(const mastic::command_line::Engine& command) const { return mastic::program::engine(command); }
  int operator()(const mastic::command_line::Classify& command) const { return mastic::program::classify(command); }
  int operator()(const mastic::command_line::Lineage& command) const { return mastic::program::lineage(command); }
  int operator()(const mastic::command_line::Print& print) const {
    std::fputs(print.text.c_str(), stdout);
    return 0;
  }
  int operator()(const mastic::command_line::Misuse& misuse) const {
    std::fprintf(stderr, "%s\n", misuse.message.c_str());
    return 2;
  }
};

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return std::visit(Act{}, mastic::command_line::parse(arguments, MASTIC_VERSION));
}
