#include "s3/store/descriptor.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace mastic::s3 {
namespace {

Error failure(std::string_view what) { return Error::io(what, std::strerror(errno)); }

Result<void> copy_through_memory(const Descriptor& from, int64_t offset, int64_t length, const Descriptor& to) {
  constexpr int64_t step = 1 << 20;
  while (length > 0) {
    TRY(bytes, read_range(from, offset, std::min(step, length)));
    TRY_DO(append_bytes(bytes, to));
    offset += static_cast<int64_t>(bytes.size());
    length -= static_cast<int64_t>(bytes.size());
  }
  return {};
}

}  // namespace

Descriptor::~Descriptor() {
  if (value_ >= 0) ::close(value_);
}

Result<Descriptor> Descriptor::open_to_read(const std::filesystem::path& file) {
  const int value = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (value < 0) return fail(failure("cannot open " + file.string()));
  return Descriptor(value);
}

Result<Descriptor> Descriptor::create(const std::filesystem::path& file) {
  const int value = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (value < 0) return fail(failure("cannot create " + file.string()));
  return Descriptor(value);
}

Result<void> append_range(const Descriptor& from, int64_t offset, int64_t length, const Descriptor& to) {
  off64_t position = offset;
  while (length > 0) {
    const ssize_t copied = ::copy_file_range(from.get(), &position, to.get(), nullptr, static_cast<std::size_t>(length), 0);
    if (copied < 0 && errno == EINTR) continue;
    // Some file systems cannot do it (EXDEV, EINVAL, ENOSYS, EOPNOTSUPP); a real failure shows itself again when reading.
    if (copied < 0) return copy_through_memory(from, position, length, to);
    if (copied == 0) return fail(Error::io("cannot copy a body", "the file is shorter than its record says"));
    length -= copied;
  }
  return {};
}

Result<void> append_bytes(std::string_view bytes, const Descriptor& to) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(to.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail(failure("cannot write a body"));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<std::string> read_range(const Descriptor& from, int64_t offset, int64_t length) {
  std::string bytes(static_cast<std::size_t>(length), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::pread(from.get(), bytes.data() + done, bytes.size() - done, offset + static_cast<int64_t>(done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(failure("cannot read a body"));
    if (count == 0) return fail(Error::io("cannot read a body", "the file is shorter than its record says"));
    done += static_cast<std::size_t>(count);
  }
  return bytes;
}

}  // namespace mastic::s3
