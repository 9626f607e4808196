#include "program/data_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "base/files.h"

namespace mastic::program {
namespace {

Result<std::filesystem::path> chosen_folder(const std::string& given) {
  if (!given.empty()) return std::filesystem::absolute(given);
  if (const char* set = std::getenv("MASTIC_DATA"); set != nullptr && *set != '\0') return std::filesystem::absolute(set);
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
    return std::filesystem::path(home) / ".mastic" / "data";
  }
  return fail(Error::invalid("there is no home folder to keep data in: give a folder with --data"));
}

}  // namespace

Result<std::filesystem::path> DataFolder::chosen(const std::string& given) { return chosen_folder(given); }

Result<std::unique_ptr<DataFolder>> DataFolder::open(const std::string& given) {
  TRY(path, chosen_folder(given));
  if (auto made = make_folder(path); !made) return fail(std::move(made.error()));
  chmod(path.c_str(), 0700);  // Everything that jobs read and write is in it.
  std::unique_ptr<DataFolder> folder(new DataFolder);
  folder->path_ = path;
  const auto lock_file = path / "lock";
  folder->lock_ = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (folder->lock_ < 0) {
    return fail(Error::io(fmt::format("the data folder {} may not be written", path.string()), std::strerror(errno)));
  }
  if (flock(folder->lock_, LOCK_EX | LOCK_NB) != 0) {
    char holder[32] = {};
    const auto size = pread(folder->lock_, holder, sizeof holder - 1, 0);
    return fail(Error::invalid(fmt::format(
        "the data folder {} is in use by another mastic, process {}: stop that one, or give another folder with --data",
        path.string(), size > 0 ? holder : "unknown")));
  }
  const auto self = std::to_string(getpid());
  if (ftruncate(folder->lock_, 0) != 0 || pwrite(folder->lock_, self.data(), self.size(), 0) < 0) {
    return fail(Error::io("writing " + lock_file.string(), std::strerror(errno)));
  }
  return folder;
}

DataFolder::~DataFolder() {
  std::error_code ignored;
  if (!temporary_.empty()) std::filesystem::remove_all(temporary_, ignored);
  if (lock_ >= 0) close(lock_);
}

Result<std::filesystem::path> DataFolder::socket_path() {
  auto folder = path_ / "access";
  constexpr std::size_t length_maximum = sizeof(sockaddr_un::sun_path) - 1;
  if ((folder / "stores.socket").string().size() > length_maximum) {
    auto pattern = (std::filesystem::temp_directory_path() / "mastic-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) return fail(Error::io("making " + pattern, std::strerror(errno)));
    folder = temporary_ = pattern;
  }
  TRY_DO(make_folder(folder));
  chmod(folder.c_str(), 0700);
  auto socket = folder / "stores.socket";
  std::error_code ignored;
  std::filesystem::remove(socket, ignored);  // Of a process that was killed.
  return socket;
}

}  // namespace mastic::program
