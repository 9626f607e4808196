// The commands. Each returns the exit code.
#pragma once

#include "command_line/parse.h"

namespace mastic::program {

int serve(const command_line::Serve& command);
int run(const command_line::Run& command);
int engine(const command_line::Engine& command);
int classify(const command_line::Classify& command);
int lineage(const command_line::Lineage& command);

}  // namespace mastic::program
