#include "base/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "base/identifiers.h"

namespace mastic {
namespace {

Error failure(std::string_view what, const std::filesystem::path& path) {
  return Error::io(what, path.string() + ": " + std::strerror(errno));
}

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  [[nodiscard]] int get() const { return value_; }

 private:
  int value_;
};

Result<void> sync_path(const std::filesystem::path& path, int flags) {
  const Descriptor descriptor(::open(path.c_str(), flags | O_CLOEXEC));
  if (descriptor.get() < 0) return fail(failure("cannot open", path));
  if (::fsync(descriptor.get()) != 0) return fail(failure("cannot make durable", path));
  return {};
}

Result<void> write_and_sync(const std::filesystem::path& path, std::string_view content) {
  const Descriptor descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (descriptor.get() < 0) return fail(failure("cannot create", path));
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor.get(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail(failure("cannot write", path));
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(descriptor.get()) != 0) return fail(failure("cannot make durable", path));
  return {};
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return fail(failure("cannot open", path));
  std::ostringstream content;
  content << stream.rdbuf();
  if (stream.bad()) return fail(failure("cannot read", path));
  return std::move(content).str();
}

Result<void> write_file_durably(const std::filesystem::path& path, std::string_view content) {
  std::filesystem::path temporary = path;
  temporary += "." + random_hex(12) + ".tmp";
  const auto written = write_and_sync(temporary, content);
  if (!written || ::rename(temporary.c_str(), path.c_str()) != 0) {
    Error error = written ? failure("cannot rename to", path) : written.error();
    ::unlink(temporary.c_str());
    return fail(std::move(error));
  }
  return sync_folder(path.parent_path().empty() ? "." : path.parent_path());
}

Result<void> sync_file(const std::filesystem::path& path) { return sync_path(path, O_RDONLY); }

Result<void> sync_folder(const std::filesystem::path& folder) { return sync_path(folder, O_RDONLY | O_DIRECTORY); }

Result<void> make_folder(const std::filesystem::path& folder) {
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  if (code) return fail(Error::io("cannot create the folder", folder.string() + ": " + code.message()));
  return {};
}

}  // namespace mastic
