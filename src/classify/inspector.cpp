#include "classify/inspector.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "classify/content.h"
#include "classify/inspect.h"

namespace mastic::classify {
namespace {

constexpr int file_milliseconds_max = 30'000;

Inspection with_problem(std::string problem) {
  Inspection inspection;
  inspection.problem = std::move(problem);
  return inspection;
}

Inspection look(const FileToInspect& file, const std::vector<Classifier>& classifiers) {
  if (file.path.empty()) return inspect(Content::of_bytes(file.bytes), file.name, classifiers);
  const auto content = Content::of_file(file.path);
  if (!content) return with_problem(content.error().message);
  return inspect(*content, file.name, classifiers);
}

class LocalInspector final : public Inspector {
 public:
  explicit LocalInspector(std::vector<Classifier> classifiers) : classifiers_(std::move(classifiers)) {}
  Inspection inspect(const FileToInspect& file) override { return look(file, classifiers_); }

 private:
  std::vector<Classifier> classifiers_;
};

/// Both ends of a pipe; neither outlives an exec unless it is made somebody's standard stream.
struct Pipe {
  int read_end = -1;
  int write_end = -1;
  bool open() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return false;
    read_end = ends[0];
    write_end = ends[1];
    return true;
  }
};

void close_end(int& end) {
  if (end >= 0) ::close(std::exchange(end, -1));
}

class HelperInspector final : public Inspector {
 public:
  HelperInspector(std::vector<std::string> command, std::vector<Classifier> classifiers)
      : command_(std::move(command)), classifiers_(encode(classifiers)) {}
  ~HelperInspector() override { end(); }

  Inspection inspect(const FileToInspect& file) override {
    if (process_ < 0 && !start()) return with_problem("the process that looks at files cannot be started");
    if (write_message(to_helper_, encode(file))) {
      if (const auto answer = read_message(from_helper_, file_milliseconds_max)) {
        if (auto inspection = decode_inspection(*answer)) return std::move(*inspection);
      }
    }
    end();
    return with_problem("looking at it took more than 30 s, or ended the process that looks at files");
  }

 private:
  bool start() {
    Pipe input;
    Pipe output;
    if (!input.open()) return false;
    if (!output.open()) {
      close_end(input.read_end);
      close_end(input.write_end);
      return false;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input.read_end, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output.write_end, STDOUT_FILENO);
    constexpr int first_unknown = 3;
    posix_spawn_file_actions_addclosefrom_np(&actions, first_unknown);
    std::vector<char*> arguments;
    for (auto& word : command_) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    // Nothing of the server's environment: keys and addresses are none of a decoder's business.
    char* environment[] = {nullptr};
    pid_t process = -1;
    const bool started = posix_spawn(&process, command_[0].c_str(), &actions, nullptr, arguments.data(), environment) == 0;
    posix_spawn_file_actions_destroy(&actions);
    close_end(input.read_end);
    close_end(output.write_end);
    to_helper_ = input.write_end;
    from_helper_ = output.read_end;
    if (!started) {
      end();
      return false;
    }
    process_ = process;
    return write_message(to_helper_, classifiers_);
  }

  void end() {
    close_end(to_helper_);
    close_end(from_helper_);
    if (process_ < 0) return;
    ::kill(process_, SIGKILL);
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
  }

  std::vector<std::string> command_;
  const std::string classifiers_;
  pid_t process_ = -1;
  int to_helper_ = -1;
  int from_helper_ = -1;
};

}  // namespace

std::unique_ptr<Inspector> make_local_inspector(std::vector<Classifier> classifiers) {
  return std::make_unique<LocalInspector>(std::move(classifiers));
}

std::unique_ptr<Inspector> make_helper_inspector(std::vector<std::string> command, std::vector<Classifier> classifiers) {
  return std::make_unique<HelperInspector>(std::move(command), std::move(classifiers));
}

int serve_inspections(int input, int output) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  constexpr rlim_t memory_bytes_max = 4ULL << 30;  // of addresses: far above what a bounded look needs
  const rlimit memory{memory_bytes_max, memory_bytes_max};
  ::setrlimit(RLIMIT_AS, &memory);
#endif
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  const auto first = read_message(input);
  const auto classifiers = first ? decode_classifiers(*first) : std::nullopt;
  if (!classifiers) return 1;
  while (const auto message = read_message(input)) {
    const auto file = decode_file(*message);
    if (!file) return 1;
    if (!write_message(output, encode(look(*file, *classifiers)))) return 1;
  }
  return 0;
}

}  // namespace mastic::classify
