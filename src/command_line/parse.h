// From arguments to what to do.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mastic::command_line {

struct Serve {
  std::string data;  // Empty: the default folder.
  std::string host = "127.0.0.1";
  uint16_t port = 4566;
  std::string keys_file;
  uint32_t warm_engines = 1;
  uint32_t runs_maximum = 0;
  std::chrono::seconds idle{300};
  uint32_t keep_days = 90;
  std::string events_webhook;
  std::string events_command;  // Words with blanks between; quotes as a shell has them.
  std::string log_format = "text";
  std::string log_level;  // Empty: MASTIC_LOG's.
  bool test_clock = false;
};

struct Run {
  std::string data;
  std::string script;
  std::vector<std::string> arguments;
  std::string glue_version = "5.0";
  std::chrono::minutes timeout{0};
};

struct Engine {
  std::string host = "127.0.0.1";
  uint16_t port = 15002;
  std::string access_socket;
  uint32_t threads = 0;
  uint64_t memory_mib = 0;
  bool with_token = false;
  bool with_parent = false;
  std::string lineage_file;  // Empty: lineage goes to the server, or nowhere.
};

struct Lineage {
  std::string data;
  std::string dataset;  // With `#column`; empty: list all.
  bool downstream = false;
  bool values_only = false;
  std::string format = "text";
  std::string job;
  std::string run;
  uint32_t depth = 10;
};

struct Classify {
  std::vector<std::string> files;
  bool with_parent = false;
};

/// To be printed on standard output; the exit code is 0.
struct Print {
  std::string text;
};

/// To be printed on standard error; the exit code is 2.
struct Misuse {
  std::string message;
};

using Invocation = std::variant<Serve, Run, Engine, Classify, Lineage, Print, Misuse>;

/// `arguments` are argv without the program's name.
Invocation parse(const std::vector<std::string>& arguments, std::string_view version);

}  // namespace mastic::command_line
