// Removes a file of the incoming folder when the scope ends, unless the store has moved it to its place by then.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <utility>

namespace mastic::s3 {

class IncomingFile {
 public:
  explicit IncomingFile(std::filesystem::path file) : file_(std::move(file)) {}
  IncomingFile(IncomingFile&& other) noexcept : file_(std::exchange(other.file_, {})) {}
  IncomingFile(const IncomingFile&) = delete;
  IncomingFile& operator=(const IncomingFile&) = delete;
  ~IncomingFile() {
    if (!file_.empty()) ::unlink(file_.c_str());
  }

 private:
  std::filesystem::path file_;
};

}  // namespace mastic::s3
