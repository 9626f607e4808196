// The system calls behind processes: start, watch, end, recognise.
//
// Every process is started with the descriptors named and no other. It is a child of the thread that starts it: with
// PR_SET_PDEATHSIG, which the programs set themselves, it dies with that thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace mastic::jobs {

/// An owned file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }

  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }
  void close();

 private:
  int number_ = -1;
};

struct SpawnRequest {
  std::vector<std::string> command;                // command[0] is a path, or is looked for in PATH.
  std::map<std::string, std::string> environment;  // All of it.
  std::vector<int> descriptors;                    // descriptors[i] becomes number i; -1: /dev/null. At least three.
};

/// Starts a program in a process group of its own.
Result<pid_t> spawn(const SpawnRequest& request);

/// This process's environment without the variables that are ours alone: MASTIC_* and AWS_*.
std::map<std::string, std::string> inherited_environment();

/// Readable as soon as the process has ended, child or not.
Result<Descriptor> watch(pid_t process);

/// The end of a child that has ended: waitpid's status. Nothing while it lives, or when it is no child.
std::optional<int> reap(pid_t process);

/// Waits for children that scripts have left behind and that ended, so that they do not stay as zombies. `known` tells
/// which children are not to be touched.
void reap_strays(const std::vector<pid_t>& known);

/// What tells a process from another that got the same number later: its start in clock ticks since boot. Nothing when
/// there is no such process, or it is a zombie.
std::optional<uint64_t> start_ticks(pid_t process);

/// Kills what is left of a session whose leader has ended: processes that a script started and that outlived it.
void kill_session(pid_t leader);

/// Makes this process the parent of its orphaned descendants.
void adopt_orphans();

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};
Result<Pipe> make_pipe();
/// Both ends of a stream socket.
Result<std::pair<Descriptor, Descriptor>> make_socket_pair();

/// A file for a process to write its diagnostics to, at its end.
Result<Descriptor> open_log_file(const std::filesystem::path& path);

/// "exit code 3", "signal 9 (Killed)".
std::string describe_status(int status);

}  // namespace mastic::jobs
