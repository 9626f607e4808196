#include "classify/content.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace mastic::classify {

namespace {
constexpr uint64_t read_bytes_max = 64ULL << 20;
}

Result<Content> Content::of_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return fail(unreadable(std::string("it cannot be opened: ") + std::strerror(errno)));
  struct stat status{};
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(file);
    return fail(unreadable("it is not a plain file"));
  }
  return Content(file, static_cast<uint64_t>(status.st_size), {});
}

Content Content::of_bytes(std::string bytes) {
  const auto size = bytes.size();
  return Content(-1, size, std::move(bytes));
}

Content::Content(Content&& other) noexcept
    : file_(std::exchange(other.file_, -1)), size_(other.size_), bytes_(std::move(other.bytes_)) {}

Content::~Content() {
  if (file_ >= 0) ::close(file_);
}

Result<std::string> Content::read(uint64_t offset, uint64_t count) const {
  if (count > read_bytes_max || offset > size_ || count > size_ - offset) return fail(unreadable("it is cut short"));
  if (file_ < 0) return bytes_.substr(offset, count);
  std::string bytes(count, '\0');
  uint64_t done = 0;
  while (done < count) {
    const auto got = ::pread(file_, bytes.data() + done, count - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return fail(unreadable(got < 0 ? std::string("reading fails: ") + std::strerror(errno) : "it is cut short"));
    done += static_cast<uint64_t>(got);
  }
  return bytes;
}

Result<std::string> Content::head(uint64_t count) const { return read(0, std::min(count, size_)); }

}  // namespace mastic::classify
